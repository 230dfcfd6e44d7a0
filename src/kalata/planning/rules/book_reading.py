"""A budget workbook that came back, beside the version it was written from: what a person changed in it, cell by cell.

Prices, units, expressions, funders, categories, flags and sources are read back, and the value, flag, source and date of
drivers. What is computed is computed again here: where the workbook says otherwise, both figures are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kalata.planning.rules.cost import Budget
from kalata.planning.rules.cost_drivers import Drivers, of_rows
from kalata.planning.rules.faults import PlanFault, UnknownActivity
from kalata.planning.rules.reading import activity_of
from kalata.planning.rules.sheet import Cells, Sheet, by_id, said

READ_BACK = {
    3: "cost_driver", 4: "quantity_expr", 7: "unit_cost_xof_low", 8: "unit_cost_xof_likely", 9: "unit_cost_xof_high",
    10: "unit_cost_flag", 11: "unit_cost_source", 12: "default_funder", 13: "core_category",
}  # fmt: skip
"""Column of the lines -> cell of an activity."""
QUANTITY, PAID, FACTOR, AMOUNTS = 5, 6, 15, (16, 17, 18)
TEXTS = {1: "phase", 2: "activity_fr", 14: "account"}
LETTERS = "ABCDEFGHIJKLMNOPQRS"
Cell = tuple[str, bool]
Table = Sequence[tuple[int, Sequence[Cell]]]
Recount = Callable[[Sheet, Sheet], Budget]


@dataclass(frozen=True, slots=True)
class Told:
    """A cell that is not read back, or is computed, and says otherwise. cell: its address."""

    cell: str
    code: str
    theirs: str
    ours: str


@dataclass(slots=True)
class Back:
    sheet: list[Cells]
    drivers: list[Cells]
    told: list[Told] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Priced activities that are not in the workbook: they stay."""


NUMBER = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400}|(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,2})?)")
"""As a workbook or this room writes one. A longer exponent is a number that no machine holds."""
MOST = 10**18


def number(text: str) -> Fraction | None:
    if not NUMBER.fullmatch(text.strip()):
        return None
    try:
        return Fraction(text.strip())
    except ZeroDivisionError:
        return None


def plain(text: str) -> str:
    """A number as a plan writes one: whole, or with a point and no digit that a spreadsheet added."""
    value = number(text)
    if value is None or not 0 <= value < MOST:
        return text
    return str(int(value)) if value.denominator == 1 else f"{float(value):.9f}".rstrip("0").rstrip(".")


def drivers_back(drivers: Sheet, rows: Table) -> list[Cells]:
    """The drivers with what was typed over them; a formula that gives what it gave stays the expression it was."""
    out = {d["code"]: dict(d) for d in drivers}
    given: dict[str, tuple[int, Cell]] = {}
    for row, cells in rows:
        code = cells[0][0].strip()
        if code not in out:
            raise PlanFault(row=row, field="Code (A)", value=code[:60], form=next(iter(out), "bureaux"))
        for at, name in ((3, "flag"), (4, "source"), (5, "dated")):
            out[code][name] = cells[at][0].strip() if at < len(cells) else ""
        given[code] = row, cells[2]
        if cells[2][1] and number(cells[2][0]) != number(out[code]["value"]):
            out[code]["value"] = plain(cells[2][0].strip())
    now = known(out.values())
    for code, (_row, (text, typed)) in given.items():
        if not typed and abs((number(text) or Fraction(0)) - now[code].value) > Fraction(1, 10**6):
            out[code]["value"] = plain(text)
    known(out.values())
    return list(out.values())


def known(rows: Iterable[Cells]) -> Drivers:
    return of_rows((i, {**d, "driver": d["code"], "date": d.get("dated", "")}) for i, d in enumerate(rows, 2))


def back(sheet: Sheet, drivers: Sheet, read: Mapping[str, Table], recount: Recount) -> Back:
    """What the version becomes with what the workbook says, computed again by the house.

    Raises: PLN-102, PLN-103 to PLN-106, PLN-110, each with the row of the workbook.
    """
    rows = {row[1][0][0].strip(): row for row in read["lines"]}
    held = {code: dict(cells) for code, cells in by_id(sheet).items()}
    typed: list[str] = []
    for code, (at, cells) in rows.items():
        if code not in held or not held[code].get("unit_cost_xof_likely"):
            raise UnknownActivity(value=code[:60], row=at, field="Activité (A)")
        new = {name: plain(cells[c][0]) if c in (7, 8, 9) else cells[c][0].strip() for c, name in READ_BACK.items()}
        if new["quantity_expr"] != held[code].get("quantity_expr", ""):
            typed.append(code)
        if not new["quantity_expr"]:
            new["quantity"] = plain(cells[QUANTITY][0])
        held[code] = dict(said({**held[code], **new}))
        activity_of(at, held[code])
    found = Back(list(held.values()), drivers_back(drivers, read["drivers"]))
    budget = recount(found.sheet, found.drivers)
    lines = {line.id: line for line in budget.lines}
    for code in typed:
        held[code]["quantity"] = plain(str(lines[code].exact)) if code in lines else ""
    found.sheet = [said(c) for c in held.values()]
    found.missing = [line.id for line in budget.lines if line.id not in rows]
    for code, (at, cells) in rows.items():
        line = lines.get(code)
        if line is None:
            continue
        ours: list[tuple[int, Fraction]] = [(QUANTITY, line.exact), (PAID, line.quantity), (FACTOR, line.factor)]
        ours += [(c, Fraction(n)) for c, n in zip(AMOUNTS, line.amount, strict=True)]
        for c, value in ours:
            theirs = number(cells[c][0])
            if theirs is None or abs(theirs - value) > Fraction(1, 10**6):
                found.told.append(Told(f"{LETTERS[c]}{at}", code, cells[c][0], plain(str(value))))
        found.told += [
            Told(f"{LETTERS[c]}{at}", code, cells[c][0], line.said(name))
            for c, name in TEXTS.items() if cells[c][0].strip() != line.said(name)
        ]  # fmt: skip
    return found
