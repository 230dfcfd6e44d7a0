"""A question, as each format reads and writes it; and its JSON, which is the value itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, NoReturn

from kalata.plain import hidden
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.quiz.faults import BadQuestion, BadXml
from kalata.training.rules.quiz.tree import tree_of, xml_of

KINDS = ("choice", "multi", "true_false", "short", "numeric", "match", "essay", "description", "cloze")
"""cloze: a text of Moodle with its gaps, kept as it is."""
FORMATS = ("plain", "html", "markdown", "moodle")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
FRACTION = re.compile(r"-?(?:0|[1-9]\d{0,5})(?:\.\d{1,12})?")
MOST_QUESTIONS, MOST_ANSWERS, MOST_TEXT = 20_000, 200, 1 << 20


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. value, tolerance or low, high: of a number, as written; tolerance None: not said."""

    text: str = ""
    fraction: str = "0"
    feedback: str = ""
    value: str = ""
    tolerance: str | None = None
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a file of Moodle says beside the question: at: where in it ("" the question itself); xml: as it stands there."""

    at: str
    xml: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. answer: of true_false. pairs: of match. moodle: what only Moodle uses, kept as it is."""

    id: str
    kind: str
    category: str = ""
    title: str = ""
    format: str = "plain"
    text: str = ""
    answers: tuple[Reply, ...] = ()
    answer: bool | None = None
    feedback_wrong: str = ""
    feedback_right: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    feedback: str = ""
    tags: tuple[str, ...] = ()
    moodle: tuple[Beside, ...] = field(default=())


def share(percent: Decimal) -> str:
    """A percentage as a share: 33.33333 is 0.3333333; no zeros that say nothing, no exponent."""
    return plain_decimal(percent / 100)


def plain_decimal(value: Decimal) -> str:
    said = format(value, "f")
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said


def percent(fraction: str) -> str:
    return plain_decimal(Decimal(fraction) * 100)


def fault(one: Question) -> Message | None:
    """What a question of its kind lacks; None where it is whole."""
    right = [a for a in one.answers if a.fraction == "1"]
    said = {
        "choice": (len(one.answers) > 1 and len(right) == 1, _("un choix a au moins deux réponses, dont une seule de part 1")),
        "multi": (len(one.answers) > 1, _("une question à plusieurs réponses en a au moins deux")),
        "true_false": (one.answer is not None, _("une question vrai ou faux a une réponse, true ou false")),
        "short": (bool(one.answers) and all(a.text for a in one.answers), _("une réponse courte a au moins une réponse écrite")),
        "numeric": (bool(one.answers) and all(a.value or a.low for a in one.answers), _("une réponse en nombre a au moins une valeur")),
        "match": (bool(one.pairs) and all(r for _l, r in one.pairs), _("une question à relier a au moins une paire, et rien à relier n’est vide")),
    }.get(one.kind)  # fmt: skip
    return None if said is None or said[0] else Message(said[1])


def sound(one: Beside) -> bool:
    """True where it is one whole element, or a format that a text has of its own."""
    if one.xml.startswith("format="):
        return re.fullmatch(r"format=[a-z_]{0,30}", one.xml) is not None
    try:
        return xml_of(tree_of(one.xml.encode(), "moodle")) == one.xml
    except (BadXml, UnicodeEncodeError):
        return False


# --- JSON ---------------------------------------------------------------------------------------------
KEYS = {f.name for f in fields(Question)}
OF_KIND = {"true_false": {"answer", "feedback_wrong", "feedback_right"}, "match": {"pairs"}, "choice": {"answers"}, "multi": {"answers"}, "short": {"answers"}, "numeric": {"answers"}}  # fmt: skip
ONLY = {"answer", "feedback_wrong", "feedback_right", "pairs", "answers"}


