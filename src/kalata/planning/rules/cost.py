"""A budget from a plan and its drivers: line = quantity * price * rise of prices / currency, and nothing lost in a sum.

A fractional quantity of things that are counted is rounded up; a line is rounded half up to a whole unit of the
currency; every grouping shares whole lines, so that its sum is the total. What the plan does not say is said, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kalata.planning.rules import expressions
from kalata.planning.rules.cost_drivers import Driver, Drivers
from kalata.planning.rules.cost_money import EUR_XOF, XOF, Rate, half_up, risen, up, years_between
from kalata.planning.rules.faults import BadExpression, PlanFault
from kalata.planning.rules.plan import Activity, Plan
from kalata.text import Message
from kalata.text import gettext_noop as _

MEASURED = frozenset({"km", "tonnes", "tonnes_air", "tonne", "t", "kg", "litres", "litre", "l", "m2", "m3", "heures", "jours", "mois", "ha"})  # fmt: skip
"""Units that are measured: a part of one is paid as a part. Everything else is counted, and a part of one is one."""
ESCALATION = "escalade_annuelle"
VOTERS = "electeurs"
RATES = frozenset({"eur_xof", "usd_xof", ESCALATION})
"""Drivers that turn money into money: no quantity stands for them."""
Triple = tuple[int, int, int]
"""low, likely, high."""
Spans = Mapping[str, tuple[date, date]]
"""First day, and the day after the last, of each activity."""


class NoRate(PlanFault):
    code = "PLN-121"
    says = _("Aucun cours pour la monnaie « %(value)s » : l’inducteur « %(driver)s » manque ou n’est pas positif.")
    remedy = _("Ajoutez l’inducteur « %(driver)s » (francs CFA pour une unité), avec sa date et sa source.")


@dataclass(frozen=True, slots=True)
class Line:
    activity: Activity
    exact: Fraction
    """The quantity as the expression gives it."""
    quantity: Fraction
    """The one that is paid: rounded up where the thing is counted."""
    unit: Triple
    """The three prices, in francs of the price date."""
    factor: Fraction
    """What prices rise by until the work begins."""
    amount: Triple

    @property
    def id(self) -> str:
        return self.activity.id

    def said(self, column: str) -> str:
        return self.activity.columns.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the plan's money that does not hold, or is not said."""

    code: str
    sentence: Message
    id: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A number stands where a driver exists."""

    id: str
    literal: str
    driver: str
    expression: str


@dataclass(frozen=True, slots=True)
class Rise:
    """How prices are brought from their date to the day the work begins."""

    prices_of: date
    rate: Fraction
    driver: Driver | None


@dataclass(frozen=True, slots=True)
class Budget:
    lines: tuple[Line, ...]
    rate: Rate
    rise: Rise | None
    findings: tuple[Finding, ...]
    suggestions: tuple[Suggestion, ...]
    voters: Driver | None

    @property
    def total(self) -> Triple:
        return added([line.amount for line in self.lines])

    @property
    def per_voter(self) -> tuple[Fraction, Fraction, Fraction] | None:
        if self.voters is None or self.voters.value <= 0:
            return None
        low, likely, high = (Fraction(t) / self.voters.value for t in self.total)
        return low, likely, high


def added(amounts: list[Triple]) -> Triple:
    return sum(a[0] for a in amounts), sum(a[1] for a in amounts), sum(a[2] for a in amounts)


def counted(unit: str) -> bool:
    return unit.strip().casefold() not in MEASURED


def budget_of(plan: Plan, drivers: Drivers, *, rate: Rate = XOF, rise: Rise | None = None, spans: Spans | None = None) -> Budget:  # fmt: skip
    """The budget of a plan.

    Raises: PLN-106 at an expression that is unreadable, names nothing, or gives less than nothing.
    """
    known = {code: d.value for code, d in drivers.items()}
    hints = Hints(drivers)
    read: dict[str, expressions.Expression] = {}
    lines: list[Line] = []
    findings: list[Finding] = []
    suggestions: list[Suggestion] = []
    for a in plan.activities:
        exact = quantity_of(a, known, read)
        if a.quantity_expr:
            suggestions += hints.of(a, read[a.quantity_expr])
        if exact is not None and (found := differs(a, exact)):
            findings.append(found)
        if a.prices is None:
            continue
        if exact is None:
            findings.append(Finding("no_quantity", Message(_("%(id)s a un prix et aucune quantité : cette ligne n’est pas comptée."), {"id": a.id}), a.id))  # fmt: skip
            continue
        lines.append(line_of(a, exact, rate, rise, spans))
    findings += odd_rates(drivers, rate)
    return Budget(tuple(lines), rate, rise, tuple(findings), tuple(suggestions), drivers.get(VOTERS))


def line_of(a: Activity, exact: Fraction, rate: Rate, rise: Rise | None, spans: Spans | None) -> Line:
    assert a.prices is not None
    quantity = Fraction(up(exact)) if counted(a.cost_driver) else exact
    unit = (a.prices.low, a.prices.likely, a.prices.high)
    factor = Fraction(1)
    if rise is not None and spans is not None and a.id in spans:
        factor = risen(rise.rate, max(Fraction(0), years_between(rise.prices_of, spans[a.id][0])))
    times = quantity if factor == rate.xof == 1 else quantity * factor / rate.xof
    low, likely, high = (half_up(times * price) for price in unit)
    return Line(a, exact, quantity, unit, factor, (low, likely, high))


def quantity_of(a: Activity, known: Mapping[str, Fraction], read: dict[str, expressions.Expression]) -> Fraction | None:
    """The expression's value, else the number stored, else nothing. Expressions understood are kept in `read`."""
    text = a.quantity_expr
    if not text:
        return Fraction(a.quantity.replace(",", ".")) if a.quantity else None
    try:
        if text not in read:
            read[text] = expressions.expression_of(text)
        found = expressions.value_of(read[text], known)
        if found < 0:
            raise expressions.NotUnderstood(1, f"{a.quantity_expr[:60]} < 0")
    except expressions.NotUnderstood as wrong:
        raise BadExpression(row=a.row, field="quantity_expr", value=wrong.found, position=wrong.position, activity=a.id) from None  # fmt: skip
    return found


