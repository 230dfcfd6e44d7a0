"""Opening, re-opening and closing accounts. Whoever has a desk, or was closed, comes back by two persons only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people import kinds, openings, queries
from kalata.people.approving import approvable, ask_approval, outdate
from kalata.people.guard import OwnAccount, require
from kalata.people.models import Approval, Person, Reissue
from kalata.people.notices import tell
from kalata.people.rules import activation
from kalata.people.rules.approval import NoReason
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.sessions import end_mandate, shut_out
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

DAYS = 14


class BadActivation(Refused):
    code = "PEO-302"
    says = _("L’identifiant ou le code d’activation est inexact, ou le code a expiré.")
    remedy = _("Vérifiez la feuille remise, ou demandez une nouvelle feuille au responsable des comptes.")
    status = 403


class WeakPassphrase(Refused):
    code = "PEO-303"
    says = _("La phrase de passe n’est pas acceptée : %(why)s")
    remedy = _("Choisissez au moins 15 caractères, par exemple quatre mots sans lien.")
    status = 422


class TwoForActivation(Refused):
    code = "PEO-308"
    says = _("Ce compte tient un poste ou a été fermé : une personne seule ne peut pas lui rendre un code.")
    remedy = _(
        "Demandez une nouvelle activation ; une seconde personne l’approuve, et chacune remet une des deux feuilles."
    )
    status = 403


class NothingToPrint(Refused):
    code = "PEO-309"
    says = _("Il n’y a pas de feuille à imprimer pour vous : déjà imprimée, annulée, utilisée ou expirée.")
    remedy = _("Une feuille ne s’imprime qu’une fois. Faites une nouvelle demande d’activation.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed for one person, once. part: which of two sheets, 0 where there is only one.

    remains: the second factors that open the account besides these codes.
    """

    username: str
    full_name: str
    role: str
    territory: str
    code: str
    part: int = 0
    remains: tuple[Message, ...] = ()


def new_code() -> str:
    return activation.code_from([secrets.randbelow(32) for _n in range(activation.LENGTH)])


def needs_two(person: Person) -> bool:
    """True where one person alone may not issue a code: a mandate gives or gave rights, or the account was closed."""
    closed = person.activated_at is not None and not person.is_active
    return closed or queries.ever_had_desk(person)


