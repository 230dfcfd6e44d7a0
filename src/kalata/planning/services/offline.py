"""Progress that comes back from a cercle without a network: looked at first, merged once, what two persons said otherwise decided by one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from kalata.country.models import Unit
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.queries import may_somewhere
from kalata.people.rules.shown import as_shown, mark
from kalata.planning import kinds
from kalata.planning.models import Plan
from kalata.planning.queries import progress as queries
from kalata.planning.rules.offline.entries import Entry, Line, Status, entries_of, lines_of
from kalata.planning.rules.refusals import NoSuchThing
from kalata.planning.rules.rights import PROGRESS
from kalata.planning.services import talking
from kalata.planning.services.money import locked
from kalata.text import gettext_noop as _

WHAT = _("l’avancement dit")


@dataclass(frozen=True)
class Brought:
    """What a file brings, beside what stands. seen: the mark of both."""

    text: str
    lines: list[Line]
    seen: str
    known: Mapping[str, bool]
    units: Mapping[str, Unit | None]

    def of(self, status: Status) -> list[Line]:
        return [one for one in self.lines if one.status is status]

    @property
    def new(self) -> list[Line]:
        return self.of(Status.NEW)

    @property
    def conflicts(self) -> list[Line]:
        return self.of(Status.CONFLICT)


def page_mark() -> str:
    """The name of one page that goes out; each telephone that opens it adds its own half: what comes back from one
    telephone is no conflict with itself, what comes from two is."""
    return secrets.token_hex(4)


def look(plan: Plan, text: str, by: Person) -> Brought:
    """Each line of a file beside what was said since; nothing is written.

    Raises: PEO-101 another territory, PLN-105, PLN-108, PLN-110, PLN-202, PLN-217, PLN-218, PLN-239, each before anything is kept.
    """
    entries = entries_of(text, plan.code)
    known, units = talking.known_of(plan), units_of(plan, entries)
    for one in entries:
        talking.sayable(plan=plan, code=one.code, unit=units[one.unit], days=(one.on, one.started, one.finished), percent=one.percent, evidence=one.evidence, by=by, known=known)  # fmt: skip
    said, held = queries.said_of(plan, {one.code for one in entries}), queries.merged(plan, [one.digest for one in entries])
    last = sorted((s.pk, s.code, unit) for s, unit, _mark in said)
    return Brought(text, lines_of(entries, said, held), mark(plan.code, hashlib.sha256(text.encode()).hexdigest(), last), known, units)


def units_of(plan: Plan, entries: Sequence[Entry]) -> dict[str, Unit | None]:
    """The territories that these lines name, by code; "": the whole country. PLN-239."""
    found: dict[str, Unit | None] = {"": None}
    wanted = {one.unit for one in entries}
    found |= {u.code: u for u in Unit.objects.filter(geography=plan.election.geography, code__in=wanted)}
    if lacking := sorted(wanted - found.keys()):
        raise NoSuchThing(value=lacking[0])
    return found


@transaction.atomic
def merge(*, plan: Plan, text: str, taken: Collection[str], by: Person, seen: str | None = None) -> int:
    """Keep what a file brings: its new lines, and of those that say otherwise the ones in `taken` (their digests). How many.

    A line that was merged before changes nothing. seen: the mark of what the page showed. Raises: PEO-212, as `look`.
    """
    locked(plan)
    require_somewhere(by)
    found = look(plan, text, by)
    as_shown(seen, found.seen, WHAT)
    kept = [one.entry for one in found.lines if one.status is Status.NEW or (one.status is Status.CONFLICT and one.entry.digest in taken)]
    for one in kept:
        talking.say_progress(
            plan=plan, code=one.code, unit=found.units[one.unit], on=one.on, percent=one.percent, started=one.started, finished=one.finished,
            blocked=one.blocked, note=one.note, evidence=one.evidence, by=by, brought=(one.mark, one.digest), known=found.known,
        )  # fmt: skip
    left = [one.entry.code for one in found.conflicts if one.entry.digest not in taken]
    after = {
        "file": hashlib.sha256(text.encode()).hexdigest(), "kept": len(kept), "held": len(found.of(Status.HELD)), "same": len(found.of(Status.SAME)),
        "left": ", ".join(left)[:200],
    }  # fmt: skip
    record(by=by, kind=kinds.PROGRESS_MERGED, subject=f"plan:{plan.code}", after=after)
    return len(kept)


def require_somewhere(by: Person) -> None:
    if not may_somewhere(by, PROGRESS):
        require(by, PROGRESS)
