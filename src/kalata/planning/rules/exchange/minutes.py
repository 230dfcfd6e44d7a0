"""An MS Project file scheduled as MS Project does it, to the minute: forward, backward, constraints, slack.

Links of a summary task hold for every task below it; a summary takes its dates from them. Manual tasks, tasks of
other files and tasks that have begun keep what is known of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kalata.planning.rules.exchange.mspdi import NOBODY, MspLink, Project, Task
from kalata.planning.rules.exchange.nets import net_of
from kalata.planning.rules.exchange.ways import TENTH, Times, Way
from kalata.planning.rules.exchange.worktime import DAY, Never, WorkTime
from kalata.planning.rules.faults import NoStart, NoWorkingDay

FF, FS, SF, SS = range(4)
ASAP, ALAP, MSO, MFO, SNET, SNLT, FNET, FNLT = range(8)


@dataclass(slots=True)
class Dates:
    """early and late, and the dates it is given in the end. held: what holds its start: a link, a constraint, …"""

    early_start: int = 0
    early_finish: int = 0
    late_start: int = 0
    late_finish: int = 0
    start: int = 0
    finish: int = 0
    total: int = 0
    free: int = 0
    held: tuple[str, ...] = ("start",)


class Scheduler:
    def __init__(self, project: Project) -> None:
        self.project, self.net = project, net_of(project)
        self.anchor = self.begins()
        self.times = Times(project, self.anchor // DAY)
        self.dates: dict[str, Dates] = {uid: Dates() for uid in self.net.tasks}
        self.ways: dict[str, Way] = {}
        self.rests: dict[str, Way] = {}
        for uid in self.net.before:
            task = self.net.tasks[uid]
            self.ways[uid] = self.times.way(task, task.duration, lambda a: a.work)
            self.rests[uid] = self.times.way(task, task.remaining, lambda a: a.remaining)
        for uid in self.net.children:
            if any(a.work and a.resource != NOBODY for a in project.assignments.get(uid, ())):
                self.ways[uid] = self.times.way(self.net.tasks[uid], self.net.tasks[uid].duration, lambda a: a.work)
        self.end = self.anchor
        self.reverse = not project.from_start
        self.second = False

    def begins(self) -> int:
        """The project's start, or its finish where it is scheduled back from it."""
        given = self.project.start if self.project.from_start else self.project.finish or self.project.start
        if given is None:
            given = min((t.start for t in self.project.tasks if t.start is not None), default=None)
        if given is None:
            raise NoStart(field="StartDate")
        return given

    def run(self) -> dict[str, Dates]:
        try:
            self.passes()
        except Never as why:
            raise NoWorkingDay(value=str(why), field="Calendar") from None
        return self.dates

    def passes(self) -> None:
        if self.reverse:
            self.from_finish()
            return
        self.forward()
        self.end = self.last()
        self.backward()
        if any(t.constraint == ALAP for t in self.net.tasks.values()):
            self.second = True
            self.forward()
            self.end = max(self.end, self.last())
        self.settle()

    def from_finish(self) -> None:
        """Back from the finish: late dates are the plan; early ones from the day that the first of them begins."""
        self.end = self.anchor
        self.backward()
        self.anchor = min((self.dates[uid].late_start for uid in self.net.before), default=self.anchor)
        self.forward()
        self.settle()

    def last(self) -> int:
        """The end of the project."""
        tasks = self.net.tasks
        return max((self.dates[u].early_finish for u in self.net.before if tasks[u].active), default=self.anchor)

    # --- forward
    def forward(self) -> None:
        for uid in self.net.order:
            if uid in self.net.before:
                self.forward_task(uid)
            else:
                self.sum_up(uid, ("early_start", "early_finish"))

    def forward_task(self, uid: str) -> None:
        task, at = self.net.tasks[uid], self.dates[uid]
        if (task.manual and not self.loose(task)) or task.external:
            at.early_start, at.early_finish, at.held = self.kept(task)
            return
        if task.actual_start is not None:
            at.early_start, at.early_finish = task.actual_start, self.begun(uid, task)
            at.held = ("actual",)
            return
        if task.level == 0:  # the project itself, with no task in it
            at.early_start = at.early_finish = self.anchor
            return
        found, at.held = self.held(uid, task)
        at.early_start = self.bound(uid, task, found)
        at.early_finish = max(self.ways[uid].finish(at.early_start), self.ends_with(uid, at.early_start))

    @staticmethod
    def loose(task: Task) -> bool:
        """A manual task without dates."""
        return task.start is None and task.manual_start is None

    def kept(self, task: Task) -> tuple[int, int, tuple[str, ...]]:
        start = task.start if task.start is not None else task.manual_start
        finish = task.finish if task.finish is not None else task.manual_finish
        start = start if start is not None else self.anchor
        return start, finish if finish is not None else start, ("manual" if task.manual else "external",)

    def begun(self, uid: str, task: Task) -> int:
        """The end of a task that has begun: known, or what remains of it from where it resumes."""
        start = task.actual_start or 0
        if task.actual_finish is not None:
            return task.actual_finish
        if not self.ways[uid].split and task.resume is not None and task.remaining is not None and task.percent < 100:
            return self.rests[uid].finish(self.rests[uid].opening(max(task.resume, start)))
        return self.ways[uid].finish(start)

    def held(self, uid: str, task: Task) -> tuple[int, tuple[str, ...]]:
        """The earliest start that its links allow, and the one that holds it."""
        best: tuple[int, tuple[str, ...]] | None = None
        for pred, link in self.net.before[uid]:
            found = self.through(uid, pred, link)
            if best is None or found > best[0]:
                best = found, ("link", pred, str(link.type))
        if self.elsewhere(uid) and task.start is not None and (best is None or task.start > best[0]):
            return task.start, ("elsewhere", uid)
        if best is not None:
            return best
        if task.constraint in {SNET, FNET} and task.constraint_date is not None:  # before the project's start, too
            return self.asked(self.ways[uid], task.constraint, task.constraint_date), ("constraint", uid)
        return self.anchor, ("start",)

    def elsewhere(self, uid: str) -> bool:
        """A link from another file holds it: what that file says of it is the start that is stored."""
        return any(link.pred not in self.net.tasks for link in self.net.tasks[uid].links)

    def ends_with(self, uid: str, start: int) -> int:
        """A finish pulled by a link stands where the link puts it, were it at the opening of the next day."""
        way, found = self.ways[uid], start
        for pred, link in self.net.before[uid]:
            if link.type in {FF, SF} and not way.point:
                moment = self.lagged(uid, pred, link, self.seen(pred, uid)[0 if link.type == SF else 1])
                if way.begin(moment) == start and way.time.between(way.finish(start), moment) == 0:
                    found = max(found, moment)
        return found

    def seen(self, pred: str, uid: str) -> tuple[int, int]:
        """The dates of a predecessor as its successor sees them: late ones of a task that is late by its own wish."""
        at, task = self.dates[pred], self.net.tasks[pred]
        late = self.second and task.constraint == ALAP and self.net.tasks[uid].constraint != ALAP
        return (at.late_start, at.late_finish) if late else (at.early_start, at.early_finish)

    def through(self, uid: str, pred: str, link: MspLink) -> int:
        start, finish = self.seen(pred, uid)
        way = self.ways[uid]
        if link.type == FS:
            return self.lagged(uid, pred, link, finish)
        if link.type == SS:
            return self.lagged(uid, pred, link, start)
        moment = finish if link.type == FF else start
        found = self.lagged(uid, pred, link, moment)
        return max(way.begin(found), self.anchor) if link.type == FF else way.begin(found)

    def lagged(self, uid: str, pred: str, link: MspLink, moment: int, sign: int = 1) -> int:
        if not link.lag:
            return moment
        time, lag = self.lag(uid, pred, link)
        return time.plus(moment, sign * lag)

    def lag(self, uid: str, pred: str, link: MspLink) -> tuple[WorkTime, int]:
        time = self.times.elapsed if link.elapsed else self.ways[uid].time
        if not link.percent:
            return time, link.lag * TENTH
        before = self.net.tasks[pred]
        if before.elapsed:
            time = self.times.elapsed
        return time, round((before.duration or 0) * link.lag / 100)

    def bound(self, uid: str, task: Task, found: int) -> int:
        """A start, moved by the constraints of the task and of the summaries above it."""
        way, at = self.ways[uid], self.dates[uid]
        found = way.opening(self.levelled(task, found))
        for above in self.net.lineage(uid)[1:]:
            outer = self.net.tasks[above]
            if outer.constraint == SNET and outer.constraint_date is not None and outer.constraint_date > found:
                found, at.held = way.opening(outer.constraint_date), ("constraint", above)
            if self.elsewhere(above) and outer.start is not None and outer.start > found:
                found, at.held = way.opening(outer.start), ("elsewhere", above)
            if outer.manual and outer.start is not None and outer.start > found:
                found, at.held = way.opening(outer.start), ("above", above)
        if task.constraint_date is None:
            return found
        asked = self.asked(way, task.constraint, task.constraint_date)
        low = task.constraint in {SNET, FNET} and asked > found
        high = task.constraint in {SNLT, FNLT} and asked < found
        if low or high or task.constraint in {MSO, MFO}:
            at.held = ("constraint", uid)
            return asked
        return found

    @staticmethod
    def asked(way: Way, constraint: int, when: int) -> int:
        """The start that a constraint asks for."""
        if constraint in {MFO, FNET, FNLT}:
            return way.begin(when)
        return way.opening(when) if constraint == SNET else when

    def levelled(self, task: Task, found: int) -> int:
        if not task.delay:
            return found
        time = self.times.elapsed if task.delay_elapsed else self.times.of_task(task)
        return time.plus(self.times.of_task(task).next_start(found), task.delay * TENTH)

    # --- backward
    def backward(self) -> None:
        for uid in reversed(self.net.order):
            if uid in self.net.before:
                self.backward_task(uid)
        for uid in self.net.order:
            if uid not in self.net.before:
                self.sum_up(uid, ("late_start", "late_finish"))

    def backward_task(self, uid: str) -> None:
        task, at = self.net.tasks[uid], self.dates[uid]
        if task.actual_finish is not None and task.actual_start is not None:
            at.late_start, at.late_finish = task.actual_start, task.actual_finish
            return
        finish = self.late(uid, task)
        way = self.ways[uid]
        if task.constraint_date is not None and task.constraint in {MSO, MFO, SNLT, FNLT}:
            when = task.constraint_date
            asked = way.finish(when) if task.constraint in {MSO, SNLT} else when
            finish = asked if task.constraint in {MSO, MFO} else min(finish, asked)
        if task.deadline is not None:
            finish = min(finish, task.deadline)
        finish = way.closing(finish) if not way.point else finish
        at.late_finish = finish
        begun = task.actual_start is not None and task.remaining is not None and not way.split
        rest = self.rests[uid] if begun else way
        at.late_start = rest.begin(finish)

    def late(self, uid: str, task: Task) -> int:
        own_end = self.project.open_ends_critical and not self.reverse
        after = [(s, k) for s, k in self.net.after.get(uid, ()) if self.waits(s)]
        if not after:
            return self.dates[uid].early_finish if own_end else self.end
        return min(self.end, *(self.back_through(uid, s, link) for s, link in after))

    def waits(self, succ: str) -> bool:
        """A successor that can still be late by this task."""
        task = self.net.tasks[succ]
        return task.active and task.actual_finish is None

    def back_through(self, uid: str, succ: str, link: MspLink) -> int:
        after, way = self.dates[succ], self.ways[uid]
        if link.type == FS:
            return self.lagged(succ, uid, link, after.late_start, -1)
        if link.type == FF:
            return self.lagged(succ, uid, link, after.late_finish, -1)
        if self.net.tasks[uid].actual_start is not None:
            return self.end
        moment = after.late_start if link.type == SS else after.late_finish
        return way.finish(way.opening(self.lagged(succ, uid, link, moment, -1)))

    # --- what comes of it
    def settle(self) -> None:
        for uid in self.net.before:
            task, at = self.net.tasks[uid], self.dates[uid]
            late = task.actual_start is None and not task.manual and not task.external
            late = late and (task.constraint == ALAP if not self.reverse else task.constraint != ASAP)
            at.start = at.late_start if late else at.early_start
            at.finish = at.late_finish if late else at.early_finish
            if late:
                at.held = ("late",)
        for uid in self.net.order:
            if uid not in self.net.before:
                self.sum_up(uid, ("start", "finish"))

    def sum_up(self, uid: str, fields: tuple[str, str]) -> None:
        """A summary: from the first start to the last finish below it; as it was kept where it is manual or empty."""
        task, at = self.net.tasks[uid], self.dates[uid]
        first, last = fields
        below = [c for c in self.net.children[uid] if self.counts(c)]
        if below:
            setattr(at, first, min(getattr(self.dates[c], first) for c in below))
            setattr(at, last, max(getattr(self.dates[c], last) for c in below))
            if uid in self.ways and not first.startswith("late"):  # people at the summary itself
                setattr(at, last, max(getattr(at, last), self.ways[uid].finish(getattr(at, first))))
        elif task.start is not None and task.finish is not None:
            setattr(at, first, task.start)
            setattr(at, last, task.finish)
        at.held = ("below",)
        if task.manual and not fields[0].startswith("late") and not self.loose(task):
            start, finish, at.held = self.kept(task)
            setattr(at, first, start)
            setattr(at, last, finish)

    def counts(self, uid: str) -> bool:
        task = self.net.tasks[uid]
        return task.active and not (task.manual and self.loose(task) and uid in self.net.before)


def scheduled(project: Project) -> tuple[Scheduler, dict[str, Dates]]:
    scheduler = Scheduler(project)
    return scheduler, scheduler.run()
