"""Certificates: issued and withdrawn by two persons, neither of whom taught the class."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata import states
from kalata.ledger.services import record
from kalata.people.approving import still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value, digest
from kalata.people.services import approvable, ask_approval
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training import badge_keys, kinds
from kalata.training.models import Agent, Certificate, Enrolment, TrainingClass
from kalata.training.queries import cascade as planner
from kalata.training.queries import classes as queries
from kalata.training.rules.badges import tokens
from kalata.training.rules.badges.claims import Claim, Withdrawn
from kalata.training.rules.badges.issuer import Signer
from kalata.training.rules.classes_refusals import NobodyPassed, NotRevocable, TrainerCertifies
from kalata.training.rules.classes_states import BADGE, REASONS, SEAT, Badge, Seat
from kalata.training.rules.rights import CERTIFY

ISSUE, WITHDRAW = "training.certificates", "training.withdrawal"
PAGE = 20
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


# --- issue -------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, training_class: TrainingClass, reason: str, by: Person) -> Approval:
    """Ask for the certificates of who passed in a class whose results stand. TRN-621, TRN-622."""
    require(by, CERTIFY, contest=training_class.contest_id)
    stranger(training_class, by)
    if not queries.to_certify(training_class):
        raise NobodyPassed
    return ask_approval(
        kind=ISSUE, subject=f"contest:{training_class.contest.code}", summary=f"{training_class.code} : {training_class.area}, {training_class.venue}",
        payload={"class": training_class.pk, "code": training_class.code}, reason=reason, by=by, contest=training_class.contest_id,
    )  # fmt: skip


def stranger(one: TrainingClass, by: Person) -> None:
    """TRN-622 for whoever taught the class or marked a paper of it, whatever rights they hold."""
    if queries.touched_it(by, one):
        raise TrainerCertifies(code=one.code)


def version_of(seat: Enrolment) -> str:
    paper = seat.papers.select_related("form").filter(passed=True).first()
    return paper.form.version if paper else ""


def facts_of(seats: Sequence[Enrolment]) -> dict[str, Value]:
    return {f"{s.seat}": f"{s.agent.code if s.agent else ''} {s.role} {version_of(s)}" for s in seats}


def picture_of(approval: Approval, page: int = 1) -> Picture:
    one = TrainingClass.objects.get(pk=approval.payload["class"])
    seats = queries.to_certify(one)
    first = (max(page, 1) - 1) * PAGE
    items = tuple(
        Item(s.agent.name if s.agent else "", s.agent.code if s.agent else "", (Line(_("Fonction"), None, s.role), Line(_("Version des procédures"), None, version_of(s))))
        for s in seats[first : first + PAGE]
    )  # fmt: skip
    then = (
        _("Chaque personne reçoit une attestation signée, que chacun vérifie ; elle ne porte ni nom ni note."),
        _("Le poste qu’elle tient est formé au tableau des postes, dans le même acte."),
    )
    return Picture(approval.summary, {"class": one.code, **facts_of(seats)}, items, len(seats), then=then)


def let_go(approval: Approval) -> None:
    """Refused or withdrawn: who passed waits for another request."""


@approvable(ISSUE, CERTIFY, picture_of, title=_("Attestations de formation"), personal=True, let_go=let_go)
def issue(approval: Approval, by: Person) -> None:
    """Sign: a number, a badge and a place in the list of withdrawals for each who passed; their posts are trained. TRN-622, TRN-625."""
    one = (
        TrainingClass.objects.select_for_update(of=("self",))
        .select_related("contest")
        .get(pk=approval.payload["class"])
    )
    still(approval)
    stranger(one, by)
    stranger(one, approval.asked_by)
    seats = queries.to_certify(one)
    if not seats:
        raise NobodyPassed
    signer = badge_keys.signer()
    index = last_index()
    made = []
    for n, seat in enumerate(seats, 1):
        made.append(certificate(one, seat, index + n, signer, approval.asked_by, by))
    states.derive_each(SEAT, dict.fromkeys(seats, Seat.CERTIFIED))
    numbers = [c.number for c in made]
    after = {"class": one.code, "numbers": numbers, "sha256": digest(facts_of(seats))}
    record(by=by, kind=kinds.CERTIFIED, subject=f"contest:{one.contest.code}", after=after, rows=made)


def last_index() -> int:
    """The last place of the list of withdrawals, asked again once the certificate that had it is held: two acts take two places."""
    list(Certificate.objects.select_for_update().order_by("-status_index").values_list("pk")[:1])
    return Certificate.objects.aggregate(n=Max("status_index"))["n"] or 0


def new_number(year: int) -> str:
    """A number that nobody guesses from another."""
    drawn = "".join(secrets.choice(ALPHABET) for _n in range(8))
    return f"K{year % 100}-{drawn[:4]}-{drawn[4:]}"


def certificate(
    one: TrainingClass, seat: Enrolment, index: int, signer: Signer, asked: Person, by: Person
) -> Certificate:
    assert seat.agent is not None
    today = timezone.localdate()
    months = planner.assumed("certificate_months", 24)
    expires = today + timedelta(days=months * 365 // 12)
    claim = Claim(
        certificate=new_number(today.year), person_code=seat.agent.code, role=seat.role or "staff", level="L4", procedure_version=version_of(seat) or "1",
        awarded_on=today, place=f"{one.unit.name if one.unit else one.area}, {one.venue}"[:200], expires_on=expires, status_index=index,
    )  # fmt: skip
    made = Certificate.objects.create(
        number=claim.certificate, seat=seat, agent=seat.agent, role=claim.role, level=claim.level, version=claim.procedure_version, awarded_on=today,
        expires_on=expires, place=claim.place, status_index=index, token=tokens.badge(claim, signer), asked_by=asked, by=by, at=timezone.now(),
    )  # fmt: skip
    Agent.objects.filter(pk=made.agent_id).update(
        certificate_role=made.role, certificate_version=made.version, certificate_expires=expires
    )
    return made


# --- withdrawal ----------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_withdrawal(*, certificate: Certificate, code: str, reason: str, by: Person) -> Approval:
    """Ask for a withdrawal, for a reason of the list. TRN-622, TRN-623."""
    contest = certificate.seat.training_class.contest
    require(by, CERTIFY, contest=contest.pk)
    stranger(certificate.seat.training_class, by)
    standing(certificate)
    return ask_approval(
        kind=WITHDRAW, subject=f"contest:{contest.code}", summary=certificate.number, reason=reason, by=by, contest=contest.pk,
        payload={"certificate": certificate.pk, "number": certificate.number, "reason_code": code if code in REASONS else "issued_in_error"},
    )  # fmt: skip


def standing(one: Certificate) -> None:
    if one.state == Badge.REVOKED:
        raise NotRevocable(number=one.number, state=BADGE.labels[Badge.REVOKED])


def withdrawal_picture(approval: Approval, page: int = 1) -> Picture:
    one = Certificate.objects.select_related("agent").get(pk=approval.payload["certificate"])
    why = Message(REASONS[approval.payload["reason_code"]])
    lines = (Line(_("État"), one.state_label, Message(BADGE.labels[Badge.REVOKED])), Line(_("Motif publié"), None, why))
    facts: dict[str, Value] = {
        "certificate": one.number,
        "state": one.state,
        "reason": approval.payload["reason_code"],
        "agent": one.agent.code,
    }
    then = (
        _(
            "Le retrait entre dans la liste publiée, avec son motif codé ; le poste que la personne tient n’est plus couvert."
        ),
    )
    return Picture(one.number, facts, (Item(one.agent.name, one.role, lines),), 1, then=then)


@approvable(WITHDRAW, CERTIFY, withdrawal_picture, title=_("Retrait d’une attestation"), personal=True, let_go=let_go)
def withdraw(approval: Approval, by: Person) -> None:
    """Carry out a withdrawal: the badge fails every check that reads the list, and the post is no longer covered."""
    one = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("seat__training_class__contest")
        .get(pk=approval.payload["certificate"])
    )
    stranger(one.seat.training_class, by)
    stranger(one.seat.training_class, approval.asked_by)
    standing(one)
    code = approval.payload["reason_code"]
    states.derive(one, BADGE, Badge.REVOKED, reason=code)
    uncovered(one)
    contest = one.seat.training_class.contest
    record(
        by=by,
        kind=kinds.REVOKED,
        subject=f"contest:{contest.code}",
        after={"number": one.number, "reason": code},
        reason=approval.reason,
    )


def uncovered(one: Certificate) -> None:
    """What the post knows of the holder's training, where it came from this certificate."""
    Agent.objects.filter(pk=one.agent_id, certificate_role=one.role, certificate_version=one.version).update(
        certificate_role="", certificate_version="", certificate_expires=None
    )


def withdrawn() -> list[Withdrawn]:
    found = Certificate.objects.filter(state=Badge.REVOKED).order_by("status_index")
    return [Withdrawn(c.number, c.status_index, c.reason) for c in found]


def status_token() -> str:
    """The signed list of what was withdrawn, as anybody may download it."""
    return tokens.status_list(withdrawn(), badge_keys.signer())
