"""The fourteen points by which DCMA judges a schedule, each with what it counted; limits are settings.

A point with nothing to look at says so: it neither passes nor fails. Days of the calendar are turned into working
days by 5/7 where a limit is in working days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.plan import Activity, AnchorKind, LinkType, Plan, Unit
from kalata.planning.rules.scheduling import Schedule, scheduled
from kalata.text import Message, decimal_string
from kalata.text import gettext_noop as _

WEEKS = 100
"""Of delay given to one activity by the test of the critical path."""


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    INFORMATION = "information"
    NOT_COMPUTABLE = "not_computable"


CODES = (
    "logic", "leads", "lags", "fs_share", "hard_constraints", "high_float", "negative_float", "long_duration",
    "invalid_dates", "resources", "missed", "critical_path_test", "cpli", "bei",
)  # fmt: skip
LIMITS: Mapping[str, Fraction] = {
    "logic": Fraction(5, 100), "leads": Fraction(0), "lags": Fraction(5, 100), "fs_share": Fraction(90, 100),
    "hard_constraints": Fraction(5, 100), "high_float": Fraction(5, 100), "negative_float": Fraction(0),
    "long_duration": Fraction(5, 100), "invalid_dates": Fraction(0), "missed": Fraction(5, 100),
    "cpli": Fraction(95, 100), "bei": Fraction(95, 100),
}  # fmt: skip
DAYS: Mapping[str, Fraction] = {"high_float_days": Fraction(44), "long_duration_days": Fraction(44)}
"""Working days beyond which a float is high, a duration long."""
AT_LEAST = frozenset({"fs_share", "cpli", "bei"})
SAYS = {
    "logic": _("activités sans prédécesseur ou sans successeur, le début et la fin du plan mis à part"),
    "leads": _("liaisons avec une avance"),
    "lags": _("liaisons avec un délai"),
    "fs_share": _("part des liaisons fin-début"),
    "hard_constraints": _("activités tenues à un jour fixe ; les échéances de la loi ne lient qu’une fois J1 donné"),
    "high_float": _("marge totale au-delà de la limite"),
    "negative_float": _("marge totale négative"),
    "long_duration": _("durée au-delà de la limite"),
    "invalid_dates": _("fait dans le futur, ou prévu dans le passé"),
    "resources": _("activités sans ressource"),
    "missed": _("finies, ou à finir, après leur date de référence"),
    "critical_path_test": _("un long retard sur une activité critique recule la fin d’autant"),
    "cpli": _("longueur du chemin critique et marge, sur sa longueur"),
    "bei": _("activités finies sur activités qui devaient l’être"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One of the fourteen. found of `of`; items: what was counted."""

    code: str
    verdict: Verdict
    found: int = 0
    of: int = 0
    items: tuple[str, ...] = ()
    limit: Fraction | None = None

    @property
    def n(self) -> int:
        return CODES.index(self.code) + 1

    def record(self) -> dict[str, object]:
        share = Fraction(self.found, self.of) if self.of else None
        return {
            "n": self.n, "code": self.code, "found": self.found, "of": self.of,
            "share": f"{self.found}/{self.of}" if share is not None else None,
            "decimal": decimal_string(share, 4) if share is not None else None,
            "limit": None if self.limit is None else plain_decimal(self.limit),
            "verdict": self.verdict.value, "items": list(self.items), **Message(SAYS[self.code]).both(),
        }  # fmt: skip


def plain_decimal(value: Fraction) -> str:
    text = decimal_string(value, 4).rstrip("0").rstrip(".")
    return text or "0"


def limits_of(given: object) -> dict[str, Fraction]:
    """Limits from a settings file: code -> number, beside `high_float_days` and `long_duration_days`.

    Raises: PLN-110 at an unknown name or a value that is no number.
    """
    out = {**LIMITS, **DAYS}
    if given is None:
        return out
    if not isinstance(given, Mapping):
        raise PlanFault(rows=[], field="--limits", value=str(given)[:60], form="high_float: 0.05")
    for name, value in given.items():
        if name not in out:
            raise PlanFault(rows=[], field="--limits", value=str(name)[:60], form=", ".join(out))
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise ValueError
            out[str(name)] = Fraction(str(value).strip())
        except (ValueError, ZeroDivisionError):
            raise PlanFault(rows=[], field=str(name), value=str(value)[:60], form="0.05") from None
        if out[str(name)] < 0:
            raise PlanFault(rows=[], field=str(name), value=str(value)[:60], form="≥ 0")
    return out


def judged(plan: Plan, cal: Calendar, limits: Mapping[str, Fraction], status: date | None = None) -> list[Point]:
    """The fourteen points of a plan; floats are to the end of the plan, without anchors and windows."""
    s = scheduled(plan, cal, windows=False)
    counted = {
        **of_links(plan), "logic": open_ends(plan), "hard_constraints": fixed(plan), **of_days(s, limits),
        "invalid_dates": invalid(s, status), "missed": missed(plan, status),
    }  # fmt: skip
    points = []
    for code in CODES:
        if code == "resources":
            without = tuple(a.id for a in plan.activities if a.likely and not a.resources)
            points.append(Point(code, Verdict.INFORMATION, len(without), sum(a.likely > 0 for a in plan.activities), without))  # fmt: skip
        elif code == "critical_path_test":
            points.append(delayed(plan, cal))
        elif code in ("cpli", "bei"):
            found, of = cpli(s, status) if code == "cpli" else bei(plan, status)
            points.append(against(code, found, of, (), limits[code]))
        else:
            among, of, items = counted[code]
            points.append(against(code, among, of, items, limits[code]))
    return points


Counted = tuple[int, int, tuple[str, ...]]
"""How many, of how many, which."""


