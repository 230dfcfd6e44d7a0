"""A decisive step that changes after certificates were given: who must read the page of refresher, what they answered, who confirms it."""

from __future__ import annotations

import hashlib
from functools import partial

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people import throttle
from kalata.people.approving import still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.services import approvable, ask_approval
from kalata.results.territory import path_of
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import Agent, Certificate, ProcedureVersion, Refresher, TestForm, UpdateAsked
from kalata.training.queries import refreshers as queries
from kalata.training.rules import refresher as rules
from kalata.training.rules.classes_refusals import (
    NothingToConfirm,
    NotRefreshed,
    NotRevocable,
    SameRefresher,
    ShortOfThePage,
    TooManyAnswers,
    TwoForThePage,
    WhichUpdate,
)
from kalata.training.rules.classes_states import BADGE, Badge
from kalata.training.rules.rights import CERTIFY, TEACH

KIND = "training.refreshers"
PAGE = 20
TRIES = 5
"""Wrong answers of one certificate to one page that are kept; beyond, they are told and not kept. A right one always is."""
MOST = 500
"""Certificates of one request: all are held while it is signed, and nobody else writes meanwhile."""
LEAST = 3
"""Questions of a page that a trainer notes for a change kept before each was named."""


def changed(before: ProcedureVersion | None, now: ProcedureVersion) -> int:
    """A version was approved: where a decisive step is new or another, who was certified for a role of it must refresh. How many.

    In the transaction of the approval; the certificate says so from then on, and the post is uncovered. Who already had
    a page to do has this one too.
    """
    if before is None or not rules.changed(before.content, now.content):
        return 0
    roles = set(now.content.get("roles") or ())
    served = set(TestForm.objects.filter(role__in=roles).values_list("certificate", flat=True))
    held = Certificate.objects.select_for_update(of=("self",)).filter(state__in=(Badge.VALID, Badge.UPDATE))
    found = list(held.filter(role__in=served | roles))
    states.derive_each(BADGE, {c: Badge.UPDATE for c in found if c.state == Badge.VALID})
    UpdateAsked.objects.bulk_create(UpdateAsked(certificate=c, version=now, at=timezone.now()) for c in found)
    for role in {c.role for c in found}:
        theirs = Certificate.objects.filter(role=role, state=Badge.UPDATE, updates__version=now)
        Agent.objects.filter(certificate_role=role, pk__in=theirs.values("agent")).update(certificate_version="")
    if found:
        after = {"version": now.number, "role": ", ".join(sorted(roles)), "certificates": len(found)}
        record(by=None, kind=kinds.UPDATE_ASKED, subject=f"procedure:{now.procedure.code}", after=after)
    return len(found)


def waiting(certificate: Certificate) -> Certificate:
    """The certificate, held, that waits for a refresher. TRN-623."""
    one = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if one.state != Badge.UPDATE:
        raise NotRevocable(number=one.number, state=BADGE.labels[Badge(one.state)])
    return one


def told(one: Certificate, made: Refresher, by: Person | None) -> None:
    contest = one.seat.training_class.contest
    after = {"number": one.number, "right": made.right, "of": made.out_of, "route": made.route}
    if made.version:
        after["procedure"] = made.version.procedure.code
    record(by=by, kind=kinds.REFRESHED, subject=f"contest:{contest.code}", after=after)


def which(one: Certificate, procedure: str) -> ProcedureVersion | None:
    """The change that a trainer speaks of; None where the certificate names none. TRN-643."""
    asked = queries.left(one)
    found = [u for u in asked if not procedure or u.version.procedure.code.upper() == procedure.upper()]
    if len(found) == 1:
        return found[0].version
    if asked or procedure:
        raise WhichUpdate(number=one.number, which=", ".join(u.version.procedure.code for u in asked))
    return None


@transaction.atomic
def note(*, certificate: Certificate, right: int, out_of: int, route: str, by: Person, procedure: str = "") -> Refresher:  # fmt: skip
    """A trainer notes the questions of the page of refresher, on paper or by telephone, all of them. TRN-623, TRN-643, TRN-646."""
    held = certificate.seat.training_class
    require(by, TEACH, place=path_of(held.unit), contest=held.contest_id)
    one = waiting(certificate)
    version = which(one, procedure)
    if version and out_of < (asked := queries.questions_of(version)):
        raise ShortOfThePage(procedure=version.procedure.code, n=asked, of=out_of)
    made = Refresher.objects.create(
        certificate=one, version=version, right=min(right, out_of), out_of=out_of, route=route, by=by, at=timezone.now()
    )
    told(one, made, by)
    return made


def tried(number: str, version: ProcedureVersion, place: str) -> throttle.Gate:
    """Count one answer of a certificate from a place, before it is read: who hammers from elsewhere slows nobody else. TRN-642."""
    gate = throttle.Gate("refresher", f"{number}|{version.pk}", hashlib.sha256(place.encode()).hexdigest())
    try:
        gate.take()
    except throttle.TooManyTries as wait:
        raise TooManyAnswers(minutes=wait.params["minutes"]) from None
    return gate


