"""What another room has computed, as changes of a plan's lines: days, quantities and prices, each with what it rests on. Pure.

A rule of the pack says which line takes which figure. A figure that nobody said changes nothing, and is told as lacking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kalata.planning.rules import editing
from kalata.planning.rules.difference import Field, changed
from kalata.planning.rules.sheet import Cells, Sheet, by_id

PRICES = ("unit_cost_xof_low", "unit_cost_xof_likely", "unit_cost_xof_high")
CLAIM = re.compile(r", SHA-256 [0-9a-f]{16}")
"""How a figure says that it rests on a computation."""
RESTS = {
    "why_likely": ("dur_likely", "dur_unit"), "duration_or_anchor_source": ("dur_likely", "dur_unit"),
    "unit_cost_source": ("unit_cost_xof_likely", "quantity_expr", "cost_driver"),
}  # fmt: skip
"""The words on which a figure rests -> the cells that they are of."""
AS_THE_LINE = ("phase", "responsible", "support", "core_category", "default_funder", "territory", "calendar")
"""What a new line takes from the one that it follows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """activity: the line; after: the one that a new line stands behind, "" where it must be there. The others: names of figures."""

    activity: str
    after: str
    name_fr: str
    name_en: str
    unit: str
    quantity: str
    price: str
    cd: str
    wd: str

    @property
    def names(self) -> list[str]:
        return [n for n in (self.quantity, self.price) if n]


@dataclass(frozen=True, slots=True)
class Offer:
    """A line as it would be. before: {} where it is new; lacks: figures that the rule asks and nobody said; counted: how many the
    plan counts now, where the offer counts fewer."""

    code: str
    after: str
    before: Cells
    cells: Cells
    lacks: tuple[str, ...] = ()
    counted: Fraction | None = None

    @property
    def title(self) -> str:
        return self.cells.get("activity_fr", "")

    @property
    def fields(self) -> tuple[Field, ...]:
        return changed(self.before, self.cells)

    @property
    def costs_alone(self) -> bool:
        """True where a line that stands keeps its days and its links, and says other costs."""
        return bool(self.before) and {f.name for f in self.fields} <= set(editing.COSTS)

    @property
    def open(self) -> bool:
        """True where the plan is not yet as the offer says."""
        return bool(self.fields)


def rule_of(row: Mapping[str, str]) -> Rule:
    return Rule(row["activity"], row["after"], row["fr"], row["en"], row["unit"], row["quantity"], row["price"], row["cd"], row["wd"])


def offers(
    rules: Iterable[Rule], figures: Mapping[str, int], source: str, sheet: Sheet, counted: Mapping[str, Fraction]
) -> list[Offer]:
    """The lines that these figures would change or add, in the order of the rules; a line that the plan has not, and no rule
    adds, is left out. source: what the figures rest on; counted: what each line counts now, by its expression."""
    stands = by_id(sheet)
    out: list[Offer] = []
    made: dict[str, Cells] = {}
    for rule in rules:
        was = stands.get(rule.activity)
        base = made.get(rule.after) or stands.get(rule.after)
        if was is None and base is None:
            continue
        lacks = tuple(n for n in rule.names if n not in figures)
        if was is None and lacks:
            out.append(Offer(rule.activity, rule.after, {}, {}, lacks))
            continue
        start = was if was is not None else new_line(rule, base or {})
        cells = {**start, **duration(rule, figures, source, start), **costs(rule, figures, source, start, counted.get(rule.activity))}
        made[rule.activity] = cells
        now, many = counted.get(rule.activity), figures.get(rule.quantity)
        fewer = now if now is not None and many is not None and many < now else None
        out.append(Offer(rule.activity, "" if was is not None else rule.after, was or {}, cells, lacks, fewer))
    return out


def new_line(rule: Rule, base: Cells) -> Cells:
    """A line beside the one that it follows: it begins with it, and is as long."""
    held = {name: base[name] for name in (*AS_THE_LINE, "dur_unit", *editing.POINTS) if base.get(name)}
    return {
        "id": rule.activity, "activity_fr": rule.name_fr, "activity_en": rule.name_en, "type": "task", **held,
        "predecessors": f"{rule.after}:SS",
    }  # fmt: skip


def duration(rule: Rule, figures: Mapping[str, int], source: str, cells: Cells) -> dict[str, str]:
    """The likely duration; the two others give way where they must."""
    days = figures.get(rule.wd if cells.get("dur_unit") == "wd" else rule.cd)
    if days is None or str(days) == cells.get("dur_likely"):
        return {}
    low, high = (int(cells.get(name) or days) for name in ("dur_optimistic", "dur_pessimistic"))
    return {
        "dur_likely": str(days), "dur_optimistic": str(min(low, days)), "dur_pessimistic": str(max(high, days)), "why_likely": source[:300],
        "duration_flag": "S", "duration_or_anchor_source": source[:600],
    }  # fmt: skip


def costs(rule: Rule, figures: Mapping[str, int], source: str, cells: Cells, counted: Fraction | None) -> dict[str, str]:
    """How many of what, at which price: the likely one, the low and the high giving way where they must. Signed or not, a price
    stays an assumption: who signs the other computation signs people and days, on prices that the pack assumes."""
    new: dict[str, str] = {}
    many, price = figures.get(rule.quantity), figures.get(rule.price)
    if many is not None and counted != many:
        new |= {"quantity_expr": str(many), "quantity": str(many), "cost_driver": rule.unit or cells.get("cost_driver", "")}
    if price is not None and str(price) != cells.get("unit_cost_xof_likely"):
        low, high = (int(cells.get(name) or price) for name in (PRICES[0], PRICES[2]))
        new |= dict(zip(PRICES, (str(min(low, price)), str(price), str(max(high, price))), strict=True))
        new |= {"unit_cost_flag": "A", "unit_cost_source": source[:600]}
    return new


def disowned(before: Sheet, after: Iterable[Cells]) -> list[Cells]:
    """The rows written by hand, none of them resting any more on a computation that does not say so: where a figure moved, or
    the words were typed, the words go."""
    stood = by_id(before)
    return [without_claims(stood.get(cells["id"], {}), cells) for cells in after]


def without_claims(was: Cells, cells: Cells) -> Cells:
    out = dict(cells)
    for words, figures in RESTS.items():
        said = cells.get(words, "")
        if CLAIM.search(said) and any(was.get(name, "") != cells.get(name, "") for name in (words, *figures)):
            out[words] = ""
    return out


def taken(sheet: Sheet, found: Iterable[Offer]) -> list[Cells]:
    """The rows with these offers in them."""
    out = list(sheet)
    for one in found:
        known = by_id(out)
        if one.code in known:
            out = editing.change(out, one.code, one.cells)
        else:
            out = editing.add(out, one.cells, one.after)
    return out
