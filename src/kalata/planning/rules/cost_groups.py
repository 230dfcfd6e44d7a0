"""A budget by phase, funder, category, account and month: each line shared in whole, so that every sum is the total."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from kalata.planning.rules.cost import Budget, Line, Spans, Triple
from kalata.planning.rules.cost_money import shared
from kalata.planning.rules.faults import PlanFault

GROUPINGS = ("phase", "funder", "category", "account", "month")
COLUMNS = {"funder": "default_funder", "category": "core_category", "account": "account"}
MOST_SHARES = 20


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    """"" where the plan says nothing."""
    amount: Triple
    lines: int


Parts = list[tuple[str, int]]
"""Keys and their weights."""


def grouped(budget: Budget, by: str, spans: Spans | None = None) -> list[Group]:
    """The groups of one grouping, in the order met (months in theirs). Their sum is the total, to the unit."""
    parts = parting(by, spans)
    sums: dict[str, list[int]] = {}
    lines: dict[str, int] = {}
    for line in budget.lines:
        for key, amount in shares_of(line, parts(line)).items():
            held = sums.setdefault(key, [0, 0, 0])
            for i in range(3):
                held[i] += amount[i]
            lines[key] = lines.get(key, 0) + 1
    keys = sorted(sums) if by == "month" else list(sums)
    return [Group(k, (sums[k][0], sums[k][1], sums[k][2]), lines[k]) for k in keys]


def shares_of(line: Line, parts: Parts) -> dict[str, Triple]:
    """A line's three amounts over its keys."""
    if len(parts) == 1:
        return {parts[0][0]: line.amount}
    weights = [w for _key, w in parts]
    low, likely, high = (shared(amount, weights) for amount in line.amount)
    found: dict[str, Triple] = {}
    for i, (key, _weight) in enumerate(parts):
        before = found.get(key, (0, 0, 0))
        found[key] = (before[0] + low[i], before[1] + likely[i], before[2] + high[i])
    return found


def parting(by: str, spans: Spans | None) -> Callable[[Line], Parts]:
    if by == "phase":
        return lambda line: [(line.activity.phase, 1)]
    if by == "month":
        held: Mapping[str, tuple[date, date]] = spans or {}
        return lambda line: months(*held[line.id]) if line.id in held else [("", 1)]
    column = COLUMNS[by]
    return lambda line: written_shares(line.activity.row, column, line.said(column))


def written_shares(row: int, column: str, text: str) -> Parts:
    """`Etat`, or `Etat:60;Partenaire:40`."""
    if ";" not in text:
        return [(text, 1)]
    found: Parts = []
    for part in (p.strip() for p in text.split(";") if p.strip()):
        name, sign, weight = part.rpartition(":")
        if not sign or not name.strip() or not weight.strip().isdecimal() or not 0 < int(weight) <= 10**6 or len(found) == MOST_SHARES:  # fmt: skip
            raise PlanFault(row=row, field=column, value=part[:60], form="Etat:60;Partenaire:40")
        found.append((name.strip(), int(weight)))
    return found


def months(first: date, after: date) -> Parts:
    """The months an activity runs in, each with its days; the month of its day where it lasts none."""
    if after <= first:
        return [(f"{first:%Y-%m}", 1)]
    found: Parts = []
    day = first
    while day < after:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        found.append((f"{day:%Y-%m}", (min(following, after) - day).days))
        day = following
    return found
