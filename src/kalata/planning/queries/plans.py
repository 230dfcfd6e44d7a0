"""Which plans and versions a person may see. Drafts: who reads plans; others see what is approved."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from kalata.country.models import Election
from kalata.people.queries import may, may_somewhere
from kalata.planning.models import ChangeRequest, Comment, Modification, Plan, PlanVersion
from kalata.planning.rules.rights import FUND, PROGRESS, READ
from kalata.planning.rules.steps import State

APPROVED = (State.APPROVED.value, State.SUPERSEDED.value)


def reads(person: Any) -> bool:
    return may(person, READ)


def versions(person: Any) -> QuerySet[PlanVersion]:
    found = PlanVersion.objects.select_related("plan", "base", "made_by", "submitted_by", "endorsed_by", "approved_by")
    if reads(person):
        return found
    if may_somewhere(person, PROGRESS) or may_somewhere(person, FUND):
        return found.filter(state__in=APPROVED)
    return found.none()


def plans(person: Any) -> QuerySet[Plan]:
    seen = versions(person)
    return Plan.objects.filter(pk__in=seen.values("plan")).prefetch_related(Prefetch("versions", seen))


def approved(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(state=State.APPROVED).first()


def published() -> QuerySet[PlanVersion]:
    """The versions whose dates and public lines are shown to everybody, the newest of each plan first."""
    return PlanVersion.objects.filter(publication__isnull=False).select_related("plan__election").order_by("-plan_id", "-publication__number")


def comments(version: PlanVersion) -> QuerySet[Comment]:
    return version.comments.select_related("by", "resolved_by")


def open_comments(version: PlanVersion) -> int:
    return version.comments.filter(resolved_at=None).count()


def changes(person: Any) -> QuerySet[ChangeRequest]:
    found = ChangeRequest.objects.select_related("version__plan", "base", "asked_by", "assessed_by", "decided_by")
    return found if reads(person) else found.none()


def to_undo(version: PlanVersion, person: Any) -> Modification | None:
    """The last thing this person changed here that still stands."""
    return version.modifications.filter(by_id=person.pk, undone=False).first()


def to_redo(version: PlanVersion, person: Any) -> Modification | None:
    """The first of the things this person undid last, and did nothing since."""
    return version.modifications.filter(by_id=person.pk, undone=True, gone=False).order_by("pk").first()


def elections() -> QuerySet[Election]:
    return Election.objects.select_related("pack").defer("pack__content").order_by("-pk")


def version(person: Any, pk: int) -> PlanVersion | None:
    return (
        versions(person)
        .select_related("plan__election__pack")
        .defer("plan__election__pack__content")
        .filter(pk=pk)
        .first()
    )


def done(plan: Plan) -> dict[str, int]:
    """What was last said of each activity for the whole country, in percent."""
    found: dict[str, int] = {}
    for code, percent in plan.progress.filter(unit=None).order_by("on", "pk").values_list("code", "percent"):
        found[code] = percent
    return found
