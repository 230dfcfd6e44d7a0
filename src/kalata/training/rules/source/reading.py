"""The files of a source, already YAML, to values. A fault names its file and its place; what the values say together is judged in `findings`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kalata.text import gettext_noop as _
from kalata.training.rules.source.faults import TooMuch
from kalata.training.rules.source.shape import LANG, At, each
from kalata.training.rules.source.values import (
    KINDS,
    Answer,
    Basis,
    Branch,
    ErrorCase,
    Item,
    Procedure,
    Said,
    Source,
    Status,
    Step,
)

MOST_STEPS, MOST_ITEMS, MOST_PROCEDURES, MOST_PARAMETERS = 4_000, 8_000, 600, 2_000
PHASES = ("before", "opening", "voting", "closing", "count", "tabulation", "registration", "court")
FRACTION = re.compile(r"-?(0|[1-9]\d{0,2})(\.\d{1,10})?")
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?|\{[\w.\-]+\}")
KEY = re.compile(r"[A-Za-z_][\w.\-]{0,79}")


def source_of(head: Any, procedures: Mapping[str, Any], pictograms: Mapping[str, str]) -> Source:
    """The source of `source.yaml`, of each file of procedures by its name, and of the pictures by theirs.

    Raises: TRN-201 a value that is not what its place asks; TRN-203 more than a source may hold.
    """
    at = At(head, "source.yaml").table({"id", "title", "pack", "on", "parameters", "note"})
    for key in ("id", "title", "pack", "on"):
        if key not in at:
            At(None, "source.yaml", key).wrong(_("cette clé manque"))
    found = [p for name in sorted(procedures) for p in procedures_of(At(procedures[name], name))]
    bounded(found)
    return Source(
        id=at["id"].name(), title=at["title"].said(), pack=at["pack"].name(), on=day_of(at["on"]),
        parameters=parameters_of(at.get("parameters")), procedures=tuple(sorted(found, key=order)), pictograms=dict(pictograms),
    )  # fmt: skip


def bounded(found: list[Procedure]) -> None:
    for n, most, what in (
        (len(found), MOST_PROCEDURES, _("trop de procédures")),
        (sum(len(p.steps) for p in found), MOST_STEPS, _("trop d’étapes")),
        (sum(len(p.items) for p in found), MOST_ITEMS, _("trop de questions")),
    ):
        if n > most:
            raise TooMuch(file="procedures/", what=what, most=str(most))


def order(one: Procedure) -> tuple[int, str, str]:
    """In the order of the day: by phase, then as the files and ids sort."""
    return (PHASES.index(one.phase) if one.phase in PHASES else len(PHASES), one.file, one.id)


def day_of(at: At) -> date:
    said = at.text()
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            raise ValueError
        return date.fromisoformat(said)
    except ValueError:
        at.wrong(_("une date comme 2027-02-28 est attendue"))


def parameters_of(at: At | None) -> Mapping[str, Said]:
    """Each parameter by its dotted key: station: {opens: "08:00"} is station.opens; {fr: …, en: …} is one by language."""
    found: dict[str, Said] = {}
    if at is None:
        return found
    if not isinstance(at.value, dict):
        at.wrong(_("une table clé : valeur est attendue"))
    waiting = [("", at)]
    while waiting:
        above, place = waiting.pop()
        for key, value in place.value.items():
            name, here = f"{above}{key}", place.into(key, value)
            if not KEY.fullmatch(name):
                here.wrong(_("un nom de paramètre s’écrit comme station.opens"))
            if isinstance(value, dict) and not all(LANG.fullmatch(k) and len(k) == 2 for k in value):
                waiting.append((f"{name}.", here))
                continue
            if name in found:
                here.wrong(_("ce paramètre est donné deux fois"))
            found[name] = here.words()
            if not found[name]:
                here.wrong(_("il est vide"))
    if len(found) > MOST_PARAMETERS:
        raise TooMuch(file="source.yaml", what=_("trop de paramètres"), most=str(MOST_PARAMETERS))
    return dict(sorted(found.items()))


def procedures_of(at: At) -> list[Procedure]:
    """One procedure a file, or a list of them."""
    return [procedure_of(one) for one in at.list()] if isinstance(at.value, list) else [procedure_of(at)]


PROCEDURE = {"id", "title", "roles", "role", "phase", "version", "status", "legal_basis", "forms", "steps", "branches", "error_cases", "items", "note"}  # fmt: skip


def needed(at: At, table: Mapping[str, At], *keys: str) -> None:
    for key in keys:
        if key not in table:
            at.into(key, None).wrong(_("cette clé manque"))


def procedure_of(at: At) -> Procedure:
    t = at.table(PROCEDURE)
    needed(at, t, "id", "title", "version", "status", "steps")
    roles = tuple(dict.fromkeys(each(t.get("roles"), At.name) or ((t["role"].name(),) if "role" in t else ())))
    if not roles:
        at.into("roles", None).wrong(_("cette clé manque"))
    steps = each(t["steps"], step_of)
    if not steps:
        t["steps"].wrong(_("une procédure a au moins une étape"))
    return Procedure(
        id=t["id"].name(), title=t["title"].said(), roles=roles, phase=t["phase"].name() if "phase" in t else "", version=t["version"].name(),
        status=Status(t["status"].among([s.value for s in Status])), steps=steps, branches=each(t.get("branches"), branch_of),
        error_cases=each(t.get("error_cases"), error_of), items=each(t.get("items"), item_of), file=at.file,
    )  # fmt: skip


STEP = {"id", "no", "actor", "actor_role", "do", "why", "check", "warning", "basis", "practice", "critical", "card", "two_person", "form_fields", "material", "time_limit", "minutes", "pictogram", "note"}  # fmt: skip


def step_of(at: At) -> Step:
    t = at.table(STEP)
    needed(at, t, "id", "do")
    flags = {k: t[k].truth() for k in ("practice", "critical", "card", "two_person") if k in t}
    said = {k: t[k].said() for k in ("why", "check", "warning") if k in t}
    return Step(
        id=t["id"].name(), do=t["do"].said(), why=said.get("why", {}), check=said.get("check", {}), warning=said.get("warning", {}),
        actor=next((t[k].name() for k in ("actor", "actor_role") if k in t), ""),
        basis=each(t.get("basis"), basis_of), material=each(t.get("material"), At.words),
        practice=flags.get("practice", False), critical=flags.get("critical", False), card=flags.get("card", False),
        two_person=flags.get("two_person", False), form_fields=tuple(dict.fromkeys(each(t.get("form_fields"), At.name))),
        time_limit=t["time_limit"].text() if "time_limit" in t else "",
        minutes=t["minutes"].whole(600) if "minutes" in t else 0,
        pictogram=t["pictogram"].name() if "pictogram" in t else "",
    )  # fmt: skip


def basis_of(at: At) -> Basis:
    t = at.table({"article", "version", "source", "confidence", "verified_by", "note"})
    needed(at, t, "article", "version")
    said = {k: t[k].text() for k in ("confidence", "verified_by") if k in t}
    return Basis(t["article"].name(), t["version"].name(), **said)


def branch_of(at: At) -> Branch:
    t = at.table({"id", "when", "then", "basis", "note"})
    needed(at, t, "id", "when", "then")
    return Branch(t["id"].name(), t["when"].said(), t["then"].name(), each(t.get("basis"), basis_of))


def error_of(at: At) -> ErrorCase:
    t = at.table({"id", "step", "what", "consequence", "prevention", "remedy", "seen_in", "note"})
    needed(at, t, "id", "what")
    return ErrorCase(
        id=t["id"].name(), what=t["what"].said(), step=t["step"].name() if "step" in t else "",
        **{k: t[k].said() for k in ("consequence", "prevention", "remedy") if k in t},
        seen_in=each(t.get("seen_in"), At.text),
    )  # fmt: skip


ITEM = {"id", "step", "kind", "text", "answers", "answer", "feedback", "rationale", "critical", "topic", "level", "status", "difficulty", "discrimination", "blueprint", "form", "anchor", "note"}  # fmt: skip


def item_of(at: At) -> Item:
    t = at.table(ITEM)
    needed(at, t, "id", "step", "kind", "text")
    kind = t["kind"].among(KINDS)
    feedback = next((t[k].said() for k in ("feedback", "rationale") if k in t), {})
    one = Item(
        id=t["id"].name(), step=t["step"].name(), kind=kind, text=t["text"].said(), feedback=feedback,
        answers=each(t.get("answers"), answer_of), answer=t["answer"].truth() if "answer" in t else None,
        critical=t["critical"].truth() if "critical" in t else False,
        **{k: t[k].text() for k in ("topic", "level", "status") if k in t},
    )  # fmt: skip
    judged(at, one)
    return one


def answer_of(at: At) -> Answer:
    t = at.table({"text", "fraction", "feedback", "value", "tolerance", "right"})
    fraction = t["fraction"].text() if "fraction" in t else "0"
    if not FRACTION.fullmatch(fraction):
        t["fraction"].wrong(_("une part s’écrit comme 1, 0 ou -0.5, entre guillemets"))
    for key in ("value", "tolerance"):
        if key in t and not NUMBER.fullmatch(t[key].text()):
            t[key].wrong(_("un nombre est attendu"))
    return Answer(
        text=t["text"].words() if "text" in t else {}, fraction=fraction, right=t["right"].words() if "right" in t else {},
        feedback=t["feedback"].said() if "feedback" in t else {},
        value=t["value"].text() if "value" in t else "", tolerance=t["tolerance"].text() if "tolerance" in t else "",
    )  # fmt: skip


def judged(at: At, item: Item) -> None:
    """A question has what its kind asks."""
    right = [a for a in item.answers if a.fraction == "1"]
    texts = all(a.text for a in item.answers)
    why = {
        "choice": _("un choix a au moins deux réponses, toutes écrites, et une seule de part 1") if len(item.answers) < 2 or len(right) != 1 or not texts else "",
        "multi": _("une question à plusieurs réponses en a au moins deux, toutes écrites, dont une de part positive") if len(item.answers) < 2 or not texts or not any(positive(a) for a in item.answers) else "",
        "true_false": _("une question vrai ou faux a answer: true ou answer: false") if item.answer is None else "",
        "short": _("une réponse courte a au moins une réponse écrite de part 1") if not right or not texts else "",
        "numeric": _("une réponse en nombre a au moins une valeur de part 1") if not right or not all(a.value for a in item.answers) else "",
        "match": _("une question à relier a au moins deux paires (text, right)") if len(item.answers) < 2 or not texts or not all(a.right for a in item.answers) else "",
    }.get(item.kind, "")  # fmt: skip
    if why:
        at.into("answers", None).wrong(why)


def positive(answer: Answer) -> bool:
    return not answer.fraction.startswith("-") and answer.fraction.strip("0.") != ""


def digest_of(files: Mapping[str, bytes]) -> str:
    """One fingerprint of all files of a source, whatever folder they stand in."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()