# --- one sheet: an account without a desk ---------------------------------------------------
@transaction.atomic
def issue_activation(*, person: Person, by: Person | None, days: int = DAYS) -> str:
    """A fresh one-time code, told once: printed on paper, kept only as a hash.

    Raises: PEO-308 where the account has a desk or was closed, unless the console (`by` None) opens it the first time.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by is not None:
        require(by, "people.manage")
        if by.pk == person.pk:
            raise OwnAccount
    if needs_two(person) and not (by is None and person.activated_at is None):
        raise TwoForActivation
    code = new_code()
    person.activation_hash = activation.digest(code, person.username.lower())
    person.activation_expires = timezone.now() + timedelta(days=days)
    person.save(update_fields=["activation_hash", "activation_expires"])
    record(by=by, kind=kinds.PERSON_CODE_ISSUED, subject=f"person:{person.username}")
    return code


# --- two sheets: an account with a desk -----------------------------------------------------
@transaction.atomic
def ask_reissue(*, person: Person, reason: str, factors: bool, by: Person) -> Approval:
    """Ask for a new activation of an account that has a desk or was closed; another person decides.

    factors: the second factors are lost too, and fall when both codes are used. Those that are to stay are named, with
    the day each was added, to who decides and on the owner's sheet; whatever was added since falls.
    """
    require(by, "people.manage")
    if by.pk == person.pk:
        raise OwnAccount
    effect = _("nouvelle activation, seconds facteurs retirés") if factors else _("nouvelle activation")
    return ask_approval(
        kind="people.reissue",
        subject=f"person:{person.username}",
        summary=f"{person.full_name} ({person.username}) : {effect}",
        payload={"person": person.pk, "factors": factors},
        reason=reason,
        by=by,
    )


def picture_of_reissue(approval: Approval, page: int) -> Picture:
    """What a new activation touches: the account as it stands, its mandates, its second factors."""
    person = Person.objects.get(pk=approval.payload["person"])
    held = ", ".join(sorted(m.role for m in queries.live_mandates(person)))
    falls = bool(approval.payload["factors"]) or opened_alone(person)
    there = factors_of(person)
    facts: dict[str, Value] = {
        "person": person.username,
        "active": person.is_active,
        "mandates": held,
        "factors": falls,
        **{f"factor:{one.pk}": f"{one.type} {one.created_at:%Y-%m-%d %H:%M}" for one in there},
    }
    lines = (
        Line(_("Compte"), _("ouvert") if person.is_active else _("fermé"), _("ouvert")),
        Line(_("Seconds facteurs"), len(there), 0 if falls else len(there)),
        *(Line(named(one), _("ouvre le compte"), _("retiré") if falls else _("reste")) for one in there),
    )
    note = Message(_("Mandats en cours : %(held)s"), {"held": held or "–"})
    then = (
        *([] if falls or not there else [STAYS]),
        _("Les sessions de cette personne se terminent et ses clés de machine sont révoquées."),
        _("Elle est prévenue sur ses pages, et peut annuler."),
        _(
            "Vous imprimez une feuille, la personne qui demande imprime l’autre : il faut les deux codes, dans les 14 jours."
        ),
    )
    return Picture(approval.summary, facts, (Item(person.full_name, person.username, lines, note=note),), 1, then=then)


@approvable(
    "people.reissue",
    "people.approve",
    picture_of_reissue,
    title=_("Nouvelle activation d’un compte"),
    about="person",
    personal=True,
    asks="people.manage",
)
def open_reissue(approval: Approval, by: Person) -> None:
    """The request is approved: the owner is told and shut out; each of the two may print one sheet."""
    person = Person.objects.select_for_update().get(pk=approval.payload["person"])
    if person.pk in (by.pk, approval.asked_by_id):
        raise OwnAccount
    two_sheets(person, approval, by, factors=approval.payload["factors"])


def two_sheets(person: Person, approval: Approval, by: Person, *, factors: bool, first: str = "") -> None:
    """Open an activation by two sheets. first: the hash of a code that who asked has handed over already."""
    now, factors = timezone.now(), factors or opened_alone(person)
    Reissue.objects.filter(person=person, ended_at=None).update(ended_at=now, end="replaced")
    Reissue.objects.create(
        person=person, asked_by=approval.asked_by, approved_by=by, factors=factors, first_hash=first,
        created_at=now, expires_at=now + timedelta(days=DAYS),
    )  # fmt: skip
    person.activation_hash, person.activation_expires = "", None
    person.save(update_fields=["activation_hash", "activation_expires"])
    ended = shut_out(person, why="reissue", by=by)
    if person.activated_at is not None:
        tell(person, "reissue", a=approval.asked_by.username, b=by.username)
    record(
        by=by, kind=kinds.PERSON_REISSUE_OPENED, subject=f"person:{person.username}",
        after={"asked_by": approval.asked_by.username, "factors": factors, "sessions_ended": ended},
        reason=approval.reason,
    )  # fmt: skip


def out_of_one_hand(person: Person, approval: Approval, by: Person) -> None:
    """A desk is given: what one person alone could open the account with falls, and two sheets open it.

    A code not used yet becomes the first of the two, unless who approves issued it; a passphrase set with the sheet
    of one person dies with its sessions, its keys and its second factors.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    opened, who = openings.last(person), openings.issuer(person)
    alone = opened is not None and opened.alone
    first = person.activation_hash if who not in (None, by.pk) else ""
    if who is not None:
        person.activation_hash, person.activation_expires = "", None
    if alone:
        person.set_unusable_password()
    person.save(update_fields=["activation_hash", "activation_expires", "password"])
    if alone:  # an activation that waits was asked before: what one hand put there falls with it all the same
        Reissue.objects.filter(person=person, ended_at=None).update(factors=True)
    waits = any(one.asked_by_id != one.approved_by_id for one in open_reissues(person))
    if not waits and (alone or (who is not None and person.activated_at is None)):
        two_sheets(person, approval, by, factors=alone, first=first)
    elif alone:
        shut_out(person, why="desk", by=by)


