"""A plan as a calendar that any program subscribes to: an activity is one event of whole days (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar as ICalendar
from icalendar import Event

from kalata.planning.rules.calendars import Calendar, Range
from kalata.planning.rules.exchange.lost import Lost, left_out
from kalata.planning.rules.plan import Activity
from kalata.planning.rules.scheduling import Schedule
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

HELD = ("id", "phase", "activity_fr", "activity_en", "type", "dur_likely", "dur_unit", "legal_anchor", "duration_or_anchor_source", "responsible")  # fmt: skip
"""What an event says; the rest of a plan does not go into a calendar."""


def description(a: Activity, cal: Calendar, lang: str) -> str:
    """The article or the source of the date, the anchor, who does it, the calendar that it follows where it is its own."""
    cells = a.columns
    own = cal.own(cells.get("calendar", ""), cells.get("territory", ""))
    lines = [
        cells.get("duration_or_anchor_source", "").strip(),
        Message(_("Ancre légale : %(anchor)s"), {"anchor": a.anchor.text}).text(lang) if a.anchor else "",
        Message(_("Responsable : %(who)s"), {"who": cells["responsible"]}).text(lang) if cells.get("responsible", "").strip() else "",
        Message(_("Calendrier : %(name)s"), {"name": own.work.called(lang)}).text(lang) if own and own.work else "",
        a.phase,
    ]  # fmt: skip
    return "\n".join(line for line in lines if line)


def agenda(schedule: Schedule, *, lang: str = "fr") -> tuple[bytes, list[Lost]]:
    """The calendar, and what it cannot hold. Events end on the day after their last one, as the form has it."""
    plan, cal = schedule.plan, schedule.calendar
    out = ICalendar()
    out.add("prodid", f"-//Kalata//operational plan//{lang.upper()}")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", translate(_("Plan opérationnel"), lang))
    stamp = datetime.combine(cal.start, time(), UTC)
    for i, a in enumerate(plan.activities):
        first, after = schedule.early.start[i], schedule.early.finish[i]
        one = Event()
        one.add("uid", f"{a.id}.plan@kalata")
        one.add("sequence", 0)
        one.add("dtstamp", stamp)
        one.add("summary", f"{a.id} {a.name(lang)}")
        if said := description(a, cal, lang):
            one.add("description", said)
        if a.phase:
            one.add("categories", [a.phase])
        one.add("status", "CONFIRMED")
        one.add("transp", "TRANSPARENT")
        one.add("dtstart", cal.day(first))
        one.add("dtend", cal.day(max(after, first + 1)) if after > first else cal.day(first) + timedelta(days=1))
        out.add_component(one)
    for feast in schedule.estimated:
        out.add_component(estimated(feast, stamp, lang))
    return bytes(out.to_ical()), list(left_out(plan, HELD))


def estimated(feast: Range, stamp: datetime, lang: str) -> Event:
    """A feast whose day no decree has fixed: every day that may be it, and not sure of any."""
    one = Event()
    one.add("uid", f"feast-{feast.first.isoformat()}.plan@kalata")
    one.add("sequence", 0)
    one.add("dtstamp", stamp)
    one.add("summary", Message(_("%(name)s : un de ces jours, estimé"), {"name": feast.name}).text(lang))
    one.add("status", "TENTATIVE")
    one.add("transp", "TRANSPARENT")
    one.add("dtstart", feast.first)
    one.add("dtend", feast.last + timedelta(days=1))
    return one
