"""What a form of file cannot hold of a plan: named, never dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import cells_of

Lost = tuple[str, str]
"""An activity and the field that does not go with it."""


def cells(plan: Plan) -> tuple[list[str], list[dict[str, str]]]:
    """The columns of a plan and the cells of each activity."""
    rows = [cells_of(a) for a in plan.activities]
    header = list(plan.header) or list(rows[0] if rows else ())
    return header, rows


def left_out(plan: Plan, held: Iterable[str]) -> Iterator[Lost]:
    """Every cell that says something in a column that a form does not hold."""
    kept = set(held)
    header, rows = cells(plan)
    for activity, row in zip(plan.activities, rows, strict=True):
        for name in header:
            if name not in kept and row.get(name, "").strip():
                yield activity.id, name


def records(lost: Iterable[Lost]) -> list[dict[str, str]]:
    return [{"id": one, "field": field} for one, field in dict.fromkeys(lost)]


def counts(lost: Iterable[Lost]) -> list[tuple[str, int]]:
    """How many activities lose each field."""
    return sorted(Counter(field for _id, field in dict.fromkeys(lost)).items())