STAYS = _(
    "Ces seconds facteurs ouvriront encore le compte : s’il y a un doute sur un seul, demandez qu’ils soient retirés."
)
NAMES = {
    Authenticator.Type.TOTP: _("Application de codes, ajoutée le %(day)s"),
    Authenticator.Type.RECOVERY_CODES: _("Codes de secours, faits le %(day)s"),
    Authenticator.Type.WEBAUTHN: _("Clé de sécurité, ajoutée le %(day)s"),
}


def opened_alone(person: Person) -> bool:
    """True where the passphrase came from the sheet of one person alone: what is there may be that person's."""
    opened = openings.last(person)
    return opened is not None and opened.alone


def factors_of(person: Person) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user_id=person.pk).order_by("pk"))


def named(one: Authenticator) -> Message:
    """A second factor as its owner may know it: what it is, since when."""
    return Message(
        NAMES[Authenticator.Type(one.type)], {"day": f"{timezone.localtime(one.created_at):%d/%m/%Y, %H:%M}"}
    )


def falling(one: Reissue) -> QuerySet[Authenticator]:
    """The second factors that fall when both codes are used: all but those that the two persons agreed to leave."""
    there = Authenticator.objects.filter(user_id=one.person_id)
    if one.factors:
        return there
    agreed = Approval.objects.filter(
        kind="people.reissue", state="approved", subject=f"person:{one.person.username}",
        asked_by=one.asked_by_id, decided_by=one.approved_by_id,
    )  # fmt: skip
    facts = agreed.order_by("-decided_at").values_list("facts", flat=True).first() or {}
    return there.exclude(pk__in=[int(key.partition(":")[2]) for key in facts if key.startswith("factor:")])


def remaining(person: Person) -> tuple[Message, ...]:
    """What opens the account besides the codes that are out, as the owner's sheet names it."""
    gone = {pk for one in open_reissues(person) for pk in falling(one).values_list("pk", flat=True)}
    return tuple(named(f) for f in factors_of(person) if f.pk not in gone)


def open_reissues(person: Person) -> list[Reissue]:
    return list(
        Reissue.objects.filter(person=person, ended_at=None, expires_at__gte=timezone.now()).select_related(
            "asked_by", "approved_by"
        )
    )


def printable_part(one: Reissue, by: Person) -> int:
    """Which sheet of this activation `by` may print now: 1 who asked, 2 who approved, 0 none (or printed already)."""
    if by.pk == one.asked_by_id and not one.first_hash:
        return 1
    if by.pk == one.approved_by_id and not one.second_hash:
        return 2
    return 0


@transaction.atomic
def print_part(*, person: Person, by: Person) -> tuple[int, str]:
    """The code of one's own sheet, told once to the one who prints it. PEO-309 where there is none."""
    found = [
        one
        for one in Reissue.objects.select_for_update().filter(
            person=person, ended_at=None, expires_at__gte=timezone.now()
        )
        if printable_part(one, by)
    ]
    if not found:
        raise NothingToPrint
    one = found[0]
    part, code = printable_part(one, by), new_code()
    require(by, "people.manage" if part == 1 else "people.approve")
    mark = activation.digest(code, person.username.lower())
    if part == 1:
        one.first_hash = mark
    else:
        one.second_hash = mark
    one.save(update_fields=["first_hash", "second_hash"])
    record(by=by, kind=kinds.PERSON_SHEET_PRINTED, subject=f"person:{person.username}", after={"sheet": part})
    return part, code


@transaction.atomic
def cancel_reissue(*, person: Person) -> int:
    """The owner did not want it: the codes die at once. Returns how many were open."""
    open_ = Reissue.objects.select_for_update().filter(person=person, ended_at=None)
    count = open_.update(ended_at=timezone.now(), end="cancelled")
    if count:
        record(by=person, kind=kinds.PERSON_REISSUE_CANCELLED, subject=f"person:{person.username}")
    return count


