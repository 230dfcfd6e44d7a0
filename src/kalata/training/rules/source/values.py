"""What a source of manuals holds, once read: procedures, their steps, what each rests on, and the questions about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Said = Mapping[str, str]
"""A sentence by language; a language that is not there has not been written."""
KINDS = ("choice", "multi", "true_false", "short", "numeric", "match", "essay", "description")


class Status(StrEnum):
    """How far a procedure has come."""

    DRAFT = "draft"
    LEGAL_OK = "legal_ok"
    TESTED = "tested"
    APPROVED = "approved"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Basis:
    """A version of an article: what a step rests on. verified_by: who has read the text; "" nobody.

    confidence: how the text is known, in the words of the pack; "" as the pack says of the whole text.
    """

    article: str
    version: str
    confidence: str = ""
    verified_by: str = ""

    @property
    def text(self) -> str:
        """The text it is an article of: LE-2022-019 of LE-2022-019/art.92."""
        return self.article.split("/", 1)[0]

    def __str__(self) -> str:
        return f"{self.article}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that one person does. practice: no text says so, and that is said."""

    id: str
    do: Said
    why: Said = field(default_factory=dict)
    check: Said = field(default_factory=dict)
    warning: Said = field(default_factory=dict)
    actor: str = ""
    basis: tuple[Basis, ...] = ()
    practice: bool = False
    critical: bool = False
    card: bool = False
    two_person: bool = False
    form_fields: tuple[str, ...] = ()
    material: tuple[Said, ...] = ()
    time_limit: str = ""
    minutes: int = 0
    pictogram: str = ""

    def sentences(self) -> Iterator[tuple[str, Said]]:
        """Every sentence of it, under the name of its place."""
        yield "do", self.do
        for name in ("why", "check", "warning"):
            if said := getattr(self, name):
                yield name, said
        for n, said in enumerate(self.material):
            yield f"material.{n + 1}", said


@dataclass(frozen=True, slots=True)
class Branch:
    """A doubtful case: when so, go to that step, or to that procedure."""

    id: str
    when: Said
    then: str
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCase:
    """What goes wrong, what follows, how it is avoided and mended, and who has seen it."""

    id: str
    what: Said
    step: str = ""
    consequence: Said = field(default_factory=dict)
    prevention: Said = field(default_factory=dict)
    remedy: Said = field(default_factory=dict)
    seen_in: tuple[str, ...] = ()

    def sentences(self) -> Iterator[tuple[str, Said]]:
        yield "what", self.what
        for name in ("consequence", "prevention", "remedy"):
            if said := getattr(self, name):
                yield name, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. text: of choice, multi, short; value, tolerance: of a number; right: the other half of a pair."""

    text: Said = field(default_factory=dict)
    fraction: str = "0"
    feedback: Said = field(default_factory=dict)
    value: str = ""
    tolerance: str = ""
    right: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question about a step (or a doubtful case, or a fault). answer: of true_false."""

    id: str
    step: str
    kind: str
    text: Said
    answers: tuple[Answer, ...] = ()
    answer: bool | None = None
    feedback: Said = field(default_factory=dict)
    critical: bool = False
    topic: str = ""
    level: str = ""
    status: str = ""

    @property
    def asked(self) -> bool:
        """False for one that is kept but no longer put to anybody."""
        return self.status not in ("retired", "quarantined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One act of one role, in its order."""

    id: str
    title: Said
    roles: tuple[str, ...]
    phase: str
    version: str
    status: Status
    steps: tuple[Step, ...]
    branches: tuple[Branch, ...] = ()
    error_cases: tuple[ErrorCase, ...] = ()
    items: tuple[Item, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All of it. parameters: numbers and names that sentences refer to, by language; "" in every language alike."""

    id: str
    title: Said
    pack: str
    on: date
    parameters: Mapping[str, Mapping[str, str]]
    procedures: tuple[Procedure, ...]
    pictograms: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def languages(self) -> list[str]:
        """The languages of the title, in the order they are written."""
        return list(self.title)

    def roles(self) -> list[str]:
        return sorted({role for p in self.procedures for role in p.roles})

    def of(self, role: str) -> list[Procedure]:
        """The procedures of a role, as they are read: in the order of the files' phases, then of their ids."""
        return [p for p in self.procedures if role in p.roles]

    def steps(self) -> dict[str, Step]:
        return {s.id: s for p in self.procedures for s in p.steps}

    def parameter(self, key: str, lang: str) -> str | None:
        found = self.parameters.get(key)
        return None if found is None else found.get(lang, found.get(""))
