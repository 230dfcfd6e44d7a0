"""A trace gone through again: it must lead to the same limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from .dayoff import WEEKDAYS
from .moments import DAY, Deadline, Edge, deadline_at, zone
from .steps import Step
from .walk import add_months, nth_weekday


def replay(steps: Sequence[Step], tz: str) -> Deadline:
    """The limit a trace leads to, from the numbers of its steps alone."""
    day, instant, edge, at = date.min, None, Edge.MINUTE, None
    ended = False
    for step in steps:
        a = step.args
        if step.code == "TRIGGER":
            day = date.fromisoformat(str(a["day"]))
            instant = datetime.fromisoformat(str(a["instant"])) if "instant" in a else None
        elif step.code == "HOUR_UNKNOWN":
            instant, ended = Deadline(day, Edge.END, None, tz).instant, True
        elif step.code == "INTERRUPT":
            day = date.fromisoformat(str(a["day"]))
            if instant is not None:
                instant, ended = datetime.combine(day + DAY, time(), zone(tz)), False
        elif step.code == "ADD" and instant is not None and a["unit"] in ("hour", "minute"):
            instant += timedelta(hours=int(str(a["n"]))) if a["unit"] == "hour" else timedelta(minutes=int(str(a["n"])))
        elif step.code == "ADD":
            day = added(day, int(str(a["n"])), str(a["unit"]), str(a.get("weekday", "")))
        elif step.code == "FIX":
            day = date.fromisoformat(str(a["day"]))
        elif step.code == "SUSPEND" and "minutes" in a and instant is not None:
            instant += timedelta(minutes=int(str(a["minutes"])))
        elif step.code == "CUTOFF":
            edge = Edge(str(a["edge"]))
            at = time.fromisoformat(str(a["at"])) if "at" in a else None
            instant = None
        elif "days" in a:
            day += int(str(a["days"])) * DAY
    if instant is not None:
        limit = deadline_at(instant, tz)
        return Deadline(limit.day - DAY, Edge.END, None, tz) if ended and limit.at == time() else limit
    return Deadline(day, edge, at, tz)


def added(day: date, n: int, unit: str, weekday: str) -> date:
    if unit == "day":
        return day + n * DAY
    if unit == "week":
        return day + 7 * n * DAY
    if unit == "weekday":
        return nth_weekday(day, abs(n), WEEKDAYS.index(weekday), before=n < 0)
    return add_months(day, n * (12 if unit == "year" else 1))
