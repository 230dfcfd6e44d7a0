"""How a count came to be: the same rows, counted at equal steps of time up to now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

STEPS = 12


def counted(found: QuerySet[Any], field: str, now: datetime | None = None) -> tuple[int, ...]:
    """How many rows there were at each of twelve instants, the last of them now; empty where there are none."""
    asks = {n: Count("pk", filter=until) for n, until in instants(found, field, now)}
    row = found.aggregate(**asks) if asks else {}
    return tuple(row[n] for n in asks)


def instants(found: QuerySet[Any], field: str, now: datetime | None = None) -> list[tuple[str, Q]]:
    """Twelve names and what was there at the instant of each, from the first row to now; empty where there are none."""
    first = found.aggregate(at=Min(field))["at"]
    if first is None:
        return []
    step = ((now or timezone.now()) - first) / STEPS
    return [(f"n{k}", Q(**{f"{field}__lte": first + step * k})) for k in range(1, STEPS + 1)]


def path(points: tuple[int, ...], width: int = 96, height: int = 22) -> str:
    """The line of these points as an SVG path, the greatest at the top; "" for fewer than two."""
    if len(points) < 2:
        return ""
    top = max(points) or 1
    at = [(round(width * k / (len(points) - 1)), round(height - (height - 2) * n / top)) for k, n in enumerate(points)]
    return "M" + " ".join(f"{x} {y}" for x, y in at)
