"""Money promised is not money received: each funder's chain, and the need of each day against what has come in.

A movement is announced, agreed, called, received or disbursed. Only what is received pays; the first day on which the
need so far is above it is the first day short. Without any receipt that day is not said: it is not known.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kalata.planning.rules.cost import Budget, Finding, Spans
from kalata.planning.rules.cost_groups import written_shares
from kalata.planning.rules.cost_money import shared
from kalata.planning.rules.faults import AnotherForm, PlanFault
from kalata.planning.rules.reading import day_of
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST_BYTES = 8 << 20
MOST_ROWS = 50_000
MOST_AMOUNT = 10**15


class Stage(StrEnum):
    ANNOUNCED = "announced"
    AGREED = "agreed"
    CALLED = "called"
    RECEIVED = "received"
    DISBURSED = "disbursed"


CHAIN = tuple(Stage)


class BadMoney(AnotherForm):
    says = _("Ce fichier n’a pas la forme d’une liste de financements : %(why)s.")
    remedy = _("Donnez un CSV avec les colonnes date, funder, stage, amount ; stage : announced, agreed, called, received, disbursed. Rien n’a été enregistré.")  # fmt: skip


FORM = Form(("date", "funder", "stage", "amount"), BadMoney, MOST_ROWS, ROWS, "", MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Movement:
    on: date
    funder: str
    stage: Stage
    amount: int
    """In whole francs."""
    row: int = 0


def movements_of(text: str) -> list[Movement]:
    """The movements of a CSV.

    Raises: PLN-108, PLN-110, by row.
    """
    _header, rows = table_of(text, FORM)
    return [movement_of(row, {k: v.strip() for k, v in cells.items()}) for row, cells in rows]


def movement_of(row: int, said: dict[str, str]) -> Movement:
    if said["stage"] not in list(Stage):
        raise PlanFault(row=row, field="stage", value=said["stage"][:40], form=", ".join(Stage))
    if not re.fullmatch(r"[0-9]{1,16}", said["amount"]) or int(said["amount"]) > MOST_AMOUNT:
        raise PlanFault(row=row, field="amount", value=said["amount"][:40], form="1620000000 (XOF)")
    if not said["funder"]:
        raise PlanFault(row=row, field="funder", value="", form="Etat")
    on = day_of(row, "date", said["date"])
    if on is None:
        raise PlanFault(row=row, field="date", value="", form="2027-02-10")
    return Movement(on, said["funder"], Stage(said["stage"]), int(said["amount"]), row)


@dataclass(frozen=True, slots=True)
class Funder:
    """What stands at each stage for a funder, and what the budget asks of it (low is not shown: it is no floor)."""

    name: str
    asked: int
    sums: dict[Stage, int]


def funders_of(budget: Budget, movements: Sequence[Movement]) -> list[Funder]:
    """Each funder of the plan or of the movements, in the order met."""
    asked: dict[str, int] = {}
    for line in budget.lines:
        parts = written_shares(line.activity.row, "default_funder", line.said("default_funder"))
        for (name, _weight), amount in zip(parts, shared(line.amount[1], [w for _n, w in parts]), strict=True):
            asked[name] = asked.get(name, 0) + amount
    sums: dict[str, dict[Stage, int]] = {name: dict.fromkeys(CHAIN, 0) for name in asked}
    for one in movements:
        held = sums.setdefault(one.funder, dict.fromkeys(CHAIN, 0))
        held[one.stage] += one.amount
    return [Funder(name, asked.get(name, 0), held) for name, held in sums.items()]


def odd(funders: Iterable[Funder]) -> list[Finding]:
    """A stage that holds more than the one before it, in the chain of one funder."""
    found = []
    for one in funders:
        for before, after in itertools.pairwise(CHAIN):
            if one.sums[after] > one.sums[before]:
                values = {"funder": one.name, "stage": after.value, "amount": one.sums[after], "before": before.value, "limit": one.sums[before]}  # fmt: skip
                sentence = Message(_("%(funder)s : « %(stage)s » (%(amount)d) dépasse « %(before)s » (%(limit)d)."), values)  # fmt: skip
                found.append(Finding("stage_above_the_one_before", sentence, "", {k: str(v) for k, v in values.items()}))  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Month:
    key: str
    need: int
    need_so_far: int
    received_so_far: int
    expected: int = 0
    """Called or agreed, and said to come in this month; it pays nothing until it is received."""
    expected_so_far: int = 0

    @property
    def balance(self) -> int:
        return self.received_so_far - self.need_so_far

    @property
    def hoped(self) -> int:
        """The balance if all that is expected came."""
        return self.balance + self.expected_so_far


@dataclass(frozen=True, slots=True)
class Cash:
    """first_short: None where the money received covers every day, or where none is recorded (`recorded` says which)."""

    months: tuple[Month, ...]
    first_short: date | None
    lacking: int
    """What is missing on that day."""
    recorded: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A payment of a line: on its day where it was paid, else on the day it falls due."""

    line: str
    on: date
    amount: int


def needs_by_day(budget: Budget, spans: Spans, payments: Iterable[Due] = ()) -> dict[date, int]:
    """What all lines ask on each day."""
    return {day: sum(lines.values()) for day, lines in outgo(budget, spans, payments).items()}


def outgo(budget: Budget, spans: Spans, payments: Iterable[Due] = ()) -> dict[date, dict[str, int]]:
    """What each line asks on each day, likely amounts. What has a payment falls on its day; the rest of the line over the
    days it runs, by largest remainder; on its day where it lasts none."""
    found: dict[date, dict[str, int]] = {}

    def put(day: date, line: str, amount: int) -> None:
        if amount:
            held = found.setdefault(day, {})
            held[line] = held.get(line, 0) + amount

    fixed: dict[str, int] = {}
    for one in payments:
        put(one.on, one.line, one.amount)
        fixed[one.line] = fixed.get(one.line, 0) + one.amount
    for line in budget.lines:
        first, after = spans[line.id]
        days = max(1, (after - first).days)
        rest = max(0, line.amount[1] - fixed.get(line.id, 0))
        for n, amount in enumerate(shared(rest, [1] * days)):
            put(first + timedelta(n), line.id, amount)
    return found


def cash_of(
    budget: Budget, spans: Spans, movements: Sequence[Movement], payments: Sequence[Due] = (), hoped: Sequence[tuple[date, int]] = ()
) -> Cash:  # fmt: skip
    """Needs against receipts, by month; and the first day short. hoped: what is called or agreed and not received, and when."""
    needs = needs_by_day(budget, spans, payments)
    expected: dict[date, int] = {}
    for day, amount in hoped:
        expected[day] = expected.get(day, 0) + amount
    received: dict[date, int] = {}
    for one in movements:
        if one.stage is Stage.RECEIVED:
            received[one.on] = received.get(one.on, 0) + one.amount
    months: dict[str, list[int]] = {}
    need = come = hope = lacking = 0
    short: date | None = None
    for day in sorted({*needs, *received, *expected}):
        need, come, hope = need + needs.get(day, 0), come + received.get(day, 0), hope + expected.get(day, 0)
        held = months.setdefault(f"{day:%Y-%m}", [0, 0, 0, 0, 0])
        held[0] += needs.get(day, 0)
        held[1], held[2] = need, come
        held[3] += expected.get(day, 0)
        held[4] = hope
        if short is None and received and need > come:
            short, lacking = day, need - come
    rows = tuple(Month(key, *held) for key, held in months.items())
    return Cash(rows, short, lacking, bool(received))
