"""Every write about persons. Rights are asked here, whatever page or command calls."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from kalata.chain import services as chain
from kalata.country.models import Contest, PackVersion, Unit
from kalata.country.rules.rights import APART, DESK, RIGHTS
from kalata.ledger.services import record
from kalata.people import kinds, openings, queries
from kalata.people.accounts import BadActivation as BadActivation
from kalata.people.accounts import NothingToPrint, out_of_one_hand, print_part
from kalata.people.accounts import Sheet as Sheet
from kalata.people.accounts import TwoForActivation as TwoForActivation
from kalata.people.accounts import WeakPassphrase as WeakPassphrase
from kalata.people.accounts import activate as activate
from kalata.people.accounts import ask_reissue as ask_reissue
from kalata.people.accounts import close_account as close_account
from kalata.people.accounts import issue_activation as issue_activation
from kalata.people.approving import approvable as approvable
from kalata.people.approving import ask_about_contest as ask_about_contest
from kalata.people.approving import ask_approval as ask_approval
from kalata.people.approving import decide_approval as decide_approval
from kalata.people.approving import still
from kalata.people.guard import OwnAccount as OwnAccount
from kalata.people.guard import require as require
from kalata.people.models import Approval, Mandate, Person
from kalata.people.rules import access
from kalata.people.rules.approval import Decision as Decision
from kalata.people.rules.approval import NoReason
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.sessions import end_mandate
from kalata.people.sessions import end_sessions as end_sessions
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,39}\Z")


class BadPerson(Refused):
    code = "PEO-301"
    says = _("Fichier des personnes, ligne %(row)d, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez cette ligne et recommencez. Rien n’a été enregistré.")
    status = 422


class RoleClash(Refused):
    code = "PEO-304"
    says = _("Une personne qui administre les comptes ne tient aucun poste de résultats.")
    remedy = _("Donnez ce rôle à une autre personne.")


class RightsApart(Refused):
    """Two rights that a room parts: who receives a petition does not judge it."""

    code = "PEO-316"
    says = _("Une même personne ne peut pas « %(first)s » et « %(second)s ».")
    remedy = _("Donnez l’un des deux rôles à une autre personne.")
    sentences = frozenset({"first", "second"})


class UnknownRole(Refused):
    code = "PEO-305"
    says = _("Le rôle « %(role)s » n’existe pas dans le pack.")
    remedy = _("Rôles du pack : %(known)s.")
    status = 422


class ClosedAccount(Refused):
    code = "PEO-313"
    says = _("Ce compte est fermé : aucun mandat ne peut lui être donné.")
    remedy = _("Demandez d’abord sa nouvelle activation, que deux personnes font ; le mandat vient ensuite.")


def pack_roles() -> dict[str, Mapping[str, Any]]:
    """The roles of every loaded pack, by id; the latest version wins."""
    roles: dict[str, Mapping[str, Any]] = {}
    for version in PackVersion.objects.order_by("pk"):
        roles |= {str(r["id"]): r for r in version.pack.records("roles")}
    return roles


# --- persons -----------------------------------------------------------------------------
@transaction.atomic
def create_person(
    *, username: str, full_name: str, email: str = "", phone: str = "", language: str = "fr", by: Person | None
) -> Person:
    """Open an account that waits for its activation code. `by` None: the command line."""
    if by is not None:
        require(by, "people.manage")
    person = Person(
        username=username.strip(),
        full_name=full_name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        language=language,
    )
    check_person(person, 1)
    person.set_unusable_password()
    person.save()
    chain.keep("person", [person.pk])
    record(
        by=by,
        kind=kinds.PERSON_CREATED,
        subject=f"person:{person.username}",
        after={"full_name": person.full_name},
    )
    return person


def check_person(person: Person, row: int) -> None:
    """Refuse (PEO-301) the first thing that is wrong with a new account."""
    taken = {
        n.lower() for n in Person.objects.filter(username__iexact=person.username).values_list("username", flat=True)
    }
    for field, why in faults_of(person, taken):
        raise BadPerson(row=row, field=field, why=why)


def faults_of(person: Person, taken: Collection[str]) -> Iterator[tuple[str, Message]]:
    """(field, why) of everything that is wrong with a new account. taken: usernames there are, in small letters."""
    if not USERNAME.match(person.username):
        yield "username", Message(_("3 à 40 lettres, chiffres, points ou tirets"))
    elif person.username.lower() in taken:
        yield "username", Message(_("« %(user)s » existe déjà"), {"user": person.username})
    if not person.full_name:
        yield "full_name", Message(_("vide"))
    elif len(person.full_name) > 120:
        yield "full_name", Message(_("plus de %(n)d {n:signe|signes}"), {"n": 120})
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError:
            yield "email", Message(_("« %(mail)s » n’est pas une adresse"), {"mail": person.email[:80]})
    if len(person.phone) > 30:
        yield "phone", Message(_("plus de %(n)d {n:signe|signes}"), {"n": 30})
    if person.language not in ("fr", "en", "bm"):
        yield "language", Message(_("fr, en ou bm"))


# --- mandates ----------------------------------------------------------------------------
@transaction.atomic
def ask_mandate(
    *,
    person: Person,
    role: str,
    unit: Unit | None,
    contest: Contest | None = None,
    starts: date | None = None,
    ends: date | None = None,
    reason: str,
    by: Person,
) -> Approval:
    """Ask that a role be given; another person with people.approve decides."""
    require(by, "people.manage")
    roles = pack_roles()
    if role not in roles:
        raise UnknownRole(role=role, known=", ".join(roles))
    if person.pk == by.pk:
        raise OwnAccount
    check_open(person)
    check_clash(person, roles[role]["rights"])
    where = f" — {unit.name}" if unit else ""
    return ask_approval(
        kind="people.mandate",
        subject=f"person:{person.username}",
        summary=f"{roles[role]['title_fr']}{where} : {person.full_name} ({person.username})",
        payload={
            "person": person.pk,
            "role": role,
            "unit": unit.pk if unit else None,
            "contest": contest.pk if contest else None,
            "starts": str(starts or ""),
            "ends": str(ends or ""),
        },
        reason=reason,
        by=by,
    )


def check_open(person: Person) -> None:
    if person.activated_at is not None and not person.is_active:
        raise ClosedAccount


def check_clash(person: Person, rights: list[str]) -> None:
    held = {r for m in person.mandates.filter(revoked_at__isnull=True) for r in m.rights}
    if access.clash(held | set(rights), DESK):
        raise RoleClash
    for first, second in access.parted(held | set(rights), APART):
        raise RightsApart(first=RIGHTS[first], second=RIGHTS[second])


ONE_HAND = _(
    "Le code ou la phrase de passe que tient une seule personne tombent : il faudra deux feuilles, dont la vôtre, à imprimer sur la fiche de la personne."
)


def picture_of_mandate(approval: Approval, page: int = 1) -> Picture:
    """A role to be given: what it allows, where, and what the person already holds."""
    data = approval.payload
    person = Person.objects.get(pk=data["person"])
    unit = Unit.objects.filter(pk=data["unit"]).first()
    contest = Contest.objects.filter(pk=data["contest"]).first()
    role = pack_roles().get(data["role"], {})
    held = sorted(f"{m.role}@{m.unit.code if m.unit else '*'}" for m in queries.live_mandates(person))
    rights = sorted(str(r) for r in role.get("rights", ()))
    facts: dict[str, Value] = {
        "person": person.username,
        "active": person.is_active,
        "role": data["role"],
        "rights": ", ".join(rights),
        "unit": unit.code if unit else None,
        "contest": contest.code if contest else None,
        "starts": data["starts"] or None,
        "ends": data["ends"] or None,
        "mandates": ", ".join(held) or None,
    }
    opened = openings.last(person)
    lines = (
        Line(_("Rôle"), None, str(role.get("title_fr", data["role"]))),
        Line(_("Territoire"), None, unit.name if unit else _("tout le pays")),
        Line(_("Scrutin"), None, contest.name_fr if contest else _("tous")),
        Line(_("Du"), None, data["starts"] or "–"),
        Line(_("Au"), None, data["ends"] or "–"),
        Line(_("Mandats en cours"), ", ".join(held) or "–", ", ".join(held) or "–"),
        Line(_("Dernière activation"), opened.says if opened else "–", None),
        *(Line(_("Droit"), None, RIGHTS.get(r, r)) for r in rights),
    )
    item = Item(person.full_name, person.username, lines)
    then = (
        _("La personne tient ce rôle dès l’approbation, et le journal garde vos deux noms."),
        *([ONE_HAND] if rights and (openings.issuer(person) or (opened and opened.alone)) else []),
    )
    return Picture(approval.summary, facts, (item,), 1, then=then)


@approvable(
    "people.mandate",
    "people.approve",
    picture_of_mandate,
    title=_("Mandat"),
    about="person",
    personal=True,
    asks="people.manage",
)
def grant_mandate(approval: Approval, by: Person) -> None:
    data = approval.payload
    person = Person.objects.select_for_update().get(pk=data["person"])
    if person.pk in (by.pk, approval.asked_by_id):
        raise OwnAccount
    check_open(person)
    still(approval)
    made = give_mandate(
        person=person,
        role=data["role"],
        unit=Unit.objects.filter(pk=data["unit"]).first(),
        contest=Contest.objects.filter(pk=data["contest"]).first(),
        starts=date.fromisoformat(data["starts"]) if data["starts"] else None,
        ends=date.fromisoformat(data["ends"]) if data["ends"] else None,
        asked_by=approval.asked_by,
        approved_by=by,
    )
    if made.rights:
        out_of_one_hand(person, approval, by)


@transaction.atomic
def give_mandate(
    *,
    person: Person,
    role: str,
    unit: Unit | None = None,
    contest: Contest | None = None,
    starts: date | None = None,
    ends: date | None = None,
    asked_by: Person | None = None,
    approved_by: Person | None = None,
) -> Mandate:
    """Give a role. Called by an approval, or by the command line when a system is first set up."""
    roles = pack_roles()
    if role not in roles:
        raise UnknownRole(role=role, known=", ".join(roles))
    rights = list(roles[role]["rights"])
    Person.objects.select_for_update().get(pk=person.pk)  # two mandates at once: the second sees what the first gave
    check_clash(person, rights)
    mandate = Mandate.objects.create(
        person=person,
        role=role,
        rights=rights,
        unit=unit,
        contest=contest,
        starts=starts,
        ends=ends,
        asked_by=asked_by,
        approved_by=approved_by,
    )
    record(
        by=approved_by,
        kind=kinds.MANDATE_GIVEN,
        rows=[mandate],
        subject=f"person:{person.username}",
        territory=unit.code if unit else "",
        after={
            "role": role,
            "unit": unit.code if unit else None,
            "contest": contest.code if contest else None,
            "rights": sorted(rights),
        },
    )
    return mandate


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, reason: str, by: Person) -> None:
    """Take a role back at once; taking away never waits for a second person."""
    require(by, "people.manage")
    if not reason.strip():
        raise NoReason
    openings.keep_one([mandate])
    end_mandate(mandate=mandate, reason=reason, by=by)
    if not queries.live_mandates(mandate.person).exists():
        end_sessions(mandate.person)


@transaction.atomic
def print_parts(*, by: Person) -> list[tuple[Person, int, str]]:
    """One's own sheet of every activation one approved, together. PEO-309 where there is none."""
    found = queries.sheets_to_print(by)
    if not found:
        raise NothingToPrint
    return [(one.person, *print_part(person=one.person, by=by)) for one in found]
