"""GIFT, Moodle's format of questions as text: read and written so that nothing is lost on the way there and back.

The id, the tags, a category that is none, what follows a description and what only Moodle's XML says stand in the comment
above the question: `// [id:Q1] [tag:…] [category:] [feedback:…] [moodle:…]`, in which \\ and ] are written \\\\ and \\].
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.quiz.faults import BadGift
from kalata.training.rules.quiz.question import (
    FRACTION,
    NUMBER,
    Beside,
    Question,
    Reply,
    fault,
    numbered,
    percent,
    share,
    sound,
)

SIGNS = "\\~=#{}:"
MARK = re.compile(r"\[(id|tag|category|feedback|moodle):((?:[^\]\\]|\\.)*)\]")
FORMAT = re.compile(r"\s*\[(plain|html|markdown|moodle)\]")
WEIGHT = re.compile(r"\s*%([+-]?\d+(?:\.\d+)?)%")
GAP = "_____"


# --- out ------------------------------------------------------------------------------------------------
def escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in SIGNS else c for c in text).replace("\n", "\\n")


def guarded(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\]" else c for c in text)


def written(questions: Sequence[Question]) -> str:
    """The text of these questions in GIFT."""
    parts, category = [], ""
    for one in questions:
        marks = [f"[id:{guarded(one.id)}]", *(f"[tag:{guarded(t)}]" for t in one.tags)]
        if one.category and one.category != category:
            parts.append(f"$CATEGORY: {one.category}")
            category = one.category
        elif not one.category and category:
            marks.append("[category:]")
        if one.kind == "description" and one.feedback:
            marks.append(f"[feedback:{guarded(json.dumps(one.feedback, ensure_ascii=False))}]")
        if one.moodle:
            said = json.dumps([[b.at, b.xml] for b in one.moodle], ensure_ascii=False)
            marks.append(f"[moodle:{guarded(said)}]")
        parts.append(f"// {' '.join(marks)}\n{question_out(one)}")
    return "".join(f"{part}\n\n" for part in parts)


def question_out(one: Question) -> str:
    title = f"::{escaped(one.title)}::" if one.title else ""
    head = f"{title}[{one.format}]{escaped(one.text)}"
    if one.kind in ("description", "cloze"):
        return head
    general = f"####{escaped(one.feedback)}" if one.feedback else ""
    inside = "".join(f"\n\t{line}" for line in answers_out(one))
    if one.kind == "true_false":
        said = [one.feedback_wrong, one.feedback_right] if one.feedback_right else [one.feedback_wrong] * bool(one.feedback_wrong)  # fmt: skip
        inside = ("TRUE" if one.answer else "FALSE") + "".join(f"#{escaped(t)}" for t in said)
        return f"{head} {{{inside}{general}}}"
    if one.kind == "numeric":
        return f"{head} {{#{inside}{chr(10)}{general}}}"
    return f"{head} {{{inside}{chr(10) if inside else ''}{general}}}"


def tagged(text: str) -> str:
    return escaped(text)


def answers_out(one: Question) -> Iterator[str]:
    if one.kind == "match":
        for left, right in one.pairs:
            yield f"={escaped(left)} -> {escaped(right)}"
    for a in one.answers if one.kind != "match" else ():
        feedback = f"#{escaped(a.feedback)}" if a.feedback else ""
        if one.kind == "numeric":
            if a.value == "*":
                yield f"~{feedback}" if a.fraction == "0" else f"~%{percent(a.fraction)}%{feedback}"
                continue
            number = f"{a.low}..{a.high}" if a.low else a.value + ("" if a.tolerance is None else f":{a.tolerance}")
            yield f"={'' if a.fraction == '1' else f'%{percent(a.fraction)}%'}{number}{feedback}"
            continue
        text = ("[" + one.format + "]" if FORMAT.match(a.text) else "") + escaped(a.text)
        sign, usual = ("=", "1") if one.kind == "short" or (one.kind == "choice" and a.fraction == "1") else ("~", "0")
        weight = "" if a.fraction == usual and not WEIGHT.match(text) else f"%{percent(a.fraction)}%"
        yield f"{sign}{weight}{text}{feedback}"


# --- in ---------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Block:
    """Lines of one question, and what the comments above it say."""

    row: int
    lines: list[str] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)


class Reader:
    """A text of GIFT to questions."""

    def __init__(self, file: str) -> None:
        self.file, self.row = file, 1

    def wrong(self, why: str | Message) -> BadGift:
        return BadGift(file=self.file, row=self.row, why=why)

    def all(self, text: str) -> list[Question]:
        found, category = [], ""
        for block in self.blocks(text):
            self.row = block.row
            body = "\n".join(block.lines)
            if body.lstrip().startswith("$CATEGORY:"):
                first, _line, rest = body.lstrip().partition("\n")
                category = first.removeprefix("$CATEGORY:").strip()
                if not rest.strip():
                    continue
                body = rest
            found.append(self.marked(self.question(body), block.marks, category))
        return numbered(found)

    def blocks(self, text: str) -> Iterator[Block]:
        """Questions are parted by empty lines; a line of comment says nothing of a question but its marks."""
        block = Block(1)
        for row, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
            if line.lstrip().startswith("//"):
                block.marks += MARK.findall(line)
                continue
            if not line.strip():
                if block.lines:
                    yield block
                    block = Block(row)
                continue
            if line.startswith("$CATEGORY:"):
                if block.lines:
                    yield block
                yield Block(row, [line])
                block = Block(row + 1, [], block.marks if not block.lines else [])
                continue
            if not block.lines:
                block.row = row
            block.lines.append(line)
        if block.lines:
            yield block

    def marked(self, one: Question, marks: list[tuple[str, str]], category: str) -> Question:
        said = [(key, re.sub(r"\\(.)", r"\1", value)) for key, value in marks]
        for key, value in said:
            if key == "category":
                category = value
        moodle: tuple[Beside, ...] = ()
        for mark, value in said:
            try:
                if mark == "moodle":
                    moodle = tuple(Beside(str(at), str(xml)) for at, xml in json.loads(value))
                    if not all(sound(b) for b in moodle):
                        raise ValueError
                if mark == "feedback" and one.kind == "description":
                    one = replace(one, feedback=str(json.loads(value)))
            except (ValueError, TypeError, RecursionError):
                raise self.wrong(_("ce que le commentaire disait de la question est abîmé")) from None
        name = next((v for k, v in said if k == "id"), "")
        return replace(one, id=name.strip(), category=category, tags=tuple(v for k, v in said if k == "tag"), moodle=moodle)  # fmt: skip

    def question(self, body: str) -> Question:
        title, body = self.title(body.strip())
        tag = FORMAT.match(body)
        kind_of_text = tag[1] if tag else "moodle"
        body = body[tag.end() :] if tag else body
        at = first_bare(body, "{")
        if (stray := first_bare(body, "}")) >= 0 and (at < 0 or stray < at):
            raise self.wrong(_("une accolade se ferme sans avoir été ouverte"))
        base = Question(id="", kind="description", title=title, format=kind_of_text, text=plain(body.strip()))
        if at < 0:
            return base
        end = first_bare(body, "}", at + 1)
        if end < 0:
            raise self.wrong(Message(_("une accolade reste ouverte (« %(text)s »)"), {"text": (title or body)[:40]}))
        before, inside, after = body[:at].rstrip(), body[at + 1 : end], body[end + 1 :].strip()
        if first_bare(inside, "{") >= 0 or first_bare(after, "{") >= 0 or first_bare(after, "}") >= 0:
            raise self.wrong(Message(_("plus d’une paire d’accolades (« %(text)s »)"), {"text": (title or body)[:40]}))
        text = plain(f"{before} {GAP} {after}".strip() if after else before.strip())
        return self.answered(replace(base, text=text), inside)

    def title(self, body: str) -> tuple[str, str]:
        if not body.startswith("::"):
            return "", body
        at = first_bare(body, "::", 2)
        if at < 0:
            raise self.wrong(_("le titre (::…::) reste ouvert"))
        return plain(body[2:at].strip()), body[at + 2 :].lstrip()

    def answered(self, base: Question, inside: str) -> Question:
        at = first_bare(inside, "####")
        general = plain(inside[at + 4 :].strip()) if at >= 0 else ""
        base, said = replace(base, feedback=general), (inside[:at] if at >= 0 else inside).strip()
        if not said:
            return replace(base, kind="essay")
        if said.startswith("#"):
            return self.whole(replace(base, kind="numeric", answers=tuple(self.numbers(said[1:].strip()))))
        word, _sign, rest = said.partition("#")
        if word.strip().upper() in ("T", "TRUE", "F", "FALSE"):
            parts = [plain(p.strip()) for p in bare_split(rest, "#")] if _sign else []
            if len(parts) > 2:
                raise self.wrong(_("une question vrai ou faux a deux commentaires au plus"))
            wrong, right = [*parts, "", ""][:2]
            return replace(base, kind="true_false", answer=word.strip().upper()[0] == "T", feedback_wrong=wrong, feedback_right=right)  # fmt: skip
        return self.whole(self.listed(base, said))

    def whole(self, one: Question) -> Question:
        if why := fault(one):
            raise self.wrong(why)
        return one

    def listed(self, base: Question, said: str) -> Question:
        """= right and ~ wrong answers: a choice, several answers, short ones, or pairs."""
        raw = self.cut(said)
        if all(sign == "=" and first_bare(text, "->") >= 0 for sign, text in raw):
            pairs = [text.split("->", 1) if first_bare(text, "->") >= 0 else ["", text] for _sign, text in raw]
            return replace(base, kind="match", pairs=tuple((plain(a.strip()), plain(b.strip())) for a, b in pairs))
        answers = tuple(self.reply(sign, text, base.format) for sign, text in raw)
        if all(sign == "=" for sign, _text in raw):
            return replace(base, kind="short", answers=answers)
        return replace(base, kind="choice" if any(sign == "=" for sign, _text in raw) else "multi", answers=answers)

    def cut(self, said: str) -> list[tuple[str, str]]:
        """Each answer with the sign before it."""
        places = [n for n in bare_places(said) if said[n] in "=~"]
        if not places or said[: places[0]].strip():
            raise self.wrong(Message(_("une réponse n’a ni = ni ~ devant elle (« %(text)s »)"), {"text": said[:40]}))
        return [(said[a], said[a + 1 : b].strip()) for a, b in zip(places, [*places[1:], len(said)], strict=True)]

    def weighed(self, text: str, fraction: str) -> tuple[str, str]:
        if not (found := WEIGHT.match(text)):
            return text, fraction
        fraction = share(Decimal(found[1]))
        if not FRACTION.fullmatch(fraction):
            raise self.wrong(Message(_("la part « %(value)s » ne peut pas être lue"), {"value": found[1][:20]}))
        return text[found.end() :], fraction

    def reply(self, sign: str, text: str, form: str) -> Reply:
        text, fraction = self.weighed(text, "1" if sign == "=" else "0")
        answer, feedback = self.feedback(text)
        if (tag := FORMAT.match(answer)) and tag[1] == form:
            answer = answer[tag.end() :]
        return Reply(text=plain(answer.strip()), fraction=fraction, feedback=feedback)

    def feedback(self, text: str) -> tuple[str, str]:
        answer, *more = bare_split(text, "#")
        return answer, plain("#".join(more).strip())

    def numbers(self, said: str) -> Iterator[Reply]:
        raw = self.cut(said) if said[:1] in ("=", "~") else [("=", said)]
        for sign, text in raw:
            text, fraction = self.weighed(text, "1" if sign == "=" else "0")
            number, feedback = self.feedback(text)
            number = plain(number.strip())
            if sign == "~" and not number:
                yield Reply(value="*", fraction=fraction, feedback=feedback)
                continue
            yield self.number(number, Reply(fraction=fraction, feedback=feedback))

    def number(self, text: str, reply: Reply) -> Reply:
        low, dots, high = (part.strip() for part in text.partition(".."))
        value, colon, tolerance = (part.strip() for part in text.partition(":"))
        parts = [low, high] if dots else [value, tolerance] if colon else [value]
        if not all(NUMBER.fullmatch(p) for p in parts) or (dots and Decimal(low) > Decimal(high)):
            raise self.wrong(Message(_("« %(value)s » n’est pas un nombre"), {"value": text[:40]}))
        if dots:
            return replace(reply, low=low, high=high)
        return replace(reply, value=value, tolerance=tolerance if colon else None)


def bare_places(text: str) -> Iterator[int]:
    """Places of the signs that are not escaped."""
    n = 0
    while n < len(text):
        if text[n] == "\\":
            n += 2
            continue
        yield n
        n += 1


def first_bare(text: str, sign: str, start: int = 0) -> int:
    return next((n for n in bare_places(text) if n >= start and text.startswith(sign, n)), -1)


def bare_split(text: str, sign: str) -> list[str]:
    cuts = [n for n in bare_places(text) if text[n] == sign]
    return [text[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, len(text)], strict=True)]


def plain(text: str) -> str:
    r"""What a text says: \n a line, \: a colon; another backslash is itself. A line end of the file is a space or a line as it stands."""
    return re.sub(r"\\([\\~=#{}:n])", lambda m: "\n" if m[1] == "n" else m[1], text)


def read(text: str, file: str) -> list[Question]:
    """The questions of a text. TRN-302 names the line."""
    return Reader(file).all(text)
