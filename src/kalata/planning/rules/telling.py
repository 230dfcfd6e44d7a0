"""A run as the scripted interface prints it: milestones, cost, criticality, drivers, windows, risks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kalata.planning.rules import passes
from kalata.planning.rules.draws import Days, Floats
from kalata.planning.rules.odds import (
    ENGINE,
    Run,
    Tick,
    cost_of,
    fingerprint,
    no_tick,
    openings,
    quantiles,
    rank,
    share,
    watched,
    without_risks,
)
from kalata.planning.rules.plan import Type

MOST_DRIVERS = 12
LEAST_RHO = 0.05


def record(run: Run, tick: Tick = no_tick) -> dict[str, object]:
    """Every figure of a run. The same input, seed and engine: the same bytes."""
    money = cost_of(run)
    points, around = quantiles(money.draws)
    risks, remainder = contributions(run, points["p80"], tick)
    tick("criticality", 0, 1)
    return {
        "engine": ENGINE, "inputs_sha256": fingerprint(run.plan, run.calendar, run.asked), "draws": run.n, "seed": run.asked.seed,
        "start": run.calendar.start.isoformat(), "calendar": run.calendar.name, "windows_applied": run.asked.windows,
        "rounding": "half up to whole days", "milestones": milestones(run),
        "cost": {"likely": money.likely, **points, "interval": around, "contingency": points["p80"] - money.likely},
        "criticality": criticality(run), "drivers": drivers(run), "windows": windows(run), "risks": risks,
        "remainder_days": remainder, "findings": findings(run),
    }  # fmt: skip


def milestones(run: Run) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for i in watched(run.plan, run.asked.targets):
        column = run.drawn.finish[i]
        points, around = quantiles(column)
        kept = int(np.count_nonzero(column <= run.likely[i]))
        out.append(
            {
                "id": run.plan.activities[i].id, "likely": run.likely[i], **points, "interval": around,
                "chance_of_likely": share(kept, run.n), "chance_fraction": f"{kept}/{run.n}",
            }
        )  # fmt: skip
    return out


def aims(run: Run) -> list[int]:
    """Places of the targets asked; else the polling days, else the activity that ends the plan."""
    places = run.plan.places
    if run.asked.targets:
        return [places[t] for t in run.asked.targets]
    polls = [i for i, a in enumerate(run.plan.activities) if a.type is Type.EVENT]
    return polls or [max(range(len(run.likely)), key=lambda i: (run.likely[i], -i))]


def criticality(run: Run) -> list[dict[str, object]]:
    """How often each activity lies on the chain that ends at a target; at the end of the plan where none was asked."""
    out: list[dict[str, object]] = []
    ids = [a.id for a in run.plan.activities]
    targets: list[int | None] = [run.plan.places[t] for t in run.asked.targets]
    for target in targets or [None]:
        on = passes.critical(run.net, run.table, run.drawn, target)
        counts = [0 if one is None else int(np.count_nonzero(one)) for one in on]
        for i in sorted(range(len(ids)), key=lambda i: -counts[i]):
            if counts[i]:
                said: dict[str, object] = {"id": ids[i], "index": share(counts[i], run.n)}
                out.append(said | ({"target": ids[target]} if target is not None else {}))
    return out


def ranked(column: Days) -> Floats:
    """Ranks of whole numbers, ties at their mean, centred and of length one; zeros where nothing varies."""
    values = column - int(column.min())
    counts = np.bincount(values)
    ends = np.cumsum(counts)
    mean = ends - (counts - 1) / 2
    ranks = mean[values]
    ranks -= ranks.mean()
    size = float(np.sqrt(ranks @ ranks))
    return ranks / size if size else np.zeros(len(column))


def leading_to(run: Run, target: int) -> set[int]:
    """Places that lead to a target, itself among them."""
    found = {target}
    for i in reversed(run.net.order):
        if i in found:
            found |= {arc.pred for arc in run.net.into[i]}
    return found


def drivers(run: Run) -> list[dict[str, object]]:
    """Spearman's rho of the duration of each activity that leads to a milestone with the milestone's date."""
    out: list[dict[str, object]] = []
    known: dict[int, Floats] = {}
    for target in watched(run.plan, run.asked.targets):
        date = ranked(run.drawn.finish[target])
        rhos: list[tuple[float, int]] = []
        for i in sorted(leading_to(run, target)):
            column = run.drawn.days[i]
            if i not in known and int(column.min()) != int(column.max()):
                known[i] = ranked(column)
            if i in known and abs(rho := float(known[i] @ date)) >= LEAST_RHO:
                rhos.append((rho, i))
        rhos.sort(key=lambda pair: (-abs(pair[0]), pair[1]))
        ids = [a.id for a in run.plan.activities]
        out += [{"target": ids[target], "id": ids[i], "rho": f"{rho:.2f}"} for rho, i in rhos[:MOST_DRIVERS]]
    return out


def windows(run: Run) -> list[dict[str, object]]:
    """The share of the draws in which each window is the one that opens an activity: never a percentile alone."""
    out: list[dict[str, object]] = []
    for i in sorted(run.drawn.slipped):
        for day, opened in openings(run, i):
            count = int(np.count_nonzero(opened))
            opens = run.calendar.day(day).isoformat()
            out.append({"id": run.plan.activities[i].id, "opens": opens, "share": share(count, run.n)})
    return out


def contributions(run: Run, cost_p80: int, tick: Tick) -> tuple[list[dict[str, object]], dict[str, int]]:
    """What each risk adds to the P80 of the targets, all others as they are; and what is left when their sum is taken
    from what they add together."""
    acting = run.asked.acting
    if not acting:
        return [], {}
    at = rank(run.n, 80) - 1
    places = aims(run)
    ids = [run.plan.activities[i].id for i in places]

    def p80(drawn: passes.Drawn) -> list[int]:
        return [int(np.partition(drawn.finish[i], at)[at]) for i in places]

    whole = p80(run.drawn)
    out: list[dict[str, object]] = []
    sums = [0] * len(places)
    for step, risk in enumerate(acting):
        tick("risks", step, len(acting))
        drawn = without_risks(run, frozenset({risk.id}))
        less = [a - b for a, b in zip(whole, p80(drawn), strict=True)]
        sums = [a + b for a, b in zip(sums, less, strict=True)]
        cost = quantiles(cost_of(run, drawn.days).draws)[0]["p80"] if costly(run, risk.linked) else cost_p80
        observed = int(np.count_nonzero(run.factors[risk.id] != 1.0))
        out.append(
            {
                "id": risk.id, "occurs": f"{risk.chance:.2f}", "observed": share(observed, run.n),
                "delta_p80_days": dict(zip(ids, less, strict=True)), "delta_cost_p80": cost_p80 - cost,
            }
        )  # fmt: skip
    none = p80(without_risks(run, frozenset(r.id for r in acting)))
    left = [a - b - s for a, b, s in zip(whole, none, sums, strict=True)]
    return out, dict(zip(ids, left, strict=True))


def costly(run: Run, linked: Sequence[str]) -> bool:
    """Whether a line's cost grows with the duration of one of these activities."""
    by_id = run.plan.by_id
    return any(name in by_id and by_id[name].time_dependent for name in linked)


def findings(run: Run) -> list[dict[str, object]]:
    from kalata.planning.rules.findings import found
    from kalata.text import gettext_noop as _

    known = {a.id for a in run.plan.activities}
    out = []
    for risk in run.asked.acting:
        lost = [name for name in risk.linked if name not in known]
        if lost:
            out.append(found("unknown_linked", risk.id, _("Le risque %(id)s touche des activités absentes du plan : %(lost)s."), lost=", ".join(lost)))  # fmt: skip
    for risk in run.asked.risks:
        if not risk.acts:
            out.append(found("risk_without_effect", risk.id, _("Le risque %(id)s n’a pas d’activité ou pas de facteur de durée : il ne change rien ici.")))  # fmt: skip
    return out
