"""Promises, their movements and commitments as one table: written to a workbook, read back, each row with its number and its fields.

A row with a number is one that the house has: it must say what stands. A row without is new. Nothing is decided here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from kalata.inert import safe
from kalata.planning.rules.faults import AnotherForm, PlanFault
from kalata.planning.rules.money_steps import PAYMENT, PLEDGE, STAGES
from kalata.planning.rules.tables import ROWS, Form, table_of
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import written

COLUMNS = ("what", "number", "funder", "pledge", "label", "stage", "line", "payee", "amount", "on", "due", "document", "state")
NEEDED = ("what", "number", "funder", "label", "amount")
WHATS: Mapping[str, str] = {"pledge": _("promesse"), "movement": _("mouvement"), "payment": _("paiement")}
MOST = 5_000
MOST_NEW = 500
"""New rows of one file."""
DEAREST = 10**15
LONG: Mapping[str, int] = {"label": 200, "payee": 200, "document": 300, "line": 64, "funder": 40, "pledge": 200}
FORM = "2027-03-14"


class BadMoneyTable(AnotherForm):
    says = _("Ce fichier n’a pas la forme attendue : %(why)s.")
    remedy = _("Téléchargez le fichier de cette page, ajoutez-y des lignes sans numéro, et donnez-le en XLSX ou en CSV. Rien n’a été enregistré.")


TABLE = Form(NEEDED, BadMoneyTable, MOST, ROWS, _("il n’a aucune ligne"))


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """number: None where it is new. cells: each of `COLUMNS`, sums as whole numbers and days as 2027-03-14."""

    row: int
    what: str
    number: int | None
    cells: Mapping[str, str]

    @property
    def amount(self) -> int:
        return int(self.cells["amount"])

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.cells[name]) if self.cells[name] else None


def rows_of(text: str) -> list[MoneyRow]:
    """The rows of a table in text. PLN-108, PLN-110 by row and column."""
    _header, rows = table_of(text, TABLE)
    return read((n, {k: c.strip() for k, c in cells.items()}) for n, cells in rows)


def read(rows: Iterable[tuple[int, Mapping[str, str]]], lang: str = "fr") -> list[MoneyRow]:
    """Each row that holds something. PLN-108 too many, PLN-110."""
    found, given = [], dict[tuple[str, int], int]()
    for row, cells in rows:
        if not any(cells.values()):
            continue
        one = row_of(row, cells, lang)
        if one.number is not None:
            if (one.what, one.number) in given:
                raise PlanFault(row=row, field="number", value=cells["number"], form=_("un numéro par ligne"))
            given[one.what, one.number] = row
        found.append(one)
    if sum(one.number is None for one in found) > MOST_NEW:
        raise BadMoneyTable(why=_("il a plus de 500 lignes nouvelles"))
    return found


def row_of(row: int, cells: Mapping[str, str], lang: str) -> MoneyRow:
    what = code_of(row, "what", cells["what"], WHATS)
    number = cells["number"]
    if number and not (number.isascii() and number.isdigit() and len(number) < 16):
        raise PlanFault(row=row, field="number", value=number[:40], form="12")
    out = {name: cells.get(name, "").strip() for name in COLUMNS}
    for name, most in LONG.items():
        if len(out[name]) > most:
            raise PlanFault(row=row, field=name, value=out[name][:40], form=f"{most}")
    out["what"] = what
    out["amount"] = str(sum_of(row, out["amount"], signed=what == "movement" and bool(number)))
    out["on"], out["due"] = (day_of(row, name, out[name], lang) for name in ("on", "due"))
    out["stage"] = code_of(row, "stage", out["stage"], STAGES) if out["stage"] else ""
    labels = {s.value: w for s, w in (PAYMENT if what == "payment" else PLEDGE).labels.items()}
    out["state"] = code_of(row, "state", out["state"], labels) if out["state"] else ""
    return MoneyRow(row, what, int(number) if number else None, out)


def code_of(row: int, field: str, text: str, known: Mapping[str, str]) -> str:
    """A code, or what people call it in either language."""
    wanted = text.casefold()
    for code, label in known.items():
        if wanted in (code, translate(label, "fr").casefold(), translate(label, "en").casefold()):
            return code
    raise PlanFault(row=row, field=field, value=text[:40], form=", ".join(known))


def sum_of(row: int, text: str, *, signed: bool) -> int:
    back = signed and text[:1] in ("-", "\u2212")
    try:
        found = written.francs_of(text[1:] if back else text, DEAREST)
    except written.Unread:
        raise PlanFault(row=row, field="amount", value=text[:40], form="1500000") from None
    if not found:
        raise PlanFault(row=row, field="amount", value=text[:40], form="1500000")
    return -found if back else found


def day_of(row: int, field: str, text: str, lang: str) -> str:
    if not text:
        return ""
    try:
        return written.day_of(text, lang).isoformat()
    except written.Unread:
        raise PlanFault(row=row, field=field, value=text[:40], form=FORM) from None


# --- written ------------------------------------------------------------------------------------------------
def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """What is tried, as the page gives it back to be kept. Cells that a spreadsheet would run are disarmed."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows([safe(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue()


def workbook(rows: Sequence[Mapping[str, str]], lang: str) -> bytes:
    """Sums as numbers, days as days, words in the reader's language; texts are texts, whatever they begin with."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": datetime(2000, 1, 1)})
    head, money, day = (book.add_format(f) for f in ({"bold": True, "bg_color": "#E8EEF5"}, {"num_format": "#,##0"}, {"num_format": "yyyy-mm-dd"}))
    sheet = book.add_worksheet("argent")
    sheet.write_row(0, 0, COLUMNS, head)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(COLUMNS) - 1, 16)
    for at, row in enumerate(rows, 1):
        for column, name in enumerate(COLUMNS):
            text = row[name]
            if not text:
                continue
            if name in ("amount", "number"):
                sheet.write_number(at, column, int(text), money if name == "amount" else None)
            elif name in ("on", "due"):
                sheet.write_datetime(at, column, datetime.fromisoformat(text), day)
            else:
                sheet.write_string(at, column, said(row, name, lang))
    book.close()
    return out.getvalue()


def said(row: Mapping[str, str], name: str, lang: str) -> str:
    """A cell as people call what it holds."""
    text = row[name]
    if name == "what":
        return translate(WHATS[text], lang)
    if name == "stage":
        return translate(STAGES[text], lang)
    if name == "state":
        labels = {s.value: w for s, w in (PAYMENT if row["what"] == "payment" else PLEDGE).labels.items()}
        return translate(labels[text], lang)
    return text
