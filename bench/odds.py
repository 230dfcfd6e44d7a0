"""The odds of a plan: 400 activities drawn 10,000 times, beside the peers where they are installed, and beside an engine
that shares nothing. Peers: `pip install pmcontrols trueppm-scheduler`; where they are not, the stated limits alone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from bench.lines import line
from kalata.planning.calendars import calendar_named, pack_works
from kalata.planning.rules import passes
from kalata.planning.rules.calendars import Calendar, no_holidays
from kalata.planning.rules.odds import Asked, rank, run_of
from kalata.planning.rules.plan import Activity, Lag, LagUnit, Link, LinkType, Plan, Unit
from kalata.planning.rules.reading import plan_of
from kalata.planning.rules.scheduling import scheduled
from kalata.planning.rules.telling import record

START = date(2026, 1, 5)
DRAWS = 10_000


def network(mixed: bool) -> Plan:
    """400 activities, about 1,145 links: finish to start in calendar days, or of all types, lags and units."""
    chance = random.Random(4)
    acts = []
    for i in range(400):
        low = chance.randint(1, 20)
        likely = low + chance.randint(0, 20)
        links = []
        for p in chance.sample(range(max(0, i - 40), i), min(i, 3) if i % 7 else min(i, 2)):
            lag = Lag(chance.randint(-3, 5), chance.choice(list(LagUnit))) if mixed and chance.random() < 0.2 else Lag()
            links.append(
                Link(f"A{p}", chance.choice(list(LinkType)) if mixed and chance.random() < 0.2 else LinkType.FS, lag)
            )
        unit = chance.choice(list(Unit)) if mixed else Unit.CALENDAR
        acts.append(Activity(f"A{i}", low, likely, likely + chance.randint(0, 40), unit, tuple(links)))
    return Plan(tuple(acts), start=START)


def best(act: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _n in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken)


def drawn(plan: Plan, cal: Calendar, chain: bool) -> None:
    run = run_of(plan, cal, Asked(DRAWS, 1))
    np.sort(run.drawn.end)
    if chain:
        passes.critical(run.net, run.table, run.drawn, None)


def pmcontrols_seconds(plan: Plan) -> float | None:
    try:
        import pmcontrols  # type: ignore[import-not-found]
    except ImportError:
        return None
    acts = {a.id: {"a": a.optimistic, "m": a.likely, "b": a.pessimistic, "predecessors": [k.pred for k in a.links]} for a in plan.activities}  # fmt: skip
    rows = [{"id": k, **v} for k, v in acts.items()]
    return best(lambda: pmcontrols.pert(rows, n_sim=DRAWS, seed=1), 3)


def trueppm_seconds(plan: Plan) -> float | None:
    try:
        from trueppm_scheduler import engine, models  # type: ignore[import-not-found]
    except ImportError:
        return None
    day = timedelta(days=1)
    tasks = [
        models.Task(
            id=a.id, name=a.id, duration=a.likely * day, optimistic_duration=a.optimistic * day,
            most_likely_duration=a.likely * day, pessimistic_duration=a.pessimistic * day,
        )
        for a in plan.activities
    ]  # fmt: skip
    links = [models.Dependency(k.pred, a.id) for a in plan.activities for k in a.links]
    project = models.Project(id="p", name="p", start_date=START, tasks=tasks, dependencies=links)
    return best(lambda: engine.monte_carlo(project, runs=DRAWS, seed=1), 3)


def speed() -> None:
    plain, mixed = network(False), network(True)
    none, mali = no_holidays(START), calendar_named("ml", START)
    links = sum(len(a.links) for a in plain.activities)
    ours = best(lambda: drawn(plain, none, False))
    line(f"400 activities, {links} links, 10,000 draws, finish to start", f"{ours:.2f} s", "<= 0.5 s", ours <= 0.5)
    for name, peer in (("pmcontrols", pmcontrols_seconds), ("trueppm", trueppm_seconds)):
        theirs = peer(plain)
        if theirs is None:
            line(f"  ratio to {name}: not installed", "-", "pmcontrols 0.75 s, trueppm 1.23 s")
        else:
            line(f"  ratio to {name} ({theirs:.2f} s)", f"{ours / theirs:.2f} x", "<= 1 x", ours <= theirs)
    every = best(lambda: drawn(mixed, mali, True))
    line("  calendars, all link types, every criticality", f"{every:.2f} s", "<= 1.0 s", every <= 1.0)
    follows = [*(w.code for w in pack_works("ml")), ""]
    own = replace(mixed, activities=tuple(replace(a, columns={"calendar": follows[i % len(follows)]}) for i, a in enumerate(mixed.activities)))
    slow = best(lambda: drawn(own, mali, True), 3)
    line("  the same, seven in eight following a calendar of region, activity or supplier", f"{slow:.2f} s", "said, not promised")


def agreement() -> None:
    """P50 and P80 of the reference plan beside an engine of one draw after another, without a window."""
    from bench.__main__ import SHARED

    file = SHARED / "operational_plan_baseline.csv"
    if not file.exists():
        return line("percentiles beside an independent engine", "no file", "<= 0.3 %", of=0)
    from tests.planning.rules import plain_draws

    plan, cal = plan_of(file.read_bytes(), START), calendar_named("ml", START)
    run = run_of(plan, cal, Asked(20_000, 1, windows=False))
    cal.count(1_600)
    places = plan.places
    slow = plain_draws.Year(START, cal.off, 1_600)
    for name in ("A05", "B18"):
        mine = np.sort(run.drawn.finish[places[name]])
        theirs = plain_draws.percentiles(plan, name, slow, 20_000, 2, (50, 80))
        gap = max(abs(int(mine[rank(20_000, p) - 1]) - t) / t for p, t in zip((50, 80), theirs, strict=True))
        line(
            f"P50 and P80 of {name} beside an independent engine, 20,000 draws",
            f"{100 * gap:.2f} %",
            "<= 0.3 %",
            gap <= 0.003,
        )
    rows = {m["id"]: m for m in record(run_of(plan, cal, Asked(DRAWS, 1, windows=False)))["milestones"]}
    for name, want in (("A05", (501, 526, 539)), ("B18", (545, 571, 584))):
        got = tuple(rows[name][p] for p in ("p50", "p80", "p90"))
        held = all(abs(a - b) <= 1 for a, b in zip(got, want, strict=True))
        line(f"{name}: P50, P80, P90", "/".join(map(str, got)), "/".join(map(str, want)) + " +-1", held)
    taken = best(lambda: scheduled(plan, cal))
    line("137 activities: dates, floats, drivers, anchors", f"{1000 * taken:.0f} ms", "<= 300 ms", taken <= 0.3)
