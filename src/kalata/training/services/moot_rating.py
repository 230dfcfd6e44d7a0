"""Two raters, blind to each other until both have given every sheet; wide differences talked over; results given back. Plans of action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.notices import services as notices
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.training import alerts, kinds
from kalata.training.models import ActionFollowed, ActionPlan, MootAgreed, MootRater, MootSheet, MootSitting
from kalata.training.queries import moot_sittings as queries
from kalata.training.queries import moots
from kalata.training.rules.moot_states import OUTCOMES, Sitting
from kalata.training.rules.moots.case import LEVELS
from kalata.training.rules.moots.refusals import (
    BadAnswer,
    NoPlan,
    NoSeat,
    NotBoth,
    NotDue,
    NothingToDiscuss,
    NotRater,
    RatedTwice,
    Undiscussed,
    Unrated,
)
from kalata.training.rules.rights import RATE
from kalata.training.services.moot_sittings import move, standing, subject

MOST_ACTIONS = 5


def rating(by: Person, one: MootSitting) -> MootRater:
    """The right to rate and the name on this sitting. PEO-101, TRN-532."""
    require(by, RATE)
    rater = queries.rater_of(by, one)
    if rater is None:
        raise NotRater
    return rater


@transaction.atomic
def give(*, sitting: MootSitting, seat: int, levels: Mapping[str, int], feedback: str, by: Person) -> MootSheet:
    """One rater's sheet on one person: every criterion, and what is said to that person. TRN-528, TRN-530 to TRN-534."""
    one = standing(sitting, Sitting.RATING)
    rater = rating(by, one)
    place = one.seats.filter(seat=seat).first()
    if place is None:
        raise NoSeat
    case = moots.case_in(one.version)
    given: dict[str, int] = {}
    for criterion in case.rubric:
        level = levels.get(criterion.id)
        if not isinstance(level, int) or not 0 <= level < LEVELS:
            raise Unrated(criterion=criterion.id)
        given[criterion.id] = level
    if not 1 <= len(feedback.strip()) <= 4_000:
        raise BadAnswer(question="feedback", value=feedback[:40] or "–", form="1–4000")
    if place.sheets.filter(rater=rater).exists():
        raise RatedTwice
    made = MootSheet.objects.create(seat=place, rater=rater, levels=given, feedback=feedback.strip(), at=timezone.now())
    record(
        by=by,
        kind=kinds.MOOT_RATED,
        subject=subject(one),
        after={"seat": seat, "rater": rater.slot},
        rows=[made],
    )
    return made


@transaction.atomic
def agree(*, sitting: MootSitting, seat: int, criterion: str, level: int, reason: str, by: Person) -> MootAgreed:
    """A level on which this rater agrees after talking; it stands once the other gives the same. TRN-535, TRN-537."""
    one = standing(sitting, Sitting.RATING)
    rater = rating(by, one)
    if n := queries.missing(one):
        raise NotBoth(n=n)
    found = next((d for d in queries.differences(one) if d.seat.seat == seat and d.criterion == criterion), None)
    if found is None:
        raise NothingToDiscuss(criterion=criterion[:60])
    low, high = sorted((found.first, found.second))
    if not low <= level <= high or not reason.strip():
        raise Unrated(criterion=criterion)
    made = MootAgreed.objects.create(
        seat=found.seat, rater=rater, criterion=criterion, level=level, reason=reason.strip()[:400], at=timezone.now()
    )
    after = {"seat": seat, "rater": rater.slot, "criterion": criterion}
    record(by=by, kind=kinds.MOOT_AGREED, subject=subject(one), after=after)
    return made


@transaction.atomic
def release(*, sitting: MootSitting, by: Person) -> MootSitting:
    """Give the results back: each to who sat. TRN-535 a sheet is missing, TRN-536 a wide difference was not talked over."""
    one = standing(sitting, Sitting.RATING)
    rating(by, one)
    if n := queries.missing(one):
        raise NotBoth(n=n)
    if n := sum(d.level is None for d in queries.differences(one)):
        raise Undiscussed(n=n)
    found = queries.agreement(one)
    after: dict[str, object] = {
        "kappa": str(found.kappa) if found.kappa is not None else "", "weighted": str(found.weighted) if found.weighted is not None else "",
        "sheets": one.seats.count() * 2,
    }  # fmt: skip
    move(one, Sitting.RELEASED, by, RATE, "", kinds.MOOT_RELEASED, after, released_at=timezone.now())
    return one


# --- plans of action -------------------------------------------------------------------------------------------------
@transaction.atomic
def file_plan(*, sitting: MootSitting, actions: Sequence[str], by: Person) -> ActionPlan:
    """The plan that somebody who sat files, if they wish. TRN-531, TRN-540."""
    one = standing(sitting, Sitting.RATING, Sitting.RELEASED)
    seat = queries.seat_of(by, one)
    if seat is None:
        raise NoSeat
    said = [a.strip()[:300] for a in actions if a.strip()]
    if (
        not 1 <= len(said) <= MOST_ACTIONS
        or queries.plan_of(seat)
        or not queries.may_plan(seat, moots.case_in(one.version))
    ):
        raise NoPlan
    made = ActionPlan.objects.create(seat=seat, actions=said, at=timezone.now())
    record(by=by, kind=kinds.PLAN_FILED, subject=subject(one), after={"seat": seat.seat, "actions": len(said)})
    return made


@transaction.atomic
def follow(*, plan: ActionPlan, days: int, outcomes: Sequence[str], by: Person) -> ActionFollowed:
    """What became of each action, once it is due. TRN-531 not one's own plan, TRN-530, TRN-541."""
    one = queries.plans(by).filter(pk=plan.pk).first()
    if one is None:
        raise NoSeat
    due = next((d for d in queries.due_of(one) if d.days == days), None)
    if due is None or not due.open:
        raise NotDue(days=days, due=due.on.isoformat() if due else "–")
    if len(outcomes) != len(one.actions) or not set(outcomes) <= set(OUTCOMES):
        raise BadAnswer(question="outcomes", value=", ".join(outcomes)[:40], form=", ".join(o.value for o in OUTCOMES))
    made = ActionFollowed.objects.create(plan=one, days=days, outcomes=list(outcomes), at=timezone.now())
    record(
        by=by, kind=kinds.PLAN_FOLLOWED, subject=subject(one.seat.sitting), after={"seat": one.seat.seat, "days": days}
    )
    notices.settle([alerts.key(one, days)])
    return made
