"""The budget as a workbook: every figure is a formula, and whoever recomputes it finds the same, to the unit."""

import io
import re
from fractions import Fraction

import openpyxl
import pytest

from kalata.planning.budget_book import book_of
from kalata.planning.rules.cost import budget_of, rate_of
from kalata.planning.rules.cost_drivers import drivers_of
from kalata.planning.rules.cost_money import half_up, up
from kalata.planning.rules.reading import plan_of
from tests.conftest import SHARED
from tests.planning.plans import BASELINE

REF = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]{1,2})\$?(\d+)(?::\$?([A-Z]{1,2})\$?(\d+))?")


class Recomputed:
    """A small reader of the formulas that the workbook holds: exact, and nothing of the product's."""

    def __init__(self, data):
        self.book = openpyxl.load_workbook(io.BytesIO(data))

    def cell(self, sheet, ref):
        value = self.book[sheet][ref].value
        if isinstance(value, str) and value.startswith("="):
            return self.formula(sheet, value[1:])
        return value if isinstance(value, str) else Fraction(str(value if value is not None else 0))

    def formula(self, sheet, text):
        def ref(met):
            at, column, row, _column, last = met.groups()
            name = at or sheet
            return f"R({name!r},{column!r},{row},{last})" if last else f"C({name!r},{column + row!r})"

        def number(met):
            return met[0] if met[0].startswith(("R(", "C(", "'")) else f"F('{met[0]}')"

        code = REF.sub(ref, text).replace("=C(", "==C(")
        code = re.sub(r"[RC]\('[^']*'(?:,'[A-Z]+\d*')(?:,\d+,\d+)?\)|\d+(?:\.\d+)?", number, code)
        names = {
            "C": self.cell, "R": lambda s, c, a, z: [self.cell(s, f"{c}{n}") for n in range(a, z + 1)], "F": Fraction, "SUM": sum,
            "ROUND": lambda v, n: Fraction(half_up(v * 10 ** int(n)), 10 ** int(n)), "ROUNDUP": lambda v, n: up(v), "SUMPRODUCT": lambda v: v,
        }  # fmt: skip
        if text.startswith("SUMPRODUCT"):
            (s1, c1, a, z, _s, _c), (s2, c2) = (
                re.search(r"'([^']+)'!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)=(\$)(A)", text).groups(),
                re.search(r"\*'([^']+)'!([A-Z]+)\$", text).groups(),
            )
            key = self.cell(sheet, "A" + re.search(r"=\$A(\d+)", text)[1])
            return sum(
                self.cell(s2, f"{c2}{n}")
                for n in range(int(a), int(z) + 1)
                if (self.cell(s1, f"{c1}{n}") or "") == (key or "")
            )
        return eval(code, {"__builtins__": {}}, names)


def made(plan_text, drivers_text, currency="XOF", lang="fr"):
    drivers = drivers_of(drivers_text)
    budget = budget_of(plan_of(plan_text), drivers, rate=rate_of(currency, drivers))
    return budget, book_of(budget, drivers, lang)


HEAD = "id,dur_likely,dur_unit,phase,cost_driver,quantity_expr,quantity,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high,default_funder,core_category\n"
DRIVERS = "driver,label,value,flag,source\nelecteurs,Électeurs,1001,S,ici\nagents,,5*bureaux,A,\nbureaux,,7,A,\nusd_xof,,600,A,\n"
ROWS = "A,1,cd,1 Un,bulletins,electeurs*1.1,,10,21,30,Etat,core\nB,1,cd,2 Deux,km,(agents+1)/7,,3,5,9,,integrity\nC,1,cd,2 Deux,forfait,,2.5,1,1,1,Etat,core\n"


@pytest.mark.parametrize("currency", ["XOF", "USD"])
def test_whoever_recomputes_the_workbook_finds_each_line_each_total_and_no_difference(currency):
    budget, data = made(HEAD + ROWS, DRIVERS, currency)
    book = Recomputed(data)
    for row, line in enumerate(budget.lines, 2):
        assert tuple(book.cell("Lignes du budget", f"{c}{row}") for c in "QRS") == line.amount
        assert (book.cell("Lignes du budget", f"F{row}"), book.cell("Lignes du budget", f"G{row}")) == (
            line.exact,
            line.quantity,
        )
    assert tuple(book.cell("Lignes du budget", f"{c}{len(budget.lines) + 2}") for c in "QRS") == budget.total
    sheet = book.book["Totaux"]
    gaps = [row[0].row for row in sheet.iter_rows() if row[0].value == "Écart avec le total"]
    assert len(gaps) == 4 and all(book.cell("Totaux", f"{c}{row}") == 0 for row in gaps for c in "BCD")
    assert book.cell("Totaux", "C3") == budget.lines[0].amount[1]


def test_the_values_kept_beside_the_formulas_are_those_of_the_budget():
    budget, data = made(HEAD + ROWS, DRIVERS)
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Lignes du budget"]
    assert [sheet.cell(n, 18).value for n in range(2, 5)] == [line.amount[1] for line in budget.lines]


def test_a_text_that_begins_like_a_formula_stays_a_text_and_the_same_budget_the_same_bytes():
    rows = HEAD + "A,1,cd,=1+1,forfait,1,1,1,1,1,@Etat,core\n"
    _budget, data = made(rows, DRIVERS)
    cell = openpyxl.load_workbook(io.BytesIO(data))["Lignes du budget"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s") or cell.data_type != "f"
    assert data == made(rows, DRIVERS)[1]


def test_the_workbook_speaks_the_language_asked():
    assert openpyxl.load_workbook(io.BytesIO(made(HEAD + ROWS, DRIVERS, lang="en")[1])).sheetnames == [
        "Drivers",
        "Budget lines",
        "Totals",
    ]


@pytest.mark.real
def test_the_workbook_of_the_reference_plan_recomputes_to_its_total():
    budget, data = made(BASELINE.read_text("utf-8"), (SHARED / "operational_plan_drivers.csv").read_text("utf-8"))
    book = Recomputed(data)
    assert (
        tuple(book.cell("Lignes du budget", f"{c}{len(budget.lines) + 2}") for c in "QRS")
        == budget.total
        == (16406420177, 29062028615, 50196068770)
    )
