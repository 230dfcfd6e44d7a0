"""The law of disputes of one country, as values: remedies, what each check rests on, courts, and legal time.

Everything comes from the pack's sections; nothing here knows a country. `Norms` is what admissibility and the gate
ask: build it with `norms_from(sections, tz, days_off)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kalata.country.rules.remedies import FORM, NEEDS, bodies_of, contests_of, is_remedy, words
from kalata.deadlines.rules.dayoff import NO_DAYS_OFF, DaysOff
from kalata.deadlines.rules.lawbook import Lawbook, lawbook
from kalata.deadlines.rules.norms import RANKS, Record, plain_date
from kalata.text import Named

STANDARD = "standard du contentieux"
"""The topic of the norms that the scorecard holds disputes against."""
NUMBER = re.compile(r"(?<![\w.-])((?:L\.?O?\.?|R\.?)?\s*\d{1,3})(?![\w-])")
SECTIONS = ("texts", "counting_rules", "event_types", "deadlines", "norms", "institutions")
"""The sections of a pack that disputes read."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A norm as an answer cites it."""

    id: str
    law: str = ""
    article: str = ""
    confidence: str = ""
    valid: tuple[date | None, date | None] = (None, None)
    rank: int = 0

    @property
    def from_memory(self) -> bool:
        """Nobody has read it anywhere: it decides nothing."""
        return self.confidence.startswith("from memory")

    def in_force(self, day: date) -> bool:
        first, last = self.valid
        return (first is None or first <= day) and (last is None or day <= last)

    def record(self) -> dict[str, object]:
        return {"id": self.id, "law": self.law, "article": self.article, "confidence": self.confidence}


@dataclass(frozen=True, slots=True)
class Remedy:
    """What may be attacked, by whom, before which body, within which limits. capacities None: not known.

    decision_limits: within which the body decides; cure_limits: within which what lacks may be brought, once asked for.
    """

    basis: Basis
    contests: frozenset[str]
    about: tuple[str, ...]
    capacities: tuple[str, ...] | None
    offices: tuple[str, ...]
    body: str
    stage: int
    time_limits: tuple[str, ...]
    requires: tuple[str, ...]
    curable: Mapping[str, bool]
    queue: str
    widens: tuple[str, ...] = ()
    decision_limits: tuple[str, ...] = ()
    cure_limits: tuple[str, ...] = ()

    def covers(self, contest: str, about: str) -> bool:
        return contest in self.contests and about in self.about


@dataclass(frozen=True, slots=True)
class Rule:
    """What one item of the checklist rests on, where the pack says more than the remedy."""

    basis: Basis
    item: str
    contests: frozenset[str]
    about: tuple[str, ...]
    requires: tuple[str, ...]
    curable: Mapping[str, bool]
    needs: tuple[str, ...]
    queue: str
    cure_limits: tuple[str, ...] = ()

    def concerns(self, contest: str, about: Iterable[str]) -> bool:
        return (not self.contests or contest in self.contests) and (
            not self.about or any(a in self.about for a in about)
        )


