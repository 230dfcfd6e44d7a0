"""One run of a plan with its risks: dates and cost together, what drives them, and how far the draws can be trusted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from kalata.planning.rules import passes
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.cost import counted
from kalata.planning.rules.draws import Days, Floats, days_of, steps, uniforms, values_of, whole
from kalata.planning.rules.faults import NoTarget, TooManyDraws
from kalata.planning.rules.forward import Net, early, net_of
from kalata.planning.rules.moon import estimated
from kalata.planning.rules.plan import Activity, Plan, Type
from kalata.planning.rules.risks import Risk

ENGINE = "kalata-draws/2"
MOST_DRAWS = 200_000
MOST_CELLS = 40_000_000
"""Draws times activities held at once."""

Tick = Callable[[str, int, int], None]
"""Called as a run goes on: what it does, how many of how many. It may raise to stop the run."""


def no_tick(_what: str, _done: int, _of: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked."""

    draws: int
    seed: int
    windows: bool = True
    risks: tuple[Risk, ...] = ()
    without: frozenset[str] = frozenset()
    targets: tuple[str, ...] = ()

    @property
    def acting(self) -> tuple[Risk, ...]:
        return tuple(r for r in self.risks if r.acts and r.id not in self.without)


@dataclass(slots=True)
class Run:
    """The draws of a plan, by place; `base`: the durations with no risk, kept for the activities that risks touch."""

    net: Net
    calendar: Calendar
    asked: Asked
    likely: list[int]
    table: passes.Table | passes.Ways
    drawn: passes.Drawn
    factors: dict[str, Floats] = field(default_factory=dict)
    """By risk: its factor in each draw, 1 where it does not occur."""
    base: dict[int, Floats] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.net.plan

    @property
    def n(self) -> int:
        return self.asked.draws