def differs(a: Activity, exact: Fraction) -> Finding | None:
    """The quantity stored, where it is neither the exact one nor the one that is paid."""
    if not a.quantity or not a.quantity_expr:
        return None
    stored = Fraction(a.quantity.replace(",", "."))
    if stored in (exact, Fraction(up(exact)) if counted(a.cost_driver) else exact):
        return None
    computed = decimal_of(exact)
    sentence = Message(_("%(id)s : la quantité inscrite est %(stored)s, l’expression « %(expression)s » donne %(computed)s."), {"id": a.id, "stored": a.quantity, "expression": a.quantity_expr, "computed": computed})  # fmt: skip
    return Finding("quantity_differs", sentence, a.id, {"stored": a.quantity, "computed": computed})


class Hints:
    """The drivers a number could be: those it equals, and shares of which it is one more."""

    def __init__(self, drivers: Drivers) -> None:
        self.same: dict[Fraction, list[Driver]] = {}
        self.share: dict[Fraction, list[Driver]] = {}
        for one in drivers.values():
            if one.code not in RATES:
                self.same.setdefault(one.value, []).append(one)
                if 0 < one.value < 1:
                    self.share.setdefault(1 + one.value, []).append(one)

    def of(self, a: Activity, read: expressions.Expression) -> list[Suggestion]:
        found = []
        for literal in expressions.literals(read):
            value = literal.value
            same = [d.code for d in self.same.get(value, ()) if value >= 10 or d.code == a.cost_driver]
            texts = [(code, code) for code in same] + [(d.code, f"(1+{d.code})") for d in self.share.get(value, ())]
            at = literal.at - 1
            for code, text in texts:
                better = a.quantity_expr[:at] + text + a.quantity_expr[at + len(literal.text) :]
                found.append(Suggestion(a.id, literal.text, code, better))
        return found


def rate_of(currency: str, drivers: Drivers) -> Rate:
    """Francs for one unit: the euro's is fixed, the dollar's is a driver with its date.

    Raises: PLN-121 where the file has none.
    """
    if currency == "XOF":
        return XOF
    code = f"{currency.casefold()}_xof"
    driver = drivers.get(code)
    if currency == "EUR":
        return Rate("EUR", EUR_XOF, fixed=True, source=driver.source if driver else "")
    if driver is None or driver.value <= 0:
        raise NoRate(value=currency, driver=code, field="value")
    return Rate(currency, driver.value, False, driver.flag, driver.source, driver.on)


def rise_of(prices_of: date, drivers: Drivers) -> Rise:
    driver = drivers.get(ESCALATION)
    return Rise(prices_of, driver.value if driver else Fraction(0), driver)


def odd_rates(drivers: Drivers, rate: Rate) -> list[Finding]:
    found = []
    euro = drivers.get("eur_xof")
    if euro is not None and euro.value != EUR_XOF:
        sentence = Message(_("La parité de l’euro est fixe (655,957) : la valeur %(stored)s du fichier n’est pas employée."), {"stored": euro.text})  # fmt: skip
        found.append(Finding("eur_rate_differs", sentence, "", {"stored": euro.text, "computed": "655.957"}))
    if not rate.fixed and rate.on is None:
        sentence = Message(_("Le cours %(currency)s = %(rate)s XOF n’a pas de date : une hypothèse, à dater."), {"currency": rate.currency, "rate": Decimal(decimal_of(rate.xof))})  # fmt: skip
        found.append(Finding("rate_undated", sentence, "", {"currency": rate.currency}))
    return found


def decimal_of(value: Fraction) -> str:
    """An exact decimal where there is one, else nine places, half up: 9309392.4."""
    scaled = half_up(value * 10**9)
    whole, rest = divmod(abs(scaled), 10**9)
    return ("-" if scaled < 0 else "") + f"{whole}.{rest:09d}".rstrip("0").rstrip(".")
