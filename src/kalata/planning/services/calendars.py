"""The days off of a draft: tried first, kept or taken away with the content that the page showed."""

from __future__ import annotations

from django.db import transaction

from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import CalendarDay, PlanVersion
from kalata.planning.queries import calendars as queries
from kalata.planning.queries import content
from kalata.planning.rules.days import DayKind, Off
from kalata.planning.rules.refusals import DayTaken, NoSuchThing, UnsourcedDay
from kalata.planning.rules.rights import EDIT
from kalata.planning.services.approving import CONTENT
from kalata.planning.services.editing import mark, told
from kalata.planning.services.versions import drafted


def sound(version: PlanVersion, one: Off) -> Off:
    """A day that may be written. Raises: PLN-254 written already, PLN-255 without its source, PLN-239 no feast of that name there."""
    if (one.kind is DayKind.DECREE or one.flag == "S") and not one.source.strip():
        raise UnsourcedDay(value=one.name)
    if version.days.filter(day=one.day).exists():
        raise DayTaken(day=one.day)
    if one.kind is DayKind.DECREE and queries.feast_near(version, one) is None:
        raise NoSuchThing(value=f"{one.name}, {one.day}")
    return one


@transaction.atomic
def keep(*, version: PlanVersion, off: Off, by: Person, seen: str | None = None) -> CalendarDay:
    """Write a day off into a draft. seen: the digest of the content that the page showed. PEO-101, PEO-212, PLN-201, as `sound`."""
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), CONTENT)
    sound(one, off)
    made = CalendarDay.objects.create(
        version=one, day=off.day, kind=off.kind.value, name=off.name, flag=off.flag, source=off.source.strip(), by=by
    )
    said(one, by, off, None)
    return made


@transaction.atomic
def drop(*, version: PlanVersion, day: int, by: Person, seen: str | None = None) -> None:
    """Take a day off away from a draft. PEO-101, PEO-212, PLN-201, PLN-239."""
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), CONTENT)
    row = one.days.filter(pk=day).first()
    if row is None:
        raise NoSuchThing(value=str(day))
    off = queries.off_of(row)
    row.delete()
    said(one, by, None, off)


def said(one: PlanVersion, by: Person, now: Off | None, was: Off | None) -> None:
    changed = {"before": was.told() if was else None, "after": now.told() if now else None}
    day = (now or was).day.isoformat()  # type: ignore[union-attr]
    told(one, kinds.EDITED, by, {"what": "calendar", "codes": day, "changed": changed, "sha256": mark([day, changed])})
