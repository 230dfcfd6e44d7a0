"""The pools of a plan, who asks for more than there is, and the last levelling of a version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from kalata.people.rules.shown import mark
from kalata.planning.models import LevelRun, Plan, PlanVersion, Pool
from kalata.planning.queries import content
from kalata.planning.queries.schedule import Dates, schedule_of_sheet
from kalata.planning.rules.anchoring import bounds_of, polls_of
from kalata.planning.rules.forward import Bounds, net_of
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_plan import Period, Pools, Yard, laid, overloaded, yard_of
from kalata.planning.rules.sheet import Sheet

DESCRIBED = ("code", "name", "measure", "flag", "source")


def pools(plan: Plan) -> QuerySet[Pool]:
    return plan.pools.select_related("unit").prefetch_related("periods")


def as_told(pool: Pool) -> dict[str, object]:
    """A pool as the ledger keeps it."""
    rows = [[p.first.isoformat(), p.last.isoformat() if p.last else None, p.amount] for p in pool.periods.all()]
    return {**{k: getattr(pool, k) for k in DESCRIBED}, "unit": pool.unit.code if pool.unit else None, "periods": rows}


def pools_mark(plan: Plan) -> str:
    """What a page showed of all the pools."""
    return mark(*(as_told(p) for p in pools(plan)))


def in_days(plan: Plan, dates: Dates) -> Pools:
    """The pools as the engine takes them: days from the plan's start."""
    cal = dates.schedule.calendar
    found: Pools = {}
    for pool in pools(plan):
        rows = found.setdefault(pool.code, [])
        for p in pool.periods.all():
            first, after = cal.offset(p.first), cal.offset(p.last) + 1 if p.last else None
            if after is None or after > 0:
                rows.append(Period(max(0, first), after, p.amount))
    return found


@dataclass(frozen=True)
class Ground:
    """A version with its dates and pools. known: some pool and some need are said."""

    version: PlanVersion
    dates: Dates
    pools: Pools

    @property
    def needs(self) -> int:
        return sum(bool(a.resources) for a in self.dates.schedule.plan.activities)

    @property
    def known(self) -> bool:
        return bool(self.pools and self.needs)

    @property
    def bounds(self) -> Bounds:
        s = self.dates.schedule
        return bounds_of(s.plan, polls_of(net_of(s.plan), s.calendar, self.version.j1, self.version.j2))

    @cached_property
    def yard(self) -> Yard:
        s = self.dates.schedule
        return laid(s.plan, s.calendar, self.pools, bounds=self.bounds)

    def strict(self) -> Yard:
        """The same for a levelling. Raises: PLN-109, PLN-122, PLN-123."""
        s = self.dates.schedule
        filled = {name: rows or [Period(0, None, 0)] for name, rows in self.pools.items()}
        return yard_of(s.plan, s.calendar, filled, bounds=self.bounds)

    @cached_property
    def overloads(self) -> list[Overload]:
        early = self.dates.schedule.early
        return overloaded(self.yard, early.start, early.finish) if self.known else []

    @property
    def unknown(self) -> list[str]:
        """Pools that activities ask for and nobody described."""
        return [name for name in self.yard.pools if name not in self.pools] if self.needs else []


def ground(version: PlanVersion, sheet: Sheet | None = None) -> Ground:
    dates = schedule_of_sheet(version, content.sheet(version) if sheet is None else sheet)
    return Ground(version, dates, in_days(version.plan, dates))


def running(version: PlanVersion) -> LevelRun | None:
    return version.levellings.filter(ended_at=None).first()


def latest(version: PlanVersion) -> LevelRun | None:
    return version.levellings.select_related("by").filter(ended_at__isnull=False).first()


def needing(plan: Plan, code: str) -> int:
    """How many activities of the plan's living versions ask for a pool."""
    n = 0
    for version in plan.versions.exclude(state="superseded"):
        for cells in version.activities.values_list("cells", flat=True):
            asked = str(cells.get("resources", ""))
            n += any(part.rpartition(":")[0].strip() == code for part in asked.split(";"))
    return n
