"""One constituency (or the whole) as it is weighed: its sums, what each station adds to them, what the rule gives on others.

A line of numbers is by variable: the votes of each option (0, 1, …), then valid votes, their sum, voters, registered.
Pure and exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from kalata.results.records import outcome_record
from kalata.results.rules.bounds import Totals
from kalata.results.rules.boxes import Box, Standing
from kalata.results.rules.outcome import Outcome, decide_place, settled_place

from .election import OPEN, Election

VALID, PARTS, VOTERS, REGISTERED = "valid", "parts", "voters", "registered"
Variable = int | str
Line = dict[Variable, int]


class Place:
    """A place of an election. pool: the counted stations of it that may be annulled, in the order of the file.

    by_sums: the outcome is a function of the sums (no box is lost, no counted station is itself unsettled).
    clear: and nothing is missing besides, so that the rule alone decides.
    """

    def __init__(self, election: Election, at: int, pool: Sequence[int]) -> None:
        self.election, self.at, self.pool = election, at, list(pool)
        self.code = election.code(at)
        name = self.code or ""
        self.found = election.outcomes[name]
        self.key = self.found.key()
        self.totals = election.totals_of(election.sums[at], election.lost[at])
        self.missing = election.missing_at(at, self.totals)
        ways = {why for why, _station in election.unsettled.get(at, ())}
        self.by_sums = not election.lost[at] and ways <= {"missing"}
        self.clear = self.by_sums and self.missing.voters == 0 and self.missing.list == 0

    @property
    def open(self) -> bool:
        """Is the outcome in force a tie or undetermined?"""
        return self.found.status in OPEN

    @cached_property
    def line(self) -> Line:
        """The sums by variable."""
        votes: Line = dict(enumerate(self.totals.votes.values()))
        rest = {VALID: self.totals.valid, PARTS: sum(votes.values())}
        return votes | rest | {VOTERS: self.totals.voters or 0, REGISTERED: self.totals.registered or 0}

    def column(self, variable: Variable) -> list[int]:
        """What each station of the pool takes away of a variable when it is annulled."""
        election = self.election
        if isinstance(variable, int):
            votes = election.votes[variable]
            return [v if (v := votes[i]) > 0 else 0 for i in self.pool]
        if variable == VALID:
            return [election.valid[i] for i in self.pool]
        if variable == PARTS:
            return [election.parts[i] for i in self.pool]
        box = Box.VOTERS if variable == VOTERS else Box.REGISTERED
        if box in election.keeps or box not in election.boxes:
            return [0] * len(self.pool)
        figures = election.figures[election.boxes.index(box)]
        return [max(figures[i], 0) for i in self.pool]

    def columns(self, variable: Variable) -> list[int]:
        """`column`, worked out once."""
        found = self._columns.get(variable)
        if found is None:
            found = self._columns[variable] = self.column(variable)
        return found

    @cached_property
    def _columns(self) -> dict[Variable, list[int]]:
        return {}

    # --- what the rule gives on other sums ------------------------------------------------------------------
    def without(self, chosen: Iterable[int]) -> Outcome:
        """The outcome when these stations (places in the pool) are annulled."""
        chosen = list(chosen)
        if not self.by_sums:
            stations = [self.pool[k] for k in chosen]
            standing = list(self.election.standing)
            for i in stations:
                standing[i] = Standing.ANNULLED
            other = self.election.with_(standing=standing)
            return other.decide_at(self.at, other.sums[self.at])
        taken: dict[Variable, Any] = {v: sum(self.columns(v)[k] for k in chosen) for v in self.line if v != PARTS}
        return self.less(taken)

    def less(self, taken: dict[Variable, Any]) -> Outcome:
        """The outcome when so much is taken off each variable; fractions of votes are exact."""
        votes = {o: v - taken.get(j, 0) for j, (o, v) in enumerate(self.totals.votes.items())}
        valid = self.totals.valid - taken.get(VALID, 0)
        voters, registered = (
            None if had is None else had - taken.get(name, 0)
            for had, name in ((self.totals.voters, VOTERS), (self.totals.registered, REGISTERED))
        )
        totals = Totals(votes, valid, voters, registered)
        election = self.election
        if self.clear:
            return settled_place(election.system, totals, code=self.code, seats=election.seats, round_=election.round)
        missing = replace(self.missing, sure=totals)
        return decide_place(
            election.system, totals, missing, code=self.code, seats=election.seats, round_=election.round
        )

    def same(self, found: Outcome) -> bool:
        return found.key() == self.key

    def decided(self, found: Outcome) -> bool:
        """Another outcome, and neither a tie nor undetermined."""
        return found.status not in OPEN and not self.same(found)

    def record(self, found: Outcome, taken: dict[Variable, Any] | None = None) -> dict[str, Any]:
        """An outcome of this place as it is told; of fractions of votes, without the figures of its steps."""
        votes = {o: v - (taken or {}).get(j, 0) for j, (o, v) in enumerate(self.totals.votes.items())}
        if any(isinstance(v, Fraction) and v.denominator != 1 for v in votes.values()):
            ties = [{"options": list(t.options), "seats": t.seats} for t in found.allocation.ties] if found.allocation else []  # fmt: skip
            return {"status": found.status.value, "options": list(found.options), "rule": found.rule, "seats": found.seats(), "ties": ties}  # fmt: skip
        return outcome_record(found, votes, self.election.system)
