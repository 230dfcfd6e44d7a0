"""The days off and the named calendars of a draft: tried first, kept or taken away with the content that the page showed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning.calendars import country_calendar, proposed
from kalata.planning.models import CalendarDay, PlanVersion, WorkCalendar
from kalata.planning.queries import calendars as queries
from kalata.planning.queries import content
from kalata.planning.rules.days import DayKind, Off
from kalata.planning.rules.refusals import DayTaken, NoSuchThing, UnsourcedDay
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.spells import Work
from kalata.planning.services import beside
from kalata.planning.services.approving import CONTENT
from kalata.planning.services.beside import Held
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
    cells = {"kind": off.kind.value, "name": off.name, "flag": off.flag, "source": off.source.strip()}
    beside.put(one, beside.DAY, off.day.isoformat(), cells, by)
    return one.days.get(day=off.day)


@transaction.atomic
def drop(*, version: PlanVersion, day: int, by: Person, seen: str | None = None) -> None:
    """Take a day off away from a draft. PEO-101, PEO-212, PLN-201, PLN-239."""
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), CONTENT)
    row = one.days.filter(pk=day).first()
    if row is None:
        raise NoSuchThing(value=str(day))
    beside.put(one, beside.DAY, row.day.isoformat(), None, by)


def works_with(version: PlanVersion, code: str, new: Held | None) -> list[Work]:
    """The named calendars as they would be with another one in the place of `code` (None: without it). PLN-110, DL-112."""
    held = {row.code: queries.work_cells(row) for row in version.works.all()}
    held.pop(code, None)
    if new is not None:
        held[str(new["code"])] = dict(new)
        if new["country"]:
            country_calendar(str(new["country"]), version.t0)
    return queries.works_from(held[c] for c in sorted(held))


def described(version: PlanVersion, given: Mapping[str, str]) -> dict[str, object]:
    """A named calendar as a person describes it; its seasons stay. PLN-255 said by a source that is not named."""
    if given["flag"] == "S" and not given["source"].strip():
        raise UnsourcedDay(value=given["code"])
    row = version.works.filter(code=given["code"]).first()
    spells = row.spells if row else []
    return {**given, "confidence": row.confidence if row else "", "spells": spells}


def with_spell(version: PlanVersion, code: str, given: Mapping[str, str]) -> dict[str, object]:
    """A named calendar with one season or closure more, or another under that name. PLN-239, PLN-255."""
    if given["flag"] == "S" and not given["source"].strip():
        raise UnsourcedDay(value=given["name_fr"])
    cells = queries.work_cells(named_work(version, code))
    return cells | {"spells": [*(s for s in queries.listed_spells(cells) if s["name_fr"] != given["name_fr"]), dict(given)]}


def without_spell(version: PlanVersion, code: str, name: str) -> dict[str, object]:
    cells = queries.work_cells(named_work(version, code))
    kept = [s for s in queries.listed_spells(cells) if s["name_fr"] != name]
    if len(kept) == len(queries.listed_spells(cells)):
        raise NoSuchThing(value=name[:60])
    return cells | {"spells": kept}


def named_work(version: PlanVersion, code: str) -> WorkCalendar:
    row = version.works.filter(code=code).first()
    if row is None:
        raise NoSuchThing(value=code[:60])
    return row


@transaction.atomic
def keep_work(*, version: PlanVersion, make: Callable[[PlanVersion], Held], by: Person, seen: str | None = None) -> None:
    """Write a named calendar into a draft as `make` gives it. PEO-101, PEO-212, PLN-110, PLN-201, as `make`."""
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), CONTENT)
    cells = make(one)
    works_with(one, str(cells["code"]), cells)
    beside.put(one, beside.WORK, str(cells["code"]), cells, by)


@transaction.atomic
def drop_work(*, version: PlanVersion, code: str, by: Person, seen: str | None = None) -> None:
    """Take a named calendar away from a draft. PLN-259 while an activity names it."""
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), CONTENT)
    row = named_work(one, code)
    beside.unfollowed(one, code)
    beside.put(one, beside.WORK, row.code, None, by)


@transaction.atomic
def take_proposed(*, version: PlanVersion, by: Person, seen: str | None = None) -> int:
    """The calendars that the pack proposes and this draft lacks; how many came."""
    require(by, EDIT)
    one = drafted(version)
    as_shown(seen, content.sha256(one), CONTENT)
    had = set(one.works.values_list("code", flat=True))
    lacking = [row for row in proposed(one.plan.calendar) if row["code"] not in had]
    for row in lacking:
        beside.put(one, beside.WORK, str(row["code"]), row, by)
    return len(lacking)
