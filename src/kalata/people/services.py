"""Every write about persons. Rights are asked here, whatever page or command calls."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, PackVersion, Unit
from kalata.country.rules.rights import DESK
from kalata.people import queries
from kalata.people.approving import approvable as approvable
from kalata.people.approving import ask_approval as ask_approval
from kalata.people.approving import decide_approval as decide_approval
from kalata.people.models import Approval, Mandate, Person
from kalata.people.rules import access, activation
from kalata.people.rules.approval import Decision as Decision
from kalata.people.rules.approval import NoReason
from kalata.refusals import Forbidden, Refused
from kalata.text import gettext_noop as _
from kalata.transparency.services import record

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,39}\Z")


class BadPerson(Refused):
    code = "PEO-301"
    says = _("Fichier des personnes, ligne %(row)d, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez cette ligne et recommencez. Rien n’a été enregistré.")
    status = 422


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


class RoleClash(Refused):
    code = "PEO-304"
    says = _("Une personne qui administre les comptes ne tient aucun poste de résultats.")
    remedy = _("Donnez ce rôle à une autre personne.")


class UnknownRole(Refused):
    code = "PEO-305"
    says = _("Le rôle « %(role)s » n’existe pas dans le pack.")
    remedy = _("Rôles du pack : %(known)s.")
    status = 422


class OwnAccount(Refused):
    code = "PEO-306"
    says = _("Vous ne pouvez pas faire cet acte sur votre propre compte.")
    remedy = _("Demandez à une autre personne habilitée.")
    status = 403


def require(person: Any, right: str, *, place: tuple[int, ...] = (), contest: int | None = None) -> None:
    """Let the act go on, or raise Forbidden (PEO-101)."""
    if not queries.may(person, right, place=place, contest=contest):
        raise Forbidden(right=right)


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
    record(
        by=by,
        kind="person.created",
        subject=f"person:{person.username}",
        after={"full_name": person.full_name},
        personal=True,
    )
    return person


def check_person(person: Person, row: int) -> None:
    if not USERNAME.match(person.username):
        raise BadPerson(row=row, field="username", why="3 à 40 lettres, chiffres, points ou tirets")
    if Person.objects.filter(username__iexact=person.username).exists():
        raise BadPerson(row=row, field="username", why=f"« {person.username} » existe déjà")
    if not person.full_name:
        raise BadPerson(row=row, field="full_name", why="vide")
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError:
            raise BadPerson(row=row, field="email", why=f"« {person.email} » n’est pas une adresse") from None
    if person.language not in ("fr", "en", "bm"):
        raise BadPerson(row=row, field="language", why="fr, en ou bm")


@transaction.atomic
def issue_activation(*, person: Person, by: Person | None, days: int = 14) -> str:
    """A fresh one-time code, told once: printed on paper, kept only as a hash."""
    if by is not None:
        require(by, "people.manage")
        if by.pk == person.pk:
            raise OwnAccount
    code = activation.code_from([secrets.randbelow(32) for _n in range(activation.LENGTH)])
    person.activation_hash = activation.digest(code, person.username.lower())
    person.activation_expires = timezone.now() + timedelta(days=days)
    person.save(update_fields=["activation_hash", "activation_expires"])
    record(by=by, kind="person.code_issued", subject=f"person:{person.username}", personal=True)
    return code


@transaction.atomic
def activate(*, username: str, code: str, passphrase: str) -> Person:
    """Use a one-time code: set the passphrase and open the account. The code dies with it."""
    person = Person.objects.select_for_update().filter(username__iexact=username.strip()).first()
    good = person is not None and person.activation_expires is not None and timezone.now() <= person.activation_expires
    if not good or person is None or not activation.matches(code, person.username.lower(), person.activation_hash):
        raise BadActivation
    try:
        validate_password(passphrase, person)
    except ValidationError as error:
        raise WeakPassphrase(why=" ".join(error.messages)) from None
    person.set_password(passphrase)
    person.is_active, person.activation_hash, person.activation_expires = True, "", None
    person.activated_at = timezone.now()
    person.save()
    end_sessions(person)
    record(by=person, kind="person.activated", subject=f"person:{person.username}", personal=True)
    return person


@transaction.atomic
def close_account(*, person: Person, reason: str, by: Person) -> None:
    """Close an account: no more sign-in, every session ended, nothing deleted."""
    require(by, "people.manage")
    if by.pk == person.pk:
        raise OwnAccount
    if not reason.strip():
        raise NoReason
    person.is_active = False
    person.activation_hash = ""
    person.save(update_fields=["is_active", "activation_hash"])
    ended = end_sessions(person)
    record(
        by=by,
        kind="person.closed",
        subject=f"person:{person.username}",
        before={"is_active": True},
        after={"is_active": False, "sessions_ended": ended},
        reason=reason,
        personal=True,
    )


def end_sessions(person: Person) -> int:
    """End every session of a person, wherever it is open."""
    mine = [
        s
        for s in Session.objects.filter(expire_date__gt=timezone.now())
        if str(s.get_decoded().get("_auth_user_id")) == str(person.pk)
    ]
    for session in mine:
        session.delete()
    return len(mine)


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


def check_clash(person: Person, rights: list[str]) -> None:
    held = {r for m in person.mandates.filter(revoked_at__isnull=True) for r in m.rights}
    if access.clash(held | set(rights), DESK):
        raise RoleClash


@approvable("people.mandate", "people.approve")
def grant_mandate(approval: Approval, by: Person) -> None:
    data = approval.payload
    person = Person.objects.get(pk=data["person"])
    if person.pk == by.pk:
        raise OwnAccount
    give_mandate(
        person=person,
        role=data["role"],
        unit=Unit.objects.filter(pk=data["unit"]).first(),
        contest=Contest.objects.filter(pk=data["contest"]).first(),
        starts=date.fromisoformat(data["starts"]) if data["starts"] else None,
        ends=date.fromisoformat(data["ends"]) if data["ends"] else None,
        asked_by=approval.asked_by,
        approved_by=by,
    )


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
        kind="mandate.given",
        subject=f"person:{person.username}",
        territory=unit.code if unit else "",
        after={"role": role, "unit": unit.code if unit else None, "contest": contest.code if contest else None},
        personal=True,
    )
    return mandate


@transaction.atomic
def revoke_mandate(*, mandate: Mandate, reason: str, by: Person) -> None:
    """Take a role back at once; taking away never waits for a second person."""
    require(by, "people.manage")
    if not reason.strip():
        raise NoReason
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    record(
        by=by,
        kind="mandate.revoked",
        subject=f"person:{mandate.person.username}",
        before={"role": mandate.role},
        reason=reason,
        personal=True,
    )


# --- import ------------------------------------------------------------------------------
COLUMNS = ("username", "full_name", "email", "phone", "language", "role", "territory")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed for one person, once."""

    username: str
    full_name: str
    role: str
    territory: str
    code: str


