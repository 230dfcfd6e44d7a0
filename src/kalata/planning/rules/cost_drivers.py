"""The drivers of a budget: what is counted, its value, how sure it is, where it comes from, on which day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kalata.planning.rules import expressions
from kalata.planning.rules.faults import AnotherForm, BadExpression, PlanFault, RepeatedId
from kalata.planning.rules.reading import day_of
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST_BYTES = 1 << 20
MOST_LINES = 50_000
MOST_DRIVERS = 2_000
CODE = re.compile(r"[^\W\d]\w{0,63}")
FLAGS = ("", "S", "A")


class BadDrivers(AnotherForm):
    says = _("Ce fichier n’a pas la forme d’une liste d’inducteurs : %(why)s.")
    remedy = _("Donnez un CSV en UTF-8 avec les colonnes driver et value (label, flag, source, date si vous les avez). Rien n’a été enregistré.")  # fmt: skip


FORM = Form(("driver", "value"), BadDrivers, MOST_LINES, ROWS, "", MOST_BYTES)


class DriverCircle(BadExpression):
    says = _("Ligne %(row)s : des inducteurs se définissent l’un par l’autre en rond : %(path)s.")
    remedy = _("Donnez une valeur en chiffres à l’un d’eux. Rien n’a été enregistré.")


@dataclass(frozen=True, slots=True)
class Driver:
    code: str
    label: str
    text: str
    """Its value as it was written: a number, or an expression over other drivers."""
    value: Fraction
    flag: str = ""
    source: str = ""
    on: date | None = None
    row: int = 0


Drivers = Mapping[str, Driver]


def drivers_of(text: str) -> dict[str, Driver]:
    """The drivers of a CSV.

    Raises: PLN-105, PLN-106 (cyclic names too, with their path), PLN-108, PLN-110.
    """
    _header, rows = table_of(text, FORM)
    return of_rows((n, {k: v.strip() for k, v in cells.items()}) for n, cells in rows)


def of_rows(rows: Iterable[tuple[int, Mapping[str, str]]]) -> dict[str, Driver]:
    """The drivers of cells already parted (a table of the room, a spreadsheet): the same rules."""
    texts: dict[str, tuple[int, Mapping[str, str]]] = {}
    for row, cells in rows:
        code = cells.get("driver", "")
        if not CODE.fullmatch(code):
            raise PlanFault(row=row, field="driver", value=code[:60], form="bureaux")
        if code in texts:
            raise RepeatedId(value=code, rows=[texts[code][0], row], field="driver")
        if cells.get("flag", "") not in FLAGS:
            raise PlanFault(row=row, field="flag", value=cells["flag"][:60], form="S, A")
        if len(texts) == MOST_DRIVERS:
            raise BadDrivers(why=Message(_("plus de %(n)d {n:inducteur|inducteurs}"), {"n": MOST_DRIVERS}), row=row)
        texts[code] = (row, cells)
    values = solved({code: cells.get("value", "") for code, (_row, cells) in texts.items()}, {c: r for c, (r, _x) in texts.items()})  # fmt: skip
    return {
        code: Driver(
            code, cells.get("label", ""), cells.get("value", ""), values[code], cells.get("flag", ""),
            cells.get("source", ""), day_of(row, "date", cells.get("date", "")), row,
        )
        for code, (row, cells) in texts.items()
    }  # fmt: skip


def solved(texts: Mapping[str, str], rows: Mapping[str, int]) -> dict[str, Fraction]:
    try:
        return expressions.solved(texts)
    except expressions.Badly as wrong:
        kind = DriverCircle if wrong.cause.path else BadExpression
        raise kind(
            row=rows[wrong.name], field="value", value=wrong.cause.found, position=wrong.cause.position,
            path=list(wrong.cause.path), driver=wrong.name,
        ) from None  # fmt: skip


def multiples(drivers: Drivers) -> list[tuple[Driver, str]]:
    """Drivers whose value is a small whole multiple of another counted thing: they could follow it."""
    found = []
    for one in drivers.values():
        if one.flag != "A" or not one.text.isdigit():
            continue
        for other in drivers.values():
            times = one.value / other.value if other.value >= 1_000 and other is not one else Fraction(0)
            if times.denominator == 1 and 2 <= times <= 12:
                found.append((one, f"{times.numerator}*{other.code}"))
    return found
