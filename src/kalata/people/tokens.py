"""Keys for machines: a scanner or a transmission system acts for one person, within some of that person's rights."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kalata.country.rules.rights import RIGHTS
from kalata.people import queries
from kalata.people.models import ApiToken, Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.services import record

MARK = "klt_"
LONGEST_DAYS = 90
SCOPES = frozenset(
    f"results.{right}"
    for right in ("read", "receive", "scan", "enter", "arbitrate", "review", "commission", "copy", "publish", "setup")
)
"""Rights a machine may hold. Visas, recalls and accounts stay with persons at a screen."""


class BadToken(Refused):
    code = "PEO-310"
    says = _("Cette clé ne peut pas être créée : %(why)s.")
    remedy = _("Choisissez un nom, des droits que vous tenez et une durée d’au plus 90 jours.")
    status = 422


class NoToken(Refused):
    code = "PEO-311"
    says = _("Clé d’accès absente, inconnue, expirée ou révoquée.")
    remedy = _("Envoyez l’en-tête « Authorization: Bearer klt_… » avec une clé en cours.")
    status = 401


class OutOfScope(Refused):
    code = "PEO-312"
    says = _("Cette clé ne porte pas le droit %(right)s.")
    remedy = _("Créez une clé avec ce droit, si la personne le tient.")
    status = 403


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new token and its key, which is shown once and never again."""

    token: ApiToken
    key: str


@transaction.atomic
def create(*, person: Person, name: str, scopes: Iterable[str], days: int) -> Fresh:
    """A key for a machine. PEO-310: no name, a right not held, or too long."""
    wanted = sorted(set(scopes))
    if not name.strip():
        raise BadToken(why=_("le nom manque"))
    if not 1 <= days <= LONGEST_DAYS:
        raise BadToken(why=_("la durée"))
    lacking = [s for s in wanted if s not in SCOPES or not queries.may_somewhere(person, s)]
    if lacking or not wanted:
        raise BadToken(why=", ".join(lacking) or _("aucun droit choisi"))
    key = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person, name=name.strip()[:80], sha256=digest(key), scopes=wanted,
        expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    record(
        by=person,
        kind="token.created",
        subject=f"person:{person.username}",
        after={"name": token.name, "scopes": wanted, "days": days},
    )
    return Fresh(token, key)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def revoke(*, token_id: int, by: Person) -> None:
    """At once, by its owner."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id, person=by, revoked_at=None).first()
    if token is not None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(by=by, kind="token.revoked", subject=f"person:{by.username}", after={"name": token.name})


def holder(key: str) -> ApiToken:
    """The token of a key, its person with it. PEO-311 where it opens nothing."""
    now = timezone.now()
    found = (
        ApiToken.objects.select_related("person")
        .filter(sha256=digest(key), revoked_at=None, expires_at__gt=now, person__is_active=True)
        .first()
        if key.startswith(MARK)
        else None
    )
    if found is None:
        raise NoToken
    if found.used_at is None or now - found.used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    return found


def require_scope(token: ApiToken, right: str) -> Person:
    """The person behind a token, if the token carries the right (PEO-312). Services check the mandate again."""
    if right not in token.scopes:
        raise OutOfScope(right=right)
    return token.person


def tokens_of(person: Person) -> list[ApiToken]:
    return list(ApiToken.objects.filter(person=person))


def possible_scopes(person: Person) -> list[tuple[str, str]]:
    """(right, what it allows) of the rights a key of this person may carry."""
    held = queries.rights_of(person)
    return [(s, RIGHTS[s]) for s in sorted(SCOPES & held)]
