"""The money of a plan as it is read: what stands at each stage, the need against what came, the days around the first one short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kalata.planning.models import Account, Payment
from kalata.planning.pages.budget import milliards
from kalata.planning.queries.money import Stands, Till, account_of, near
from kalata.planning.rules.cost_cash import Cash
from kalata.planning.rules.money_steps import ALIVE, Paid

LINES_OF_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Plot:
    """Need and receipts so far, in a square of 100: the ends of the months. short: where the first day short stands."""

    need: str
    received: str
    hoped: str
    today: str
    short: str
    most: str
    first: str
    last: str


def plot_of(cash: Cash | None, today: date, lang: str) -> Plot | None:
    """None: there are no months."""
    if cash is None or len(cash.months) < 2:
        return None
    rows = cash.months
    most = max(max(m.need_so_far, m.received_so_far + m.expected_so_far) for m in rows) or 1
    wide = 100 / (len(rows) - 1)

    def line(values: Sequence[int]) -> str:
        return "M" + " L".join(f"{n * wide:.2f} {100 - 100 * v / most:.2f}" for n, v in enumerate(values))

    def at(day: date | None) -> str:
        if day is None:
            return ""
        place = next((n for n, m in enumerate(rows) if m.key == f"{day:%Y-%m}"), None)
        return "" if place is None else f"{place * wide:.2f}"

    return Plot(
        line([m.need_so_far for m in rows]), line([m.received_so_far for m in rows]), line([m.received_so_far + m.expected_so_far for m in rows]),
        at(today), at(cash.first_short), milliards(most, lang), rows[0].key, rows[-1].key,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Day:
    """One day, or several that follow with the same lines, told from `first` to `on`."""

    first: date
    on: date
    out: int
    so_far: int
    balance: int
    lines: tuple[tuple[str, int], ...]
    short: bool


def days_of(till: Till) -> list[Day]:
    """The days around the first one short: what goes out, for what, what is left of the money received."""
    cash = till.cash
    if cash is None or cash.first_short is None:
        return []
    shown = {day for day, _lines in near(till.days, cash.first_short)}
    received: dict[date, int] = {}
    for one in till.moves:
        received[one.on] = received.get(one.on, 0) + one.amount
    out, need = [], 0
    for day, lines in till.days:
        need += sum(lines.values())
        if day in shown:
            come = sum(n for on, n in received.items() if on <= day)
            most = sorted(lines.items(), key=lambda row: -row[1])[:LINES_OF_A_DAY]
            out.append(Day(day, day, sum(lines.values()), need, come - need, tuple(most), day == cash.first_short))
    return together(out)


def together(days: Sequence[Day]) -> list[Day]:
    """Days that follow one another with the same lines, and nothing received between, as one row; the first short stays alone."""
    out: list[Day] = []
    for one in days:
        last = out[-1] if out else None
        if last and not (last.short or one.short) and [c for c, _n in last.lines] == [c for c, _n in one.lines] and last.balance - one.out == one.balance:
            lines = tuple((code, n + m) for (code, n), (_c, m) in zip(last.lines, one.lines, strict=True))
            out[-1] = replace(one, first=last.first, out=last.out + one.out, lines=lines)
        else:
            out.append(one)
    return out


def totals(rows: Sequence[Stands]) -> dict[str, int]:
    out = {"announced": sum(r.announced for r in rows), "disbursed": sum(r.disbursed for r in rows)}
    for stage in ("agreed", "called", "received"):
        out[stage] = sum(r.stages[stage] for r in rows)
    return out


# --- the chart of accounts --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Booked:
    """An account with all that is booked to it and to what is in it."""

    account: Account
    depth: int
    lines: int
    likely: int
    committed: int
    paid: int


def booked(accounts: Sequence[Account], of_line: Mapping[str, Account], likely: Mapping[str, int], payments: Sequence[Payment]) -> list[Booked]:  # fmt: skip
    """The chart, each account after the one it is in, with sums that go up."""
    parents = {a.code: a.parent for a in accounts}
    sums: dict[str, list[int]] = {a.code: [0, 0, 0, 0] for a in accounts}
    for line, amount in likely.items():
        if line in of_line:
            add(sums, parents, of_line[line].code, (1, amount, 0, 0))
    for one in payments:
        if one.line in of_line and one.state in ALIVE:
            add(sums, parents, of_line[one.line].code, (0, 0, one.amount, one.amount if one.state == Paid.PAID else 0))
    return [Booked(a, depth, *sums[a.code]) for a, depth in ordered(accounts)]


def add(sums: dict[str, list[int]], parents: Mapping[str, str], code: str, amounts: tuple[int, int, int, int]) -> None:
    while code in sums:
        for i, amount in enumerate(amounts):
            sums[code][i] += amount
        code = parents[code]


def ordered(accounts: Sequence[Account], parent: str = "", depth: int = 0) -> list[tuple[Account, int]]:
    out = []
    for one in accounts:
        if one.parent == parent:
            out += [(one, depth), *ordered(accounts, one.code, depth + 1)]
    return out


def unbooked(till: Till) -> list[tuple[str, str, int]]:
    """(line, name, likely) of the lines that no account holds, by the plan or by hand."""
    known = account_of(till.plan)
    rows = till.money.budget.lines if till.money else ()
    return [(one.id, one.activity.name(), one.amount[1]) for one in rows if one.id not in known]


def followed(till: Till, line: str) -> dict[str, Any]:
    """What the trace of a line says beyond the budget: its account, its payments, its funders' money."""
    payments = list(till.plan.payments.filter(line=line).select_related("funder"))
    alive = [p for p in payments if p.state in ALIVE]
    credit = till.line(line) or 0
    paid = sum(p.amount for p in alive if p.state == Paid.PAID)
    return {
        "booked": account_of(till.plan).get(line), "payments": payments, "paid": paid, "committed": sum(p.amount for p in alive), "rest": credit - paid,
        "free": credit - sum(p.amount for p in alive), "funders": list(dict.fromkeys(p.funder for p in alive)),
    }  # fmt: skip
