"""What was drawn of a version, and what a run rests on."""

from __future__ import annotations

from functools import lru_cache

from kalata.country.packs import table, table_text
from kalata.planning.models import OddsRun, PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries.calendars import calendar_of
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.cost_drivers import Drivers, of_rows
from kalata.planning.rules.plan import Plan
from kalata.planning.rules.risks import Risk, risks_of
from kalata.planning.rules.scenarios import Proposed, proposed_of
from kalata.planning.rules.sheet import plan_of_sheet

CATALOGUE = "planning/risks.csv"


def of_content(version: PlanVersion, sha256: str) -> OddsRun | None:
    """The last run that ended well on this very content."""
    return version.odds.filter(sha256=sha256, figures__isnull=False).select_related("by").first()


def latest(version: PlanVersion) -> OddsRun | None:
    return version.odds.select_related("by").first()


def running(version: PlanVersion) -> OddsRun | None:
    return version.odds.filter(ended_at=None).first()


def last_whole(version: PlanVersion) -> OddsRun | None:
    return version.odds.filter(figures__isnull=False).select_related("by").first()


@lru_cache(maxsize=8)
def proposed(pack: str, family: str) -> tuple[Proposed, ...]:
    """The scenarios that a pack proposes for a kind of election."""
    return proposed_of(table(pack, f"planning/scenarios-{family}.csv"))


def drivers_of(version: PlanVersion) -> Drivers:
    return of_rows(
        (i, {**d, "driver": d["code"], "date": d["dated"]}) for i, d in enumerate(content.drivers(version), 2)
    )


def plan_of(version: PlanVersion) -> tuple[Plan, Calendar]:
    return plan_of_sheet(content.sheet(version), version.t0), calendar_of(version)


@lru_cache(maxsize=4)
def catalogue(pack: str) -> tuple[Risk, ...]:
    """The risks that a pack brings; none where it brings none."""
    text = table_text(pack, CATALOGUE)
    return risks_of(text) if text else ()


def described(pack: str) -> list[dict[str, str]]:
    """The same risks in the words of the pack: what each touches, what warns of it, prevents it, answers it."""
    return list(table(pack, CATALOGUE))
