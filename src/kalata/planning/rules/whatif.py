"""What else a run can say: the fan of a date, its tornado, the chance of each limit of the law, the latest safe start,
and scenarios beside the plan, all on the same draws, so that a difference is the scenario's and not chance's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from kalata.planning.rules import passes
from kalata.planning.rules.anchoring import Polls, bounds_of, followed
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.faults import NoTarget, PlanFault
from kalata.planning.rules.forward import Early, early
from kalata.planning.rules.odds import Asked, Run, Tick, cost_of, no_tick, openings, quantiles, rank, run_of, share
from kalata.planning.rules.plan import AnchorKind, Plan
from kalata.planning.rules.telling import drivers, ranked

FAN = (5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95)
MOST_SCENARIOS = 20
FURTHEST_START = 4_000


def dated(run: Run, finish: int) -> dict[str, object]:
    """A finish as an offset and as its last day."""
    return {"finish": finish, "date": run.calendar.day(max(finish - 1, 0)).isoformat()}


def fan(run: Run, target: int) -> list[dict[str, object]]:
    """The finish of a target at each of eleven chances."""
    ordered = np.sort(run.drawn.finish[target])
    return [{"percent": p, **dated(run, int(ordered[rank(run.n, p) - 1]))} for p in FAN]


def by_window(run: Run, target: int) -> list[dict[str, object]]:
    """The chances of a target behind each opening of each window that precedes it: two dates, not one percentile."""
    out: list[dict[str, object]] = []
    for i in sorted(run.drawn.slipped):
        for day, opened in openings(run, i):
            column = run.drawn.finish[target][opened]
            points, around = quantiles(column)
            out.append(
                {"id": run.plan.activities[i].id, "opens": run.calendar.day(day).isoformat(), "share": share(len(column), run.n), **points, "interval": around}
            )  # fmt: skip
    return out


def tornado(run: Run, target: int, most: int = 10) -> list[dict[str, object]]:
    """P50 of the target with one duration at a time held at its own P10, then at its P90, for what drives it most."""
    places = run.plan.places
    name = run.plan.activities[target].id
    found = [places[str(d["id"])] for d in drivers(run) if d["target"] == name]
    if not found:
        found = strongest(run, target)
    out: list[dict[str, object]] = []
    for i in found[:most]:
        ordered = np.sort(run.drawn.days[i])
        ends = []
        for percent in (10, 90):
            days = list(run.drawn.days)
            held = int(ordered[rank(run.n, percent) - 1])
            days[i] = np.full(run.n, held, dtype=np.int32)
            moved = np.sort(passes.passed(run.net, run.table, days).finish[target])
            ends.append((held, int(moved[rank(run.n, 50) - 1])))
        (few, low), (many, high) = ends
        out.append({"id": run.plan.activities[i].id, "p10_days": few, "p90_days": many, "low": low, "high": high})
    return sorted(out, key=lambda row: (int(str(row["low"])) - int(str(row["high"])), str(row["id"])))


def strongest(run: Run, target: int) -> list[int]:
    """Places by the strength of their rho with a target that is no milestone."""
    end = ranked(run.drawn.finish[target])
    rhos = [(abs(float(ranked(column) @ end)), i) for i, column in enumerate(run.drawn.days)]
    return [i for rho, i in sorted(rhos, key=lambda pair: (-pair[0], pair[1])) if rho >= 0.05]


def legal(run: Run, j1: date | None, j2: date | None) -> list[dict[str, object]]:
    """The chance that each limit of the law holds, polling days given; nothing is pushed to make it hold."""
    at = {"T0": 0}
    at |= {"J1": run.calendar.offset(j1)} if j1 else {}
    later = run.calendar.offset(j2) if j2 else second_poll(run, at)
    polls = Polls(at | ({"J2": later} if later is not None else {}), True)
    out: list[dict[str, object]] = []
    for i, a in enumerate(run.plan.activities):
        if a.anchor is None or a.anchor.kind in (AnchorKind.WINDOW, AnchorKind.FOLLOWS) or not j1:
            continue
        point = a.anchor.last if a.anchor.kind in (AnchorKind.UNTIL, AnchorKind.SPAN) else a.anchor.first
        required = polls.of(point) if point else None
        if required is None:
            continue
        ends = a.anchor.kind is not AnchorKind.POINT
        days = run.drawn.finish[i] - 1 if ends else run.drawn.start[i]
        kept = int(np.count_nonzero(days <= required))
        evening = kept if ends or a.likely else int(np.count_nonzero(days <= required + 1))
        out.append(
            {
                "id": a.id, "anchor": a.anchor.text, "required": run.calendar.day(required).isoformat(), "chance": share(kept, run.n),
                "chance_by_evening": share(evening, run.n), "basis": a.columns.get("duration_or_anchor_source", "").strip(),
            }
        )  # fmt: skip
    return out


def second_poll(run: Run, at: Mapping[str, int]) -> int | None:
    """The second poll of the likely plan, its first one and its anchors kept."""
    found: Early = early(run.net, run.calendar, bounds=bounds_of(run.plan, Polls(at, True)))
    return followed(run.plan, found)


@dataclass(frozen=True, slots=True)
class SafeStart:
    """start: the latest offset at which the activity may begin; None where even the earliest does not suffice."""

    id: str
    start: int | None
    chance: str


def safe_start(run: Run, activity: int, target: int, by: int, percent: int = 80) -> SafeStart:
    """The latest start of an activity for which the target ends by an offset in that share of the draws."""
    name = run.plan.activities[activity].id
    table = passes.ways_table(run.net, run.calendar, run.table.horizon + FURTHEST_START, run.asked.seed)
    need = -(-run.n * percent // 100)

    def kept(start: int) -> int:
        moved = passes.passed(run.net, table, run.drawn.days, {activity: start})
        return int(np.count_nonzero(moved.finish[target] <= by))

    if kept(0) < need:
        return SafeStart(name, None, share(kept(0), run.n))
    low, high = 0, min(by, FURTHEST_START)  # low holds
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if kept(middle) >= need else (low, middle - 1)
    if beat := run.net.beat(run.calendar, activity):
        low = beat.last(low)
    return SafeStart(name, low, share(kept(low), run.n))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A plan changed: three points by activity, days added, activities that last nothing and cost nothing, risks that
    are sure or gone, windows let go."""

    name: str
    durations: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    windows: bool | None = None


