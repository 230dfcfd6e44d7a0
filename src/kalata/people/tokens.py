"""Keys for machines: a scanner or a transmission system acts for one person, within some of that person's rights."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kalata.country.rules.rights import MACHINE, RIGHTS
from kalata.ledger.services import record
from kalata.people import factors, kinds, queries
from kalata.people.models import ApiToken, Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MARK = "klt_"
LONGEST_DAYS = 90
SCOPES = MACHINE


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
    says = _("Cette clé ne porte pas le droit %(right)s, ou sa personne ne le tient plus.")
    remedy = _("Créez une clé avec ce droit, si la personne le tient.")
    status = 403


class TooManyCalls(Refused):
    code = "PEO-314"
    says = _("Trop d’appels avec cette clé : %(most)d par minute au plus.")
    remedy = _("Attendez l’instant que donne l’en-tête Retry-After, puis reprenez plus lentement.")
    status = 429


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new token and its key, which is shown once and never again."""

    token: ApiToken
    key: str


@transaction.atomic
def create(*, person: Person, name: str, scopes: Iterable[str], days: int) -> Fresh:
    """A key for a machine. PEO-310: no name, a right not held, or too long."""
    person = locked(person)
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
        kind=kinds.TOKEN_CREATED,
        subject=f"person:{person.username}",
        after={"name": token.name, "scopes": wanted, "days": days},
    )
    return Fresh(token, key)


def locked(person: Person) -> Person:
    """The person as it stands now, held until the transaction ends: keys, mandates and secrets change one after the other."""
    return Person.objects.select_for_update().get(pk=person.pk)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def revoke(*, token_id: int, by: Person) -> None:
    """At once, by its owner."""
    fall(ApiToken.objects.filter(pk=token_id, person=by), why="owner", by=by)


def fall(found: QuerySet[ApiToken], *, why: str, by: Person | None) -> int:
    """Revoke the live keys of `found`, one row of the ledger each, in the transaction of what made them fall."""
    live = list(found.select_for_update(of=("self",)).filter(revoked_at=None).select_related("person"))
    for token in live:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(
            by=by, kind=kinds.TOKEN_REVOKED, subject=f"person:{token.person.username}",
            after={"name": token.name, "why": why},
        )  # fmt: skip
    return len(live)


@transaction.atomic
def revoke_all(*, person: Person, why: str, by: Person | None) -> int:
    """Every key of a person: at a new passphrase, a new activation, at closing."""
    return fall(ApiToken.objects.filter(person=locked(person)), why=why, by=by)


@transaction.atomic
def revoke_for_rights(*, person: Person, rights: Iterable[str], why: str, by: Person | None) -> int:
    """The keys that carry any of these rights: the mandate that gave them ended."""
    lost = set(rights)
    hit = [t.pk for t in ApiToken.objects.filter(person=person, revoked_at=None) if lost & set(t.scopes)]
    return fall(ApiToken.objects.filter(pk__in=hit), why=why, by=by)


@transaction.atomic
def revoke_outlived() -> int:
    """Keys whose mandate came to its date, or whose own date is past. Called by the house every hour."""
    hit = [
        t.pk
        for t in ApiToken.objects.filter(revoked_at=None).select_related("person")
        if t.expires_at <= timezone.now() or not set(t.scopes) <= queries.rights_of(t.person)
    ]
    return fall(ApiToken.objects.filter(pk__in=hit), why="outlived", by=None)


def holder(key: str) -> ApiToken:
    """The token of a key, its person with it. Asked again at each request.

    The person comes cut down to what the key carries *and* the person holds now: whatever service
    is called, it finds no other right. PEO-311 where the key opens nothing, PEO-307 where the rights
    of the person demand a second factor that is not there, PEO-314 where it calls too often.
    """
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
    pace.take(found.sha256)
    if factors.lacks_factor(found.person):
        raise factors.NoFactor
    queries.narrow(found.person, found.scopes)
    if found.used_at is None or now - found.used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    return found


class Pace:
    """Calls of each key in the last minute, in the memory of this process.

    Known limit: each web process counts alone, so a key may call as often in each of them. A shared
    count would turn every read into a write, and SQLite has one writer.
    """

    def __init__(self) -> None:
        self.calls: dict[str, deque[float]] = {}
        self.lock = threading.Lock()

    def take(self, token: str) -> None:
        most, now = settings.KEY_CALLS_A_MINUTE, time.monotonic()
        with self.lock:
            row = self.calls.setdefault(token, deque())
            while row and row[0] <= now - 60:
                row.popleft()
            if len(row) >= most:
                raise TooManyCalls(most=most, wait_s=int(row[0] + 60 - now) + 1)
            row.append(now)


pace = Pace()


def require_scope(token: ApiToken, right: str) -> Person:
    """The person behind a token, if the token carries the right and the person holds it now somewhere (PEO-312).

    The place and the contest are asked by the service, of the same narrowed mandates.
    """
    if right not in token.scopes or not queries.may_somewhere(token.person, right):
        raise OutOfScope(right=right)
    return token.person


def tokens_of(person: Person) -> list[ApiToken]:
    return list(ApiToken.objects.filter(person=person))


def possible_scopes(person: Person) -> list[tuple[str, str]]:
    """(right, what it allows) of the rights a key of this person may carry."""
    held = queries.rights_of(person)
    return [(s, RIGHTS[s]) for s in sorted(SCOPES & held)]
