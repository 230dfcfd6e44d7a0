"""The open form of a plan: a CSV, read into a `Plan` or refused with its rows; and written again as it was read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from kalata.inert import safe
from kalata.planning.rules.anchors import anchor_of
from kalata.planning.rules.faults import (
    AnotherForm,
    BadDuration,
    BadExpression,
    BadLink,
    Cycle,
    NeedAbovePool,
    NoStart,
    NoWorkingDay,
    PlanFault,
    RepeatedId,
    UnknownActivity,
)
from kalata.planning.rules.network import circle
from kalata.planning.rules.plan import (
    Activity,
    Anchor,
    AnchorKind,
    Lag,
    LagUnit,
    Link,
    LinkType,
    Plan,
    Point,
    Prices,
    Type,
    Unit,
)
from kalata.planning.rules.tables import decoded, table_of

__all__ = [
    "Activity", "Anchor", "AnchorKind", "AnotherForm", "BadDuration", "BadExpression", "BadLink", "Cycle", "Lag", "LagUnit",
    "Link", "LinkType", "NeedAbovePool", "NoStart", "NoWorkingDay", "Plan", "PlanFault", "Point", "Prices", "RepeatedId", "Type",
    "Unit", "UnknownActivity", "checked", "decoded", "plan_of", "plan_of_rows", "table_of", "text_of_plan",
]  # fmt: skip

MOST_LINKS = 200
"""Of one activity."""
LONGEST = 36_500
"""A hundred years: no duration, lag or distance is longer."""
DEAREST = 10**15

COLUMNS = (
    "id", "phase", "activity_fr", "activity_en", "type", "dur_optimistic", "dur_likely", "dur_pessimistic", "dur_unit",
    "predecessors", "legal_anchor", "responsible", "support", "cost_driver", "quantity_expr", "quantity",
    "unit_cost_xof_low", "unit_cost_xof_likely", "unit_cost_xof_high", "unit_cost_flag", "unit_cost_source",
    "core_category", "default_funder", "duration_flag", "duration_or_anchor_source",
)  # fmt: skip
"""Of the reference plan, in its order."""
EXTRA = ("resources", "time_dependent", "percent_complete", "actual_start", "actual_finish", "baseline_finish")

ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
WHOLE = re.compile(r"[0-9]{1,15}")
LINK = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})(?::(?:([A-Za-z]+))?(?:([+-])([0-9]{1,6})(\D{0,4}))?)?")
LAG_UNITS = {"": "cd", "d": "cd", "cd": "cd", "ed": "ed", "wd": "wd", "%": "%"}
Reader = Callable[[str], str]
"""The trimmed cell of a column; "" where there is none."""


def plan_of(data: bytes | str, start: date | None = None) -> Plan:
    """The plan of a CSV.

    Raises: PLN-101 to PLN-105, PLN-108, PLN-110, each with its rows.
    """
    text = decoded(data) if isinstance(data, bytes) else data
    header, rows = table_of(text)
    return plan_of_rows(header, rows, start)


def plan_of_rows(header: Iterable[str], rows: Iterable[tuple[int, Mapping[str, str]]], start: date | None = None) -> Plan:  # fmt: skip
    """The plan of cells already parted (a spreadsheet, a paste): the same rules, the same refusals."""
    return checked(Plan(tuple(activity_of(row, cells) for row, cells in rows), tuple(header), start))


def checked(plan: Plan) -> Plan:
    """The plan itself, where identifiers are given once, links lead somewhere and never in a circle."""
    seen: dict[str, Activity] = {}
    for a in plan.activities:
        if a.id in seen:
            raise RepeatedId(value=a.id, rows=[seen[a.id].row, a.row], field="id")
        seen[a.id] = a
    for a in plan.activities:
        for link in a.links:
            if link.pred not in seen:
                raise UnknownActivity(value=link.pred, row=a.row, field="predecessors")
        if a.anchor and a.anchor.after and a.anchor.after not in seen:
            raise UnknownActivity(value=a.anchor.after, row=a.row, field="legal_anchor")
    if path := circle(plan):
        raise Cycle(path=[*path, path[0]], rows=[seen[i].row for i in path], field="predecessors")
    return plan


def activity_of(row: int, cells: Mapping[str, str]) -> Activity:
    at = {k: v.strip() for k, v in cells.items()}.get

    def of(name: str) -> str:
        return at(name) or ""

    if not ID.fullmatch(of("id")):
        raise PlanFault(row=row, field="id", value=of("id")[:60], form="A01")
    low, likely, high = three_of(row, of)
    return Activity(
        id=of("id"), optimistic=low, likely=likely, pessimistic=high, unit=unit_of(row, of("dur_unit")),
        links=links_of(row, of("predecessors")), type=type_of(row, of("type")), anchor=anchor_at(row, of("legal_anchor")),
        phase=of("phase"), name_fr=of("activity_fr"), name_en=of("activity_en"), cost_driver=of("cost_driver"),
        quantity_expr=of("quantity_expr"), quantity=quantity_of(row, of("quantity")), prices=prices_of(row, of),
        resources=resources_of(row, of("resources")), time_dependent=flag_of(row, of("time_dependent")),
        percent_complete=percent_of(row, of("percent_complete")), actual_start=day_of(row, "actual_start", of("actual_start")),
        actual_finish=day_of(row, "actual_finish", of("actual_finish")),
        baseline_finish=day_of(row, "baseline_finish", of("baseline_finish")), row=row, columns=dict(cells),
    )  # fmt: skip


def three_of(row: int, of: Reader) -> tuple[int, int, int]:
    likely = duration(row, "dur_likely", of("dur_likely"))
    low = duration(row, "dur_optimistic", of("dur_optimistic") or str(likely))
    high = duration(row, "dur_pessimistic", of("dur_pessimistic") or str(likely))
    if not low <= likely:
        raise BadDuration(row=row, field="dur_optimistic", value=f"{low} > {likely}")
    if not likely <= high:
        raise BadDuration(row=row, field="dur_pessimistic", value=f"{high} < {likely}")
    return low, likely, high


def duration(row: int, field: str, text: str) -> int:
    if not WHOLE.fullmatch(text) or int(text) > LONGEST:
        raise BadDuration(row=row, field=field, value=text[:60])
    return int(text)


def unit_of(row: int, text: str) -> Unit:
    if text not in list(Unit):
        raise BadLink(row=row, field="dur_unit", value=text[:60])
    return Unit(text)


def type_of(row: int, text: str) -> Type:
    if text and text not in list(Type):
        raise PlanFault(row=row, field="type", value=text[:60], form=", ".join(Type))
    return Type(text or Type.TASK)


def links_of(row: int, text: str) -> tuple[Link, ...]:
    parts = [p.strip() for p in text.split(";") if p.strip()]
    if len(parts) > MOST_LINKS:
        raise BadLink(row=row, field="predecessors", value=f"{len(parts)} > {MOST_LINKS}")
    return tuple(link_of(row, p) for p in parts)


def link_of(row: int, text: str) -> Link:
    met = LINK.fullmatch(text)
    if met is None or text.endswith(":"):
        raise BadLink(row=row, field="predecessors", value=text[:60])
    pred, kind, sign, n, unit = met.groups()
    lag = LAG_UNITS.get((unit or "").strip())
    if (kind and kind not in list(LinkType)) or lag is None or int(n or 0) > LONGEST:
        raise BadLink(row=row, field="predecessors", value=text[:60])
    return Link(pred, LinkType(kind or "FS"), Lag(int(f"{sign or ''}{n or 0}"), LagUnit(lag)))


def anchor_at(row: int, text: str) -> Anchor | None:
    if not text:
        return None
    found = anchor_of(text)
    if found is None:
        raise PlanFault(row=row, field="legal_anchor", value=text[:60], form="T0, J1-40, J1-21..J1-2, ..J2-2, J2 = R07+21d, 01/10-31/12")  # fmt: skip
    return found


def quantity_of(row: int, text: str) -> str:
    """Kept as it was written; what it must be is for whoever computes it."""
    if text and not re.fullmatch(r"[0-9]{1,15}([.,][0-9]{1,9})?", text):
        raise PlanFault(row=row, field="quantity", value=text[:60], form="9309392.4")
    return text


def prices_of(row: int, of: Reader) -> Prices | None:
    names = ("unit_cost_xof_low", "unit_cost_xof_likely", "unit_cost_xof_high")
    given = [of(n) for n in names]
    if not any(given):
        return None
    for name, text in zip(names, given, strict=True):
        if not WHOLE.fullmatch(text) or int(text) > DEAREST:
            raise PlanFault(row=row, field=name, value=text[:60], form="low ≤ likely ≤ high (XOF)")
    low, likely, high = map(int, given)
    if not low <= likely <= high:
        raise PlanFault(row=row, field=names[1], value=f"{low} / {likely} / {high}", form="low ≤ likely ≤ high (XOF)")
    return Prices(low, likely, high)


def resources_of(row: int, text: str) -> tuple[tuple[str, int], ...]:
    found: list[tuple[str, int]] = []
    for part in (p.strip() for p in text.split(";") if p.strip()):
        pool, sign, units = part.rpartition(":")
        if not sign or not pool.strip() or not WHOLE.fullmatch(units.strip()) or pool.strip() in dict(found):
            raise PlanFault(row=row, field="resources", value=part[:60], form="POOL:2;POOL_B:1")
        found.append((pool.strip(), int(units)))
    return tuple(found)


def flag_of(row: int, text: str) -> bool:
    if text not in ("", "0", "1"):
        raise PlanFault(row=row, field="time_dependent", value=text[:60], form="1")
    return text == "1"


def percent_of(row: int, text: str) -> int | None:
    if not text:
        return None
    if not WHOLE.fullmatch(text) or int(text) > 100:
        raise PlanFault(row=row, field="percent_complete", value=text[:60], form="0 – 100")
    return int(text)


def day_of(row: int, field: str, text: str) -> date | None:
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise PlanFault(row=row, field=field, value=text[:60], form="2027-04-19") from None


def text_of_plan(plan: Plan) -> str:
    """The CSV of a plan: the columns it was read with, in their order, each cell as it was written where it still
    says so; one that a spreadsheet would run has an apostrophe before it, which reading takes off."""
    header = list(plan.header or COLUMNS)
    lines = [cells_of(a) for a in plan.activities]
    header += [name for name in (*COLUMNS, *EXTRA) if name not in header and any(cells.get(name) for cells in lines)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(safe, header))
    writer.writerows([safe(cells.get(name, "")) for name in header] for cells in lines)
    return out.getvalue()


def cells_of(a: Activity) -> dict[str, str]:
    """The cells of an activity: the file's own where nothing changed, else what its values say now."""
    now = written(a)
    if not a.columns:
        return now
    was = written(activity_of(a.row, a.columns))
    changed = {name: cell for name, cell in now.items() if cell != was[name]}
    return {**a.columns, **changed}


def written(a: Activity) -> dict[str, str]:
    """The cells of an activity from its values."""
    prices = a.prices
    return {
        "id": a.id, "phase": a.phase, "activity_fr": a.name_fr, "activity_en": a.name_en, "type": a.type.value,
        "dur_optimistic": str(a.optimistic), "dur_likely": str(a.likely), "dur_pessimistic": str(a.pessimistic),
        "dur_unit": a.unit.value, "predecessors": ";".join(map(str, a.links)), "legal_anchor": a.anchor.text if a.anchor else "",
        "cost_driver": a.cost_driver, "quantity_expr": a.quantity_expr, "quantity": a.quantity,
        "unit_cost_xof_low": str(prices.low) if prices else "", "unit_cost_xof_likely": str(prices.likely) if prices else "",
        "unit_cost_xof_high": str(prices.high) if prices else "", "resources": ";".join(f"{p}:{n}" for p, n in a.resources),
        "time_dependent": "1" if a.time_dependent else "",
        "percent_complete": "" if a.percent_complete is None else str(a.percent_complete),
        **{n: str(getattr(a, n) or "") for n in ("actual_start", "actual_finish", "baseline_finish")},
    }  # fmt: skip
