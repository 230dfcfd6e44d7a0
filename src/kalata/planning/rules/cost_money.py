"""Money as whole numbers: half up, shares by largest remainder, prices that rise with the years, three currencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

EUR_XOF = Fraction("655.957")
"""Fixed by treaty: no file changes it."""
PRECISE = Context(prec=50)


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up (away from zero below it)."""
    units = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -units if value < 0 else units


def up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """The total in whole parts after the weights, by largest remainder (the first, where two remain equal). Their sum is the total.

    >>> shared(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(weights)
    if not whole:
        return [total, *([0] * (len(weights) - 1))] if weights else []
    size = abs(total)
    parts = [size * w // whole for w in weights]
    rest = [size * w % whole for w in weights]
    for i in sorted(range(len(weights)), key=lambda i: (-rest[i], i))[: size - sum(parts)]:
        parts[i] += 1
    return [-p for p in parts] if total < 0 else parts


def years_between(first: date, last: date) -> Fraction:
    """Whole years by their anniversaries, and the part of the running one in days. Below zero where `last` comes before."""
    if last < first:
        return -years_between(last, first)
    years = last.year - first.year
    while anniversary(first, years) > last:
        years -= 1
    begun, ends = anniversary(first, years), anniversary(first, years + 1)
    return years + Fraction((last - begun).days, (ends - begun).days)


def anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def risen(rate: Fraction, years: Fraction) -> Fraction:
    """(1 + rate) ^ years: exact for whole years, to fifty digits for a part of one; the same on every machine."""
    base = 1 + rate
    whole = years.numerator // years.denominator
    part = years - whole
    found: Fraction = base**whole
    if part:
        number = PRECISE.divide(Decimal(base.numerator), Decimal(base.denominator))
        power = PRECISE.divide(Decimal(part.numerator), Decimal(part.denominator))
        found *= Fraction(PRECISE.power(number, power))
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """Francs for one unit of a currency: where it comes from, and the day it was read (none where it is fixed, or not said)."""

    currency: str
    xof: Fraction
    fixed: bool = False
    flag: str = "S"
    source: str = ""
    on: date | None = None


XOF = Rate("XOF", Fraction(1), fixed=True)
EUR = Rate("EUR", EUR_XOF, fixed=True)
