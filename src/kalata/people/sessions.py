"""Sessions of a person, and what falls with them: whatever opened a door on the account's behalf."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people import approving, devices, kinds, tokens
from kalata.people.models import Mandate, Person
from kalata.text import gettext_noop as _


def of(person: Person) -> list[Session]:
    """The sessions of a person that are open now."""
    there = Session.objects.filter(expire_date__gt=timezone.now())
    return [s for s in there if str(s.get_decoded().get("_auth_user_id")) == str(person.pk)]


def open_of(person: Person) -> int:
    return len(of(person))


def end_sessions(person: Person, *, keep: str = "") -> int:
    """End every session of a person, wherever it is open; `keep`: the key of the one that asks."""
    mine = [s for s in of(person) if s.session_key != keep]
    for session in mine:
        session.delete()
    return len(mine)


@transaction.atomic
def end_everywhere(*, username: str, reason: str, by: Person | None) -> int:
    """End the sessions of one person, or of everybody where `username` is empty. Returns how many ended."""
    people = Person.objects.filter(username__iexact=username) if username else Person.objects.all()
    if username and not people:
        raise Person.DoesNotExist(username)
    ended = sum(end_sessions(one) for one in people)
    subject = f"person:{people[0].username}" if username else "everybody"
    record(by=by, kind=kinds.SESSIONS_ENDED, subject=subject, after={"ended": ended}, reason=reason)
    return ended


def shut_out(person: Person, *, why: str, by: Person | None) -> int:
    """End the sessions, revoke the keys and forget the devices of a person. Returns how many sessions ended."""
    tokens.revoke_all(person=person, why=why, by=by)
    devices.forget(person)
    return end_sessions(person)


def end_mandate(*, mandate: Mandate, reason: str, by: Person) -> None:
    """A mandate ends, and with it every key whose rights it gave, even in part, and what was asked by it."""
    tokens.locked(mandate.person)
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    tokens.revoke_for_rights(person=mandate.person, rights=mandate.rights, why="mandate", by=by)
    record(
        by=by,
        kind=kinds.MANDATE_REVOKED,
        rows=[mandate],
        subject=f"person:{mandate.person.username}",
        before={"role": mandate.role},
        reason=reason,
    )
    approving.outdate(person=mandate.person, by=by, note=_("Le mandat de qui a demandé a pris fin."))