class Reader:
    """A JSON value to questions; a fault names the question and the key."""

    def __init__(self, file: str) -> None:
        self.file, self.field = file, ""

    def wrong(self, key: str, why: str | Message) -> NoReturn:
        raise BadQuestion(file=self.file, field=".".join(p for p in (self.field, key) if p) or "–", why=why)

    def text(self, value: Any, key: str) -> str:
        if not isinstance(value, str):
            self.wrong(key, _("un texte est attendu"))
        if len(value) > MOST_TEXT:
            self.wrong(
                key, Message(_("texte de %(n)d {n:caractère|caractères}, au plus %(most)d"), {"n": len(value), "most": MOST_TEXT})
            )
        if found := hidden(value, lines=True):
            self.wrong(key, Message(_("caractère invisible %(sign)s"), {"sign": found}))
        return value

    def line(self, value: Any, key: str) -> str:
        said = self.text(value, key)
        if "\n" in said or "\r" in said or "\t" in said:
            self.wrong(key, _("une seule ligne est attendue"))
        return said

    def table(self, value: Any, key: str, known: set[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self.wrong(key, _("une table clé : valeur est attendue"))
        for name in value:
            if name not in known:
                self.wrong(f"{key}.{name}".lstrip("."), Message(_("clé inconnue ; connues : %(known)s"), {"known": ", ".join(sorted(known))}))  # fmt: skip
        return value

    def rows(self, value: Any, key: str) -> Sequence[Any]:
        if not isinstance(value, list):
            self.wrong(key, _("une liste est attendue"))
        if len(value) > (MOST_QUESTIONS if key == "questions" else MOST_ANSWERS):
            self.wrong(key, _("elle est trop longue"))
        return value

    def all(self, value: Any) -> list[Question]:
        rows = self.rows(self.table(value, "", {"questions"}).get("questions"), "questions")
        found: list[Question] = []
        seen: set[str] = set()
        for n, row in enumerate(rows, 1):
            self.field = f"questions.{n}"
            one = self.question(row)
            if one.id in seen:
                self.wrong("id", Message(_("« %(value)s » est donné deux fois"), {"value": one.id[:60]}))
            seen.add(one.id)
            found.append(one)
        return found

    def question(self, row: Any) -> Question:
        t = self.table(row, "", KEYS)
        if t.get("kind") not in KINDS:
            self.wrong("kind", Message(_("« %(value)s » n’est pas l’un de : %(known)s"), {"value": str(t.get("kind"))[:40], "known": ", ".join(KINDS)}))  # fmt: skip
        kind = t["kind"]
        for key in ONLY & t.keys():
            if key not in OF_KIND.get(kind, set()) and t[key] not in ("", [], None):
                self.wrong(key, Message(_("une question « %(kind)s » n’en a pas"), {"kind": kind}))
        if not (name := self.line(t.get("id"), "id").strip()) or name != t["id"] or len(name) > 200:
            self.wrong("id", _("un identifiant est attendu, sans espace autour"))
        if t.get("format", "plain") not in FORMATS:
            self.wrong("format", Message(_("« %(value)s » n’est pas l’un de : %(known)s"), {"value": str(t["format"])[:40], "known": ", ".join(FORMATS)}))  # fmt: skip
        if t.get("answer") not in (None, True, False):
            self.wrong("answer", _("true ou false est attendu"))
        one = Question(
            id=name, kind=kind, category=self.text(t.get("category", ""), "category"), title=self.text(t.get("title", ""), "title"),
            format=t.get("format", "plain"), answer=t.get("answer"), text=self.text(t.get("text", ""), "text"),
            answers=tuple(self.reply(a, f"answers.{n}", kind) for n, a in enumerate(self.rows(t.get("answers", []), "answers"), 1)),
            **{k: self.text(t.get(k, ""), k) for k in ("feedback", "feedback_wrong", "feedback_right")},
            pairs=tuple(self.pair(p, f"pairs.{n}") for n, p in enumerate(self.rows(t.get("pairs", []), "pairs"), 1)),
            tags=tuple(self.line(x, "tags") for x in self.rows(t.get("tags", []), "tags")),
            moodle=tuple(self.beside(x) for x in self.rows(t.get("moodle", []), "moodle")),
        )  # fmt: skip
        if why := fault(one):
            self.wrong("answers", why)
        return one

    def beside(self, value: Any) -> Beside:
        t = self.table(value, "moodle", {"at", "xml"})
        one = Beside(self.line(t.get("at", ""), "moodle.at"), self.text(t.get("xml"), "moodle.xml"))
        return one if sound(one) else self.wrong("moodle.xml", _("un élément XML entier est attendu"))

    def pair(self, value: Any, key: str) -> tuple[str, str]:
        if not isinstance(value, list) or len(value) != 2:
            self.wrong(key, _('une paire est attendue : ["à gauche", "à droite"]'))
        return self.text(value[0], key), self.text(value[1], key)

    def reply(self, value: Any, key: str, kind: str) -> Reply:
        numeric = {"value", "tolerance", "low", "high"}
        t = self.table(value, key, {"fraction", "feedback"} | (numeric if kind == "numeric" else {"text"}))
        fraction = t.get("fraction", "1" if kind in ("short", "numeric") else "0")
        if (
            not isinstance(fraction, str)
            or not FRACTION.fullmatch(fraction)
            or plain_decimal(Decimal(fraction)) != fraction
        ):
            self.wrong(
                f"{key}.fraction", _('une part s’écrit en décimal, sans zéros à la fin, comme "0.5" ou "-0.33333"')
            )
        for name in numeric & t.keys():
            if not (isinstance(t[name], str) and (NUMBER.fullmatch(t[name]) or (name == "value" and t[name] == "*"))):
                self.wrong(f"{key}.{name}", _("un nombre est attendu, écrit comme texte"))
        if ("low" in t) != ("high" in t) or ("low" in t and ("value" in t or "tolerance" in t)) or ("low" in t and Decimal(t["low"]) > Decimal(t["high"])):  # fmt: skip
            self.wrong(key, _("un nombre est donné par value et tolerance, ou par low et high, le plus petit d’abord"))
        return Reply(
            text=self.text(t.get("text", ""), f"{key}.text"), fraction=fraction, feedback=self.text(t.get("feedback", ""), f"{key}.feedback"),
            value=t.get("value", ""), tolerance=t.get("tolerance"), low=t.get("low", ""), high=t.get("high", ""),
        )  # fmt: skip


def of_json(value: Any, file: str) -> list[Question]:
    """The questions of {"questions": […]}. TRN-301 names the question and the key."""
    return Reader(file).all(value)


def as_json(questions: Sequence[Question]) -> dict[str, Any]:
    return {"questions": [record(one) for one in questions]}


def record(one: Question) -> dict[str, Any]:
    """A question with the keys of its kind, in one order."""
    out: dict[str, Any] = {k: getattr(one, k) for k in ("id", "category", "title", "format", "kind", "text")}
    if one.kind == "true_false":
        out |= {"answer": one.answer, "feedback_wrong": one.feedback_wrong, "feedback_right": one.feedback_right}
    elif one.kind == "match":
        out["pairs"] = [list(p) for p in one.pairs]
    elif "answers" in OF_KIND.get(one.kind, set()):
        out["answers"] = [reply(a, one.kind) for a in one.answers]
    out["feedback"] = one.feedback
    if one.tags:
        out["tags"] = list(one.tags)
    if one.moodle:
        out["moodle"] = [{"at": b.at, "xml": b.xml} for b in one.moodle]
    return out


def reply(a: Reply, kind: str) -> dict[str, Any]:
    if kind != "numeric":
        return {"text": a.text, "fraction": a.fraction, "feedback": a.feedback}
    number = {"low": a.low, "high": a.high} if a.low else {"value": a.value} | ({} if a.tolerance is None else {"tolerance": a.tolerance})  # fmt: skip
    return {**number, "fraction": a.fraction, **({"feedback": a.feedback} if a.feedback else {})}


def numbered(questions: Sequence[Question]) -> list[Question]:
    """The same, each that has no id (or one already taken) with one of its own: Q1, Q2, … that nobody has."""
    taken: set[str] = {one.id for one in questions if one.id}
    used: set[str] = set()
    found, n = [], 0
    for one in questions:
        name = one.id
        while not name or name in used:
            n += 1
            name = f"Q{n}" if f"Q{n}" not in taken else ""
        used.add(name)
        found.append(replace(one, id=name))
    return found