def run_of(plan: Plan, cal: Calendar, asked: Asked, tick: Tick = no_tick) -> Run:
    """The draws of a plan.

    Raises: PLN-112 unknown target or risk, PLN-113 more draws than are held.
    """
    if not 1 <= asked.draws <= MOST_DRAWS or asked.draws * len(plan.activities) > MOST_CELLS:
        most = min(MOST_DRAWS, MOST_CELLS // len(plan.activities))
        raise TooManyDraws(value=str(asked.draws), most=most, rows=[])
    known = {a.id for a in plan.activities}
    for name, among in ((t, known) for t in asked.targets):
        if name not in among:
            raise NoTarget(value=name[:60], rows=[])
    risks = {r.id for r in asked.risks}
    if lost := sorted(asked.without - risks):
        raise NoTarget(value=lost[0][:60], rows=[])
    net = net_of(plan, asked.windows)
    likely = early(net, cal).finish
    tick("draws", 0, 1)
    factors = {r.id: factor(r, asked) for r in asked.acting}
    base: dict[int, Floats] = {}
    days = drawn_days(plan, asked, factors, base)
    longest = [int(column.max(initial=0)) for column in days]
    table = passes.ways_table(net, cal, passes.horizon_of(net, cal, longest), asked.seed)
    tick("pass", 0, 1)
    return Run(net, cal, asked, likely, table, passes.passed(net, table, days), factors, base)


def factor(risk: Risk, asked: Asked) -> Floats:
    """The factor of a risk in each draw: its own where it occurs, else 1."""
    occurs = uniforms(asked.seed, f"risk:{risk.id}", asked.draws) < float(risk.chance)
    values = values_of(uniforms(asked.seed, f"factor:{risk.id}", asked.draws), *risk.factor)
    return np.where(occurs, values, 1.0)


def drawn_days(plan: Plan, asked: Asked, factors: Mapping[str, Floats], base: dict[int, Floats]) -> list[Days]:
    touched: dict[str, list[str]] = {}
    for risk in asked.acting:
        for linked in risk.linked:
            touched.setdefault(linked, []).append(risk.id)
    known = steps([a.three for a in plan.activities])
    days: list[Days] = []
    for i, a in enumerate(plan.activities):
        u = uniforms(asked.seed, a.id, asked.draws) if a.optimistic < a.pessimistic else EMPTY
        if a.id in touched:
            base[i] = values_of(u, *a.three, halves=True) if len(u) else np.full(asked.draws, float(a.likely))
            days.append(lengthened(base[i], [factors[r] for r in touched[a.id]]))
        elif len(u):
            days.append(days_of(u, a.three, known))
        else:
            days.append(np.full(asked.draws, a.likely, dtype=np.int32))
    return days


EMPTY = np.empty(0)


def lengthened(base: Floats, factors: Sequence[Floats]) -> Days:
    values = base
    for one in factors:
        values = values * one
    return whole(values)


def without_risks(run: Run, gone: frozenset[str]) -> passes.Drawn:
    """The same draws with some risks taken away."""
    days = list(run.drawn.days)
    left = {i: [] for i in run.base}  # type: dict[int, list[Floats]]
    places = run.plan.places
    changed = set()
    for risk in run.asked.acting:
        for linked in risk.linked:
            if linked not in places:
                continue
            if risk.id in gone:
                changed.add(places[linked])
            else:
                left[places[linked]].append(run.factors[risk.id])
    for i in changed:
        days[i] = lengthened(run.base[i], left[i])
    return passes.passed(run.net, run.table, days)


def openings(run: Run, i: int) -> list[tuple[int, npt.NDArray[np.bool_]]]:
    """By opening of a window, in order: its offset on the most likely days of feasts, and the draws that it opens. A moon that moves
    it by a day makes no other opening of it."""
    starts, cal = run.drawn.start[i], run.calendar
    when, beat = run.net.opens[i], run.net.beat(cal, i)
    assert when is not None
    years = range(cal.day(int(starts.min(initial=0))).year - 1, cal.day(int(starts.max(initial=0))).year + 1)
    days = np.array([cal.offset(date(year, *when)) for year in years])
    which = np.searchsorted(days, starts, side="right") - 1
    return [(beat.next(int(days[k])) if beat else int(days[k]), which == k) for k in np.unique(which).tolist()]


def rank(n: int, percent: int) -> int:
    """The rank, from 1, of a quantile: ceil(n q)."""
    return max(1, -(-n * percent // 100))


def ranks_around(n: int, percent: int) -> tuple[int, int]:
    """The ranks between which the true quantile lies, 95 times in 100."""
    q = percent / 100
    wide = 1.96 * (n * q * (1 - q)) ** 0.5
    return max(1, int(np.floor(n * q - wide))), min(n, int(np.ceil(n * q + wide)))


PERCENTS = (50, 80, 90)


def quantiles(values: Days | Floats) -> tuple[dict[str, int], dict[str, list[int]]]:
    """P50, P80, P90 and the interval of each."""
    ordered, n = np.sort(values), len(values)
    points = {f"p{p}": int(ordered[rank(n, p) - 1]) for p in PERCENTS}
    around = {f"p{p}": [int(ordered[r - 1]) for r in ranks_around(n, p)] for p in PERCENTS}
    return points, around


def share(count: int, n: int) -> str:
    """Four decimals, half up."""
    tenths = (20_000 * count + n) // (2 * n)
    return f"{tenths // 10_000}.{tenths % 10_000:04d}"


def watched(plan: Plan, targets: Sequence[str]) -> list[int]:
    """Places of the milestones, polling days, limits of the law and every target, in the plan's order."""
    return [i for i, a in enumerate(plan.activities) if a.type is not Type.TASK or a.id in targets]


def fingerprint(plan: Plan, cal: Calendar, asked: Asked) -> str:
    """SHA-256 of everything the run rests on, as values: the same whatever the file looked like."""
    rows = [
        [a.id, *a.three, a.unit.value, [str(k) for k in a.links], a.type.value, a.anchor.text if a.anchor else "",
         [a.prices.low, a.prices.likely, a.prices.high] if a.prices else [], a.quantity, a.time_dependent]
        for a in plan.activities
    ]  # fmt: skip
    first, last = cal.start, cal.day(max(len(cal.counts) - 1, 0))
    off = sorted(d.isoformat() for d in cal.off if first <= d <= last)
    risks = [[r.id, str(r.chance), list(r.linked), list(r.factor)] for r in asked.risks]
    held = {
        "plan": rows, "start": cal.start.isoformat(), "weekdays": sorted(cal.weekdays), "off": off, "windows": asked.windows,
        "risks": risks, "without": sorted(asked.without),
    }  # fmt: skip
    if moons := [[r.name, r.first.isoformat(), r.last.isoformat()] for r in estimated(cal, max(len(cal.counts) - 1, 0))]:
        held["feasts"] = moons
    if cal.named:
        follows = [own.name if (own := cal.own(a.columns.get("calendar", "").strip(), a.columns.get("territory", "").strip())) else "" for a in plan.activities]
        held["calendars"] = [follows, {code: own.told() for code, own in cal.named.items() if code in follows}]
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def quantity(a: Activity) -> Fraction:
    """The quantity paid, as the budget has it: things that are counted are whole."""
    exact = Fraction(a.quantity.replace(",", ".")) if a.quantity else Fraction(0)
    return Fraction(-(-exact.numerator // exact.denominator)) if counted(a.cost_driver) else exact


@dataclass(frozen=True, slots=True)
class Cost:
    likely: int
    draws: Floats


def cost_of(run: Run, days: Sequence[Days] | None = None) -> Cost:
    """The cost of each draw: the three prices of each line drawn by themselves, times its quantity."""
    days = run.drawn.days if days is None else days
    total = np.zeros(run.n)
    likely = 0
    for i, a in enumerate(run.plan.activities):
        count = quantity(a)
        if a.prices is None or not count:
            continue
        likely += (2 * count * a.prices.likely + 1) // 2
        u = uniforms(run.asked.seed, f"cost:{a.id}", run.n) if a.prices.low < a.prices.high else EMPTY
        price = (
            values_of(u, a.prices.low, a.prices.likely, a.prices.high)
            if len(u)
            else np.full(run.n, float(a.prices.likely))
        )
        line = price * float(count)
        if a.time_dependent and a.likely:
            line = line * (days[i] / a.likely)
        total += np.floor(line + 0.5)
    return Cost(likely, total)
