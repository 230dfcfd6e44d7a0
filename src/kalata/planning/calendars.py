"""The calendar a plan names: a pack's working week and holidays, none, or a JSON file. Pure: no database, no settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from kalata.planning.rules.calendars import Calendar, Range, calendar_of_json, no_holidays
from kalata.planning.rules.days import Off, applied, fixes
from kalata.planning.rules.paced import named
from kalata.planning.rules.spells import Feast, Feasts, Work, works_of

MOST = 4 << 20


Estimates = tuple[tuple[Range, date], ...]
"""Each estimated feast with its most likely day."""


@lru_cache(maxsize=512)
def known_days(country: str, estimate: tuple[int, int], first: int, last: int) -> tuple[Mapping[date, str], Estimates]:
    """The sure days off of a country with their names, and the feasts seen by the moon."""
    from kalata.deadlines.holidays import days_off_of

    off = days_off_of(country, first, last, estimate)
    return off.sure, tuple((Range(f.name, f.first, f.last), f.first - timedelta(estimate[0])) for f in off.feasts)


@lru_cache(maxsize=512)
def holidays_of(
    country: str, estimate: tuple[int, int], first: int, last: int, days: tuple[Off, ...] = ()
) -> tuple[frozenset[date], tuple[Range, ...]]:
    """The days off of a country, those written beside counted: a feast counts on its most likely day, and is a range beside,
    until a decree fixes it."""
    sure, feasts = known_days(country, estimate, first, last)
    return applied(frozenset(sure), feasts, days)


def listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


@lru_cache(maxsize=16)
def record_of(pack: str) -> Mapping[str, object] | None:
    """What a pack says of its days off: None where it says nothing, or is no pack."""
    from kalata.country import packs

    if pack == "none":
        return None
    return next(iter(packs.section_of(packs.find_pack(pack), "days_off")), None)


def estimate_of(record: Mapping[str, object]) -> tuple[int, int]:
    low, high = (int(str(n)) for n in listed(record.get("estimate")) or (-1, 2))
    return low, high


def sure_of(pack: str, first: int, last: int) -> Mapping[date, str]:
    """The fixed days off of a pack, by name."""
    record = record_of(pack)
    return known_days(str(record["country"]), estimate_of(record), first, last)[0] if record else {}


def feasts_of(pack: str, first: int, last: int) -> Estimates:
    """The feasts of a pack whose day is only estimated."""
    record = record_of(pack)
    return known_days(str(record["country"]), estimate_of(record), first, last)[1] if record else ()


def pack_calendar(pack: str, start: date, days: Sequence[Off] = ()) -> Calendar:
    """The working week and the holidays of a country pack. A pack without days off: Monday to Friday.

    Raises: the refusal of an unknown pack.
    """
    from kalata.deadlines.rules.dayoff import WEEKDAYS

    record = record_of(pack)
    if record is None:
        return with_days(no_holidays(start), days)
    country, estimate, written = str(record["country"]), estimate_of(record), tuple(days)
    rest = {WEEKDAYS.index(str(day)) for day in listed(record.get("rest")) or ("saturday", "sunday")}
    return Calendar(
        start,
        frozenset(range(7)) - rest,
        lambda first, last: holidays_of(country, estimate, first, last, written),
        name=pack,
    )


def with_days(cal: Calendar, days: Sequence[Off]) -> Calendar:
    cal.off |= {one.day for one in days}
    return cal


def calendar_named(name: str, start: date, days: Sequence[Off] = (), works: Sequence[Work] | None = None) -> Calendar:
    """`ml`, `none`, or the path of a JSON file; days: those written beside; works: the named calendars (None: those of the pack).

    Raises: PLN-107, PLN-110, the refusal of an unknown pack or file.
    """
    path = Path(name)
    if name == "none":
        made = with_days(no_holidays(start), days)
    elif name.endswith(".json") and path.is_file():
        with path.open("rb") as opened:
            made = with_days(calendar_of_json(opened.read(MOST), start, path.name), days)
    else:
        made = pack_calendar(name, start, days)
    every = pack_works(name) if works is None else works
    owns = {w.country: country_calendar(w.country, start) for w in every if w.country}
    return named(made, every, feasts_for(name, days), owns)


def country_calendar(country: str, start: date) -> Calendar:
    """Monday to Friday and the holidays of a country, as a supplier there has them. DL-112 unknown country."""
    holidays_of(country, (0, 0), start.year, start.year)
    return Calendar(start, fetch=lambda first, last: holidays_of(country, (0, 0), first, last), name=country)


def feasts_for(pack: str, days: Sequence[Off]) -> Feasts:
    """The feasts of a pack, most likely day and range; the day alone where a decree fixes one."""

    def found(first: int, last: int) -> list[Feast]:
        out = []
        for r, likely in feasts_of(pack, first, last):
            day = next((one.day for one in days if fixes(one, r)), None)
            out.append(Feast(r.name, day, day, day, True) if day else Feast(r.name, likely, r.first, r.last, False))
        return out

    return found


@lru_cache(maxsize=16)
def pack_works(pack: str) -> tuple[Work, ...]:
    """The named calendars that a pack proposes; none where it proposes none."""
    from kalata.country import packs

    return tuple(works_of(packs.table(pack, "planning/calendars.csv"), packs.table(pack, "planning/seasons.csv")))


def proposed(pack: str) -> list[dict[str, object]]:
    """The same as the cells that a version keeps."""
    from kalata.country import packs

    seasons = packs.table(pack, "planning/seasons.csv")
    return [
        {**row, "spells": [{k: v for k, v in s.items() if k != "calendar"} for s in seasons if s["calendar"] == row["code"]]}
        for row in packs.table(pack, "planning/calendars.csv")
    ]
