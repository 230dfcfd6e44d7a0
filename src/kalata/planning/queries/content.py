"""What a version holds, as rows of cells."""

from __future__ import annotations

from collections.abc import Iterable

from kalata.planning.models import Activity, Driver, Link, PlanVersion
from kalata.planning.queries.calendars import off_of, works
from kalata.planning.rules import difference
from kalata.planning.rules.plan import Lag, LagUnit, LinkType
from kalata.planning.rules.plan import Link as LinkValue
from kalata.planning.rules.sheet import Cells, digest

NAMES = {
    "id": "code", "phase": "phase", "activity_fr": "name_fr", "activity_en": "name_en", "type": "type",
    "dur_optimistic": "optimistic", "dur_likely": "likely", "dur_pessimistic": "pessimistic", "dur_unit": "unit",
    "legal_anchor": "anchor", "responsible": "owner", "support": "support", "duration_flag": "flag",
    "duration_or_anchor_source": "source", "why_optimistic": "why_optimistic", "why_likely": "why_likely",
    "why_pessimistic": "why_pessimistic", "norm": "norm", "calendar": "calendar", "territory": "territory",
}  # fmt: skip
"""Column of a plan file -> field of an activity; the others are kept in `cells`."""


def sheet(version: PlanVersion) -> list[Cells]:
    """The rows of a version, in order. Two queries."""
    pairs: dict[int, list[str]] = {}
    for row in version.links.values_list("succ_id", "pred__code", "type", "lag", "lag_unit").order_by(
        "succ_id", "place"
    ):
        succ, pred, type_, lag, unit = row
        pairs.setdefault(succ, []).append(str(LinkValue(pred, LinkType(type_), Lag(lag, LagUnit(unit)))))
    return [cells_of(a, pairs.get(a.pk, ())) for a in version.activities.order_by("place", "code")]


def cells_of(activity: Activity, preds: Iterable[str]) -> Cells:
    cells = {column: str(getattr(activity, field)) for column, field in NAMES.items()}
    said = {"predecessors": ";".join(preds), "evidence_required": "1" if activity.evidence_required else ""}
    return {name: value for name, value in {**activity.cells, **cells, **said}.items() if value != ""}


def drivers(version: PlanVersion) -> list[Cells]:
    return [driver_cells(d) for d in version.drivers.all()]


def driver_cells(one: Driver) -> Cells:
    cells = {"code": one.code, "label": one.label, "value": one.value, "flag": one.flag, "source": one.source}
    return {**cells, "dated": one.dated.isoformat() if one.dated else ""}


def head(version: PlanVersion) -> Cells:
    j2 = version.j2.isoformat() if version.j2 else ""
    days = {f"day:{d.day.isoformat()}": off_of(d).told() for d in version.days.all()}
    named = {f"work:{w.code}": " | ".join([w.told(), *(s.told() for s in w.spells)]) for w in works(version)}
    return {"t0": version.t0.isoformat(), "j1": version.j1.isoformat(), "j2": j2, **days, **named}


def whole(version: PlanVersion) -> difference.Whole:
    return difference.Whole(head(version), sheet(version), drivers(version))


def sha256(version: PlanVersion) -> str:
    """Of the whole content as it stands now."""
    one = whole(version)
    return digest({"plan": version.plan.code, **one.head}, one.sheet, one.drivers)


def link_count(version: PlanVersion) -> int:
    return Link.objects.filter(version=version).count()