@transaction.atomic
def answer(*, version: ProcedureVersion, certificate: Certificate, right: int, out_of: int) -> Refresher | None:
    """What was answered on the page by whoever holds the number: kept, and confirmed by two before it counts. TRN-623.

    None: wrong like enough before it, and not kept. Nobody uses up the answers of another: a right one is always kept.
    """
    one = waiting(certificate)
    if version.pk not in {u.version_id for u in queries.left(one)}:
        raise NotRevocable(number=one.number, state=BADGE.labels[Badge(one.state)])
    if right < out_of and queries.answered(one, version) >= TRIES:
        return None
    made = Refresher.objects.create(
        certificate=one, version=version, right=right, out_of=out_of, route="page", by=None, at=timezone.now()
    )
    told(one, made, None)
    return made


@transaction.atomic
def confirm(*, certificate: Certificate, reason: str, by: Person) -> Certificate:
    """What a trainer noted, whole and right for each change, makes the certificate valid again, by another person. TRN-624, TRN-633, TRN-641."""
    contest = certificate.seat.training_class.contest
    require(by, CERTIFY, contest=contest.pk)
    one = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    found = refreshed(one)
    if any(r.by_id == by.pk for r in found):
        raise SameRefresher
    if any(r.by_id is None for r in found):
        raise TwoForThePage(number=one.number)
    after = {"number": one.number, "right": found[-1].right, "of": found[-1].out_of, "confirmed": True}
    states.write(
        one, BADGE, Badge.VALID, Act(by=by.pk, right=CERTIFY, reason=reason),
        tells=lambda: record(by=by, kind=kinds.REFRESHED, subject=f"contest:{contest.code}", after=after, reason=reason),
    )  # fmt: skip
    covered(one)
    return one


def refreshed(one: Certificate) -> list[Refresher]:
    """The pages that make it valid again. TRN-624 where one is left, or none was done since the change."""
    if one.state != Badge.UPDATE or queries.left(one):
        raise NotRefreshed(number=one.number)
    if one.updates.exists():
        return queries.counted(one)
    last = one.refreshers.order_by("-pk").first()  # asked for before each change was named
    if last is None or last.right < last.out_of or last.out_of < LEAST:
        raise NotRefreshed(number=one.number)
    return [last]


def covered(one: Certificate) -> None:
    Agent.objects.filter(pk=one.agent_id, certificate_role=one.role).update(certificate_version=one.version)


# --- by two, many at once ------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, contest: Contest, reason: str, by: Person) -> Approval:
    """Ask another person to confirm the refreshers of a contest that are whole and right, MOST at a time. TRN-633, TRN-644."""
    require(by, CERTIFY, contest=contest.pk)
    found = list(queries.ready(contest)[:MOST])
    if not found:
        raise NothingToConfirm
    stranger(found, by)
    return ask_approval(
        kind=KIND, subject=f"contest:{contest.code}", summary=contest.name_fr,
        payload={"contest": contest.pk, "certificates": [c.pk for c in found]}, reason=reason, by=by, contest=contest.pk,
    )  # fmt: skip


def stranger(found: list[Certificate], by: Person) -> None:
    """TRN-633 for whoever noted one of these refreshers."""
    if Refresher.objects.filter(certificate__in=found, by=by).exists():
        raise SameRefresher


def of(approval: Approval) -> list[Certificate]:
    """Those asked for that still wait, and whose pages are still whole."""
    return list(queries.ready(Contest.objects.get(pk=approval.payload["contest"])).filter(pk__in=approval.payload["certificates"]))


def picture_of(approval: Approval, page: int = 1) -> Picture:
    found = of(approval)
    counted = queries.counted_of(found)
    facts: dict[str, Value] = {c.number: " ".join(f"{r.version_id}:{r.pk}" for r in counted[c.pk]) for c in found}
    first = (max(page, 1) - 1) * PAGE
    items = tuple(
        Item(c.number, c.agent.code, tuple(Line(r.version.procedure.code if r.version else "", None, f"{r.right}/{r.out_of}, {r.at:%Y-%m-%d %H:%M}, {r.by.full_name if r.by else '–'}") for r in counted[c.pk]))
        for c in found[first : first + PAGE]
    )  # fmt: skip
    then = (
        _("Chaque attestation redevient valable et son poste est de nouveau couvert."),
        _("Un tiret : répondu sur la page publique avec le numéro de l’attestation, sans formateur pour le voir."),
    )
    return Picture(approval.summary, facts, items, len(found), then=then)


def let_go(approval: Approval) -> None:
    """Refused or withdrawn: the certificates still wait."""


@approvable(KIND, CERTIFY, picture_of, title=_("Mises à jour d’attestations"), personal=True, let_go=let_go)
def confirm_all(approval: Approval, by: Person) -> None:
    found = list(Certificate.objects.select_for_update(of=("self",)).filter(pk__in=[c.pk for c in of(approval)]))
    if not found:
        raise NothingToConfirm
    still(approval)
    stranger(found, by)
    stranger(found, approval.asked_by)
    contest = Contest.objects.get(pk=approval.payload["contest"])
    for one in found:
        refreshed(one)
        after = {"number": one.number, "confirmed": True}
        tells = partial(record, by=by, kind=kinds.REFRESHED, subject=f"contest:{contest.code}", after=after, reason=approval.reason)
        states.write(one, BADGE, Badge.VALID, Act(by=by.pk, right=CERTIFY, reason=approval.reason), tells=tells)
        covered(one)
