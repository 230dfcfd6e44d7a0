"""The Court's public data as files: a calendar, tables, feeds. The same bytes from the house and in the static site."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from icalendar import Calendar as ICalendar
from icalendar import Event

from kalata.disputes.rules.public import Annex, Place, Session
from kalata.inert import safe
from kalata.text import gettext_noop as _
from kalata.text import translate


def calendar(sessions: Iterable[Session], lang: str) -> bytes:
    """One event a hearing: its place and its cases, never a party."""
    out = ICalendar()
    out.add("prodid", "-//Kalata//court//FR")
    out.add("version", "2.0")
    out.add("x-wr-calname", translate(_("Audiences de la Cour"), lang))
    for one in sessions:
        event = Event()
        event.add("uid", f"hearing-{one.key}@{one.contest}")
        event.add("dtstamp", one.starts)
        event.add("dtstart", one.starts)
        event.add("summary", f"{translate(_('Audience'), lang)} · {one.contest_name.text(lang)}")
        event.add("location", one.place)
        said = [
            translate(_("Huis clos :"), lang) + f" {one.closed}"
            if one.closed
            else translate(_("audience publique"), lang)
        ]
        event.add("description", "\n".join([*said, *one.cases]))
        out.add_component(event)
    made: bytes = out.to_ical()
    return made


def annex_csv(annex: Annex, lang: str) -> bytes:
    """UTF-8; a text that a spreadsheet would calculate is quoted."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow([translate(h, lang) for h in annex.heads])
    for row in annex.rows:
        write.writerow([safe(c.code if isinstance(c, Place) else c) for c in row])
    return out.getvalue().encode()
