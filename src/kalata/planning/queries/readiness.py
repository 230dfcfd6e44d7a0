"""The board of readiness: each place before polling day, what was said of it, and its decision; limited to the reader's territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from kalata.country.models import Unit
from kalata.country.packs import table
from kalata.evidence.reading import guarded
from kalata.evidence.rules.access import NoSuchPiece
from kalata.people.models import Approval
from kalata.people.queries import may, reach
from kalata.people.rules.shown import mark
from kalata.planning.models import Plan, ReadyDecision, ReadyPoint
from kalata.planning.queries.buying import standing
from kalata.planning.rules.ready_steps import Point, Ready, nearest, points_of
from kalata.planning.rules.ready_steps import boards as board_days
from kalata.planning.rules.rights import PROGRESS, READ

LEVEL = 2
"""Of the places of the board, under the country's own divisions: cercles, communes of the district, missions abroad."""


@lru_cache(maxsize=8)
def points_in(pack: str) -> tuple[Point, ...]:
    return tuple(points_of(table(pack, "planning/readiness.csv")))


def points(plan: Plan) -> tuple[Point, ...]:
    """The points that the pack proposes; none where it proposes none."""
    return points_in(plan.election.pack.code)


def boards(plan: Plan) -> tuple[int, ...]:
    """The days before polling day on which the pack asks something; none where it proposes no point."""
    return board_days(points(plan))


def opens(plan: Plan, day: date) -> int:
    """The board that a page opens on a day where none is named."""
    version = standing(plan)
    every = boards(plan)
    return nearest(every, (version.j1 - day).days if version else None) if every else 0


def piece_subject(plan: Plan, unit: Unit) -> str:
    """What the files of a place are joined to."""
    return f"plan_ready:{plan.code}/{unit.pk}"


@guarded("plan_ready")
def may_read(person: Any, key: str, _sha256: str) -> None:
    """Who reads the files of a place: who sees it on the board. EVD-404 for others."""
    code, _slash, pk = key.partition("/")
    plan = plan_named(code)
    unit = place(plan, int(pk)) if plan and pk.isdecimal() else None
    if unit is None or not sees(person, unit):
        raise NoSuchPiece


def places(plan: Plan, person: Any) -> QuerySet[Unit]:
    """The places of the board that this person reads: all of them, or those of their territory."""
    found = Unit.objects.filter(geography=plan.election.geography, level=LEVEL).select_related("parent").order_by("above", "sort_name")
    if may(person, READ):
        return found
    mine = [path[-1] for path in (*reach(person, PROGRESS), *reach(person, READ)) if path]
    if may(person, PROGRESS):
        return found
    kept: set[int] = set()
    for unit in Unit.objects.filter(pk__in=mine):
        kept |= set(Unit.objects.all().inside(unit).values_list("pk", flat=True))
    return found.filter(pk__in=kept)


def place(plan: Plan, pk: int) -> Unit | None:
    """A place of the plan's own geography."""
    return Unit.objects.filter(pk=pk, geography=plan.election.geography).first()


def sees(person: Any, unit: Unit) -> bool:
    return may(person, READ, place=unit.path) or may(person, PROGRESS, place=unit.path)


def plans_of(person: Any) -> QuerySet[Plan]:
    return Plan.objects.select_related("election__pack", "election__geography").defer("election__pack__content")


def plan_named(code: str) -> Plan | None:
    return plans_of(None).filter(code=code).first()


def rows(plan: Plan, unit: Unit, days: int) -> list[ReadyPoint]:
    """Everything that was said of a place, the last first."""
    return list(ReadyPoint.objects.filter(plan=plan, unit=unit, days=days).select_related("by").order_by("-pk"))


def answers(plan: Plan, unit: Unit, days: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows(plan, unit, days):
        found.setdefault(row.code, row.answer)
    return found


def decision(plan: Plan, unit: Unit, days: int) -> ReadyDecision | None:
    return ReadyDecision.objects.filter(plan=plan, unit=unit, days=days).select_related("proposed_by", "signed_by").first()


REOPEN = "planning.ready_reopen"


def reopening(one: ReadyDecision | None) -> Approval | None:
    """The reopening of a signed decision that waits for its second person."""
    return Approval.objects.filter(kind=REOPEN, state="waiting", payload__decision=one.pk).first() if one else None


def mark_of(plan: Plan, unit: Unit, days: int) -> str:
    """What a page showed of a place: its answers and how its decision stands."""
    one = decision(plan, unit, days)
    found = ReadyPoint.objects.filter(plan=plan, unit=unit, days=days).order_by("pk").values_list("pk", flat=True)
    return mark(plan.code, unit.pk, days, list(found), [one.state, one.go, one.reason] if one and one.state != Ready.OPEN else None)


@dataclass(frozen=True)
class Place:
    """A place on the board. due: the day of the board; None: no polling day."""

    unit: Unit
    yes: int
    no: int
    silent: int
    decision: ReadyDecision | None

    @property
    def signed(self) -> bool:
        return self.decision is not None and self.decision.state == Ready.SIGNED


def board(plan: Plan, person: Any, days: int) -> list[Place]:
    """Every place of the reader, in three queries."""
    asked = [p.code for p in points(plan) if days in p.days]
    said: dict[int, dict[str, str]] = {}
    for pk, code, answer in ReadyPoint.objects.filter(plan=plan, days=days).order_by("pk").values_list("unit_id", "code", "answer"):
        said.setdefault(pk, {})[code] = answer
    decided = {d.unit_id: d for d in ReadyDecision.objects.filter(plan=plan, days=days).select_related("proposed_by", "signed_by")}
    out = []
    for unit in places(plan, person):
        given = [said.get(unit.pk, {}).get(code, "") for code in asked]
        yes = sum(a in ("yes", "none") for a in given)
        out.append(Place(unit, yes, given.count("no"), given.count(""), decided.get(unit.pk)))
    return out


def due(plan: Plan, days: int) -> date | None:
    version = standing(plan)
    return version.j1 - timedelta(days) if version else None
