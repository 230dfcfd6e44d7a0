"""What is done on the way to a day, in every draw: the bands of a fan, and how late an activity may still begin. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kalata.planning.rules import whatif
from kalata.planning.rules.odds import Run, rank
from kalata.planning.rules.telling import leading_to

BANDS = (10, 20, 50, 80, 90)
MOST_DAYS = 48
MOST_STARTS = 12


def done_by(run: Run, target: int) -> dict[str, Any]:
    """How many of the activities that lead to a target are done by each day, in the draws: P10 to P90. days: offsets."""
    places = sorted(leading_to(run, target))
    columns = np.stack([run.drawn.finish[i] for i in places])
    last = int(np.sort(run.drawn.finish[target])[rank(run.n, 95) - 1])
    days = np.unique(np.linspace(0, last, MOST_DAYS + 1).astype(np.int32))
    bands: dict[str, list[int]] = {f"p{p}": [] for p in BANDS}
    for day in days.tolist():
        counts = np.sort((columns <= day).sum(axis=0))
        for p in BANDS:
            bands[f"p{p}"].append(int(counts[rank(run.n, p) - 1]))
    return {"of": len(places), "days": days.tolist(), **bands}


def latest_starts(run: Run, target: int, by: int, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The latest start of each activity for which the target still ends by an offset four times in five. []: it does not, even
    where each begins as early as it can."""
    if np.count_nonzero(run.drawn.finish[target] <= by) * 5 < run.n * 4:
        return []
    found = [whatif.safe_start(run, run.plan.places[one], target, by) for one in ids[:MOST_STARTS]]
    return [{"id": f.id, "start": f.start, "chance": f.chance} for f in found if f.start is not None]
