"""Joinder: which cases speak of the same thing, who leads, what a joined case keeps, whom a paper of the group reaches.

It is proposed, never done by itself. Each petition keeps its number, its parties, its clocks and its outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _


class Ties(StrEnum):
    """Why cases are put side by side."""

    STATIONS = "stations"
    ACT = "act"
    GROUND = "ground"


TIE_LABELS: Mapping[Ties, str] = {
    Ties.STATIONS: _("mêmes bureaux de vote"),
    Ties.ACT: _("même circonscription et même acte attaqué"),
    Ties.GROUND: _("même grief dans la même circonscription"),
}


class NotTogether(Refused):
    code = "DIS-210"
    says = _("La requête %(case)s ne peut pas être jointe : %(why)s.")
    remedy = _("Choisissez des requêtes du même scrutin, en cours, et qui ne sont pas déjà jointes à une autre.")
    sentences = frozenset({"why"})


class Alone(Refused):
    code = "DIS-211"
    says = _("Une jonction réunit au moins deux requêtes.")
    remedy = _("Cochez une autre requête.")
    status = 422


class NotJoined(Refused):
    code = "DIS-212"
    says = _("La requête %(case)s n’est jointe à aucune autre.")
    remedy = _("Rouvrez la page de l’affaire : elle a changé.")


@dataclass(frozen=True, slots=True)
class Case:
    """A petition as joinder sees it. lead: the case it is joined into; open: not decided, stayed or withdrawn."""

    key: int
    number: str
    received_at: datetime
    contest: int
    about: str
    constituency: str = ""
    stations: frozenset[str] = frozenset()
    grounds: frozenset[str] = frozenset()
    lead: int | None = None
    open: bool = True

    @property
    def age(self) -> tuple[datetime, str]:
        return self.received_at, self.number


@dataclass(frozen=True, slots=True)
class Proposal:
    """Cases that may be heard together, the earliest received first: it would lead. ties: why, the strongest first."""

    cases: tuple[Case, ...]
    ties: tuple[Ties, ...]

    @property
    def lead(self) -> Case:
        return self.cases[0]


ASKED = (Ties.STATIONS, Ties.ACT, Ties.GROUND)
STATION_ALONE = 200
"""A station that more petitions than this attack says nothing of any two of them: a general protest names them all."""


def proposals(cases: Iterable[Case]) -> list[Proposal]:
    """Groups worth a look, those with most ties first. A case joined already, or no longer open, is in none."""
    free = [c for c in cases if c.open and c.lead is None]
    found: dict[frozenset[int], set[Ties]] = defaultdict(set)
    for tie in ASKED:
        for group in grouped(free, tie):
            found[frozenset(c.key for c in group)].add(tie)
    by_key = {c.key: c for c in free}
    out = [
        Proposal(tuple(sorted((by_key[k] for k in keys), key=lambda c: c.age)), tuple(t for t in ASKED if t in ties))
        for keys, ties in found.items()
    ]
    return sorted(out, key=lambda p: (-len(p.ties), ASKED.index(p.ties[0]), len(p.cases), p.lead.age))


def grouped(cases: Sequence[Case], tie: Ties) -> list[list[Case]]:
    """The groups of two or more that one tie makes."""
    if tie is Ties.STATIONS:
        return linked(cases)
    buckets: dict[tuple[object, ...], list[Case]] = defaultdict(list)
    for c in cases:
        if not c.constituency:
            continue
        if tie is Ties.ACT:
            buckets[c.contest, c.about, c.constituency].append(c)
        else:
            for ground in c.grounds:
                buckets[c.contest, c.constituency, ground].append(c)
    return [group for group in buckets.values() if len(group) > 1]


def linked(cases: Sequence[Case]) -> list[list[Case]]:
    """Cases that share a station of one contest, directly or through a third."""
    at: dict[tuple[int, str], list[int]] = defaultdict(list)
    for i, c in enumerate(cases):
        for station in c.stations:
            at[c.contest, station].append(i)
    above = list(range(len(cases)))

    def top(i: int) -> int:
        while above[i] != i:
            above[i] = above[above[i]]
            i = above[i]
        return i

    for sharing in at.values():
        if len(sharing) <= STATION_ALONE:
            for other in sharing[1:]:
                above[top(other)] = top(sharing[0])
    groups: dict[int, list[Case]] = defaultdict(list)
    for i, c in enumerate(cases):
        groups[top(i)].append(c)
    return [group for group in groups.values() if len(group) > 1]


def joined(cases: Sequence[Case]) -> tuple[Case, list[Case]]:
    """(the lead, those joined into it): a case that leads already goes on leading, else the earliest receipt leads.

    Raises: DIS-211 one case alone, DIS-210 another contest, a case decided, or joined already.
    """
    if len({c.key for c in cases}) < 2:
        raise Alone
    first = min(cases, key=lambda c: c.age)
    for c in cases:
        if c.contest != first.contest:
            raise NotTogether(case=c.number, why=_("elle porte sur un autre scrutin"))
        if not c.open:
            raise NotTogether(case=c.number, why=_("elle n’est plus en cours"))
        if c.lead is not None:
            raise NotTogether(case=c.number, why=_("elle est déjà jointe à une autre"))
    return first, [c for c in sorted(cases, key=lambda c: c.age) if c.key != first.key]


# --- whom a paper of a group reaches -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Member:
    """A party of one case of a group. account: of the person who answers for it, 0 where it answers on paper."""

    key: int
    case: int
    name: str
    account: int = 0

    @property
    def person(self) -> tuple[int, str]:
        """Who is reached: one account, or one name as names match. The same party in two cases is one person."""
        return (self.account, "") if self.account else (0, fold(self.name))


def reached(
    parties: Iterable[Member], chosen: Iterable[int] | None = None, filed_by: int | None = None
) -> list[list[Member]]:
    """Who receives a paper filed in a group, one delivery each: the members whom that delivery serves at once.

    chosen: keys of parties (None: all). Who filed the paper does not receive it, whatever the case.
    """
    every = list(parties)
    author = next((p.person for p in every if p.key == filed_by), None)
    wanted = None if chosen is None else set(chosen)
    people: dict[tuple[int, str], list[Member]] = defaultdict(list)
    for p in every:
        if p.person != author:
            people[p.person].append(p)
    return [group for group in people.values() if wanted is None or wanted & {p.key for p in group}]
