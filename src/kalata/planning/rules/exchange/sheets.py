"""A plan as a workbook a finance officer can audit: every column, costs and sums as live formulas, read back with nothing moved.

Texts are written as texts, whatever they begin with; a formula has the value it gives beside it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from kalata.planning.rules.cost import counted
from kalata.planning.rules.exchange.lost import cells
from kalata.planning.rules.plan import Activity, Plan

SHEET = "plan"
NUMBERS = frozenset({
    "dur_optimistic", "dur_likely", "dur_pessimistic", "quantity", "unit_cost_xof_low", "unit_cost_xof_likely",
    "unit_cost_xof_high", "percent_complete",
})  # fmt: skip
PRICES = {"low": "unit_cost_xof_low", "likely": "unit_cost_xof_likely", "high": "unit_cost_xof_high"}
COMPUTED = ("calc_start", "calc_finish", "calc_quantity", "calc_low", "calc_likely", "calc_high")
"""Columns that are computed from the others: passed over when the file is read again."""
WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
DECIMAL = re.compile(r"(0|[1-9][0-9]{0,11})\.[0-9]{0,5}[1-9]")
Dates = Mapping[str, tuple[str, str]]
"""First and last day of each activity."""
GROUPS = ("phase", "default_funder", "core_category")


def number(text: str) -> int | float | None:
    """A number that a spreadsheet gives back as it was written."""
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else None


def paid(a: Activity) -> Fraction | None:
    """The quantity that is paid: rounded up where the thing is counted."""
    try:
        exact = Fraction(a.quantity) if a.quantity and a.prices else None
    except ValueError:
        return None
    if exact is None:
        return None
    return Fraction(ceil(exact)) if counted(a.cost_driver) else exact


def rounded(value: Fraction) -> int:
    return int((2 * value + 1) // 2)


class Sheets:
    def __init__(self, plan: Plan, dates: Dates | None) -> None:
        self.plan, self.dates = plan, dates
        self.header, self.rows = cells(plan)
        self.out = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(
            self.out,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self.book.set_properties({"created": datetime(2000, 1, 1)})
        self.head = self.book.add_format({"bold": True, "bg_color": "#E8EEF5", "text_wrap": True, "valign": "top"})
        self.money = self.book.add_format({"num_format": "#,##0"})
        self.calc = self.book.add_format({"num_format": "#,##0", "bg_color": "#F4F6F8"})
        self.place = {name: i for i, name in enumerate([*self.header, *COMPUTED])}
        self.amounts: list[dict[str, int]] = []

    def cell(self, name: str, row: int, *, fixed: bool = False) -> str:
        mark = "$" if fixed else ""
        return f"{mark}{xl_col_to_name(self.place[name])}{mark}{row + 1}"

    def span(self, name: str) -> str:
        column = xl_col_to_name(self.place[name])
        return f"{SHEET}!${column}$2:${column}${len(self.rows) + 1}"

    def made(self) -> bytes:
        sheet = self.book.add_worksheet(SHEET)
        sheet.freeze_panes(1, 1)
        for name, at in self.place.items():
            sheet.write_string(0, at, name, self.head)
            sheet.set_column(at, at, 34 if name.startswith("activity") else 14)
        for i, (activity, row) in enumerate(zip(self.plan.activities, self.rows, strict=True), 1):
            for name in self.header:
                self.given(sheet, i, name, row.get(name, ""))
            self.computed(sheet, i, activity)
        sheet.autofilter(0, 0, len(self.rows), len(self.place) - 1)
        self.sums()
        self.book.close()
        return self.out.getvalue()

    def given(self, sheet: Any, i: int, name: str, text: str) -> None:
        value = number(text) if name in NUMBERS else None
        if value is not None:
            sheet.write_number(i, self.place[name], value, self.money if name in PRICES.values() else None)
        elif text:
            sheet.write_string(i, self.place[name], text)

    def computed(self, sheet: Any, i: int, a: Activity) -> None:
        if self.dates and a.id in self.dates:
            for name, day in zip(COMPUTED[:2], self.dates[a.id], strict=True):
                sheet.write_string(i, self.place[name], day, self.calc)
        quantity = paid(a)
        self.amounts.append({})
        if quantity is None or a.prices is None or number(a.quantity) is None:
            return
        source = self.cell("quantity", i)
        formula = f"=ROUNDUP({source},0)" if counted(a.cost_driver) else f"={source}"
        value = int(quantity) if quantity.denominator == 1 else float(quantity)
        sheet.write_formula(i, self.place["calc_quantity"], formula, self.calc, value)
        for rank, column in PRICES.items():
            amount = rounded(quantity * getattr(a.prices, rank))
            self.amounts[-1][rank] = amount
            product = f"=ROUND({self.cell('calc_quantity', i)}*{self.cell(column, i)},0)"
            sheet.write_formula(i, self.place[f"calc_{rank}"], product, self.calc, amount)

    def sums(self) -> None:
        """Sums by phase, funder and category, each beside the total it must equal."""
        sheet = self.book.add_worksheet("budget")
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 3, 18)
        line = 0
        for name in [g for g in GROUPS if g in self.place]:
            for at, title in enumerate((name, "low", "likely", "high")):
                sheet.write_string(line, at, title, self.head)
            first = line + 1
            keys = list(dict.fromkeys(row.get(name, "") for row in self.rows))
            for key in keys:
                line += 1
                sheet.write_string(line, 0, key)
                for at, rank in enumerate(PRICES, 1):
                    value = sum(
                        m.get(rank, 0)
                        for m, row in zip(self.amounts, self.rows, strict=True)
                        if row.get(name, "") == key
                    )
                    sheet.write_formula(line, at, self.sum_of(name, f"$A{line + 1}", rank), self.money, value)
            line += 1
            sheet.write_string(line, 0, "total", self.head)
            for at, rank in enumerate(PRICES, 1):
                column = xl_col_to_name(at)
                total = sum(m.get(rank, 0) for m in self.amounts)
                sheet.write_formula(line, at, f"=SUM({column}{first + 1}:{column}{line})", self.money, total)
            line += 2
        sheet.write_string(line, 0, "total of the lines", self.head)
        for at, rank in enumerate(PRICES, 1):
            total = sum(m.get(rank, 0) for m in self.amounts)
            sheet.write_formula(line, at, f"=SUM({self.span(f'calc_{rank}')})", self.money, total)

    def sum_of(self, name: str, key: str, rank: str) -> str:
        """Exact comparison: SUMIF reads * and > in a key as signs."""
        return f"=SUMPRODUCT(--EXACT({self.span(name)},{key}),{self.span(f'calc_{rank}')})"


def workbook(plan: Plan, dates: Dates | None = None) -> bytes:
    return Sheets(plan, dates).made()
