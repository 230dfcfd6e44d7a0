"""What slows work or stops it, beside days of rest: seasons, Ramadan, closures; with what each rests on. Pure.

A season is known by its days of the year, by two dates, or by the feast that ends it. The last kind is an estimate until a
decree fixes the feast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kalata.planning.rules.faults import PlanFault
from kalata.text import gettext_noop as _

WHOLE = 100
"""An ordinary day's work, in hundredths."""
LONGEST = 366


class CalendarKind(StrEnum):
    ACTIVITY = "activity"
    REGION = "region"
    SUPPLIER = "supplier"


KINDS: Mapping[str, str] = {
    CalendarKind.ACTIVITY: _("genre d’activité"), CalendarKind.REGION: _("région"), CalendarKind.SUPPLIER: _("fournisseur"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feast:
    """One feast: its most likely day, and the range in which it falls; `fixed` once a decree says its day."""

    name: str
    day: date
    first: date
    last: date
    fixed: bool


Feasts = Callable[[int, int], Sequence[Feast]]


@dataclass(frozen=True, slots=True)
class Spell:
    """One season or closure of a calendar.

    first, last: `07-01` every year, or `2026-08-01` once; both empty where `feast` says it: the `days` days before that feast.
    percent: of an ordinary day's work; 0 is a closure.
    """

    name: str
    percent: int
    first: str = ""
    last: str = ""
    feast: str = ""
    days: int = 0
    name_en: str = ""
    flag: str = "A"
    source: str = ""
    confidence: str = ""

    def called(self, lang: str = "fr") -> str:
        return self.name_en or self.name if lang == "en" else self.name

    def told(self) -> str:
        """As the content of a version keeps it."""
        when = f"{self.first}..{self.last}" if self.first else f"{self.days} < {self.feast}"
        return " · ".join(x for x in (self.name, when, f"{self.percent} %", self.flag, self.source) if x)


@dataclass(frozen=True, slots=True)
class During:
    """A spell in one year. early, late: the first and last day that it may touch, where it is only estimated."""

    spell: Spell
    first: date
    last: date
    early: date
    late: date

    @property
    def estimated(self) -> bool:
        return (self.early, self.late) != (self.first, self.last)


def during(spell: Spell, year: int, feasts: Feasts) -> list[During]:
    """The spell as it touches a year."""
    if spell.feast:
        found = [f for f in feasts(year - 1, year + 1) if f.name == spell.feast]
        back, one = timedelta(spell.days), timedelta(1)
        spans = [During(spell, f.day - back, f.day - one, f.first - back, f.last - one) for f in found]
    elif len(spell.first) == 5:
        spans = [yearly(spell, y) for y in (year - 1, year)]
    else:
        first, last = date.fromisoformat(spell.first), date.fromisoformat(spell.last)
        spans = [During(spell, first, last, first, last)]
    return [d for d in spans if d.last.year >= year >= d.first.year]


def yearly(spell: Spell, year: int) -> During:
    """A spell told by days of the year; one that ends before it begins goes on into the next year."""
    first = of_year(year, spell.first)
    last = of_year(year if spell.last >= spell.first else year + 1, spell.last)
    return During(spell, first, last, first, last)


def of_year(year: int, day: str) -> date:
    month, n = int(day[:2]), int(day[3:])
    return date(year, month, 28 if (month, n) == (2, 29) and year % 4 else n)


@dataclass(frozen=True, slots=True)
class Work:
    """A named calendar. country: whose days off it takes ("": those of the plan). rest: weekdays of rest (0 Monday), None: the
    plan's. places: the territories whose activities follow it without naming it."""

    code: str
    kind: CalendarKind
    name: str
    name_en: str = ""
    country: str = ""
    rest: frozenset[int] | None = None
    places: tuple[str, ...] = ()
    spells: tuple[Spell, ...] = ()
    flag: str = "A"
    source: str = ""
    confidence: str = ""

    def called(self, lang: str = "fr") -> str:
        return self.name_en or self.name if lang == "en" else self.name

    def told(self) -> str:
        week = "" if self.rest is None else "-".join(map(str, sorted(self.rest)))
        return " · ".join(x for x in (self.kind.value, self.name, self.country, week, ";".join(self.places), self.flag, self.source) if x)


DAY = re.compile(r"(\d{2}-\d{2}|\d{4}-\d{2}-\d{2})")


def spell_of(row: int, said: Mapping[str, str]) -> Spell:
    """A spell from the cells of a table. PLN-110 by field."""
    first, last, feast = said.get("first", ""), said.get("last", ""), said.get("feast", "")
    percent = number(row, "percent", said.get("percent", ""), WHOLE - 1)
    days = number(row, "days", said.get("days", ""), 60, least=1) if feast else 0
    if not feast:
        sound_days(row, first, last)
    return Spell(
        said.get("name_fr", ""), percent, "" if feast else first, "" if feast else last, feast, days, said.get("name_en", ""),
        said.get("flag", "A"), said.get("source", ""), said.get("confidence", ""),
    )  # fmt: skip


def sound_days(row: int, first: str, last: str) -> None:
    """Two days of the year, or two dates in order less than a year apart."""
    for name, value in (("first", first), ("last", last)):
        try:
            if not DAY.fullmatch(value):
                raise ValueError
            date.fromisoformat(value if len(value) == 10 else f"2024-{value}")
        except ValueError:
            raise PlanFault(row=row, field=name, value=value[:20], form="07-01, 2026-08-01") from None
    ordered = len(first) == 5 or (first <= last and (date.fromisoformat(last) - date.fromisoformat(first)).days <= LONGEST)
    if len(first) != len(last) or not ordered:
        raise PlanFault(row=row, field="last", value=last, form=f"≥ {first}")


def number(row: int, name: str, value: str, most: int, least: int = 0) -> int:
    if not re.fullmatch(r"\d{1,3}", value) or not least <= int(value) <= most:
        raise PlanFault(row=row, field=name, value=value[:20], form=f"{least}–{most}")
    return int(value)


def works_of(calendars: Iterable[Mapping[str, str]], spells: Iterable[Mapping[str, str]]) -> list[Work]:
    """The named calendars of two tables: themselves, and what slows or stops them. PLN-110 by row."""
    held: dict[str, list[Spell]] = {}
    for row, said in enumerate(spells, 2):
        held.setdefault(said["calendar"], []).append(spell_of(row, said))
    out = []
    for row, said in enumerate(calendars, 2):
        if said["kind"] not in list(CalendarKind):
            raise PlanFault(row=row, field="kind", value=said["kind"][:20], form=", ".join(CalendarKind))
        out.append(Work(
            said["code"], CalendarKind(said["kind"]), said["name_fr"], said.get("name_en", ""), said.get("country", ""),
            rest_of(row, said.get("rest", "")), tuple(p.strip() for p in said.get("territories", "").split(";") if p.strip()),
            tuple(held.get(said["code"], ())), said.get("flag", "A"), said.get("source", ""), said.get("confidence", ""),
        ))  # fmt: skip
    return out


def rest_of(row: int, text: str) -> frozenset[int] | None:
    """Weekdays of rest (0 Monday), `5;6`; `-`: none. "": the plan's own."""
    if not text:
        return None
    parts = [] if text == "-" else text.split(";")
    if not all(re.fullmatch(r"[0-6]", p) for p in parts) or len(set(parts)) == 7:
        raise PlanFault(row=row, field="rest", value=text[:20], form="5;6")
    return frozenset(map(int, parts))
