"""The purchases of a plan: where each stands, and the latest day on which its tender may be published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from kalata.country.packs import table
from kalata.people.models import Approval
from kalata.people.queries import may, today
from kalata.people.rules.shown import mark
from kalata.planning.models import Plan, PlanVersion, ProcurementItem
from kalata.planning.queries.schedule import Dates, dates
from kalata.planning.rules.buying import Latest, latest
from kalata.planning.rules.buying_steps import BEFORE_PUBLISHED, Bought
from kalata.planning.rules.rights import READ

KIND = "planning.award"
DESCRIBED = (
    "name", "method", "lots", "sensitive", "tender", "making", "delivering", "needed", "quantity", "reserve_percent", "fails_percent",
    "legal_days", "legal_source",
)  # fmt: skip


def purchases(plan: Plan) -> QuerySet[ProcurementItem]:
    return plan.purchases.prefetch_related("steps")


def purchases_seen(person: Any) -> QuerySet[ProcurementItem]:
    """Every purchase, for who reads plans."""
    found = ProcurementItem.objects.select_related("plan")
    return found if may(person, READ) else found.none()


def purchase(pk: int) -> ProcurementItem | None:
    return ProcurementItem.objects.select_related("plan__election__pack").filter(pk=pk).first()


def described(one: ProcurementItem) -> dict[str, object]:
    return {k: getattr(one, k) for k in DESCRIBED}


def mark_of(one: ProcurementItem) -> str:
    return mark(one.pk, one.state, described(one), one.steps.count())


def asked(item: int) -> Approval | None:
    return Approval.objects.filter(kind=KIND, state="waiting", payload__item=item).first()


def standing(plan: Plan) -> PlanVersion | None:
    """The version whose dates count: the approved one, else the newest draft."""
    return plan.versions.filter(state="approved").first() or plan.versions.order_by("-number").first()


def activities(plan: Plan) -> set[str]:
    version = standing(plan)
    return set(version.activities.values_list("code", flat=True)) if version else set()


def methods(plan: Plan) -> list[dict[str, str]]:
    """The procedures that the pack names, with the shortest publication it knows, its source and how sure it is."""
    return list(table(plan.election.pack.code, "planning/procurement.csv"))


@dataclass(frozen=True)
class Timed:
    """An item with the day its goods are needed and the latest days of its publication. latest None: an activity is missing."""

    item: ProcurementItem
    needed: date | None
    latest: list[tuple[int, date, date, date]] | None
    published: date | None

    @property
    def hold(self) -> date | None:
        """The latest publication that holds four times out of five."""
        return next((day for share, day, _a, _b in self.latest or () if share == 80), None)

    @property
    def late(self) -> bool:
        """Published after it, or not published and it has passed."""
        if self.hold is None or self.item.state == Bought.CANCELLED:
            return False
        if self.published is not None:
            return self.published > self.hold
        return self.item.state in BEFORE_PUBLISHED and today() > self.hold


def timed(items: list[ProcurementItem], version: PlanVersion | None) -> list[Timed]:
    found = dates(version) if version and items else None
    return [one_timed(item, found) for item in items]


def one_timed(item: ProcurementItem, found: Dates | None) -> Timed:
    published = next((s.on for s in reversed(item.steps.all()) if s.state == Bought.PUBLISHED), None)
    if found is None:
        return Timed(item, None, None, published)
    places, plan, cal = found.places, found.schedule.plan, found.schedule.calendar
    codes = [c for c in (item.tender, item.making, item.delivering) if c]
    if item.needed not in places or any(c not in places for c in codes):
        return Timed(item, None, None, published)
    at = found.schedule.early.start[places[item.needed]]
    rows: list[Latest] = latest(at, [plan.activities[places[c]] for c in codes], item.fails_percent or 0, cal)
    days = [(r.share, cal.day(r.day), cal.day(r.around[0]), cal.day(r.around[1])) for r in rows]
    return Timed(item, cal.day(at), days, published)