@dataclass(frozen=True, slots=True)
class Body:
    """An institution that decides. Settings of the bench are None where the law is not known."""

    id: str
    name: Named
    codes: tuple[str, ...]
    decides: str = "bench"
    members: int | None = None
    quorum: int | None = None
    casting_vote: bool | None = None
    abstention: bool | None = None
    recusal: bool | None = None
    receives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard that disputes are held against, in the words of the pack. least, most: its figures, where it has some."""

    basis: Basis
    rule: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Norms:
    """The law of disputes of one pack."""

    remedies: tuple[Remedy, ...]
    rules: tuple[Rule, ...]
    bodies: tuple[Body, ...]
    known: frozenset[str]
    """Ids of every norm and time limit of the pack: what a decision may cite."""
    articles: frozenset[str]
    """Numbers of their articles, as they are written."""
    book: Lawbook
    limits: Mapping[str, Record]
    """Records of time limits by id: the rule and the event as the pack names them."""
    tz: str
    days_off: Callable[[int, int], DaysOff]
    contests: frozenset[str] = frozenset()
    rule_names: Mapping[str, Named] = field(default_factory=dict)
    standards: Mapping[str, Standard] = field(default_factory=dict)
    doctrine: str = ""
    annulled_keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def rule_name(self, rule: str) -> Named:
        """How a counting rule of the pack is called by people."""
        return self.rule_names.get(rule, Named(rule))

    def body(self, code: str) -> Body | None:
        return next((b for b in self.bodies if code in b.codes), None)

    def remedies_for(self, contest: str, about: str) -> tuple[Remedy, ...]:
        return tuple(r for r in self.remedies if not r.widens and r.covers(contest, about))

    def wider(self, remedy: Remedy) -> tuple[Remedy, ...]:
        """Norms of higher rank, or of another version, that say otherwise who may complain."""
        return tuple(r for r in self.remedies if remedy.basis.id in r.widens)

    def rule(self, item: str, contest: str, about: Iterable[str]) -> Rule | None:
        about = tuple(about)
        return next((r for r in self.rules if r.item == item and r.concerns(contest, about)), None)


def basis_of(record: Record, texts: Mapping[str, Record]) -> Basis:
    text = texts.get(str(record.get("law") or ""), {})
    article = str(record.get("article") or "")
    return Basis(
        str(record.get("id")),
        str(record.get("law") or ""),
        "" if article == "unknown" else article,
        str(record.get("confidence") or ""),
        (
            plain_date(record.get("valid_from") or text.get("in_force_from")),
            plain_date(record.get("valid_to") or text.get("in_force_to")),
        ),
        RANKS.get(str(text.get("type") or ""), 0),
    )


def flags(value: object) -> dict[str, bool]:
    return {str(k): v for k, v in value.items() if isinstance(v, bool)} if isinstance(value, Mapping) else {}


def remedy_from(record: Record, texts: Mapping[str, Record]) -> Remedy:
    stage = record.get("stage")
    return Remedy(
        basis=basis_of(record, texts),
        contests=contests_of(record),
        about=words(record.get("about")),
        capacities=words(record["capacities"]) if record.get("capacities") is not None else None,
        offices=words(record.get("offices")),
        body=str(record.get("body") or ""),
        stage=stage if isinstance(stage, int) else 1,
        time_limits=words(record.get("time_limits")),
        requires=words(record.get("requires")),
        curable=flags(record.get("curable")),
        queue=str(record.get("queue") or ""),
        widens=words(record.get("standing_of")),
        decision_limits=words(record.get("decision_limits")),
        cure_limits=words(record.get("cure_limits")),
    )


def rule_from(record: Record, texts: Mapping[str, Record]) -> Rule:
    return Rule(
        basis=basis_of(record, texts),
        item=str(record["item"]),
        contests=contests_of(record),
        about=words(record.get("about")),
        requires=words(record.get("requires")) or FORM,
        curable=flags(record.get("curable")),
        needs=words(record.get("needs")) or NEEDS,
        queue=str(record.get("queue") or ""),
        cure_limits=words(record.get("cure_limits")),
    )


def body_from(record: Record) -> Body:
    bench = record.get("bench")
    table: Mapping[str, object] = bench if isinstance(bench, Mapping) else {}

    def number(value: object) -> int | None:
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(key: str) -> bool | None:
        value = table.get(key)
        return value if isinstance(value, bool) else None

    return Body(
        id=str(record.get("id")),
        name=Named(str(record.get("name_fr") or ""), str(record.get("name_en") or "")),
        codes=bodies_of(record),
        decides=str(record.get("decides") or "bench"),
        members=number(record.get("members")),
        quorum=number(table.get("quorum")),
        casting_vote=flag("casting_vote"),
        abstention=flag("abstention"),
        recusal=flag("recusal"),
        receives=words(record.get("receives")),
    )


def no_days_off(first: int, last: int) -> DaysOff:
    return NO_DAYS_OFF


def standard_from(record: Record, texts: Mapping[str, Record]) -> Standard:
    figures = record.get("executable")
    given: Mapping[str, object] = figures if isinstance(figures, Mapping) else {}
    least, most = (v if isinstance(v := given.get(k), int) else None for k in ("least", "most"))
    return Standard(basis_of(record, texts), str(record.get("rule") or ""), least, most)


def numbers_of(sections: Mapping[str, Sequence[Record]]) -> Iterator[str]:
    """« 31 », « L.86 » from what a pack writes of articles."""
    for name in ("norms", "deadlines", "institutions"):
        for record in sections.get(name, ()):
            bench = record.get("bench")
            own = bench.get("article") if isinstance(bench, Mapping) else ""
            text = re.sub(r"\([^)]*\)", " ", f"{record.get('article') or ''} {own or ''}")
            yield from (found.replace(" ", "") for found in NUMBER.findall(text))


def norms_from(
    sections: Mapping[str, Sequence[Record]], tz: str, days_off: Callable[[int, int], DaysOff] = no_days_off
) -> Norms:
    """The law of disputes of a pack's sections. days_off: first and last year -> the days off between them."""
    texts = {str(r.get("id")): r for r in sections.get("texts", ())}
    records = sections.get("norms", ())
    about = [remedy_from(r, texts) for r in records if is_remedy(r) or r.get("standing_of")]
    keeps: dict[str, tuple[str, ...]] = {}
    for record in records:
        for contest in contests_of(record) if record.get("annulled_keeps") is not None else ():
            keeps[contest] = words(record["annulled_keeps"])
    named = {w for r in sections.get("deadlines", ()) for w in words(r.get("contest")) if not w.startswith("all")}
    return Norms(
        remedies=tuple(about),
        rules=tuple(rule_from(r, texts) for r in records if r.get("item")),
        bodies=tuple(body_from(r) for r in sections.get("institutions", ()) if r.get("body")),
        known=frozenset(str(r.get("id")) for name in ("norms", "deadlines") for r in sections.get(name, ())),
        articles=frozenset(numbers_of(sections)),
        book=lawbook(sections),
        limits={str(r.get("id")): r for r in sections.get("deadlines", ())},
        tz=tz,
        days_off=days_off,
        contests=frozenset(named | {c for r in about for c in r.contests}),
        rule_names={
            str(r.get("id")): Named(str(r.get("fr") or r.get("id")), str(r.get("en") or ""))
            for r in sections.get("counting_rules", ())
        },
        standards={str(r["id"]): standard_from(r, texts) for r in records if r.get("topic") == STANDARD},
        doctrine=next((str(r["doctrine"]) for r in records if r.get("doctrine")), ""),
        annulled_keeps=keeps,
    )