@transaction.atomic
def import_persons(*, content: bytes, by: Person, reason: str) -> list[Sheet]:
    """Open every account of a CSV (username, full_name, email, phone, language, role, territory)
    and ask the mandates it names. All or nothing: the first bad row refuses the file (PEO-301).

    Returns the activation sheets to print; the codes exist nowhere else.
    """
    require(by, "people.manage")
    if not reason.strip():
        raise NoReason
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPerson(row=1, field="fichier", why=f"encodage non UTF-8 (octet {error.start})") from None
    delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    for column in ("username", "full_name"):
        if column not in (reader.fieldnames or []):
            raise BadPerson(row=1, field=column, why="colonne absente")
    roles = pack_roles()
    units = {u.code: u for u in Unit.objects.filter(level__lte=3)}
    sheets: list[Sheet] = []
    for number, row in enumerate(reader, 2):
        cells = {k: (row.get(k) or "").strip() for k in COLUMNS}
        person = Person(
            username=cells["username"],
            full_name=cells["full_name"],
            email=cells["email"],
            phone=cells["phone"],
            language=cells["language"] or "fr",
        )
        check_person(person, number)
        if cells["role"] and cells["role"] not in roles:
            raise BadPerson(row=number, field="role", why=f"« {cells['role']} » n’existe pas dans le pack")
        if cells["territory"] and cells["territory"] not in units:
            raise BadPerson(row=number, field="territory", why=f"zone « {cells['territory']} » inconnue")
        person.set_unusable_password()
        person.save()
        record(
            by=by,
            kind="person.created",
            subject=f"person:{person.username}",
            after={"full_name": person.full_name},
            reason=reason,
            personal=True,
        )
        code = issue_activation(person=person, by=by)
        unit = units.get(cells["territory"])
        if cells["role"]:
            ask_mandate(person=person, role=cells["role"], unit=unit, reason=reason, by=by)
        sheets.append(
            Sheet(
                person.username,
                person.full_name,
                roles[cells["role"]]["title_fr"] if cells["role"] else "",
                unit.name if unit else "",
                code,
            )
        )
    if not sheets:
        raise BadPerson(row=2, field="fichier", why="aucune personne")
    record(by=by, kind="person.imported", subject="persons", after={"count": len(sheets)}, reason=reason, personal=True)
    return sheets
