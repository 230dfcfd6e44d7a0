"""Pieces joined to events and derogations: kept by the evidence store, read by those who work on the calendar."""

from __future__ import annotations

from typing import Any

from kalata.deadlines import queries
from kalata.deadlines.models import Calendar
from kalata.evidence import reading, services
from kalata.evidence.rules.access import Access
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

EVIDENCE_MAX = 20 * 2**20


class TooHeavy(Refused):
    code = "DL-208"
    says = _("La pièce dépasse %(n)d Mo.")
    remedy = _("Joignez une version plus légère, ou citez seulement l’acte.")
    status = 413


def keep_file(content: bytes, *, name: str = "piece", by: Person | None = None) -> str:
    """Keep a piece under its own SHA-256, which is returned; "" where none is given. Twice the same piece is one file.

    Called before the transaction of the act: the child that decodes it may take its time.
    """
    if not content:
        return ""
    if len(content) > EVIDENCE_MAX:
        raise TooHeavy(n=EVIDENCE_MAX // 2**20)
    return services.keep(content, name=name, by=by, most=EVIDENCE_MAX).sha256


def subject(calendar: Calendar) -> str:
    return f"calendar:{calendar.code}"


def join(calendar: Calendar, digest: str, by: Person) -> None:
    """Join a kept piece to the calendar, in the transaction of its act."""
    if digest:
        services.join(sha256=digest, subject=subject(calendar), access=Access.STAFF, by=by)


@reading.guarded("calendar")
def may_read(person: Any, key: str, sha256: str) -> None:
    """Calendar.DoesNotExist for who does not work on calendars."""
    if not queries.may_see_drafts(person):
        raise Calendar.DoesNotExist(key)
