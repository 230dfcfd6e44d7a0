"""The first two persons of a house, opened at the console: one asks mandates, the other approves them.

Written inside the transaction of the command. Nobody else can be opened so: as soon as there is one person of each,
everybody else is asked by one and approved by the other.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people import accounts, factors, kinds, openings, services
from kalata.people.models import Mandate, Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoKeeper(Refused):
    code = "PEO-320"
    says = _("Aucun rôle des packs chargés ne donne le droit « %(right)s » pour toute la maison.")
    remedy = _("Chargez un pack qui a ce rôle (kalata pack load), puis recommencez.")


class WrongFirstCode(Refused):
    code = "PEO-321"
    says = _("Ce code n’est pas celui que l’application de codes montre maintenant.")
    remedy = _("Réglez l’heure du téléphone sur l’heure du réseau, attendez le code suivant et tapez-le.")
    status = 422


def roles() -> tuple[str, str]:
    """The role that asks mandates and the one that approves them, in the packs that are loaded. PEO-320."""
    found = []
    for right in openings.KEEPERS:
        role = next((key for key, one in services.pack_roles().items() if right in one["rights"]), None)
        if role is None:
            raise NoKeeper(right=right)
        found.append(role)
    return found[0], found[1]


def missing() -> list[str]:
    """The rights of keepers that nobody holds for the whole house: none once a house is set up."""
    live = Mandate.objects.filter(revoked_at=None, unit=None, contest=None)
    closed = live.filter(person__is_active=False, person__activated_at__isnull=False)
    held = {right for one in live.exclude(pk__in=closed) for right in one.rights}
    return [right for right in openings.KEEPERS if right not in held]


def opened(*, username: str, full_name: str, role: str) -> tuple[Person, str]:
    """An account with its mandate, given by the console, and its one-time code."""
    person = services.create_person(username=username, full_name=full_name, by=None)
    if role:
        services.give_mandate(person=person, role=role)
    return person, accounts.issue_activation(person=person, by=None)


def second_factor(*, person: Person, secret: str, code: str) -> list[str]:
    """Keep a code application that was just shown to work, and make the recovery codes, which are returned to be printed.

    PEO-321: the code is not one of this secret now. It is spent with it.
    """
    step = factors.matching(secret, code)
    if step is None:
        raise WrongFirstCode
    Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.TOTP,
        data={"secret": encrypt(secret), "last": step},
        created_at=timezone.now(),
    )
    codes = RecoveryCodes.activate(person).get_unused_codes()
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        record(
            by=person, kind=kinds.PERSON_FACTOR_ADDED, subject=f"person:{person.username}",
            after={"type": str(kind), "sessions_ended": 0},
        )  # fmt: skip
    return codes
