"""The public ledger of corrections: what became of figures that everybody had read, line by line.

`Ledger.feed` is given, in order, what the public could read of each station from then on. A first publication is no
correction; after it, whatever changes what a station says or whether it counts is a line: old, new, who ordered it, and
who led by how much before and after. The same function reckons the page of the application (from what it announced)
and the public site (from the log); figures that were never public cannot enter, for they are never fed.

Replayed on the first published totals, the lines give the present ones: first + sum of (new - old) = now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kalata.text import gettext_noop as _
from kalata.transparency.rules.entries import FIGURES

Key = tuple[str, str]
"""(part, station)"""


class Kind(StrEnum):
    CORRECTED = "corrected"
    RECALLED = "recalled"
    ANNULLED = "annulled"
    RESTORED = "restored"
    LATE = "late"
    REPLACED = "replaced"


KIND_LABELS: Mapping[Kind, str] = {
    Kind.CORRECTED: _("Chiffre corrigé"),
    Kind.RECALLED: _("Retiré du total"),
    Kind.ANNULLED: _("Bureau annulé"),
    Kind.RESTORED: _("Rétabli"),
    Kind.LATE: _("Arrivé après une déclaration"),
    Kind.REPLACED: _("Document remplacé, mêmes chiffres"),
}
AUTHORITIES: Mapping[str, str] = {
    "two_persons": _("Autorité électorale, deux personnes"),
    "commission": _("Commission de centralisation"),
    "court": _("Juridiction compétente"),
}
"""Who may order a correction, as far as the public is told: a body, never a person."""
UNSAID = _("Autorité non inscrite")
"""For what was published before the log said who ordered it."""


BOXES = tuple(FIGURES.values())
"""Boxes of a report under the names of the public record, in order."""


class Standing(StrEnum):
    COUNTED = "counted"
    ANNULLED = "annulled"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Why:
    """Who ordered what the public reads from now on. at: UTC, to the second ("2027-03-01T16:45:00Z"), empty: not said.

    act: the document; approval: number of the act of two persons, 0 without; words: the reason given to the public;
    words_sha256: as the log binds them, empty where it does not.
    """

    authority: str = ""
    act: str = ""
    at: str = ""
    approval: int = 0
    words: str = ""
    words_sha256: str = ""

    @property
    def order(self) -> tuple[str, str, str, int]:
        """What two lines of one notice have in common."""
        return self.at, self.authority, self.act, self.approval


@dataclass(frozen=True, slots=True)
class Fact:
    """What the public reads of a station from now on. boxes, votes: empty where GONE. mark: of the document itself.

    votes: by number on the ballot. index: of its entry in the public log, None where it waits for its place.
    """

    key: Key
    standing: Standing
    boxes: Mapping[str, int] = field(default_factory=dict)
    votes: Mapping[int, int] = field(default_factory=dict)
    mark: str = ""
    why: Why = Why()
    index: int | None = None

    @property
    def counted(self) -> bool:
        return self.standing is Standing.COUNTED

    @property
    def valid(self) -> int:
        """Valid votes: as stated, else their sum."""
        stated = self.boxes.get("valid")
        return sum(self.votes.values()) if stated is None else stated


@dataclass(frozen=True, slots=True)
class Margin:
    """Who leads and by how much. lead: every list at the top, in ballot order; gap 0 where they are several."""

    lead: tuple[int, ...]
    second: int | None
    gap: int
    valid: int

    @property
    def share(self) -> Fraction | None:
        """The gap in valid votes; None where there are none."""
        return Fraction(self.gap, self.valid) if self.valid else None


def margin(votes: Mapping[int, int], valid: int) -> Margin:
    """The first and second by votes. Nobody leads where there is no vote at all."""
    ranked = sorted(votes.items(), key=lambda v: (-v[1], v[0]))
    if not ranked or ranked[0][1] == 0:
        return Margin((), None, 0, valid)
    lead = tuple(n for n, v in ranked if v == ranked[0][1])
    if len(lead) > 1 or len(ranked) == 1:
        return Margin(lead, lead[1] if len(lead) > 1 else None, 0 if len(lead) > 1 else ranked[0][1], valid)
    return Margin(lead, ranked[1][0], ranked[0][1] - ranked[1][1], valid)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the report. old, new: None where the paper is empty, or was not counted. votes: number on the ballot."""

    name: str
    list: int | None
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One correction of one station. number: in the ledger, from 1; notice: lines ordered together share one.

    before: what the public read until then (None: nothing yet); delta: votes added to the totals, by list.
    national, local: the margin before and after; local: of the constituency, None where there is none.
    """

    number: int
    notice: int
    kind: Kind
    key: Key
    before: Fact | None
    after: Fact
    changes: tuple[Change, ...]
    delta: Mapping[int, int]
    national: tuple[Margin, Margin]
    local: tuple[Margin, Margin] | None
    group: str

    @property
    def why(self) -> Why:
        return self.after.why

    @property
    def crosses(self) -> bool:
        """True where the station enters the totals, or leaves them: what is None in its changes was not counted."""
        return (self.before is not None and self.before.counted) != self.after.counted

    def effect(self, first: int, second: int) -> int:
        """How the votes of one list less those of another moved."""
        return self.delta.get(first, 0) - self.delta.get(second, 0)


@dataclass(slots=True)
class Totals:
    """Votes by list, valid votes and boxes of the reports that count."""

    votes: dict[int, int] = field(default_factory=dict)
    boxes: dict[str, int] = field(default_factory=dict)
    valid: int = 0

    def add(self, fact: Fact | None, sign: int) -> None:
        if fact is None or not fact.counted:
            return
        self.valid += sign * fact.valid
        votes, boxes = self.votes, self.boxes  # by far the most frequent step of a ledger: written out
        for n, v in fact.votes.items():
            votes[n] = votes.get(n, 0) + sign * v
        for name, v in fact.boxes.items():
            boxes[name] = boxes.get(name, 0) + sign * v

    def margin(self) -> Margin:
        return margin(self.votes, self.valid)

    def copied(self) -> Totals:
        return Totals(dict(self.votes), dict(self.boxes), self.valid)


@dataclass(frozen=True, slots=True)
class Book:
    """A ledger at one moment. first: totals of what was first published; now: as they are read."""

    lines: tuple[Line, ...] = ()
    first: Totals = field(default_factory=Totals)
    now: Totals = field(default_factory=Totals)
    notices: int = 0

    @property
    def touched(self) -> int:
        """Stations with at least one line."""
        return len({line.key for line in self.lines})


def kind_of(old: Fact | None, new: Fact, declared: bool) -> Kind | None:
    """What a new fact is to the one before it; None: nothing that was public changes."""
    if old is None:
        return Kind.LATE if declared and new.standing is not Standing.GONE else None
    if new.standing is Standing.GONE:
        return Kind.RECALLED if old.standing is not Standing.GONE else None
    if new.standing is not old.standing:
        return Kind.RESTORED if new.counted else Kind.ANNULLED
    if (old.boxes, old.votes) != (new.boxes, new.votes):
        return Kind.CORRECTED
    return Kind.REPLACED if old.mark != new.mark else None


def changes_of(old: Fact | None, new: Fact) -> tuple[Change, ...]:
    """The rows that differ: of two reports that count (or two that do not); all rows of one that enters the totals or
    leaves them, against nothing."""
    same = old is not None and old.standing is new.standing
    was = old if old is not None and (old.counted or same) else None
    now = new if new.counted or same else None
    out = []
    for name in dict.fromkeys([*(was.boxes if was else ()), *(now.boxes if now else ())]):
        out.append(Change(name, None, was.boxes.get(name) if was else None, now.boxes.get(name) if now else None))
    for n in sorted({*(was.votes if was else ()), *(now.votes if now else ())}):
        out.append(Change("", n, was.votes.get(n) if was else None, now.votes.get(n) if now else None))
    return tuple(c for c in out if c.old != c.new)


class Ledger:
    """Reads what the public could read, in order; holds the lines, the first published totals and the present ones."""

    def __init__(self, lists: Sequence[int] = (), groups: Mapping[Key, str] | None = None) -> None:
        """lists: numbers on the ballot; groups: the constituency of each station, where there are any."""
        self.lists = tuple(lists)
        self.groups = groups or {}
        self.lines: list[Line] = []
        self.declared = False
        self.held: dict[Key, Fact] = {}
        self.now, self.lined = self.fresh(), self.fresh()
        self.locals: dict[str, Totals] = {}
        self.notices = 0

    def fresh(self) -> Totals:
        return Totals(dict.fromkeys(self.lists, 0))

    def declare(self) -> None:
        """A declaration was made on the totals: what enters them from now on for the first time is late."""
        self.declared = True

    def feed(self, fact: Fact) -> Line | None:
        """The next fact; the line it makes, None where it changes nothing that was public."""
        old = self.held.get(fact.key)
        if fact.standing is Standing.GONE and old is None:
            return None  # never published: nothing to take back
        kind = kind_of(old, fact, self.declared)
        if old is not None and kind is None:
            return None
        group = self.groups.get(fact.key, "")
        sums = [self.now]
        if group:
            sums.append(self.locals.get(group) or self.locals.setdefault(group, self.fresh()))
        before = [now.margin() for now in sums] if kind else []
        for now in sums:
            now.add(old, -1)
            now.add(fact, 1)
        self.held[fact.key] = fact
        if kind is None:
            return None
        self.lined.add(old, -1)
        self.lined.add(fact, 1)
        after = [now.margin() for now in sums]
        pairs = list(zip(before, after, strict=True))
        if not (self.lines and fact.why.at and self.lines[-1].why.order == fact.why.order):
            self.notices += 1
        line = Line(
            len(self.lines) + 1, self.notices, kind, fact.key, old, fact, changes_of(old, fact), self.moved(old, fact),
            pairs[0], pairs[1] if group else None, group,
        )  # fmt: skip
        self.lines.append(line)
        return line

    def read(self, entry: Mapping[str, Any], index: int | None = None, words: str = "") -> Line | None:
        """The next entry of the public log, or the announcement of one. words: the reason told beside it.

        Entries of other kinds say nothing here. An exclusion by annulment keeps the figures that everybody read.
        """
        if entry["kind"] == "declaration":
            self.declare()
        fact = self.fact(entry, index, words)
        return None if fact is None else self.feed(fact)

    def fact(self, entry: Mapping[str, Any], index: int | None = None, words: str = "") -> Fact | None:
        """What an entry says of its station; None where it says nothing of one, or takes back what is not counted."""
        kind = entry["kind"]
        if kind not in ("report", "revision", "exclusion"):
            return None
        key = (entry["part"], entry["station"])
        why = Why(
            entry.get("authority", ""), entry.get("act", ""), entry.get("at", ""), entry.get("approval", 0),
            words, entry.get("reason_sha256") or (hashlib.sha256(words.encode()).hexdigest() if words else ""),
        )  # fmt: skip
        if kind == "exclusion":
            old = self.held.get(key)
            if old is None or not old.counted:
                return None
            if entry["reason_code"] in ("annulment", "court"):
                return replace(old, standing=Standing.ANNULLED, why=why, index=index)
            return Fact(key, Standing.GONE, why=why, index=index)
        return Fact(
            key, Standing(entry["status"]), {n: entry[n] for n in BOXES if n in entry},
            {v["list"]: v["n"] for v in entry["votes"]}, f"{entry['serial']} {entry.get('scan_sha256', '')}", why, index,
        )  # fmt: skip

    def tells(self, entry: Mapping[str, Any]) -> bool:
        """Whether an entry would say of its station what the public has not read."""
        fact = self.fact(entry)
        if fact is None:
            return False
        old = self.held.get(fact.key)
        return old is None or kind_of(old, fact, self.declared) is not None

    def moved(self, old: Fact | None, new: Fact) -> dict[int, int]:
        was = old.votes if old is not None and old.counted else {}
        now = new.votes if new.counted else {}
        return {n: d for n in {*was, *now} if (d := now.get(n, 0) - was.get(n, 0))}

    def placed(self, number: int, index: int) -> None:
        """The entry of a line has its place in the log."""
        line = self.lines[number - 1]
        self.lines[number - 1] = replace(line, after=replace(line.after, index=index))

    @property
    def first(self) -> Totals:
        """Totals of what was first published: those of now, without what the lines brought."""
        now, lined = self.now, self.lined
        return Totals(
            {n: v - lined.votes.get(n, 0) for n, v in now.votes.items()},
            {n: v - lined.boxes.get(n, 0) for n, v in now.boxes.items()},
            now.valid - lined.valid,
        )

    def book(self) -> Book:
        """The ledger as it stands, for readers: it does not grow under them."""
        return Book(tuple(self.lines), self.first, self.now.copied(), self.notices)


def pair(totals: Totals, runoff: bool) -> tuple[int, int, int] | None:
    """(place, list, list) between which a vote decides now: the second and the third where two go on to a run-off, else
    the first and the second; ballot order between equals. None on a ballot too short."""
    ranked = sorted(totals.votes, key=lambda n: (-totals.votes[n], n))
    place = 2 if runoff and len(ranked) > 2 else 1
    return (place, ranked[place - 1], ranked[place]) if len(ranked) > place else None


COLUMNS = (
    "correction", "notice", "index", "at", "station", "part", "constituency", "kind", "field", "list", "old", "new",
    "old_counted", "new_counted", "authority", "act", "approval", "reason", "reason_sha256",
    "lead_before", "gap_before", "valid_before", "lead_after", "gap_after", "valid_after",
    "local_lead_before", "local_gap_before", "local_valid_before", "local_lead_after", "local_gap_after", "local_valid_after",
)  # fmt: skip
"""One row a station and a row that changed. lead: numbers on the ballot, several where they are equal; gap: votes between
the first and the second; both of everything published at that moment. An empty cell: empty on the paper, or not counted."""


def rows(lines: Iterable[Line]) -> Iterator[list[Any]]:
    """The ledger as a table, the oldest first: the same in the application and on the public site."""
    for line in lines:
        why = line.why
        tail: list[Any] = []
        for one in (*line.national, *(line.local or ())):
            tail += [" ".join(map(str, one.lead)), one.gap, one.valid]
        tail += [""] * (12 - len(tail))
        for c in line.changes or (Change("", None, None, None),):
            yield [
                line.number, line.notice, told(line.after.index), why.at, line.key[1], line.key[0], line.group, line.kind.value,
                "votes" if c.list else c.name, told(c.list), told(c.old), told(c.new),
                int(line.before is not None and line.before.counted), int(line.after.counted), why.authority, why.act,
                why.approval or "", why.words, why.words_sha256, *tail,
            ]  # fmt: skip


def told(value: int | None) -> int | str:
    return "" if value is None else value


def record(line: Line) -> dict[str, Any]:
    """One line for a program; gaps in whole votes beside the valid votes that make them a share."""
    why = line.why

    def lead(of: tuple[Margin, Margin] | None) -> dict[str, Any] | None:
        names = ("before", "after")
        return {n: {"lead": list(m.lead), "second": m.second, "gap": m.gap, "valid": m.valid} for n, m in zip(names, of, strict=True)} if of else None  # fmt: skip

    return {
        "correction": line.number, "notice": line.notice, "index": line.after.index, "at": why.at, "part": line.key[0],
        "station": line.key[1], "constituency": line.group, "kind": line.kind.value,
        "before": line.before.standing.value if line.before else None, "after": line.after.standing.value,
        "changes": [{"field": c.name or "votes", "list": c.list, "old": c.old, "new": c.new} for c in line.changes],
        "authority": why.authority, "act": why.act, "approval": why.approval or None,
        "reason": why.words, "reason_sha256": why.words_sha256, "national": lead(line.national), "local": lead(line.local),
    }  # fmt: skip


def reckoned(
    facts: Iterable[Fact | None], lists: Sequence[int] = (), groups: Mapping[Key, str] | None = None
) -> Ledger:
    """The ledger of a whole history; None in it stands for a declaration."""
    made = Ledger(lists, groups)
    for fact in facts:
        if fact is None:
            made.declare()
        else:
            made.feed(fact)
    return made