def against(code: str, found: int, of: int, items: tuple[str, ...], limit: Fraction) -> Point:
    if of <= 0:
        return Point(code, Verdict.NOT_COMPUTABLE, 0, 0, (), limit)
    share = Fraction(found, of)
    kept = share >= limit if code in AT_LEAST else share <= limit
    return Point(code, Verdict.PASS if kept else Verdict.FAIL, found, of, items, limit)


def open_ends(plan: Plan) -> Counted:
    """Activities that lack a predecessor or a successor, less one start and one finish."""
    led = {k.pred for a in plan.activities for k in a.links}
    starts = [a.id for a in plan.activities if not a.links]
    ends = [a.id for a in plan.activities if a.id not in led]
    apart = {*starts[:1], *ends[-1:]}
    items = tuple(a.id for a in plan.activities if a.id in {*starts, *ends} and a.id not in apart)
    return len(items), len(plan.activities), items


def of_links(plan: Plan) -> dict[str, Counted]:
    links = [(a.id, k) for a in plan.activities for k in a.links]
    n = len(links)
    leads = tuple(i for i, k in links if k.lag.n < 0)
    lags = tuple(i for i, k in links if k.lag.n > 0)
    other = tuple(i for i, k in links if k.type is not LinkType.FS)
    return {"leads": (len(leads), n, leads), "lags": (len(lags), n, lags), "fs_share": (n - len(other), n, other)}


def fixed(plan: Plan) -> Counted:
    items = tuple(a.id for a in plan.activities if a.anchor and a.anchor.kind is AnchorKind.WINDOW)
    return len(items), len(plan.activities), items


def working(days: int, unit: Unit) -> Fraction:
    """In working days: 5 of 7 days of the calendar."""
    return Fraction(days) if unit is Unit.WORKING else Fraction(days * 5, 7)


def of_days(s: Schedule, limits: Mapping[str, Fraction]) -> dict[str, Counted]:
    acts = s.plan.activities
    high = tuple(a.id for i, a in enumerate(acts) if working(s.total[i], a.unit) > limits["high_float_days"])
    below = tuple(a.id for i, a in enumerate(acts) if s.total[i] < 0)
    long = tuple(a.id for a in acts if working(a.likely, a.unit) > limits["long_duration_days"])
    return {c: (len(x), len(acts), x) for c, x in (("high_float", high), ("negative_float", below), ("long_duration", long))}  # fmt: skip


def invalid(s: Schedule, status: date | None) -> Counted:
    """Done after the day of the report, or still to do before it. Without that day there is nothing to judge."""
    if status is None:
        return 0, 0, ()
    items = []
    for i, a in enumerate(s.plan.activities):
        start = s.calendar.day(s.early.start[i])
        end = s.calendar.day(max(s.early.start[i], s.early.finish[i] - 1))
        future = any(d is not None and d > status for d in (a.actual_start, a.actual_finish))
        past = done(a) is None and ((a.actual_start is None and start < status) or end < status)
        if future or past:
            items.append(a.id)
    return len(items), len(s.plan.activities), tuple(items)


def done(a: Activity) -> date | None:
    return a.actual_finish


def due(plan: Plan, status: date | None) -> list[Activity]:
    """Activities whose baseline is to have ended them by the day of the report."""
    if status is None:
        return []
    return [a for a in plan.activities if a.baseline_finish is not None and a.baseline_finish <= status]


def missed(plan: Plan, status: date | None) -> Counted:
    owed = due(plan, status)
    late = tuple(
        a.id for a in owed if a.baseline_finish and (a.actual_finish is None or a.actual_finish > a.baseline_finish)
    )
    return len(late), len(owed), late


def bei(plan: Plan, status: date | None) -> tuple[int, int]:
    """Activities finished by the day of the report, of those the baseline has finished by then."""
    owed = len(due(plan, status))
    finished = sum(
        1 for a in plan.activities if a.actual_finish is not None and status is not None and a.actual_finish <= status
    )
    return (finished, owed) if owed else (0, 0)


def cpli(s: Schedule, status: date | None) -> tuple[int, int]:
    """Days left on the critical path and its float, over the days left; the float is to the baseline's end where it is given."""
    since = 0 if status is None else max(0, s.calendar.offset(status))
    length = s.finish - since
    ends = [a.baseline_finish for a in s.plan.activities if a.baseline_finish is not None]
    spare = s.calendar.offset(max(ends)) + 1 - s.finish if ends else min(s.total, default=0)
    return length + spare, length


def delayed(plan: Plan, cal: Calendar) -> Point:
    """Add a hundred weeks to the first activity of the critical path: the end must go back by as much. Counted without
    holidays, so that whole weeks are whole weeks."""
    code = "critical_path_test"
    bare = Calendar(cal.start, cal.weekdays)
    before = scheduled(plan, bare, windows=False)
    at = next((i for i in before.chain if plan.activities[i].likely), None)
    if at is None:
        return Point(code, Verdict.NOT_COMPUTABLE)
    a = plan.activities[at]
    more = a.likely + WEEKS * (len(cal.weekdays) if a.unit is Unit.WORKING else 7)
    longer = replace(a, likely=more, pessimistic=max(more, a.pessimistic))
    acts = (*plan.activities[:at], longer, *plan.activities[at + 1 :])
    slip = scheduled(replace(plan, activities=acts), bare, windows=False).finish - before.finish
    kept = slip == 7 * WEEKS
    return Point(code, Verdict.PASS if kept else Verdict.FAIL, slip, 7 * WEEKS, (a.id,))


def record(points: list[Point]) -> dict[str, object]:
    return {
        "points": [p.record() for p in points],
        "fails": [p.n for p in points if p.verdict is Verdict.FAIL],
        "not_computable": [p.n for p in points if p.verdict is Verdict.NOT_COMPUTABLE],
    }
