"""The budget as a page: totals, one grouping, the trace of one line, every line with its price and flag, the outside view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kalata.planning.queries.budget import Money
from kalata.planning.rules.cost import Line, decimal_of
from kalata.planning.rules.cost_cash import Cash, cash_of
from kalata.planning.rules.cost_comparables import Class, class_of
from kalata.planning.rules.cost_drivers import Driver
from kalata.planning.rules.cost_groups import GROUPINGS, Group, grouped, months, shares_of
from kalata.planning.rules.cost_money import half_up
from kalata.planning.rules.expressions import expression_of, names
from kalata.text import decimal
from kalata.text import gettext_noop as _

LABELS = {"phase": _("Phase"), "funder": _("Bailleur"), "category": _("Catégorie"), "account": _("Compte"), "month": _("Mois")}  # fmt: skip
CATEGORIES = {"core": _("noyau"), "integrity": _("intégrité"), "diffuse": _("diffus")}
FLAGS = {"S": _("source citée"), "A": _("hypothèse")}


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is read: what is paid, at which price, said by whom."""

    id: str
    name: str
    expression: str
    exact: str
    quantity: str
    counted: bool
    """Whether the quantity comes from an expression that says more than itself."""
    unit: tuple[int, int, int]
    amount: tuple[int, int, int]
    flag: str
    flag_said: str
    source: str
    funder: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One line from its drivers to its months. Payments are not recorded: the page says so."""

    row: Row
    drivers: tuple[Driver, ...]
    account: str
    category: str
    months: tuple[tuple[str, int], ...]


def row_of(line: Line, lang: str) -> Row:
    flag = line.said("unit_cost_flag")
    return Row(
        line.id, line.activity.name(lang), line.activity.quantity_expr, decimal(line.exact, lang, 9, shortest=True),
        decimal(line.quantity, lang, 9, shortest=True), decimal_of(line.quantity) != line.activity.quantity_expr, line.unit,
        line.amount, flag, FLAGS.get(flag, _("sans drapeau")), line.said("unit_cost_source"), line.said("default_funder"),
    )  # fmt: skip


def trace_of(money: Money, code: str, lang: str) -> Trace | None:
    line = next((one for one in money.budget.lines if one.id == code), None)
    if line is None:
        return None
    used = dict.fromkeys(n.text for n in names(expression_of(line.activity.quantity_expr or "1")))
    span = money.spans.get(code) if money.spans else None
    parts = shares_of(line, months(*span)) if span else {}
    category = line.said("core_category")
    return Trace(
        row_of(line, lang), tuple(spoken(money.drivers[name], lang) for name in used), line.said("account"), CATEGORIES.get(category, category),
        tuple((key, amount[1]) for key, amount in parts.items()),
    )  # fmt: skip


def groups_of(money: Money, by: str) -> list[tuple[str, Group]]:
    found = grouped(money.budget, by, money.spans)
    return [(CATEGORIES.get(g.key, g.key) if by == "category" else g.key, g) for g in found]


@dataclass(frozen=True, slots=True)
class Fold:
    """The lines of one heading, each line under one alone: their likely sum is read before they are unfolded."""

    title: str
    amount: int
    rows: tuple[Row, ...]
    open: bool


def folds_of(money: Money, by: str, lang: str, line: str, every: bool) -> list[Fold]:
    """The lines under the headings of the grouping; by phase where a line is of several months. Open: the one of the line
    that is followed, or every one."""
    column = {"funder": "default_funder", "category": "core_category", "account": "account"}.get(by, "")
    held: dict[str, list[Line]] = {}
    for one in money.budget.lines:
        held.setdefault(one.said(column) if column else one.activity.phase, []).append(one)
    return [
        Fold(
            CATEGORIES.get(key, key) if by == "category" else key, sum(one.amount[1] for one in lines), tuple(row_of(one, lang) for one in lines),
            every or any(one.id == line for one in lines),
        )
        for key, lines in held.items()
    ]  # fmt: skip


def shown(money: Money, *, by: str, line: str, lang: str, every: bool = False) -> dict[str, Any]:
    """What the template is given."""
    budget = money.budget
    groupings = [g for g in GROUPINGS if g != "month" or money.spans]
    by = by if by in groupings else "phase"
    per_voter = budget.per_voter
    cash: Cash | None = cash_of(budget, money.spans, ()) if money.spans else None
    outside: Class = class_of(money.comparables, per_voter[1] if per_voter else None)
    return {
        "total": budget.total, "milliards": [milliards(t, lang) for t in budget.total], "per_voter": [half_up(v) for v in per_voter] if per_voter else None, "count": len(budget.lines),
        "sourced": sum(one.said("unit_cost_flag") == "S" for one in budget.lines), "groupings": [(g, LABELS[g]) for g in groupings], "by": by,
        "by_label": LABELS[by], "groups": groups_of(money, by), "folds": folds_of(money, by, lang, line, every), "every": every, "names": [(one.id, one.activity.name(lang)) for one in budget.lines],
        "trace": trace_of(money, line, lang), "line": line, "drivers": [spoken(d, lang) for d in money.drivers.values()], "findings": budget.findings,
        "suggestions": budget.suggestions, "cash": cash, "comparables": [(c, spread(c.amount, lang), spread(c.per_voter, lang)) for c in money.comparables],
        "outside": outside, "outside_low": whole_of(outside.low), "outside_high": whole_of(outside.high),
        "uplift": outside.pairs[0] if outside.pairs else None,
    }  # fmt: skip


def spoken(one: Driver, lang: str) -> Driver:
    """A label written `français / English`, in the reader's language."""
    parts = one.label.split(" / ")
    return replace(one, label=parts[-1] if lang == "en" else parts[0]) if len(parts) == 2 else one


def milliards(amount: int, lang: str) -> str:
    """Thousands of millions, two places, as the language writes them."""
    return decimal(Fraction(amount, 10**9), lang, 2)


def whole_of(value: Fraction | None) -> int | None:
    return None if value is None else half_up(value)


def spread(value: tuple[Fraction, Fraction] | None, lang: str) -> str:
    """Both ends of a range, or its one value."""
    if value is None:
        return ""
    return "–".join(dict.fromkeys(decimal(v, lang, 9, shortest=True) for v in value))
