"""XML as a tree of plain nodes, read within bounds: no document type, no entity of its own, no instruction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.quiz.faults import BadXml

DEEPEST, MOST_NODES = 30, 2_000_000
SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}


@dataclass(slots=True)
class Node:
    """An element. inside: its texts and elements, in order."""

    tag: str
    values: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def nodes(self) -> Iterator[Node]:
        return (one for one in self.inside if isinstance(one, Node))

    def first(self, tag: str) -> Node | None:
        return next((one for one in self.nodes() if one.tag == tag), None)

    def words(self) -> str:
        return "".join(one for one in self.inside if isinstance(one, str))


class Builder:
    """One reading; what no export of questions has ends it."""

    def __init__(self, file: str) -> None:
        self.file, self.nodes = file, 0
        self.top = Node("")
        self.open = [self.top]
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begins
        self.parser.EndElementHandler = lambda _tag: self.open.pop()
        self.parser.CharacterDataHandler = lambda text: self.open[-1].inside.append(text)
        self.parser.StartDoctypeDeclHandler = lambda *_a: self.wrong(_("il déclare un type de document"))
        self.parser.EntityDeclHandler = lambda *_a: self.wrong(_("il déclare une entité"))
        self.parser.ProcessingInstructionHandler = lambda *_a: self.wrong(_("il porte une instruction"))

    def wrong(self, why: str | Message) -> NoReturn:
        raise BadXml(file=self.file, row=self.parser.CurrentLineNumber, why=why)

    def begins(self, tag: str, values: dict[str, str]) -> None:
        self.nodes += 1
        if len(self.open) > DEEPEST:
            self.wrong(_("trop de niveaux"))
        if self.nodes > MOST_NODES:
            self.wrong(_("trop d’éléments"))
        one = Node(tag, values)
        self.open[-1].inside.append(one)
        self.open.append(one)


def tree_of(data: bytes, file: str) -> Node:
    """The root element of a document. TRN-303 names the line."""
    built = Builder(file)
    try:
        built.parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise BadXml(file=file, row=problem.lineno, why=expat.errors.messages.get(problem.code, str(problem))) from None
    return next(built.top.nodes())


def escaped(text: str) -> str:
    return "".join(SIGNS.get(c, c) for c in text)


def xml_of(node: Node) -> str:
    """The element as text; the same tree gives the same text."""
    values = "".join(f' {k}="{escaped(v).replace(chr(10), "&#10;")}"' for k, v in node.values.items())
    inside = "".join(escaped(one) if isinstance(one, str) else xml_of(one) for one in node.inside)
    return f"<{node.tag}{values}>{inside}</{node.tag}>" if node.inside else f"<{node.tag}{values}/>"
