"""How a task takes its time: by its own calendar, or by those of the people who do it.

A way is one lane or several: each its working time, the time it needs and how late it begins after the task. The task
begins with the first lane and ends with the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kalata.planning.rules.exchange.calendars import line_of, shifts_on
from kalata.planning.rules.exchange.mspdi import NOBODY, Assignment, Project, Task
from kalata.planning.rules.exchange.worktime import Never, Shifts, WorkTime, always, both
from kalata.planning.rules.faults import NoWorkingDay

NONE = frozenset({"", "-1", "0"})
TENTH = 6
"""Seconds of a tenth of a minute."""
ROUNDED = 120
"""Seconds that units and work, written with few digits, may lose."""


@dataclass(frozen=True, slots=True)
class Lane:
    time: WorkTime
    span: int
    delay: int = 0
    wait: int = 0
    """The same, of time that passes."""

    def finish(self, start: int) -> int:
        start = self.time.next_start(start + self.wait) if self.wait else start
        return self.time.plus(self.time.plus(start, self.delay) if self.delay else start, self.span)

    def begin(self, finish: int) -> int:
        at = self.time.minus(finish, self.span)
        return (self.time.minus(at, self.delay) if self.delay else at) - self.wait


@dataclass(frozen=True, slots=True)
class Way:
    lanes: tuple[Lane, ...]
    time: WorkTime
    """Its own calendar: lags and slack are counted in it."""
    point: bool = False
    """No duration: it needs no working time and stands where it is put."""
    split: bool = False
    """Its time holds the gaps too."""

    def finish(self, start: int) -> int:
        return max(lane.finish(start) for lane in self.lanes)

    def begin(self, finish: int) -> int:
        return min(lane.begin(finish) for lane in self.lanes)

    def opening(self, moment: int) -> int:
        """The next instant at which it can begin."""
        return moment if self.point else min(lane.time.next_start(moment) for lane in self.lanes)

    def closing(self, moment: int) -> int:
        """The end of work before an instant at which there is none."""
        return max(lane.time.last_finish(moment) for lane in self.lanes)


class Times:
    """The working times of a project, each made once."""

    def __init__(self, project: Project, origin: int) -> None:
        self.project, self.origin = project, origin
        self.made: dict[tuple[str, ...], WorkTime] = {}
        self.elapsed = always(origin)

    def of(self, *uids: str) -> WorkTime:
        """The time of a calendar, or the time that several share."""
        key = tuple(sorted(set(uids)))
        if key not in self.made:
            self.made[key] = self.make(key)
        return self.made[key]

    def make(self, key: tuple[str, ...]) -> WorkTime:
        lines = [line_of(self.project.calendars, uid) for uid in key]
        name = " / ".join(line[0].name if line else uid for line, uid in zip(lines, key, strict=True))

        def of_day(day: int) -> Shifts:
            found = shifts_on(lines[0], day)
            for line in lines[1:]:
                found = both(found, shifts_on(line, day))
            return found

        time = WorkTime(of_day, name, self.origin)
        try:
            time.closing(1)
        except Never:
            raise NoWorkingDay(value=name, field="Calendar") from None
        return time

    @property
    def usual(self) -> str:
        known = self.project.calendars
        return self.project.calendar if self.project.calendar in known else next(iter(known), "")

    def own(self, task: Task) -> str:
        """The calendar a task names, "" where it names none."""
        return task.calendar if task.calendar not in NONE and task.calendar in self.project.calendars else ""

    def of_task(self, task: Task) -> WorkTime:
        return self.elapsed if task.elapsed else self.of(self.own(task) or self.usual)

    def of_work(self, task: Task, given: Assignment) -> WorkTime:
        """The time of a person at a task: their own, shared with the task's where it has one."""
        theirs = self.project.resources.get(given.resource, "-1")
        known = theirs in self.project.calendars and theirs not in NONE and not task.ignores_resources
        uids = [uid for uid in (self.own(task), theirs if known else "") if uid]
        try:
            return self.of(*(uids or [self.usual]))
        except NoWorkingDay:  # the two share no time: as if the task had only its own
            return self.of(self.own(task) or self.usual)

    def way(self, task: Task, span: int | None, work: Callable[[Assignment], int]) -> Way:
        """How a task takes this much time, or this much work of those assigned to it."""
        own = self.of_task(task)
        span = span or 0
        if task.elapsed or not span:
            return Way((Lane(own, span),), own, not span)
        lanes = tuple(self.lanes(task, span, work))
        return Way(lanes or (Lane(own, span),), own, split=any(self.gaps(task)))

    def gaps(self, task: Task) -> Iterator[int]:
        for one in self.project.assignments.get(task.uid, ()):
            yield stretched(self.of_work(task, one), one)

    def lanes(self, task: Task, span: int, work: Callable[[Assignment], int]) -> Iterator[Lane]:
        for one in self.project.assignments.get(task.uid, ()):
            time = self.of_work(task, one)
            if stretch := stretched(time, one):
                yield Lane(time, stretch, one.delay * TENTH, one.wait * TENTH)
            elif one.units > 0 and one.work > 0 and not task.fixed_duration and one.resource != NOBODY:
                yield Lane(
                    time, self.needs(task, one, span, round(work(one) / one.units)), one.delay * TENTH, one.wait * TENTH
                )

    def needs(self, task: Task, one: Assignment, span: int, alone: int) -> int:
        """The time one person takes: the task's where they are alone, or work unevenly, or the file rounds."""
        others = sum(a.work > 0 and a.units > 0 for a in self.project.assignments[task.uid])
        return span if one.contour or others == 1 or abs(alone - span) < ROUNDED else alone


def stretched(time: WorkTime, given: Assignment) -> int:
    """The time from the first work to the last where work is split or uneven; 0 where it is neither, or not known."""
    if not given.periods:
        return 0
    whole = time.between(given.periods[0][0], max(end for _begin, end in given.periods))
    filled, upto = 0, given.periods[0][0]
    for begins, ends in given.periods:
        if ends > upto:
            filled += time.between(max(begins, upto), ends)
            upto = ends
    return whole if whole - filled >= 60 else 0