def scenarios_of(value: object) -> tuple[Scenario, ...]:
    """Scenarios from JSON: `[{"name": "...", "durations": {"M06": [45, 70, 120]}, "add": {"P04": 60}, "drop": ["B12"],
    "sure": ["I-02"], "without": ["I-05"], "windows": "ignore"}]`.

    Raises: PLN-110.
    """
    if not isinstance(value, list) or len(value) > MOST_SCENARIOS:
        raise bad("[]", value)
    found = tuple(scenario_of(one) for one in value)
    if len({s.name for s in found}) != len(found):
        raise bad("name", [s.name for s in found])
    return found


KEYS = {"name", "durations", "add", "drop", "sure", "without", "windows"}


def scenario_of(one: object) -> Scenario:
    if not isinstance(one, Mapping) or not set(one) <= KEYS:
        raise bad(", ".join(sorted(KEYS)), one)
    name, windows = one.get("name"), one.get("windows")
    if not isinstance(name, str) or not 0 < len(name) <= 120 or windows not in (None, "apply", "ignore"):
        raise bad("name, windows: apply | ignore", one)
    durations, added = one.get("durations", {}), one.get("add", {})
    if not isinstance(durations, Mapping) or not isinstance(added, Mapping):
        raise bad('{"M06": [45, 70, 120]}', one)
    three = {str(k): three_of(v) for k, v in durations.items()}
    if not all(type(n) is int and abs(n) <= 3_650 for n in added.values()):
        raise bad('add: {"P04": 60}', added)
    names = {key: names_of(one.get(key, []), key) for key in ("drop", "sure", "without")}
    return Scenario(
        name, three, {str(k): n for k, n in added.items()}, names["drop"], names["sure"], names["without"],
        None if windows is None else windows == "apply",
    )  # fmt: skip


def three_of(value: object) -> tuple[int, int, int]:
    if not isinstance(value, list) or len(value) != 3 or not all(type(n) is int and 0 <= n <= 36_500 for n in value):
        raise bad("[45, 70, 120]", value)
    low, likely, high = value
    if not low <= likely <= high:
        raise bad("o ≤ m ≤ p", value)
    return low, likely, high


def names_of(value: object, key: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(n, str) for n in value):
        raise bad(f'{key}: ["B12"]', value)
    return frozenset(value)


def bad(form: str, value: object) -> PlanFault:
    return PlanFault(rows=[], field="--scenarios", value=str(value)[:60], form=form)


def applied(plan: Plan, asked: Asked, scenario: Scenario) -> tuple[Plan, Asked]:
    """The plan and the run of a scenario.

    Raises: PLN-112 where it names an activity or a risk that is not there.
    """
    known = {a.id for a in plan.activities}
    risks = {r.id for r in asked.risks}
    lost = ({*scenario.durations, *scenario.added, *scenario.dropped} - known) | (
        (scenario.sure | scenario.without) - risks
    )
    if lost:
        raise NoTarget(value=min(lost)[:60], rows=[])
    acts = []
    for a in plan.activities:
        low, likely, high = (0, 0, 0) if a.id in scenario.dropped else scenario.durations.get(a.id, a.three)
        more = scenario.added.get(a.id, 0)
        low, likely, high = (max(0, n + more) for n in (low, likely, high))
        prices = None if a.id in scenario.dropped else a.prices
        acts.append(replace(a, optimistic=low, likely=likely, pessimistic=high, prices=prices))
    sure = tuple(replace(r, chance=type(r.chance)(1)) if r.id in scenario.sure else r for r in asked.risks)
    windows = asked.windows if scenario.windows is None else scenario.windows
    return replace(plan, activities=tuple(acts)), replace(asked, risks=sure, without=asked.without | scenario.without, windows=windows)  # fmt: skip


def side_by_side(
    plan: Plan, cal: Calendar, asked: Asked, scenarios: Sequence[Scenario], targets: Sequence[str], tick: Tick = no_tick
) -> list[dict[str, object]]:
    """The plan, then each scenario: dates of the targets and cost, with what each changes. All on the same draws."""
    out: list[dict[str, object]] = []
    first: dict[str, dict[str, int]] = {}
    for step, scenario in enumerate((Scenario(""), *scenarios)):
        tick("scenarios", step, len(scenarios) + 1)
        changed, run_asked = applied(plan, asked, scenario)
        run = run_of(changed, cal, run_asked)
        places = changed.places
        points = {name: quantiles(run.drawn.finish[places[name]])[0] for name in targets}
        points["cost"] = quantiles(cost_of(run).draws)[0]
        first = first or points
        out.append(
            {
                "name": scenario.name, "targets": {name: points[name] for name in targets}, "cost": points["cost"],
                "windows": [w for name in targets[:1] for w in by_window(run, places[name])],
                "changes": {name: {p: points[name][p] - first[name][p] for p in points[name]} for name in points},
            }
        )  # fmt: skip
    return out
