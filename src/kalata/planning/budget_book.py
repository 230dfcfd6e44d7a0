"""The budget as a workbook whose figures are formulas: drivers, quantities, lines, groupings, all recomputed by whoever opens it.

Each quantity is the plan's own expression over the cells of the drivers; each line is ROUND(quantity * price); each
grouping is a SUMIF; under each stands its difference with the total, which is 0.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from kalata.planning.rules.cost import Budget, Line, counted
from kalata.planning.rules.cost_drivers import Drivers
from kalata.planning.rules.expressions import Expression, Name, Number, expression_of
from kalata.text import gettext_noop as _
from kalata.text import translate

DRIVERS = _("Inducteurs")
LINES = _("Lignes du budget")
GROUPS = _("Totaux")
DRIVER_HEAD = (
    _("Code"),
    _("Libellé"),
    _("Valeur de l’inducteur"),
    _("Drapeau (S source, A hypothèse)"),
    _("Source"),
    _("Date"),
)
LINE_HEAD = (
    _("Activité"), _("Phase"), _("Intitulé"), _("Unité comptée"), _("Expression"), _("Quantité exacte"), _("Quantité payée"),
    _("Prix bas, XOF"), _("Prix probable, XOF"), _("Prix haut, XOF"), _("Drapeau (S source, A hypothèse)"), _("Source du prix"),
    _("Bailleur"), _("Catégorie"), _("Compte"), _("Hausse"), _("Bas"), _("Probable"), _("Haut"),
)  # fmt: skip
GROUP_HEAD = (_("Groupe"), _("Bas"), _("Probable"), _("Haut"))
BY = ((_("Phase"), 1), (_("Bailleur"), 12), (_("Catégorie"), 13), (_("Compte"), 14))
DIFFERENCE = _("Écart avec le total")
TOTAL = _("Total")
RATE = _("XOF pour une unité de la monnaie")


@dataclass(slots=True)
class Book:
    file: Any
    words: Callable[[str], str]
    bold: Any
    day: Any
    money: Any


def book_of(budget: Budget, drivers: Drivers, lang: str = "fr") -> bytes:
    """The workbook. Shared funders are one text; their shares are in the printed groupings."""
    out = io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"title": translate(_("Budget du plan opérationnel"), lang), "created": datetime(2000, 1, 1)})
    book = Book(
        file, lambda text: translate(text, lang), file.add_format({"bold": True, "text_wrap": True}),
        file.add_format({"num_format": "yyyy-mm-dd"}), file.add_format({"num_format": "#,##0"}),
    )  # fmt: skip
    cells = drivers_sheet(book, drivers)
    rate = f"'{book.words(DRIVERS)}'!$C${len(cells) + 2}"
    lines_sheet(book, budget, cells, rate)
    groups_sheet(book, budget)
    file.close()
    return out.getvalue()


def heading(book: Book, sheet: Any, words: Sequence[str]) -> None:
    for column, text in enumerate(words):
        sheet.write_string(0, column, book.words(text), book.bold)
    sheet.freeze_panes(1, 1)


def drivers_sheet(book: Book, drivers: Drivers) -> dict[str, str]:
    """The drivers, and where the value of each stands. A driver said over others is a formula too."""
    name = book.words(DRIVERS)
    sheet = book.file.add_worksheet(name)
    heading(book, sheet, DRIVER_HEAD)
    sheet.set_column(1, 1, 44)
    sheet.set_column(4, 4, 50)
    cells = {code: f"'{name}'!$C${row}" for row, code in enumerate(drivers, 2)}
    for row, one in enumerate(drivers.values(), 1):
        sheet.write_string(row, 0, one.code)
        sheet.write_string(row, 1, one.label)
        sheet.write_formula(row, 2, "=" + formula(expression_of(one.text), cells), None, float(one.value))
        sheet.write_string(row, 3, one.flag)
        sheet.write_string(row, 4, one.source)
        if one.on:
            sheet.write_datetime(row, 5, one.on, book.day)
    return cells


def formula(expression: Expression, cells: dict[str, str]) -> str:
    """The expression over the cells of its drivers."""
    if isinstance(expression, Number):
        return expression.text
    if isinstance(expression, Name):
        return cells[expression.text]
    return f"({formula(expression.left, cells)}{expression.sign}{formula(expression.right, cells)})"


def lines_sheet(book: Book, budget: Budget, cells: dict[str, str], rate: str) -> None:
    drivers = book.file.get_worksheet_by_name(book.words(DRIVERS))
    drivers.write_string(len(cells) + 1, 0, budget.rate.currency)
    drivers.write_string(len(cells) + 1, 1, book.words(RATE))
    drivers.write_number(len(cells) + 1, 2, float(budget.rate.xof))
    sheet = book.file.add_worksheet(book.words(LINES))
    heading(book, sheet, LINE_HEAD)
    sheet.set_column(2, 2, 44)
    sheet.set_column(16, 18, 18, book.money)
    for row, line in enumerate(budget.lines, 1):
        line_row(sheet, row, line, cells, rate)
    last = len(budget.lines)
    sheet.write_string(last + 1, 0, book.words(TOTAL), book.bold)
    for column, total in zip((16, 17, 18), budget.total, strict=True):
        letter = xl_col_to_name(column)
        sheet.write_formula(last + 1, column, f"=SUM({letter}2:{letter}{last + 1})", book.money, total)


def line_row(sheet: Any, row: int, line: Line, cells: dict[str, str], rate: str) -> None:
    a, at = line.activity, row + 1
    texts = (a.id, a.phase, a.name(), a.cost_driver, a.quantity_expr)
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text)
    exact = formula(expression_of(a.quantity_expr), cells) if a.quantity_expr else a.quantity.replace(",", ".")
    sheet.write_formula(row, 5, f"={exact}", None, float(line.exact))
    paid = f"=ROUNDUP(ROUND(F{at},9),0)" if counted(a.cost_driver) else f"=F{at}"
    sheet.write_formula(row, 6, paid, None, float(line.quantity))
    for column, price in zip((7, 8, 9), line.unit, strict=True):
        sheet.write_number(row, column, price)
    said = ("unit_cost_flag", "unit_cost_source", "default_funder", "core_category", "account")
    for column, text in enumerate(map(line.said, said), 10):
        sheet.write_string(row, column, text)
    sheet.write_number(row, 15, float(line.factor))
    for column, price_at, amount in zip((16, 17, 18), "HIJ", line.amount, strict=True):
        sheet.write_formula(row, column, f"=ROUND(G{at}*{price_at}{at}*P{at}/{rate},0)", None, amount)


def groups_sheet(book: Book, budget: Budget) -> None:
    sheet = book.file.add_worksheet(book.words(GROUPS))
    heading(book, sheet, GROUP_HEAD)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 3, 18, book.money)
    lines, last = book.words(LINES), len(budget.lines) + 1
    row = 1
    for title, column in BY:
        sheet.write_string(row, 0, book.words(title), book.bold)
        first = row + 1
        keys: dict[str, list[int]] = {}
        for line in budget.lines:
            key = (line.activity.phase, line.said("default_funder"), line.said("core_category"), line.said("account"))
            held = keys.setdefault(key[(1, 12, 13, 14).index(column)], [0, 0, 0])
            for i, amount in enumerate(line.amount):
                held[i] += amount
        for offset, (key_text, sums) in enumerate(keys.items()):
            at = first + offset
            sheet.write_string(at, 0, key_text)
            letter = xl_col_to_name(column)
            for i, amount_letter in enumerate("QRS"):
                total = f"SUMPRODUCT(('{lines}'!${letter}$2:${letter}${last}=$A{at + 1})*'{lines}'!{amount_letter}$2:{amount_letter}${last})"
                sheet.write_formula(at, 1 + i, f"={total}", book.money, sums[i])
        end = first + len(keys)
        sheet.write_string(end, 0, book.words(DIFFERENCE))
        for i, amount_letter in enumerate("QRS"):
            letter = xl_col_to_name(1 + i)
            sheet.write_formula(
                end,
                1 + i,
                f"=SUM({letter}{first + 1}:{letter}{end})-'{lines}'!{amount_letter}{last + 1}",
                book.money,
                0,
            )
        row = end + 2
