"""Reads about persons and what they may do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.country.rules import lineage
from kalata.people.models import Approval, Mandate, Person, Reissue
from kalata.people.rules import access


def today() -> date:
    return timezone.localdate()


def paths(units: list[Unit]) -> dict[int, tuple[int, ...]]:
    """Unit id -> path of ids from the top."""
    return {unit.pk: unit.path for unit in units}


def mandates_of(person: Any) -> list[access.Mandate]:
    """The mandates a person holds, as the rules read them. Nobody: none."""
    if not getattr(person, "is_authenticated", False):
        return []
    kept = getattr(person, "_mandates", None)
    if kept is None:
        rows = person.mandates.filter(revoked_at__isnull=True)
        kept = [
            access.Mandate(frozenset(rights), (*lineage.ids(above), unit) if unit else (), contest, starts, ends)
            for rights, contest, starts, ends, unit, above in rows.values_list(
                "rights", "contest_id", "starts", "ends", "unit_id", "unit__above"
            )
        ]
        person._mandates = kept
    return kept


def narrow(person: Any, scopes: Iterable[str]) -> None:
    """Leave this object of a person only the rights in `scopes`, where and while they hold."""
    kept = frozenset(scopes)
    person._mandates = [replace(m, rights=m.rights & kept) for m in mandates_of(person)]


def may(person: Any, right: str, *, place: tuple[int, ...] = (), contest: int | None = None) -> bool:
    return access.may(mandates_of(person), right, today(), place=place, contest=contest)


def may_somewhere(person: Any, right: str) -> bool:
    """True where the right is held in some territory, be it for one contest only."""
    return right in rights_of(person)


def reach(person: Any, right: str, *, contest: int | None = None) -> list[tuple[int, ...]]:
    return access.reach(mandates_of(person), right, today(), contest=contest)


def rights_of(person: Any) -> set[str]:
    return {r for m in mandates_of(person) if m.holds(today()) for r in m.rights}


def rights_held() -> set[str]:
    """The rights that somebody holds: an account that is closed, and a mandate revoked or past, give none."""
    live = Mandate.objects.filter(revoked_at=None).filter(Q(ends=None) | Q(ends__gte=today()))
    rows = live.exclude(person__is_active=False, person__activated_at__isnull=False)
    return {right for rights in rows.values_list("rights", flat=True) for right in rights}


def has_desk(person: Person) -> bool:
    """True where a mandate not revoked and not past gives any right, be it for a later day."""
    live = person.mandates.filter(revoked_at__isnull=True).filter(Q(ends=None) | Q(ends__gte=today()))
    return any(m.rights for m in live)


def ever_had_desk(person: Person) -> bool:
    """True where a mandate of this person gives or gave any right, be it withdrawn since."""
    return any(m.rights for m in person.mandates.all())


def desk_asked(person: Person) -> bool:
    """True where a mandate of this person waits for its second person: the sheet printed now is one of two."""
    return Approval.objects.filter(kind="people.mandate", state="waiting", payload__person=person.pk).exists()


def persons(*, text: str = "", role: str = "", state: str = "") -> QuerySet[Person]:
    found = Person.objects.all().prefetch_related("mandates__unit")
    if text:
        found = found.filter(Q(username__icontains=text) | Q(full_name__icontains=text) | Q(email__icontains=text))
    if role:
        found = found.filter(mandates__role=role, mandates__revoked_at__isnull=True).distinct()
    if state == "waiting":
        found = found.filter(activated_at__isnull=True)
    elif state == "closed":
        found = found.filter(is_active=False, activated_at__isnull=False)
    elif state == "active":
        found = found.filter(is_active=True)
    return found


def scope_of(approval: Approval) -> tuple[tuple[int, ...], int | None]:
    """(the place of a request as its path from the top, its contest)."""
    scope = approval.payload.get("scope") or {}
    return tuple(scope.get("place") or ()), scope.get("contest")


CLOSED: dict[str, Callable[[Any, Approval], bool]] = {}
"""Kinds of request that a room closes to some of those who hold the right, whatever they hold: who must not read what it shows."""


def decides(person: Any, approval: Approval) -> bool:
    """True where the person holds the right over the very place and contest of the request, and it is not closed to them."""
    closed = CLOSED.get(approval.kind)
    if closed is not None and closed(person, approval):
        return False
    place, contest = scope_of(approval)
    return may(person, approval.right, place=place, contest=contest)


def reads_figures(person: Any, approval: Approval) -> bool:
    """True where the person decides the request, or reads what is not public yet over its place and contest."""
    place, contest = scope_of(approval)
    return decides(person, approval) or (
        contest is not None and may(person, "results.read", place=place, contest=contest)
    )


def waiting_approvals(person: Any) -> list[Approval]:
    """What waits for a decision of this person, latest first: never their own requests, never beyond their mandate."""
    rows = Approval.objects.filter(state="waiting", right__in=rights_of(person)).exclude(asked_by_id=person.pk)
    return [a for a in rows.select_related("asked_by") if decides(person, a)]


def approvals(person: Any) -> QuerySet[Approval]:
    """Requests this person may decide or has made, latest first; others do not exist for them."""
    others = Approval.objects.filter(right__in=rights_of(person)).exclude(asked_by_id=person.pk)
    seen = [a.pk for a in others.only("pk", "kind", "right", "payload") if decides(person, a)]
    return Approval.objects.filter(Q(pk__in=seen) | Q(asked_by_id=person.pk)).select_related("asked_by", "decided_by")


def live_mandates(person: Person) -> QuerySet[Mandate]:
    return (
        person.mandates.filter(revoked_at__isnull=True)
        .select_related("unit__geography", "contest", "asked_by", "approved_by")
        .defer("unit__geography__outlines")
    )


@dataclass(frozen=True, slots=True)
class Pending:
    """A mandate that was asked and waits for its second person."""

    request: Approval
    role: str
    unit: Unit | None
    contest: Any


def pending_mandates(person: Person) -> list[Pending]:
    """Mandates asked for this person and not decided yet, latest first."""
    asked = Approval.objects.filter(kind="people.mandate", state="waiting", payload__person=person.pk)
    rows = list(asked.select_related("asked_by").order_by("-pk"))
    units = Unit.objects.select_related("geography").in_bulk([r.payload["unit"] for r in rows if r.payload["unit"]])
    contests = Contest.objects.in_bulk([r.payload["contest"] for r in rows if r.payload["contest"]])
    return [
        Pending(r, str(r.payload["role"]), units.get(r.payload["unit"]), contests.get(r.payload["contest"]))
        for r in rows
    ]


def ledger_name(typed: str) -> str:
    """The subject of a refused sign-in: the account if there is one. What else was typed may be a
    passphrase in the wrong box, and is not kept."""
    name = Person.objects.filter(username__iexact=typed.strip()[:40]).values_list("username", flat=True).first()
    return f"person:{name or '?'}"


def factors_of(person: Person) -> QuerySet[Authenticator]:
    """The second factors of an account."""
    return Authenticator.objects.filter(user_id=person.pk)


def sheets_to_print(by: Person) -> list[Reissue]:
    """The activations whose second sheet `by`, who approved them, has not printed yet."""
    found = Reissue.objects.filter(approved_by=by, second_hash="", ended_at=None, expires_at__gte=timezone.now())
    return list(found.select_related("person").order_by("person__username"))
