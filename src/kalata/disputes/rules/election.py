"""An election as the Court weighs it: every station with its figures, the rule of the contest, sums and outcome.

Made from a file with its profile (`disputes.elections`) or written out for a small case (`written.election_from`).
Columns of whole numbers, ABSENT (-1) where a box is empty. The rule is `results.rules`' own; what is added up here is
what `results.numeric` adds up on arrays, in plain numbers (tests hold the two equal). Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from kalata import codes
from kalata.results.records import outcomes_record
from kalata.results.rules.bounds import Missing, Through
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.outcome import Outcome, Status, Totals, decide_place, local_outcomes
from kalata.results.rules.systems import System, read_boxes
from kalata.results.rules.unsettled import Beside, with_beside
from kalata.tables.rules.folding import WIDE

Key = tuple[str, ...]
NAMED = 12
"""Stations named one by one among those that are not settled, as `results` does."""
OPEN = (Status.TIE, Status.UNDETERMINED)


def tidied(key: Iterable[str]) -> Key:
    """A station key as files are read: composed letters, one kind of space and dash; a part that is no code as it is."""
    found = [(part, codes.tidy(part.translate(WIDE)) if part else "") for part in key]
    return tuple(tidy if isinstance(tidy, str) else part for part, tidy in found)


@dataclass(frozen=True, slots=True)
class Sum:
    """What some stations add up to: boxes in the order of the election, votes of each option, valid votes."""

    boxes: tuple[int, ...]
    votes: tuple[int, ...]
    valid: int
    counted: int = 0
    annulled: int = 0
    missing: int = 0


@dataclass(eq=False)
class Election:
    """The stations of a contest and its rule. Column j of `figures` is `boxes[j]`, of `votes` is `options[j]`; row i is `keys[i]`.

    columns(name) -> the words of any column of the file, a station each, None where there is none of that name.
    sha256: of what it was read from. unlisted: expected and not in the file.
    """

    contest: str
    system: System
    options: tuple[str, ...]
    boxes: tuple[Box, ...]
    keys: list[Key]
    areas: list[Key]
    standing: list[int]
    figures: list[list[int]]
    votes: list[list[int]]
    round: int = 1
    constituencies: tuple[str, ...] = ()
    constituency: list[int] | None = None
    seats: Mapping[str, int | None] = field(default_factory=dict)
    keeps: tuple[Box, ...] = ()
    beside: Beside = field(default_factory=Beside)
    unlisted: int = 0
    rerun: frozenset[int] = frozenset()
    contested: frozenset[int] = frozenset()
    columns: Callable[[str], Sequence[str] | None] = lambda _name: None
    sha256: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def index(self) -> dict[Key, int]:
        return {key: i for i, key in enumerate(self.keys)}

    def column(self, name: str) -> Sequence[str] | None:
        """A column by its name; « constituency » and « area » (the last one) where the file calls them otherwise."""
        found = self.columns(name)
        if found is None and name == "constituency" and self.constituency is not None:
            return [self.constituencies[c] for c in self.constituency]
        if found is None and name == "area" and any(self.areas):
            return [area[-1] if area else "" for area in self.areas]
        return found

    @cached_property
    def tidy_index(self) -> dict[Key, int | None]:
        """Keys as files are read; None where two stations would have the same one."""
        out: dict[Key, int | None] = {}
        for i, key in enumerate(self.keys):
            tidy = tidied(key)
            out[tidy] = None if tidy in out else i
        return out

    def find(self, key: object) -> int | None:
        """The place of the station of this key, None where there is none. As written, else as files are read."""
        if not isinstance(key, list | tuple) or not all(isinstance(part, str) for part in key):
            return None
        found = self.index.get(tuple(key))
        return self.tidy_index.get(tidied(key)) if found is None else found

    @cached_property
    def local(self) -> bool:
        """Has each constituency its own outcome?"""
        return self.constituency is not None and local_outcomes(self.system)

    @cached_property
    def parts(self) -> list[int]:
        """The sum of the votes of each station."""
        if any(ABSENT in column for column in self.votes):
            return [sum(v for v in row if v > 0) for row in zip(*self.votes, strict=True)]
        return list(map(sum, zip(*self.votes, strict=True)))

    @cached_property
    def valid(self) -> list[int]:
        """Valid votes of each station: the box, or the sum of the votes where it is empty."""
        parts = self.parts
        if Box.VALID not in self.boxes:
            return parts
        column = self.figures[self.boxes.index(Box.VALID)]
        return [part if v == ABSENT else v for v, part in zip(column, parts, strict=True)]

    def figure(self, at: int, box: Box) -> int:
        """A box of a station: ABSENT where it is empty or the forms do not have it."""
        return self.figures[self.boxes.index(box)][at] if box in self.boxes else ABSENT

    def part(self, at: int) -> tuple[int, ...]:
        """What a station adds to the totals: boxes, votes, valid votes. Its standing decides."""
        state = self.standing[at]
        if state == Standing.COUNTED:
            return (*(max(c[at], 0) for c in self.figures), *(max(c[at], 0) for c in self.votes), self.valid[at])
        kept = self.keeps if state == Standing.ANNULLED else ()
        boxes = (max(c[at], 0) if b in kept else 0 for b, c in zip(self.boxes, self.figures, strict=True))
        return (*boxes, *(0 for _o in self.options), 0)

    def record_of(self, at: int) -> dict[str, Any]:
        """A line of an annex: the station, where it lies, its figures and votes as they are; empty boxes left out."""
        figures = {b.value: c[at] for b, c in zip(self.boxes, self.figures, strict=True) if c[at] != ABSENT}
        figures.setdefault(Box.VALID.value, self.valid[at])
        votes = {o: max(c[at], 0) for o, c in zip(self.options, self.votes, strict=True)}
        return {"station": list(self.keys[at]), "area": list(self.areas[at]), "figures": figures, "votes": votes}

    # --- sums and outcome --------------------------------------------------------------------------------
    @cached_property
    def sums(self) -> list[Sum]:
        """By constituency where each has its own outcome, else one for the whole."""
        n = len(self.constituencies) if self.local else 1
        where = self.constituency if self.local else None
        kept = [b in self.keeps for b in self.boxes] + [False] * (len(self.options) + 1)
        columns = [*self.figures, *self.votes, self.valid]
        totals = [added(c, self.standing, int(k), where, n) for c, k in zip(columns, kept, strict=True)]
        ones = [1] * len(self.keys)
        counts = [added(ones, [int(s != k) for s in self.standing], 0, where, n) for k in Standing]
        wide = len(self.boxes)
        out = []
        for at in range(n):
            line = [column[at] for column in totals]
            out.append(Sum(tuple(line[:wide]), tuple(line[wide:-1]), line[-1], *(c[at] for c in counts)))
        return out

    @cached_property
    def total(self) -> Sum:
        return added_up(self.sums)

    def totals_of(self, found: Sum, lost: frozenset[Box] = frozenset()) -> Totals:
        """The sums as the rule reads them; None for what some counted station leaves empty."""
        boxes = dict(zip(self.boxes, found.boxes, strict=True))
        voters, registered = (None if b in lost else boxes.get(b) for b in (Box.VOTERS, Box.REGISTERED))
        return Totals(dict(zip(self.options, found.votes, strict=True)), found.valid, voters, registered)

    @cached_property
    def lost(self) -> list[frozenset[Box]]:
        """By place, the boxes that the rule reads and that a counted station leaves empty, or that the forms lack."""
        out = [frozenset[Box]() for _s in self.sums]
        for box in read_boxes(self.system):
            if box not in self.boxes:
                out = [lost | {box} for lost in out]
                continue
            column = self.figures[self.boxes.index(box)]
            for i, (value, state) in enumerate(zip(column, self.standing, strict=True)):
                if value == ABSENT and state == Standing.COUNTED:
                    at = self.place(i)
                    out[at] |= {box}
        return out

    def place(self, at: int) -> int:
        """The place, among `sums`, of a station."""
        return self.constituency[at] if self.local and self.constituency is not None else 0

    @cached_property
    def unsettled(self) -> dict[int, list[tuple[str, int]]]:
        """By place: (why, station) of everything that is not settled."""
        out: dict[int, list[tuple[str, int]]] = {}
        for why, stations in (
            ("missing", [i for i, s in enumerate(self.standing) if s == Standing.MISSING]),
            ("rerun", sorted(i for i in self.rerun if self.standing[i] == Standing.ANNULLED)),
            ("contested", sorted(i for i in self.contested if self.standing[i] == Standing.COUNTED)),
        ):
            for i in stations:
                out.setdefault(self.place(i), []).append((why, i))
        return out

    def missing_at(self, place: int, full: Totals) -> Missing:
        """What is not settled of a place, and the sums without what of it is counted."""
        ways: dict[str, list[int]] = {}
        for why, i in self.unsettled.get(place, ()):
            ways.setdefault(why, []).append(i)
        voters: int | None = 0
        registered: int | None = 0
        sure, told = full, []
        for why, stations in ways.items():
            listed = [self.figure(i, Box.REGISTERED) for i in stations]
            known = None if ABSENT in listed else sum(listed)
            voters = None if known is None or voters is None else voters + sum(self.room(i) for i in stations)
            registered = None if known is None or registered is None else registered + known
            names = tuple(" / ".join(self.keys[i]) for i in stations[:NAMED])
            told.append((why, len(stations), known, names))
            if why != "missing":
                sure = self.without(sure, stations)
        unknown = voters is None
        through = [Through(why, n, None if unknown else known, names) for why, n, known, names in told]
        return with_beside(through, voters, registered, self.beside, self.code(place), sure)

    def room(self, at: int) -> int:
        """The most papers of a station: its electors and those allowed beside the list, or what was already found there."""
        listed = self.figure(at, Box.REGISTERED)
        papers = listed + max(self.figure(at, Box.ADDITIONAL), 0)
        found = sum(c[at] for c in self.votes if c[at] > 0)
        return max(papers, self.figure(at, Box.VOTERS), self.figure(at, Box.BALLOTS), found)

    def without(self, totals: Totals, stations: Sequence[int]) -> Totals:
        """The totals less what these stations add to them."""
        gone = [sum(part) for part in zip(*(self.part(i) for i in stations), strict=True)]
        boxes = dict(zip(self.boxes, gone, strict=False))
        n = len(self.boxes)
        return Totals(
            {o: v - gone[n + j] for j, (o, v) in enumerate(totals.votes.items())},
            totals.valid - gone[-1],
            None if totals.voters is None else totals.voters - boxes.get(Box.VOTERS, 0),
            None if totals.registered is None else totals.registered - boxes.get(Box.REGISTERED, 0),
        )

    def code(self, place: int) -> str | None:
        return self.constituencies[place] if self.local else None

    def decide_at(self, place: int, found: Sum) -> Outcome:
        """What the rule gives at a place on these sums, held against what is not settled there."""
        full = self.totals_of(found, self.lost[place])
        missing = self.missing_at(place, full)
        return decide_place(self.system, full, missing, code=self.code(place), seats=self.seats, round_=self.round)

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """By code of constituency, or under "" for the whole."""
        return {self.code(at) or "": self.decide_at(at, found) for at, found in enumerate(self.sums)}

    def with_(self, **changed: Any) -> Election:
        """The same election with other columns; nothing that was worked out is kept."""
        return replace(self, **changed)

    # --- told -----------------------------------------------------------------------------------------------
    def votes_of(self, found: Sum) -> dict[str, int]:
        return dict(zip(self.options, found.votes, strict=True))

    def outcome_records(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """(the outcome, those of its constituencies), as `tabulate` tells them."""
        names = list(self.outcomes)
        votes = {name: self.votes_of(s) for name, s in zip(names, self.sums, strict=True)}
        valid = {name: s.valid for name, s in zip(names, self.sums, strict=True)}
        whole, parts = outcomes_record(self.outcomes, votes, valid, self.system)
        return whole, parts or []

    def record(self) -> dict[str, Any]:
        """Stations, figures, votes, order and outcome: one side of a comparison."""
        total = self.total
        outcome, parts = self.outcome_records()
        figures = {b.value: v for b, v in zip(self.boxes, total.boxes, strict=True)}
        return {
            "stations": {"counted": total.counted, "annulled": total.annulled, "missing": total.missing + self.unlisted},
            "figures": figures | {Box.VALID.value: total.valid},
            "votes": self.votes_of(total),
            "order": order_of(self.votes_of(total)),
            "outcome": outcome,
            "constituencies": parts,
        }  # fmt: skip

    @property
    def undecided(self) -> bool:
        """Is an outcome a tie or undetermined?"""
        return any(o.status in OPEN for o in self.outcomes.values())


def added(column: Sequence[int], standing: Sequence[int], most: int, where: Sequence[int] | None, size: int) -> list[int]:  # fmt: skip
    """The sums of a column by place over the stations whose standing is at most `most`; an empty box adds nothing."""
    if where is None:
        return [sum(v for v, s in zip(column, standing, strict=True) if s <= most and v > 0)]
    out = [0] * size
    for v, s, at in zip(column, standing, where, strict=True):
        if s <= most and v > 0:
            out[at] += v
    return out


def added_up(sums: Sequence[Sum]) -> Sum:
    boxes = tuple(map(sum, zip(*(s.boxes for s in sums), strict=True)))
    votes = tuple(map(sum, zip(*(s.votes for s in sums), strict=True)))
    counts = (sum(getattr(s, k) for s in sums) for k in ("counted", "annulled", "missing"))
    return Sum(boxes, votes, sum(s.valid for s in sums), *counts)


def order_of(votes: Mapping[str, int]) -> list[list[str]]:
    """Options by votes, most first, equal ones together in the order of the ballot."""
    out: dict[int, list[str]] = {}
    for option, count in votes.items():
        out.setdefault(count, []).append(option)
    return [out[count] for count in sorted(out, reverse=True)]
