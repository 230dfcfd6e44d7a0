"""Moodle's XML of questions, read and written so that nothing is lost: what only Moodle uses is kept as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.quiz.faults import BadQuestion, BadXml, Lost, lost
from kalata.training.rules.quiz.question import (
    FRACTION,
    NUMBER,
    Beside,
    Question,
    Reply,
    fault,
    numbered,
    percent,
    plain_decimal,
    share,
)
from kalata.training.rules.quiz.tree import Node, escaped, tree_of, xml_of

FORMS = {"plain": "plain_text", "html": "html", "markdown": "markdown", "moodle": "moodle_auto_format"}
OURS = {v: k for k, v in FORMS.items()}
KINDS = {"truefalse": "true_false", "shortanswer": "short", "numerical": "numeric", "matching": "match", "essay": "essay", "description": "description", "cloze": "cloze"}  # fmt: skip
TYPES = {v: k for k, v in KINDS.items()} | {"choice": "multichoice", "multi": "multichoice"}


# --- out --------------------------------------------------------------------------------------------------
def written(questions: Sequence[Question]) -> str:
    """The document of these questions."""
    out, category = [], ""
    for one in questions:
        if one.category != category:
            category = one.category
            out.append(f'<question type="category"><category><text>{escaped(category)}</text></category></question>')
        out.append(xml_of_question(one))
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(f"{part}\n" for part in out) + "</quiz>\n"


class Writer:
    """One question as XML; `beside` of its places goes where it was."""

    def __init__(self, one: Question) -> None:
        self.one = one
        self.beside: dict[str, list[str]] = {}
        for b in one.moodle:
            self.beside.setdefault(b.at, []).append(b.xml)

    def other(self, at: str) -> str:
        """Elements that stood there; a format of its own is told by `form`."""
        return "".join(x for x in self.beside.get(at, []) if x.startswith("<"))

    def form(self, at: str) -> str:
        own = next((x.removeprefix("format=") for x in self.beside.get(at, []) if x.startswith("format=")), None)
        return FORMS[self.one.format] if own is None else own

    def words(self, tag: str, text: str, at: str, values: str = "") -> str:
        form = self.form(at)
        said = f' format="{escaped(form)}"' if form else ""
        return f"<{tag}{values}{said}><text>{escaped(text)}</text>{self.other(at)}</{tag}>"

    def body(self) -> Iterator[str]:
        one = self.one
        yield f"<name><text>{escaped(one.title)}</text></name>"
        yield self.words("questiontext", one.text, "questiontext")
        yield self.words("generalfeedback", one.feedback, "generalfeedback")
        yield f"<idnumber>{escaped(one.id)}</idnumber>"
        if one.kind in ("choice", "multi"):
            yield f"<single>{'true' if one.kind == 'choice' else 'false'}</single>"
        yield from self.answers()
        yield self.other("")
        if one.tags:
            yield "<tags>" + "".join(f"<tag><text>{escaped(t)}</text></tag>" for t in one.tags) + "</tags>"

    def answers(self) -> Iterator[str]:
        one = self.one
        if one.kind == "true_false":
            for n, value in enumerate((True, False), 1):
                right = value == one.answer
                said = one.feedback_right if right else one.feedback_wrong
                yield self.answer(
                    n, str(value).lower(), Reply(fraction="1" if right else "0", feedback=said), form=False
                )
        for n, (left, right_half) in enumerate(one.pairs, 1):
            half = f"<answer><text>{escaped(right_half)}</text>{self.other(f'pair.{n}.answer')}</answer>"
            yield self.words("subquestion", left, f"pair.{n}").replace("</subquestion>", f"{half}</subquestion>")
        for n, a in enumerate(one.answers, 1):
            yield self.answer(n, a.text, a, form=one.kind not in ("numeric", "short"))

    def answer(self, n: int, text: str, a: Reply, *, form: bool) -> str:
        values = f' fraction="{percent(a.fraction)}"'
        more = ""
        if a.low:
            low, high = Decimal(a.low), Decimal(a.high)
            text, more = plain_decimal((low + high) / 2), f"<tolerance>{plain_decimal((high - low) / 2)}</tolerance>"
            values += f' low="{a.low}" high="{a.high}"'
        elif a.value:
            text, more = a.value, "" if a.tolerance is None else f"<tolerance>{a.tolerance}</tolerance>"
        feedback = self.words("feedback", a.feedback, f"answer.{n}.feedback")
        at = f"answer.{n}"
        said = self.form(at) if form or at in self.beside else ""
        shown = f' format="{escaped(said)}"' if said else ""
        return f"<answer{values}{shown}><text>{escaped(text)}</text>{more}{feedback}{self.other(at)}</answer>"


def xml_of_question(one: Question) -> str:
    inside = "".join(f"\n  {part}" for part in Writer(one).body() if part)
    return f'<question type="{TYPES[one.kind]}">{inside}\n</question>'


# --- in -----------------------------------------------------------------------------------------------------
class Reader:
    """A document to questions; a question of a type that is not read is told as lost."""

    def __init__(self, file: str) -> None:
        self.file, self.lost = file, list[Lost]()
        self.place = ""

    def wrong(self, why: str | Message) -> BadQuestion:
        return BadQuestion(file=self.file, field=self.place, why=why)

    def all(self, data: bytes) -> list[Question]:
        root = tree_of(data, self.file)
        if root.tag != "quiz":
            raise BadXml(file=self.file, row=1, why=_("ce n’est pas une liste de questions de Moodle (quiz)"))
        found, category, n = [], "", 0
        for node in root.nodes():
            if node.tag != "question":
                raise BadXml(file=self.file, row=1, why=Message(_("élément « %(name)s »"), {"name": node.tag[:60]}))
            kind = node.values.get("type", "")
            if kind == "category":
                inner = node.first("category")
                category = self.text_in(inner) if inner else ""
                continue
            n += 1
            name = (node.first("idnumber") or Node("")).words().strip()
            self.place = name or str(n)
            if kind not in KINDS and kind != "multichoice":
                self.lost.append(lost("unsupported_type", self.place, "JSON", kind[:40] or "–"))
                continue
            found.append(replace(One(self, node).question(), id=name, category=category))
        return numbered(found)

    def text_in(self, node: Node | None) -> str:
        inner = node.first("text") if node else None
        return inner.words() if inner else ""


class One:
    """One question of the document."""

    def __init__(self, reader: Reader, node: Node) -> None:
        self.reader, self.node = reader, node
        self.form = OURS.get(
            (node.first("questiontext") or Node("")).values.get("format", "moodle_auto_format"), "html"
        )
        self.beside: list[Beside] = []
        self.seen: set[str] = set()

    def words(self, node: Node, at: str, known: tuple[str, ...] = ()) -> str:
        """The text of a holder; its other elements, and a format of its own, are kept beside."""
        form = node.values.get("format", "")
        if form != FORMS[self.form] and not (not form and node.tag in ("answer", "feedback")):
            self.beside.append(Beside(at, f"format={form}"))
        seen = False
        for inner in node.nodes():
            if inner.tag == "text" and not seen:
                seen = True
            elif inner.tag not in known:
                self.beside.append(Beside(at, xml_of(inner)))
        return self.reader.text_in(node)

    def question(self) -> Question:
        kind = KINDS.get(self.node.values["type"], "multi")
        one = Question(id="", kind=kind, format=self.form)
        answers: list[Node] = []
        for node in self.node.nodes():
            tag = node.tag
            if tag in ("answer", "subquestion"):
                answers.append(node)
            elif tag == "single" and kind in ("choice", "multi"):
                kind = "choice" if node.words().strip() in ("true", "1") else "multi"
            elif tag in ("name", "questiontext", "generalfeedback", "idnumber", "tags") and tag not in self.seen:
                self.seen.add(tag)
                one = self.holder(one, node)
            elif node.inside or node.values:
                self.beside.append(Beside("", xml_of(node)))
        one = self.answered(replace(one, kind=kind), answers)
        if why := fault(one):
            raise self.reader.wrong(why)
        return replace(one, moodle=tuple(self.beside))

    def holder(self, one: Question, node: Node) -> Question:
        if node.tag == "name":
            return replace(one, title=self.reader.text_in(node))
        if node.tag == "questiontext":
            return replace(one, text=self.words(node, "questiontext"))
        if node.tag == "generalfeedback":
            return replace(one, feedback=self.words(node, "generalfeedback"))
        if node.tag == "tags":
            return replace(one, tags=tuple(self.reader.text_in(t) for t in node.nodes() if t.tag == "tag"))
        return one

    def answered(self, one: Question, nodes: list[Node]) -> Question:
        if one.kind == "match":
            return replace(one, pairs=tuple(self.pair(n, node) for n, node in enumerate(nodes, 1)))
        if one.kind in ("essay", "description", "cloze"):
            for node in nodes:
                if self.reader.text_in(node) or any(
                    n.tag == "feedback" and self.reader.text_in(n) for n in node.nodes()
                ):
                    self.beside.append(Beside("", xml_of(node)))
            return one
        replies = [self.reply(n, node, one.kind) for n, node in enumerate(nodes, 1)]
        if one.kind != "true_false":
            return replace(one, answers=tuple(replies))
        return self.true_or_false(one, replies)

    def true_or_false(self, one: Question, replies: list[Reply]) -> Question:
        if [r.text for r in replies] != ["true", "false"]:
            replies = sorted(replies, key=lambda r: r.text != "true")
            if [r.text for r in replies] != ["true", "false"]:
                raise self.reader.wrong(_("une question vrai ou faux a les réponses true et false"))
        answer = replies[0].fraction == "1"
        if {r.fraction for r in replies} != {"0", "1"}:
            raise self.reader.wrong(_("une question vrai ou faux a une réponse, true ou false"))
        right, wrong = (replies[0], replies[1]) if answer else (replies[1], replies[0])
        return replace(one, answer=answer, feedback_right=right.feedback, feedback_wrong=wrong.feedback)

    def pair(self, n: int, node: Node) -> tuple[str, str]:
        left = self.words(node, f"pair.{n}", ("answer",))
        half = node.first("answer") or Node("answer")
        for inner in half.nodes():
            if inner.tag != "text":
                self.beside.append(Beside(f"pair.{n}.answer", xml_of(inner)))
        return left, self.reader.text_in(half)

    def reply(self, n: int, node: Node, kind: str) -> Reply:
        text = self.words(node, f"answer.{n}", ("feedback", "tolerance"))
        try:
            fraction = share(Decimal(node.values.get("fraction", "0").strip()))
        except InvalidOperation:
            fraction = ""
        if not FRACTION.fullmatch(fraction):
            raise self.reader.wrong(Message(_("la part « %(value)s » ne peut pas être lue"), {"value": node.values.get("fraction", "")[:20]}))  # fmt: skip
        said = node.first("feedback")
        feedback = self.words(said, f"answer.{n}.feedback") if said else ""
        if kind != "numeric":
            return Reply(text=text, fraction=fraction, feedback=feedback)
        values = node.values
        numbers = [values[k] for k in ("low", "high") if k in values] or [text.strip()]
        tolerance = node.first("tolerance")
        if tolerance is not None and len(numbers) == 1:
            numbers.append(tolerance.words().strip() or "0")
        if not all(NUMBER.fullmatch(v) for v in numbers[numbers[0] == "*" :]):
            raise self.reader.wrong(Message(_("« %(value)s » n’est pas un nombre"), {"value": text[:40]}))
        if "low" in values:
            return Reply(fraction=fraction, feedback=feedback, low=numbers[0], high=numbers[-1])
        return Reply(fraction=fraction, feedback=feedback, value=numbers[0], tolerance=numbers[1] if len(numbers) > 1 else None)  # fmt: skip


def read(data: bytes, file: str) -> tuple[list[Question], list[Lost]]:
    """(the questions of a document, those of a type that is not read). TRN-303 where it cannot be read."""
    reader = Reader(file)
    return reader.all(data), reader.lost
