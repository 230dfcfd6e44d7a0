"""How long a task of an MS Project file may wait: total and free slack, in tenths of a minute of its own calendar."""

from __future__ import annotations

from kalata.planning.rules.exchange.minutes import ALAP, FF, FS, SF, SS, Dates, Scheduler
from kalata.planning.rules.exchange.mspdi import MspLink, Task
from kalata.planning.rules.exchange.ways import TENTH
from kalata.planning.rules.exchange.worktime import WorkTime


def total(task: Task, at: Dates, time: WorkTime) -> int:
    if task.actual_finish is not None or task.constraint == ALAP:
        return 0
    of_finish = time.between(at.early_finish, at.late_finish)
    if task.actual_start is not None:
        return of_finish
    return min(time.between(at.early_start, at.late_start), of_finish)


def left(scheduler: Scheduler, uid: str, succ: str, link: MspLink, time: WorkTime) -> int:
    """What one link leaves between the two tasks, its lag taken off."""
    one, other = scheduler.dates[uid], scheduler.dates[succ]
    late, late_too = (scheduler.net.tasks[u].constraint == ALAP for u in (uid, succ))
    first = {
        FS: one.late_finish if late else one.early_finish,
        SS: one.late_start if late else one.early_start,
        FF: one.late_finish if late else one.early_finish,
        SF: one.late_start if late else one.early_start,
    }[link.type]
    if link.type in {FS, SS}:
        then = other.late_start if late_too else other.early_start
    else:
        then = other.late_finish if late_too else other.early_finish
    return time.between(scheduler.lagged(succ, uid, link, first), then)


def free(scheduler: Scheduler, uid: str, time: WorkTime) -> int:
    task, at = scheduler.net.tasks[uid], scheduler.dates[uid]
    if task.actual_finish is not None:
        return 0
    after = [(s, k) for s, k in scheduler.net.after.get(uid, ()) if scheduler.waits(s)]
    found = min((left(scheduler, uid, s, link, time) for s, link in after), default=at.total)
    return max(found, 0)


def fill(scheduler: Scheduler) -> None:
    """Slack of every task, in tenths of a minute; a summary has its own dates' and the least free slack below it."""
    for uid in scheduler.net.order:
        task, at = scheduler.net.tasks[uid], scheduler.dates[uid]
        time = scheduler.times.of_task(task)
        at.total = total(task, at, time)
        at.free = free(scheduler, uid, time) if uid in scheduler.net.before else max(at.total, 0)
    for at in scheduler.dates.values():
        at.total, at.free = round(at.total / TENTH), round(at.free / TENTH)


def critical(scheduler: Scheduler, uid: str) -> bool:
    task, at = scheduler.net.tasks[uid], scheduler.dates[uid]
    limit = scheduler.project.critical_limit * scheduler.project.minutes_per_day * 10
    return task.percent < 100 and task.active and at.total <= limit
