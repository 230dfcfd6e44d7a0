"""How a count came to be: the same rows, counted at equal steps of time up to now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

STEPS = 12


def counted(found: QuerySet[Any], field: str, now: datetime | None = None) -> tuple[int, ...]:
    """How many rows there were at each of twelve instants, the last of them now; empty where there are none."""
    first = found.aggregate(at=Min(field))["at"]
    if first is None:
        return ()
    end = now or timezone.now()
    step = (end - first) / STEPS
    asks = {f"n{k}": Count("pk", filter=Q(**{f"{field}__lte": first + step * k})) for k in range(1, STEPS + 1)}
    row = found.aggregate(**asks)
    return tuple(row[f"n{k}"] for k in range(1, STEPS + 1))


def path(points: tuple[int, ...], width: int = 96, height: int = 22) -> str:
    """The line of these points as an SVG path, the greatest at the top; "" for fewer than two."""
    if len(points) < 2:
        return ""
    top = max(points) or 1
    at = [(round(width * k / (len(points) - 1)), round(height - (height - 2) * n / top)) for k, n in enumerate(points)]
    return "M" + " ".join(f"{x} {y}" for x, y in at)
