"""The ways in which estimated feasts may fall: calendars of the same plan, each with its feasts on one day of their range.

Each day of a range is as likely as another, and is that of as many ways. The draws are shared among the ways in order, so that
two plans or two scenarios are compared under the same moons. A feast that a decree fixes, or that nobody estimates, moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

import numpy as np

from kalata.planning.rules.calendars import Calendar, Holidays, Range
from kalata.planning.rules.draws import uniforms
from kalata.planning.rules.paced import Paced
from kalata.planning.rules.spells import Feast, Feasts

WAYS = 8
"""A range of four days has each of them twice."""

Kind = TypeVar("Kind", bound=Calendar)
Fall = Callable[[date, date], date]
"""(first day, last day) of a feast's range -> its day."""
ONE_MOON = timedelta(20)
"""Feasts whose ranges begin within so many days are of one moon: they move together."""


@lru_cache(maxsize=4_096)
def turns(seed: int, moon: date, width: int) -> tuple[int, ...]:
    """By way, the day of its range on which a feast falls."""
    order = np.argsort(uniforms(seed, f"moon:{moon}", WAYS), kind="stable")
    return tuple(int(k) * width // WAYS for k in order)


def moons(ranges: Sequence[Range]) -> dict[date, date]:
    """By first day of a range, the first one of its moon."""
    out: dict[date, date] = {}
    moon: date | None = None
    for first in sorted(r.first for r in ranges):
        moon = moon if moon is not None and first - moon <= ONE_MOON else first
        out[first] = moon
    return out


def falls(seed: int, way: int, known: Mapping[date, date]) -> Fall:
    def fall(first: date, last: date) -> date:
        return first + timedelta(turns(seed, known.get(first, first), (last - first).days + 1)[way])

    return fall


def estimated(cal: Calendar, horizon: int) -> list[Range]:
    """The feasts, up to a horizon, whose day nobody knows yet."""
    cal.count(horizon)
    first, last = cal.start, cal.day(horizon)
    return [r for r in cal.estimated if r.likely and r.first < r.last and r.first <= last and r.last >= first]


def ways_of(cal: Calendar, horizon: int, seed: int) -> list[Calendar]:
    """The plan's calendar in each way; itself alone where no feast is estimated."""
    ranges = estimated(cal, horizon)
    if not ranges:
        return [cal]
    known = moons(ranges)
    return [moved(cal, falls(seed, way, known)) for way in range(WAYS)]


def moved(cal: Calendar, fall: Fall) -> Calendar:
    """A calendar, and those that activities name, with their feasts on these days."""
    made = fresh(cal, fall)
    made.named = {code: fresh_paced(one, fall) for code, one in cal.named.items()}
    return made


def fresh(cal: Kind, fall: Fall) -> Kind:
    """The same, nothing counted yet."""
    fetch = fetched(cal.fetch, fall) if cal.fetch else None
    return replace(
        cal, fetch=fetch, known=set(), off=set() if fetch else set(cal.off), estimated=[], ahead=[], behind=[], counts=[0], back=[0],
    )  # fmt: skip


def fresh_paced(one: Paced, fall: Fall) -> Paced:
    run = fresh_paced(one.run, fall) if one.run else None
    return replace(fresh(one, fall), feasts=feasted(one.feasts, fall), run=run, years={}, slow={}, caps=[0], past=[0])


def fetched(fetch: Holidays, fall: Fall) -> Holidays:
    """The days off with each estimated feast on its day instead of its most likely one."""

    def days(first: int, last: int) -> tuple[frozenset[date], tuple[Range, ...]]:
        off, ranges = fetch(first - 1, last + 1)  # a feast near the new year may fall in the next
        gone = {r.likely for r in ranges if r.likely and not r.sure}
        return frozenset(off - gone | {fall(r.first, r.last) for r in ranges if r.likely}), ()

    return days


def feasted(feasts: Feasts, fall: Fall) -> Feasts:
    """The feasts that end a season, on the same days."""

    def found(first: int, last: int) -> Sequence[Feast]:
        return [f if f.fixed else replace(f, day=fall(f.first, f.last)) for f in feasts(first, last)]

    return found
