"""The calendar a plan names: a pack's working week and holidays, none, or a JSON file. Pure: no database, no settings."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from kalata.planning.rules.calendars import Calendar, Range, calendar_of_json, no_holidays

MOST = 4 << 20


@lru_cache(maxsize=512)
def holidays_of(country: str, estimate: tuple[int, int], first: int, last: int) -> tuple[frozenset[date], tuple[Range, ...]]:  # fmt: skip
    """The days off of a country: a feast seen by the moon counts on its most likely day, and is a range beside."""
    from kalata.deadlines.holidays import days_off_of

    off = days_off_of(country, first, last, estimate)
    likely = frozenset(f.first - timedelta(estimate[0]) for f in off.feasts)
    return frozenset(off.sure) | likely, tuple(Range(f.name, f.first, f.last) for f in off.feasts)


def listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def pack_calendar(pack: str, start: date) -> Calendar:
    """The working week and the holidays of a country pack. A pack without days off: Monday to Friday.

    Raises: the refusal of an unknown pack.
    """
    from kalata.country import packs
    from kalata.deadlines.rules.dayoff import WEEKDAYS

    folder = packs.find_pack(pack)
    record = next(iter(packs.section_of(folder, "days_off")), None)
    if record is None:
        return no_holidays(start)
    country = str(record["country"])
    rest = {WEEKDAYS.index(str(day)) for day in listed(record.get("rest")) or ("saturday", "sunday")}
    low, high = (int(str(n)) for n in listed(record.get("estimate")) or (-1, 2))
    return Calendar(
        start, frozenset(range(7)) - rest, lambda first, last: holidays_of(country, (low, high), first, last), name=pack
    )


def calendar_named(name: str, start: date) -> Calendar:
    """`ml`, `none`, or the path of a JSON file.

    Raises: PLN-107, PLN-110, the refusal of an unknown pack or file.
    """
    if name == "none":
        return no_holidays(start)
    path = Path(name)
    if name.endswith(".json") and path.is_file():
        with path.open("rb") as opened:
            return calendar_of_json(opened.read(MOST), start, path.name)
    return pack_calendar(name, start)
