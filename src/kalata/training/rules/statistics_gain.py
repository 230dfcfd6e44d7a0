"""What a session taught: the mean of each person's gain, and the gain of the means. They differ, and each is named.

g = (post - pre) / (max - pre). Who had the maximum before can gain nothing: left out of the first, counted.
"""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any

from kalata.training.rules.rows import Table, bad, code_in, decimal_in, once
from kalata.training.rules.statistics import t_quantile

COLUMNS = ("person", "pre", "post", "max")


def gain_of(table: Table) -> dict[str, Any]:
    """Raises: TRN-102 for a mark that is none or outside 0 to max; TRN-103 for a person twice.

    missing: persons without one of the two marks, left out of both figures. pre_at_max: left out of the first.
    """
    gains: list[Fraction] = []
    seen: dict[object, int] = {}
    missing = at_max = n = 0
    before = after = most = Fraction(0)
    for row, cells in table.records():
        person = code_in(table, row, cells, "person", "P001")
        once(table, seen, person, row, "person", person)
        top = decimal_in(table, row, cells, "max", "20")
        if top <= 0:
            raise bad(table, row, "max", cells["max"], "20")
        marks = {}
        for field in ("pre", "post"):
            if cells[field]:
                marks[field] = decimal_in(table, row, cells, field, "12")
                if not 0 <= marks[field] <= top:
                    raise bad(table, row, field, cells[field], f"0 … {cells['max']}")
        if len(marks) < 2:
            missing += 1
            continue
        pre, post = marks["pre"], marks["post"]
        n += 1
        before, after, most = before + pre, after + post, most + top
        if pre == top:
            at_max += 1
        else:
            gains.append((post - pre) / (top - pre))
    mean = sum(gains, Fraction(0)) / len(gains) if gains else None
    return {
        "n": n, "n_gains": len(gains), "pre_at_max": at_max, "missing": missing,
        "mean_of_gains": None if mean is None else str(mean),
        "gain_of_means": str((after - before) / (most - before)) if most > before else None,
        "interval": {"mean_of_gains": interval(gains, mean)},
    }  # fmt: skip


def interval(gains: list[Fraction], mean: Fraction | None) -> list[float] | None:
    """[low, high] of the mean, 95 % (Student); None below two."""
    n = len(gains)
    if mean is None or n < 2:
        return None
    spread = sum(((g - mean) ** 2 for g in gains), Fraction(0)) / (n - 1)
    half = t_quantile(0.975, n - 1) * sqrt(spread / n)
    return [float(mean) - half, float(mean) + half]
