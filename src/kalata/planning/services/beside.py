"""What a draft holds beside its activities: drivers, days off, named calendars. Each change is a modification, undone and redone
as those of activities are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kalata.people.models import Person
from kalata.planning import kinds
from kalata.planning.models import CalendarDay, Driver, Modification, PlanVersion, WorkCalendar
from kalata.planning.queries import content
from kalata.planning.queries.calendars import work_cells
from kalata.planning.rules.refusals import CalendarUsed, MovedSince
from kalata.planning.services.telling import mark, told

Held = Mapping[str, object]
DRIVER, DAY, WORK = "driver", "calendar", "work"
WHATS = frozenset({DRIVER, DAY, WORK})


def day_cells(row: CalendarDay) -> Held:
    return {"kind": row.kind, "name": row.name, "flag": row.flag, "source": row.source}


def read(version: PlanVersion, what: str, key: str) -> Held | None:
    """The thing as it stands; None: it is not there."""
    if what == DRIVER:
        driver = version.drivers.filter(code=key).first()
        return {k: v for k, v in content.driver_cells(driver).items() if k not in ("code", "label")} if driver else None
    if what == DAY:
        day = version.days.filter(day=key).first()
        return day_cells(day) if day else None
    work = version.works.filter(code=key).first()
    return work_cells(work) if work else None


def write_driver(version: PlanVersion, key: str, new: Held | None, by: Person) -> None:
    if new is not None:
        dated = new["dated"] or None
        Driver.objects.filter(version=version, code=key).update(value=new["value"], flag=new["flag"], source=new["source"], dated=dated)


def write_day(version: PlanVersion, key: str, new: Held | None, by: Person) -> None:
    version.days.filter(day=key).delete()
    if new is not None:
        CalendarDay.objects.create(version=version, day=date.fromisoformat(key), by=by, **new)


def write_work(version: PlanVersion, key: str, new: Held | None, by: Person) -> None:
    version.works.filter(code=key).delete()
    if new is not None:
        WorkCalendar.objects.create(version=version, by=by, **new)


WRITERS: Mapping[str, Callable[[PlanVersion, str, Held | None, Person], None]] = {DRIVER: write_driver, DAY: write_day, WORK: write_work}


def put(version: PlanVersion, what: str, key: str, new: Held | None, by: Person) -> Modification | None:
    """Make one thing beside the activities what is asked (None: gone); the version is held by the caller. None: nothing changed."""
    before = read(version, what, key)
    WRITERS[what](version, key, new, by)
    after = read(version, what, key)
    if before == after:
        return None
    version.modifications.filter(by=by, undone=True, gone=False).update(gone=True)
    made = Modification.objects.create(version=version, by=by, what=what, codes=key[:200], delta=[[key, before, after]])
    changed = {"before": before, "after": after}
    told(version, kinds.EDITED, by, {"what": what, "codes": key, "changed": changed, "sha256": mark([key, changed])})
    return made


def unfollowed(version: PlanVersion, work: str) -> None:
    """PLN-259 where an activity follows a named calendar that would go."""
    if used := list(version.activities.filter(calendar=work).values_list("code", flat=True)):
        raise CalendarUsed(value=work, codes=", ".join(used[:8]))


def replay(version: PlanVersion, made: Modification, *, back: bool, by: Person) -> None:
    """Take a change back, or do it again. PLN-203 where the thing is no longer as the change left it; PLN-259 a calendar followed."""
    for key, before, after in made.delta:
        stands, becomes = (after, before) if back else (before, after)
        if read(version, made.what, str(key)) != stands:
            raise MovedSince(codes=str(key)[:120])
        if made.what == WORK and becomes is None:
            unfollowed(version, str(key))
        WRITERS[made.what](version, str(key), becomes, by)