# --- using the codes --------------------------------------------------------------------------
@transaction.atomic
def activate(*, username: str, code: str, passphrase: str, second: str = "") -> Person:
    """Use the one-time code, or the two of a new activation in either order; the codes die with it.

    Sets the passphrase, opens the account, ends the sessions and revokes the keys. PEO-302 in the
    same words whatever was wrong. A code is good until and with its last instant.
    """
    person = Person.objects.select_for_update().filter(username__iexact=username.strip()).first()
    again = matched_reissue(person, code, second)
    if person is None or not (again is not None or matched_alone(person, code, second)):
        raise BadActivation
    try:
        validate_password(passphrase, person)
    except ValidationError as error:
        raise WeakPassphrase(why=" ".join(error.messages)) from None
    known = person.activated_at is not None
    person.set_password(passphrase)
    person.is_active, person.activation_hash, person.activation_expires = True, "", None
    person.activated_at = timezone.now()
    person.save()
    shut_out(person, why="activation", by=person)
    if again is not None:
        again.ended_at, again.end = timezone.now(), "used"
        again.save(update_fields=["ended_at", "end"])
        if falling(again).delete()[0]:
            tell(person, "factors_reset", a=again.asked_by.username, b=again.approved_by.username)
        for one in factors_of(person):
            tell(person, "factor_kept", what=named(one))
    if known:
        tell(person, "activated")
    record(
        by=person, kind=kinds.PERSON_ACTIVATED, subject=f"person:{person.username}",
        after={
            "sheets": 2 if again else 1, "factors_reset": bool(again and again.factors),
            "by": [again.asked_by.username, again.approved_by.username] if again else [],
        },
    )  # fmt: skip
    return person


def matched_alone(person: Person, code: str, second: str) -> bool:
    """True where one code is enough and it is the right one, now."""
    in_time = person.activation_expires is not None and timezone.now() <= person.activation_expires
    right = activation.matches(code, person.username.lower(), person.activation_hash)
    console = person.activated_at is None and openings.issuer(person) is None
    return right and in_time and not second.strip() and (console or not needs_two(person))


def matched_reissue(person: Person | None, code: str, second: str) -> Reissue | None:
    """The open activation whose two codes these are; the same work is done for a name nobody bears."""
    salt = person.username.lower() if person else "?"
    typed = {activation.digest(code, salt), activation.digest(second, salt)}
    for one in open_reissues(person) if person else ():
        if one.first_hash and one.second_hash and typed == {one.first_hash, one.second_hash}:
            return one
    return None


# --- closing ------------------------------------------------------------------------------------
@transaction.atomic
def close_account(*, person: Person, reason: str, by: Person) -> None:
    """Close an account: no more sign-in, sessions, keys, codes or mandates; nothing is deleted."""
    require(by, "people.manage")
    if by.pk == person.pk:
        raise OwnAccount
    if not reason.strip():
        raise NoReason
    person = Person.objects.select_for_update().get(pk=person.pk)
    openings.keep_one(list(queries.live_mandates(person)))
    person.is_active = False
    person.activation_hash, person.activation_expires = "", None
    person.activated_at = person.activated_at or timezone.now()
    person.save(update_fields=["is_active", "activation_hash", "activation_expires", "activated_at"])
    Reissue.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now(), end="closed")
    lost = [m.role for m in queries.live_mandates(person)]
    for mandate in queries.live_mandates(person):
        end_mandate(mandate=mandate, reason=reason, by=by)
    outdate(person=person, by=by, note=_("Le compte de qui a demandé a été fermé."))
    ended = shut_out(person, why="closed", by=by)
    record(
        by=by,
        kind=kinds.PERSON_CLOSED,
        subject=f"person:{person.username}",
        before={"is_active": True, "roles": lost},
        after={"is_active": False, "sessions_ended": ended},
        reason=reason,
    )
