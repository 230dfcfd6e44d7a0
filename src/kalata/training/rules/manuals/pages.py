"""A page of a manual: one procedure for one role in one language, with the hash of what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from kalata.training.rules.source.findings import PLACE
from kalata.training.rules.source.values import Basis, Branch, ErrorCase, Procedure, Said, Source, Step

SHORT = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A step as it is printed. pictogram: its name, "" none."""

    id: str
    do: str
    why: str = ""
    check: str = ""
    warning: str = ""
    actor: str = ""
    basis: tuple[str, ...] = ()
    unverified: bool = False
    practice: bool = False
    critical: bool = False
    card: bool = False
    two_person: bool = False
    form_fields: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    time_limit: str = ""
    minutes: int = 0
    pictogram: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A doubtful case as it is printed. to: the step it leads to; says: what that step says, where it stands on another page."""

    id: str
    when: str
    to: str
    says: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    id: str
    what: str
    consequence: str = ""
    prevention: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """steps: every step of which it says something, those that its cases lead to on other pages too."""

    role: str
    lang: str
    procedure: str
    title: str
    version: str
    phase: str
    lines: tuple[Line, ...]
    cases: tuple[Case, ...]
    faults: tuple[Fault, ...]
    steps: tuple[str, ...]

    @cached_property
    def id(self) -> str:
        """The hash of all that the page says."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def code(self) -> str:
        """The hash as people read it out: ab12-cd34-ef56."""
        return "-".join(re.findall("....", self.id[:SHORT]))

    def record(self) -> dict[str, object]:
        return {"id": self.id, "role": self.role, "lang": self.lang, "procedure": self.procedure, "steps": list(self.steps)}  # fmt: skip


class Teller:
    """A source in one language: parameters in their places; what is not written in it is given in another, and marked so."""

    def __init__(self, source: Source, lang: str, unread: frozenset[Basis] = frozenset()) -> None:
        self.source, self.lang, self.unread = source, lang, unread
        self.steps = source.steps()
        self.first = {p.id: p.steps[0].id for p in source.procedures}
        self.home = {s.id: p for p in source.procedures for s in p.steps}

    def put(self, text: str) -> str:
        return PLACE.sub(lambda m: self.source.parameter(m[1], self.lang) or m[0], text)

    def tell(self, said: Said) -> str:
        if not said:
            return ""
        if self.lang in said or "" in said:
            return self.put(said.get(self.lang, said.get("", "")))
        other = next(iter(said))
        return f"[{other}] {self.put(said[other])}"

    def has(self, said: Said) -> bool:
        return self.lang in said or "" in said or not said

    def line(self, s: Step) -> Line:
        return Line(
            id=s.id, do=self.tell(s.do), why=self.tell(s.why), check=self.tell(s.check), warning=self.tell(s.warning), actor=s.actor,
            basis=tuple(str(b) for b in s.basis), unverified=any(b in self.unread for b in s.basis), practice=s.practice,
            critical=s.critical, card=s.card, two_person=s.two_person, form_fields=s.form_fields,
            material=tuple(self.tell(m) for m in s.material), time_limit=self.put(s.time_limit), minutes=s.minutes, pictogram=s.pictogram,
        )  # fmt: skip

    def target(self, branch: Branch) -> str:
        """The step a case leads to: of a procedure, its first."""
        return self.first.get(branch.then, branch.then)

    def case(self, b: Branch, p: Procedure) -> Case:
        to = self.target(b)
        if to not in self.home or self.home[to].id == p.id:
            return Case(b.id, self.tell(b.when), to)
        return Case(b.id, self.tell(b.when), to, self.tell(self.steps[to].do), self.tell(self.home[to].title))

    def fault(self, e: ErrorCase) -> Fault:
        return Fault(e.id, self.tell(e.what), self.tell(e.consequence), self.tell(e.prevention), self.tell(e.remedy))

    def page(self, p: Procedure, role: str) -> Page:
        cases = tuple(self.case(b, p) for b in p.branches)
        ours = [s.id for s in p.steps]
        others = sorted({c.to for c in cases if c.says} - {*ours})
        return Page(
            role=role, lang=self.lang, procedure=p.id, title=self.tell(p.title), version=p.version, phase=p.phase,
            lines=tuple(self.line(s) for s in p.steps), cases=cases, faults=tuple(self.fault(e) for e in p.error_cases),
            steps=(*ours, *others),
        )  # fmt: skip


def pages_of(source: Source, role: str, lang: str, unread: frozenset[Basis] = frozenset()) -> list[Page]:
    """The pages of a role's manual, in order."""
    teller = Teller(source, lang, unread)
    return [teller.page(p, role) for p in source.of(role)]


def pictures(pages: list[Page], all_of: Mapping[str, str]) -> dict[str, str]:
    """The pictograms that these pages show, by name."""
    names = {line.pictogram for page in pages for line in page.lines if line.pictogram in all_of}
    return {name: all_of[name] for name in sorted(names)}


def cards(pages: list[Page], *, critical: bool = False) -> list[Page]:
    """The same pages with the steps of the card alone (critical: the critical ones), those without any left out."""
    kept = [
        replace(p, lines=tuple(x for x in p.lines if (x.critical if critical else x.card)), cases=(), faults=())
        for p in pages
    ]
    return [p for p in kept if p.lines]
