"""Acts that take two persons: one asks, another decides on exactly what was asked.

A room registers the act with `approvable`: the right to decide, the picture of the difference, and what
carries it out. The request keeps the facts of its picture and their SHA-256; when it is approved the
picture is taken again and must be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from kalata import lifecycle, states
from kalata.country.models import Contest
from kalata.ledger.queries import acts
from kalata.ledger.rules.kinds import known, request
from kalata.ledger.services import record
from kalata.people import notices, queries
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules import kept_picture
from kalata.people.rules.approval import (
    APPROVAL,
    AlreadyDecided,
    AskerGone,
    Decision,
    NoReason,
    NotRead,
    Outdated,
    Request,
)
from kalata.people.rules.picture import Item, Line, Moved, Picture, moved
from kalata.refusals import Forbidden
from kalata.text import gettext_noop as _

CarryOut = Callable[[Approval, Person], None]
Draw = Callable[[Approval, int], Picture]
"""(request, page from 1) -> what it changes on the records as they are now."""
LetGo = Callable[[Approval], None]
Ask = Callable[[Approval, Person], None]
"""Raises where this person may not ask this act now."""
Again = Callable[[Approval, Person], Approval]
PAGE = 20
"""Things shown on one page of a request."""
KEPT = 3
"""Pages of a request that are kept as its asker read them; the hash holds all of them."""


@dataclass(frozen=True, slots=True)
class Act:
    """What an approved request does: the right to decide it, its picture, and the function that carries it out.

    asks: whether a person may ask it, as the room's own service asked when it was made.
    """

    right: str
    carry_out: CarryOut
    picture: Draw
    let_go: LetGo
    again: Again | None
    asks: Ask


ACTS: dict[str, Act] = {}


def approvable(
    kind: str,
    right: str,
    picture: Draw | None = None,
    *,
    title: str,
    about: str = "contest",
    personal: bool = False,
    public: bool = False,
    let_go: LetGo = lambda approval: None,
    again: Again | None = None,
    asks: str | Ask = "",
    closed_to: Callable[[Any, Approval], bool] | None = None,
) -> Callable[[CarryOut], CarryOut]:
    """Register the function that carries out an approved request of this kind, and the one that draws it; declare
    what the ledger keeps of it (title, about, personal, public: see `ledger.rules.kinds`).

    asks: the right to ask it over its place and contest, or a function where the room asks more; left out, the
    right that decides.
    let_go: what a refusal or a withdrawal gives back. again: asks the same act anew; left out: with the same payload.
    closed_to: who neither reads nor decides it, whatever right they hold.
    picture: from the request (saved or not) and the records as they are now. Left out: the request's own
    words are the whole difference, and nothing outside them can move.
    """

    request(kind, title, about, personal=personal, public=public)
    if closed_to is not None:
        queries.CLOSED[kind] = closed_to

    def keep(function: CarryOut) -> CarryOut:
        may = asks if callable(asks) else holding(asks or right)
        ACTS[kind] = Act(right, function, picture or own_words, let_go, again, may)
        return function

    return keep


def own_words(approval: Approval, page: int = 1) -> Picture:
    """The picture of an act that says everything in its own payload."""
    facts = {k: flat(v) for k, v in approval.payload.items() if k != "scope"}
    lines = tuple(Line(k, None, str(v)) for k, v in facts.items() if v not in (None, ""))
    return Picture(approval.summary, facts, (Item(approval.summary, lines=lines),), 1)


def flat(value: Any) -> str | int | bool | None:
    return value if isinstance(value, str | int | bool | None) else str(value)


def holding(right: str) -> Ask:
    """Asks the right over the very place and contest of the request (PEO-101)."""

    def ask(approval: Approval, by: Person) -> None:
        place, contest = queries.scope_of(approval)
        require(by, right, place=place, contest=contest)

    return ask


def may_ask(approval: Approval, person: Person) -> bool:
    """True where this person, as mandates stand now, may ask this very act."""
    if not person.is_active or approval.kind not in ACTS:
        return False
    try:
        ACTS[approval.kind].asks(approval, person)
    except Forbidden:
        return False
    return True


def require_scope(by: Person, approval: Approval) -> None:
    """Raises PEO-101 where the person does not hold the right over the very place and contest of the request."""
    if not queries.decides(by, approval):
        raise Forbidden(right=approval.right)


@transaction.atomic
def ask_approval(
    *,
    kind: str,
    subject: str,
    summary: str,
    payload: Mapping[str, Any],
    reason: str,
    by: Person,
    contest: int | None = None,
    place: tuple[int, ...] = (),
    replaces: Approval | None = None,
) -> Approval:
    """Ask for a critical act. It happens when another person approves it, who holds the right over the same
    place and contest, on the same facts as now."""
    if not reason.strip():
        raise NoReason
    approval = Approval(
        kind=kind,
        right=ACTS[kind].right,
        subject=subject[:120],
        summary=summary[:400],
        payload={**payload, "scope": {"contest": contest, "place": list(place)}},
        reason=reason.strip(),
        asked_by=by,
        replaces=replaces,
    )
    drawn = ACTS[kind].picture(approval, 1)
    approval.facts, approval.sha256 = dict(drawn.facts), drawn.digest()
    approval.picture = kept_picture.record(drawn, first_items(approval, drawn))
    approval.save()
    record(
        by=by,
        kind=known(f"{kind}.asked"),
        subject=subject,
        after={"approval": approval.pk, "sha256": approval.sha256, **payload},
        reason=reason,
        rows=[approval],
    )
    return approval


def ask_about_contest(
    contest: Contest, *, kind: str, summary: str, payload: Mapping[str, Any], reason: str, by: Person
) -> Approval:
    """Ask for a critical act on a whole contest: whoever holds the right over it decides."""
    return ask_approval(
        kind=kind,
        subject=f"contest:{contest.code}",
        summary=f"{summary} : {contest.name_fr}",
        payload={"contest": contest.pk, **payload},
        reason=reason,
        by=by,
        contest=contest.pk,
    )


def first_items(approval: Approval, drawn: Picture) -> tuple[Item, ...]:
    """What a request keeps of what it changes: its first pages, of which the first is drawn already."""
    items = drawn.items
    for page in range(2, 1 + min(KEPT, -(-drawn.count // PAGE))):
        items += ACTS[approval.kind].picture(approval, page).items
    return items


def as_asked(approval: Approval) -> Picture | None:
    """What the asker had before the eyes; None for a request made before that was kept."""
    return kept_picture.picture_of(approval.picture)


def as_decided(approval: Approval) -> Picture | None:
    """What was asked, with the effect as the second person signed it."""
    asked, signed = as_asked(approval), kept_picture.picture_of(approval.signed)
    return replace(asked, effect=signed.effect) if asked and signed else asked


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """The difference of a request on the records as they are now."""
    return ACTS[approval.kind].picture(approval, page)


def what_moved(approval: Approval, drawn: Picture) -> list[Moved]:
    """Element by element, what the request was asked on and what stands there now; changes first."""
    return moved(approval.facts, drawn.facts)


def facts_of(approval: Approval) -> list[Moved]:
    """What a request was asked on, element by element."""
    return moved(approval.facts, approval.facts)


@transaction.atomic
def decide_approval(*, approval_id: int, to: Decision, note: str = "", by: Person, seen: str | None = None) -> Approval:
    """Approve, refuse or withdraw. An approved act is carried out in the same transaction.

    seen: the hash of the page that the person has read (`Picture.seen`); a page always gives it.

    Raises: PEO-101 no right, PEO-201 same person, PEO-202 decided already, PEO-203 no reason,
    PEO-205 what was asked is no longer what stands, PEO-206 the effect has moved since it was read,
    PEO-209 who asked may no longer ask it.
    """
    approval = Approval.objects.select_for_update().get(pk=approval_id)
    if to is not Decision.WITHDRAWN:
        require_scope(by, approval)
    if to not in APPROVAL.ends:
        raise AlreadyDecided
    lifecycle.apply(APPROVAL, as_ruled(approval), to, lifecycle.Act(by=by.pk, reason=note))
    if to is Decision.APPROVED:
        if not may_ask(approval, approval.asked_by):
            raise AskerGone(who=approval.asked_by.username)
        drawn = unmoved(approval, seen)
        return closed(approval, to, by=by, note=note, signed=kept_picture.record(drawn))
    return closed(approval, to, by=by, note=note)


def as_ruled(approval: Approval, gone: bool = False) -> Request:
    """The request as the rules see it."""
    return Request(
        state=Decision(approval.state), hands={"asker": approval.asked_by_id}, right=approval.right, gone=gone
    )


def closed(
    approval: Approval, to: Decision, *, by: Person, note: str, gone: bool = False, signed: dict[str, Any] | None = None
) -> Approval:
    """Keep the end of a request, and carry it out or let it go. signed: the picture that was approved."""
    states.write(
        approval, APPROVAL, to, lifecycle.Act(by=by.pk, reason=note), stand=as_ruled(approval, gone),
        tells=lambda: told(approval, to.value, by, note, sha256=approval.sha256),
        decided_by=by, decided_at=timezone.now(), note=note.strip(), signed=signed,
    )  # fmt: skip
    if to is Decision.APPROVED:
        ACTS[approval.kind].carry_out(approval, by)
    else:
        ACTS[approval.kind].let_go(approval)
        if to is Decision.REFUSED:
            notices.tell(approval.asked_by, "request_refused", d=approval.pk, what=short(approval), who=by.username)
    return approval


def short(approval: Approval) -> str:
    return approval.summary if len(approval.summary) <= 120 else f"{approval.summary[:119]}…"


def told(approval: Approval, what: str, by: Person, reason: str = "", **after: str) -> Model:
    """The act of the ledger that tells what became of a request."""
    return record(
        by=by, kind=known(f"{approval.kind}.{what}"), subject=approval.subject, after={"approval": approval.pk, **after},
        reason=reason, rows=[approval],
    )  # fmt: skip


def unmoved(approval: Approval, seen: str | None) -> Picture:
    """Refuse to carry out anything but what was asked and what was read. Returns what is signed."""
    drawn = picture_of(approval)
    if done_since(approval):
        raise Outdated(n=1)
    if drawn.digest() != approval.sha256:
        raise Outdated(n=sum(not row.same for row in what_moved(approval, drawn)))
    if seen is not None and seen != drawn.seen():
        raise NotRead
    return drawn


def still(approval: Approval) -> None:
    """Asked by what carries a request out, once it holds the rows that the picture reads: PEO-205 where one of them moved
    between the reading and the holding."""
    drawn = picture_of(approval)
    if drawn.digest() != approval.sha256:
        raise Outdated(n=sum(not row.same for row in what_moved(approval, drawn)))


def done_since(approval: Approval) -> bool:
    """Whether the very same thing was asked by another request and carried out since this one was asked.

    What was then undone is not done again by a request that nobody has looked at since. Since is by their places in
    the ledger: two acts of one instant have an order too, and a clock that is set back changes none.
    """
    done = Approval.objects.filter(kind=approval.kind, subject=approval.subject, state=Decision.APPROVED.value)
    twins = [one for one in done.exclude(pk=approval.pk) if one.payload == approval.payload]
    if not twins:
        return False
    about = acts(kind=approval.kind).filter(subject=approval.subject)
    places = {(kind, (after or {}).get("approval")): pk for pk, kind, after in about.values_list("pk", "kind", "after")}
    asked = places.get((f"{approval.kind}.asked", approval.pk))
    for one in twins:
        decided = places.get((f"{one.kind}.approved", one.pk))
        if asked is None or decided is None:  # before the ledger said it: the safe side of an equal instant
            if one.decided_at is not None and one.decided_at >= approval.asked_at:
                return True
        elif decided > asked:
            return True
    return False


@transaction.atomic
def outdate(*, person: Person, by: Person, note: str) -> int:
    """Withdraw what waits of a person who may no longer ask it: an account closed, a mandate ended. Returns how many.

    It does not come back to life with the next mandate: it is asked again.
    """
    waiting = Approval.objects.select_for_update().filter(asked_by=person, state=Decision.WAITING.value)
    gone = [one for one in waiting.order_by("pk") if not may_ask(one, one.asked_by)]
    for one in gone:
        closed(one, Decision.WITHDRAWN, by=by, note=note, gone=True)
    return len(gone)


@transaction.atomic
def ask_update(*, approval_id: int, by: Person) -> Approval:
    """Send an outdated request back to who asked it, who may ask again on the records as they are now."""
    approval = Approval.objects.select_for_update().get(pk=approval_id)
    require_scope(by, approval)
    states.write(
        approval, APPROVAL, Decision.WAITING, lifecycle.Act(by=by.pk), stand=as_ruled(approval),
        tells=lambda: told(approval, "update_asked", by), update_asked_by=by, update_asked_at=timezone.now(),
    )  # fmt: skip
    notices.tell(approval.asked_by, "request_update", d=approval.pk, what=short(approval), who=by.username)
    return approval


@transaction.atomic
def renew(*, approval_id: int, by: Person, seen: str | None = None) -> Approval:
    """Ask the same act again on the records as they are now; the old request is withdrawn and stays readable.

    seen: the hash of what the page said it would change now, empty where it could not be drawn.
    Raises: PEO-204 only who asked may, PEO-202 it was decided, PEO-101 who asked may no longer ask it, PEO-206 what it
    would change has moved since it was read.
    """
    asked = Approval.objects.select_for_update().get(pk=approval_id)
    if asked.asked_by_id == by.pk:
        ACTS[asked.kind].asks(asked, by)
    if seen and asked.state == Decision.WAITING and seen != picture_of(asked).seen():
        raise NotRead
    old = decide_approval(approval_id=approval_id, to=Decision.WITHDRAWN, by=by, note=_("mise à jour"))
    if again := ACTS[old.kind].again:
        new = again(old, by)
        new.replaces = old
        new.save(update_fields=["replaces"])
        return new
    scope = old.payload["scope"]
    return ask_approval(
        kind=old.kind,
        subject=old.subject,
        summary=old.summary,
        payload={k: v for k, v in old.payload.items() if k != "scope"},
        reason=old.reason,
        by=by,
        contest=scope["contest"],
        place=tuple(scope["place"]),
        replaces=old,
    )
