"""A version approved: the cell submits it, one role endorses it on its effect, another approves on the shared page of requests.

Where it changes an approved version, that is a change request: bound to the hash of the exact difference, its days, legal
dates and francs kept as they were shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kalata import states
from kalata.ledger import queries as ledger
from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.lifecycle import Act, Stand
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.queries import may
from kalata.people.rules.approval import Decision
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_approval
from kalata.planning import kinds
from kalata.planning.models import ChangeRequest, PlanVersion
from kalata.planning.queries import content, effects, plans
from kalata.planning.queries import odds as drawn
from kalata.planning.rules import difference
from kalata.planning.rules import effects as effect_rules
from kalata.planning.rules.refusals import BaseMoved, NotAwaited, NothingChanged, OpenRemarks, OwnHand, TwoRoles
from kalata.planning.rules.rights import APPROVE, EDIT, ENDORSE
from kalata.planning.rules.steps import CHANGE, VERSION, Change, State
from kalata.planning.services import odds
from kalata.planning.services.pictures import facts_of, picture_of, title_of
from kalata.text import gettext_noop as _

KIND = "planning.version"
CONTENT = _("le contenu de la version")


def locked(version: PlanVersion) -> PlanVersion:
    return PlanVersion.objects.select_for_update(of=("self",)).select_related("plan__election__pack", "base").get(pk=version.pk)  # fmt: skip


def stand(one: PlanVersion) -> Stand[State]:
    hands = {"author": one.submitted_by_id, "endorser": one.endorsed_by_id}
    return Stand(state=State(one.state), hands={k: v for k, v in hands.items() if v})


def stand_of(one: ChangeRequest) -> Stand[Change]:
    hands = {"author": one.asked_by_id, "endorser": one.assessed_by_id}
    return Stand(state=Change(one.state), hands={k: v for k, v in hands.items() if v})


@transaction.atomic
def submit(*, version: PlanVersion, reason: str, by: Person, seen: str | None = None) -> ChangeRequest | None:
    """Close a draft and hash it; where it changes an approved version, ask for the change with its exact difference.
    Its odds are drawn in the background where nobody had them drawn, so that who signs reads them.

    seen: the digest of the content that the page showed. Raises: PEO-101, PEO-212, PLN-101 to PLN-110, PLN-208 nothing
    changed, PLN-209 the base is no longer approved, PLN-219.
    """
    require(by, EDIT)
    one = locked(version)
    as_shown(seen, content.sha256(one), CONTENT)
    if n := plans.open_comments(one):
        raise OpenRemarks(n=n)
    now = plans.approved(one.plan)
    if now is not None and (one.base_id or 0) != now.pk:
        raise BaseMoved(number=now.number)
    found = effects.difference(one.base, one)
    if one.base_id and not found:
        raise NothingChanged
    shown = effects.effect(one.base, one)
    one.submitted_by, one.submitted_at, one.sha256 = by, timezone.now(), content.sha256(one)
    asked = None
    if one.base is not None:
        asked = ChangeRequest.objects.create(
            version=one, base=one.base, reason=reason.strip(), difference=difference.record(found),
            sha256=difference.digest(found), effect=effect_rules.record(shown), asked_by=by, **states.born(CHANGE, Change.OPEN),
        )  # fmt: skip
    move(one, State.UNDER_REVIEW, by, EDIT, reason, kinds.SUBMITTED, {"sha256": one.sha256, "request": asked.pk if asked else None},
         submitted_by=by, submitted_at=one.submitted_at, sha256=one.sha256)  # fmt: skip
    if drawn.of_content(one, one.sha256) is None and drawn.running(one) is None:
        odds.ask(version=one, by=by)
    return asked


def move(
    one: PlanVersion, to: State, by: Person | None, right: str, reason: str, kind: Kind, after: Mapping[str, object], **values: object
) -> None:  # fmt: skip
    act = Act(by=by.pk if by else 0, right=right, reason=reason)
    states.write(
        one, VERSION, to, act, stand=stand(one),
        tells=lambda: record(by=by, kind=kind, subject=f"plan:{one.plan.code}", after={"version": one.number, **after}, reason=reason),
        **values,
    )  # fmt: skip


def move_change(one: ChangeRequest, to: Change, by: Person, right: str, reason: str = "", **values: object) -> None:
    start = one.state
    after = {"request": one.pk, "version": one.version.number, "from": start, "to": to.value, "sha256": one.sha256}
    states.write(
        one, CHANGE, to, Act(by=by.pk, right=right, reason=reason), stand=stand_of(one),
        tells=lambda: record(by=by, kind=kinds.CHANGE_MOVED, subject=f"plan:{one.version.plan.code}", after=after, reason=reason),
        **values,
    )  # fmt: skip


def alive(one: PlanVersion) -> ChangeRequest | None:
    """The request that this version waits on."""
    return one.requests.select_for_update().filter(state__in=(Change.OPEN, Change.ASSESSED)).first()


def awaited(version: PlanVersion, seen: str | None) -> PlanVersion:
    """The version, locked, that waits for its first signature with the content that the page showed. PEO-212, PLN-221."""
    one = locked(version)
    if one.state != State.UNDER_REVIEW or one.endorsed_by_id is not None:
        raise NotAwaited(number=one.number, state=VERSION.labels[State(one.state)])
    as_shown(seen, content.sha256(one), CONTENT)
    return one


def wrote(one: PlanVersion, by: Person) -> bool:
    """Whether something of this person may stand in the version. What another polling day made final is gone from what is
    undone, not from the content; so is what its author undid before doing something else, which bars too."""
    return one.modifications.filter(Q(undone=False) | Q(gone=True), by=by).exists() or wrote_beside(one, by)


def wrote_beside(one: PlanVersion, by: Person) -> bool:
    """Whether this person changed a driver, a day off or the polling day: only the ledger says so, no modification."""
    mine = ledger.acts(kind=kinds.EDITED.code, person=by.username).filter(subject=f"plan:{one.plan.code}")
    return mine.filter(after__version=one.number, after__what__in=["driver", "calendar", "work", "j1"]).exists()


@transaction.atomic
def endorse(*, version: PlanVersion, reason: str, by: Person, seen: str | None = None) -> Approval:
    """The first signature: this person has read the effect, and asks the steering committee. LIF-105 for who submitted it.

    seen: the digest of the content that the page showed. Raises: PEO-101, PEO-212, PLN-221 nobody waits for an endorsement, PLN-257 who wrote in it.
    """
    require(by, ENDORSE)
    one = awaited(version, seen)
    if wrote(one, by):
        raise OwnHand(number=one.number)
    asked = alive(one)
    if asked is not None and asked.state == Change.OPEN:
        move_change(asked, Change.ASSESSED, by, ENDORSE, reason, assessed_by=by)
    elif by.pk == one.submitted_by_id:
        raise TwoRoles
    PlanVersion.objects.filter(pk=one.pk).update(endorsed_by=by)
    one.endorsed_by = by
    run = drawn.of_content(one, content.sha256(one))
    return ask_approval(
        kind=KIND, subject=f"plan:{one.plan.code}", summary=title_of(one),
        payload={"version": one.pk, "number": one.number, "sha256": one.sha256, "request": asked.pk if asked else None, "odds": run.pk if run else None},
        reason=reason, by=by,
    )  # fmt: skip


@transaction.atomic
def give_back(*, version: PlanVersion, reason: str, by: Person, seen: str | None = None) -> PlanVersion:
    """Back to a draft before anybody endorsed it: by the cell that submitted it, or by who would endorse. PLN-221."""
    author = may(by, EDIT)
    require(by, EDIT if author else ENDORSE)
    one = awaited(version, seen)
    asked = alive(one)
    if asked is not None:
        to, right = (Change.WITHDRAWN, EDIT) if author else (Change.REFUSED, ENDORSE)
        move_change(asked, to, by, right, reason, **({} if author else {"decided_by": by, "decided_at": timezone.now(), "note": reason}))  # fmt: skip
    reopen(one, by, reason)
    return one


def reopen(one: PlanVersion, by: Person, reason: str) -> None:
    move(one, State.DRAFT, by, "", reason, kinds.RETURNED, {"sha256": one.sha256}, submitted_by=None, submitted_at=None, endorsed_by=None)  # fmt: skip


# --- what the second signature does -----------------------------------------------------------
def let_go(approval: Approval) -> None:
    """Refused or withdrawn: the version is a draft again, its request ends."""
    one = locked(PlanVersion.objects.get(pk=approval.payload["version"]))
    by = approval.decided_by or approval.asked_by
    asked = alive(one)
    said = approval.note or approval.reason
    if asked is not None:
        move_change(asked, Change.REFUSED, by, "", said, decided_by=by, decided_at=timezone.now(), note=said)
    if one.state == State.UNDER_REVIEW:
        reopen(one, by, said)


@approvable(
    KIND, APPROVE, picture_of, title=_("Version du plan opérationnel"), about="plan", let_go=let_go, asks=ENDORSE
)
def approve(approval: Approval, by: Person) -> None:
    """The version becomes the baseline; the one before it is superseded in the same act. PLN-220, PLN-257 for who wrote in it."""
    one = locked(PlanVersion.objects.get(pk=approval.payload["version"]))
    if wrote(one, by):
        raise OwnHand(number=one.number)
    if roles(by, APPROVE) & roles(approval.asked_by, ENDORSE):
        raise TwoRoles
    now = plans.approved(one.plan)
    if now is not None and (one.base_id or 0) != now.pk:
        raise BaseMoved(number=now.number)
    asked = alive(one)
    if asked is not None:
        move_change(asked, Change.APPROVED, by, APPROVE, approval.note, decided_by=by, decided_at=timezone.now())
    if now is not None:
        move(now, State.SUPERSEDED, None, "", "", kinds.SUPERSEDED, {"by": one.number})
    after = {"sha256": one.sha256, "base": now.number if now else None}
    move(one, State.APPROVED, by, APPROVE, approval.note, kinds.APPROVED, after, approved_by=by, approved_at=timezone.now())  # fmt: skip


def roles(person: Person, right: str) -> set[str]:
    """The roles by which a person holds a right now."""
    live = person.mandates.filter(revoked_at__isnull=True)
    return {m.role for m in live if right in m.rights}


__all__ = ["Decision", "approve", "endorse", "facts_of", "give_back", "submit"]
