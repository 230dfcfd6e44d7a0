"""What of a plan everybody reads: polls, milestones, dates of the law and the span of each phase; as a calendar too. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar as ICalendar
from icalendar import Event

from kalata.text import Message, translate
from kalata.text import gettext_noop as _

UNVERIFIED = _("à vérifier")


@dataclass(frozen=True, slots=True)
class Day:
    """One public date. law: the text and article that the engine names; verified: whether somebody read it there.

    required: the day that the law asks, where one does; missed: the plan does not keep it, and says so to everybody.
    """

    code: str
    kind: str
    fr: str
    en: str
    first: str
    last: str
    anchor: str = ""
    law: str = ""
    verified: bool = False
    phase: str = ""
    required: str = ""
    missed: bool = False

    @property
    def term(self) -> date | None:
        return date.fromisoformat(self.required) if self.required else None

    @property
    def early(self) -> bool:
        """The law names one day, and the plan comes before it."""
        return self.missed and self.required > self.first

    def name(self, lang: str) -> str:
        return self.en if lang == "en" and self.en else self.fr

    @property
    def begins(self) -> date:
        return date.fromisoformat(self.first)

    @property
    def ends(self) -> date:
        return date.fromisoformat(self.last)


@dataclass(frozen=True, slots=True)
class Span:
    """A phase, from its first day to its last, and how many activities it holds."""

    name: str
    first: str
    last: str
    count: int

    @property
    def begins(self) -> date:
        return date.fromisoformat(self.first)

    @property
    def ends(self) -> date:
        return date.fromisoformat(self.last)


def record(rows: Iterable[Day] | Iterable[Span]) -> list[dict[str, Any]]:
    return [asdict(one) for one in rows]


def days_of(kept: Iterable[Mapping[str, Any]]) -> list[Day]:
    return sorted((Day(**one) for one in kept), key=lambda d: (d.first, d.last, d.code))


def spans_of(kept: Iterable[Mapping[str, Any]]) -> list[Span]:
    return [Span(**one) for one in kept]


def digest(rows: Sequence[Mapping[str, Any]], phases: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) of all that is published."""
    text = json.dumps([list(rows), list(phases)], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Edition:
    """A publication as the calendar reads it."""

    number: int
    at: datetime
    days: Sequence[Day]


def agenda(plan: str, name: str, editions: Sequence[Edition], lang: str) -> bytes:
    """The dates of the last edition as a calendar that programs follow (RFC 5545); what an earlier one said and this one does
    not is cancelled. A date that moved has a higher sequence; its UID stays.

    editions: the oldest first, one at least.
    """
    out = ICalendar()
    out.add("prodid", f"-//Kalata//public plan//{lang.upper()}")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", name)
    last: dict[str, tuple[Day, int, datetime, bool]] = {}
    for edition in editions:
        here = {d.code: d for d in edition.days}
        for code, day in here.items():
            was = last.get(code)
            if was is None:
                last[code] = day, 0, edition.at, True
            elif was[0] != day or not was[3]:
                last[code] = day, was[1] + 1, edition.at, True
        for code, (day, n, _at, live) in list(last.items()):
            if code not in here and live:
                last[code] = day, n + 1, edition.at, False
    for code, (day, n, at, live) in sorted(last.items(), key=lambda item: (item[1][0].first, item[0])):
        out.add_component(event(plan, code, day, n, at, live, lang))
    return bytes(out.to_ical())


def event(plan: str, code: str, day: Day, sequence: int, at: datetime, live: bool, lang: str) -> Event:
    one = Event()
    one.add("uid", f"{code}.{plan}.public@kalata")
    one.add("sequence", sequence)
    one.add("dtstamp", at)
    one.add("last-modified", at)
    one.add("summary", day.name(lang))
    law = f"{day.law} ({translate(UNVERIFIED, lang)})" if day.law and not day.verified else day.law
    said = [law, Message(_("Ancre légale : %(anchor)s"), {"anchor": day.anchor}).text(lang) if day.anchor else ""]
    if day.missed:
        told = _("Jour légal : le %(day)s ; ce plan vient avant.") if day.early else _("Terme légal du %(day)s : ce plan ne le tient pas.")
        said.append(Message(told, {"day": day.required}).text(lang))
    if text := "\n".join(line for line in said if line):
        one.add("description", text)
    one.add("status", "CONFIRMED" if live else "CANCELLED")
    one.add("transp", "TRANSPARENT")
    one.add("dtstart", day.begins)
    one.add("dtend", day.ends + timedelta(days=1))
    return one
