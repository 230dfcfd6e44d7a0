"""What committing a file would do, as the dry run reckons it: nothing here is stored."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kalata.people.models import Person
from kalata.results.models import Import, StationReport
from kalata.results.numeric import table as tables
from kalata.results.numeric.reading import MAX_PROBLEMS, Problem
from kalata.results.numeric.station_keys import SEP
from kalata.results.numeric.table import Table
from kalata.results.rules.profile import Profile
from kalata.results.territory import EVERYWHERE


class Plan:
    """What committing a file would do."""

    def __init__(self, one: Import, profile: Profile, table: Table, problems: list[Problem], count: int) -> None:
        self.one, self.profile, self.table = one, profile, table
        self.problems, self.problem_count = problems, count
        self.contest = one.contest
        self.options = list(self.contest.options.all())
        self.new_options: list[str] = []
        self.stations: dict[str, tuple[int, int | None]] = {}
        self.units: list[int | None] = []
        self.counts = {"new": 0, "changed": 0, "same": 0, "created": 0}
        self.sheet: tables.Ints = np.empty((0, 0), np.int64)
        self.todo: list[tuple[int, int]] = []  # (row, version held before; 0 for none)
        self.blobs: list[bytes] = []
        self.reach = EVERYWHERE
        self.old: dict[int, tuple[int, int, bytes]] = {}  # row -> version, standing, figures in force
        self.fresh: set[str] = set()  # codes of stations to create
        self.over_decisions = 0  # stations in force by a decision whose figures the file corrects
        self.groups_by_unit: tuple[dict[str, int], dict[int, tuple[str, int | None]]] | None = None
        self.by: Person | None = None  # whose pages the report speaks of; None: those of the whole country
        self.lacks: npt.NDArray[np.bool_] = np.empty(0, np.bool_)  # (boxes + options,) not in this file
        self.kept: dict[str, int] = {}  # box or option not in this file -> stations that keep their figure
        self.shaped: Table | None = None  # the file as the contest stores it

    @property
    def codes(self) -> list[str]:
        return [SEP.join(k) for k in self.table.keys]

    @property
    def names(self) -> list[str]:
        """The options of the contest, in order; those that the file would give it."""
        return [o.code for o in self.options] or self.new_options

    @cached_property
    def boxes(self) -> list[str]:
        """The boxes of the contest; those of the file where it has none yet and no record either."""
        held = list(self.contest.boxes)
        if held or StationReport.objects.filter(contest=self.contest).exists():
            return held
        return [b.value for b in self.table.boxes] if self.table.options else []

    @property
    def dropped(self) -> list[str]:
        """Boxes of the file that the contest does not have: they are stored nowhere."""
        return [b.value for b in self.table.boxes if b.value not in self.boxes] if self.table.options else []

    def refuse(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def report(self) -> dict[str, Any]:
        from kalata.results.queries import foreseeing

        return foreseeing.report_of(self)
