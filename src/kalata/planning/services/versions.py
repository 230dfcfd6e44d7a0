"""A plan from the pack, a draft from an approved version, another polling day: the dates of the law come from its engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max

from kalata.country import packs
from kalata.country.models import Election
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.calendars import proposed
from kalata.planning.models import Plan, PlanVersion
from kalata.planning.queries import content, legal
from kalata.planning.queries.calendars import work_cells
from kalata.planning.queries.plans import approved
from kalata.planning.rules import editing
from kalata.planning.rules.refusals import DayPassed, NoReferencePlan, NoSecondRound, NotDraft, PlanExists
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.sheet import Cells
from kalata.planning.rules.steps import VERSION, State
from kalata.planning.rules.tables import table_of
from kalata.planning.services import content as writer
from kalata.states import born
from kalata.text import gettext_noop as _

SECOND = "J2"


@transaction.atomic
def make_plan(
    *, code: str, name: str, election: Election, family: str, rounds: int, t0: date, j1: date, by: Person | None
) -> PlanVersion:
    """Open a plan and its first draft from the pack of an election. `by` None: the demonstration.

    Raises: PEO-101, PLN-207 no reference plan, PLN-214 no second round in the texts, PLN-215 taken, PLN-216 too late.
    """
    if by is not None:
        require(by, EDIT)
    if Plan.objects.filter(code=code).exists():
        raise PlanExists(code=code)
    plan = Plan.objects.create(code=code, name=name.strip(), election=election, family=family, rounds=rounds, calendar=election.pack.code, opened_by=by)  # fmt: skip
    sheet = reference(election.pack.code, family, rounds)
    made = begun(plan, t0, j1, by)
    put(made, sheet, packs.table(election.pack.code, "planning/drivers.csv"))
    writer.fill_works(made, proposed(election.pack.code))
    after = {
        "version": made.number, "family": family, "j1": j1.isoformat(), "j2": made.j2.isoformat() if made.j2 else None,
        "activities": len(sheet), "sha256": content.sha256(made),
    }  # fmt: skip
    record(by=by, kind=kinds.PLAN_MADE, subject=f"plan:{code}", after=after)
    return made


def reference(pack: str, family: str, rounds: int) -> list[Cells]:
    """The plan that a pack brings for a kind of election; without what only a second round asks, where there is none."""
    text = packs.table_text(pack, f"planning/activities-{family}.csv")
    if not text:
        raise NoReferencePlan(pack=pack, family=family)
    _head, rows = table_of(text)
    sheet: list[Cells] = [{k: v.strip() for k, v in cells.items() if v.strip()} for _line, cells in rows]
    if rounds == 1:
        phases = second_phases(sheet)
        for cells in list(sheet):
            if SECOND in cells.get("legal_anchor", "") or cells.get("phase") in phases:
                sheet = editing.remove(sheet, cells["id"])
    return sheet


def second_phases(sheet: Sequence[Cells]) -> set[str]:
    """The phases of the second round: those that hold its polling day."""
    return {
        c.get("phase", "") for c in sheet if c.get("type") == "event" and c.get("legal_anchor", "").startswith(SECOND)
    }


def begun(plan: Plan, t0: date, j1: date, by: Person | None, base: PlanVersion | None = None) -> PlanVersion:
    """A draft with its polling days, the second as the law gives it; its rows are still to be put in."""
    if t0 >= j1:
        raise DayPassed(start=t0, day=j1)
    j2 = legal.second_round(plan, j1) if plan.rounds == 2 else None
    if plan.rounds == 2 and j2 is None:
        raise NoSecondRound(day=j1)
    last = plan.versions.aggregate(n=Max("number"))["n"] or 0
    return PlanVersion.objects.create(plan=plan, number=last + 1, base=base, t0=t0, j1=j1, j2=j2, made_by=by, **born(VERSION, State.DRAFT))  # fmt: skip


def put(version: PlanVersion, sheet: Sequence[Cells], drivers: Sequence[Cells]) -> None:
    """The rows, with the anchors of the law for the polling days of this version."""
    writer.fill(version, legal.dated(version, sheet))
    writer.fill_drivers(version, drivers)


@transaction.atomic
def open_draft(*, plan: Plan, by: Person) -> PlanVersion:
    """A draft that is the approved version to the letter, to be changed; PLN-201 where none is approved."""
    require(by, EDIT)
    base = approved(plan)
    if base is None:
        last = plan.versions.first()
        raise NotDraft(
            number=last.number if last else 0, state=VERSION.labels[State(last.state) if last else State.DRAFT]
        )
    made = begun(plan, base.t0, base.j1, by, base)
    writer.fill(made, content.sheet(base))
    writer.fill_drivers(made, content.drivers(base))
    writer.fill_days(made, base)
    writer.fill_works(made, [{**work_cells(row), "by_id": row.by_id} for row in base.works.all()])
    told_open(made, by)
    return made


def told_open(made: PlanVersion, by: Person | None) -> None:
    after = {"version": made.number, "base": made.base.number if made.base else None, "j1": made.j1.isoformat(), "j2": made.j2.isoformat() if made.j2 else None}  # fmt: skip
    record(by=by, kind=kinds.VERSION_OPENED, subject=f"plan:{made.plan.code}", after=after)


@transaction.atomic
def move_polling_day(*, version: PlanVersion, j1: date, by: Person, seen: str | None = None) -> PlanVersion:
    """Another polling day for a draft: the second round and every date that a norm gives follow, by the engine.

    It is not among what is undone: the polling day is set again. What it breaks is read before, on its page.
    seen: the digest of the content that the page showed. Raises: PEO-101, PEO-212, PLN-201, PLN-214, PLN-216.
    """
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), _("le contenu de la version"))
    before = content.head(one)
    if one.t0 >= j1:
        raise DayPassed(start=one.t0, day=j1)
    j2 = legal.second_round(one.plan, j1) if one.plan.rounds == 2 else None
    if one.plan.rounds == 2 and j2 is None:
        raise NoSecondRound(day=j1)
    one.j1, one.j2 = j1, j2
    old = content.sheet(one)
    writer.write(one, old, legal.dated(one, old))
    one.revision += 1
    one.save(update_fields=["j1", "j2", "revision"])
    one.modifications.filter(undone=False).update(undone=True, gone=True)
    record(
        by=by, kind=kinds.EDITED, subject=f"plan:{one.plan.code}", before=before,
        after={"version": one.number, "what": "j1", "codes": "", "changed": content.head(one), "sha256": content.sha256(one)},
    )  # fmt: skip
    return one


def drafted(version: PlanVersion) -> PlanVersion:
    """The version, locked, where it may be modified. PLN-201."""
    one = PlanVersion.objects.select_for_update(of=("self",)).select_related("plan__election__pack").get(pk=version.pk)
    return still_draft(one)


def still_draft(version: PlanVersion) -> PlanVersion:
    """The version as it was read, where it is a draft: a trial holds nothing. PLN-201."""
    if version.state != State.DRAFT:
        raise NotDraft(number=version.number, state=VERSION.labels[State(version.state)])
    return version
