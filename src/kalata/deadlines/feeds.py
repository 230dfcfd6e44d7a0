"""The calendar for others: .ics with stable UIDs and sequences, CSV, a poster to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone as clock
from icalendar import Alarm, Event
from icalendar import Calendar as ICalendar

from kalata.deadlines import queries
from kalata.deadlines.models import Calendar, FeedEntry
from kalata.deadlines.rules.explaining import explain
from kalata.deadlines.rules.lawbook import Lawbook
from kalata.deadlines.rules.lines import Line, State
from kalata.deadlines.rules.moments import Edge
from kalata.deadlines.rules.wording import say_rule
from kalata.documents import rendering
from kalata.inert import safe
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

UNVERIFIED = _("non vérifié")


def said(line: Line, book: Lawbook) -> dict[str, Any] | None:
    """What the feed says of a line in both languages; None where it has no date."""
    limit = line.limit
    if limit is None:
        return None
    turn = f" (tour {line.round})", f" (round {line.round})"
    names = [line.norm.what.text(lang) + (turn[i] if line.round else "") for i, lang in enumerate(("fr", "en"))]
    return {
        "limit": limit.iso(),
        "opens": line.opens.iso() if line.opens else "",
        "fr": names[0],
        "en": names[1],
        "unverified": line.unverified,
        "indicative": line.state is State.INDICATIVE,
        "text": {lang: " ".join(s.message.text(lang) for s in explain(line, book)) for lang in ("fr", "en")},
    }


def refreshed(calendar: Calendar) -> list[tuple[FeedEntry, Line | None]]:
    """The feed brought up to date: only what changed gets a new sequence, what vanished is cancelled.

    Reading an unchanged feed writes nothing.
    """
    legal, book = queries.legal(calendar), queries.book(calendar)
    fresh = {line.key: (line, text) for line in legal.lines if (text := said(line, book)) is not None}
    known = {e.line: e for e in FeedEntry.objects.filter(calendar=calendar)}
    if not same(fresh, known):
        with transaction.atomic():
            known = {e.line: e for e in FeedEntry.objects.select_for_update().filter(calendar=calendar)}
            rewrite(calendar, fresh, known)
    return [(e, fresh[e.line][0] if e.line in fresh else None) for e in known.values()]


def same(fresh: Mapping[str, tuple[Line, dict[str, Any]]], known: Mapping[str, FeedEntry]) -> bool:
    live = {k: e.said for k, e in known.items() if not e.cancelled}
    return live == {k: text for k, (_line, text) in fresh.items()}


def rewrite(calendar: Calendar, fresh: Mapping[str, tuple[Line, dict[str, Any]]], known: dict[str, FeedEntry]) -> None:
    now = clock.now()
    for key, (_line, text) in fresh.items():
        entry = known.get(key)
        if entry is None:
            known[key] = FeedEntry.objects.create(calendar=calendar, line=key, said=text, changed_at=now)
        elif entry.said != text or entry.cancelled:
            entry.said, entry.cancelled, entry.changed_at = text, False, now
            entry.sequence += 1
            entry.save()
    for key, entry in known.items():
        if key not in fresh and not entry.cancelled:
            entry.cancelled, entry.changed_at = True, now
            entry.sequence += 1
            entry.save()


def ics(calendar: Calendar, lang: str, actor: str = "") -> bytes:
    """The subscribed feed (RFC 5545). Cancelled lines stay as CANCELLED; unverified ones say so."""
    out = ICalendar()
    out.add("prodid", f"-//Kalata//legal calendar//{lang.upper()}")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("method", "PUBLISH")
    name = calendar.election.name_en if lang == "en" and calendar.election.name_en else calendar.election.name_fr
    out.add("x-wr-calname", f"{name} – Kalata")
    for entry, line in refreshed(calendar):
        if actor and (line is None or actor.lower() not in f"{line.norm.who} {line.norm.to}".lower()):
            continue
        out.add_component(vevent(calendar, entry, line, lang))
    return bytes(out.to_ical())


def vevent(calendar: Calendar, entry: FeedEntry, line: Line | None, lang: str) -> Event:
    one = Event()
    text = entry.said
    one.add("uid", f"{entry.line}.{calendar.code}@kalata")
    one.add("sequence", entry.sequence)
    one.add("dtstamp", entry.changed_at)
    one.add("last-modified", entry.changed_at)
    labels = [translate(UNVERIFIED, lang)] if text["unverified"] else []
    if text["indicative"]:
        labels.append(translate(_("indicatif"), lang))
    one.add("summary", (f"[{', '.join(labels)}] " if labels else "") + text["en" if lang == "en" else "fr"])
    one.add("description", text["text"]["en" if lang == "en" else "fr"])
    one.add("url", settings.PUBLIC_ADDRESS + reverse("deadlines:rule", args=[calendar.code, entry.line]))
    one.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED" if not text["indicative"] else "TENTATIVE")
    limit = line.limit if line else None
    spans = False
    if limit is not None and limit.edge is Edge.MINUTE:
        one.add("dtstart", limit.instant)  # an instant has no length: RFC 5545 wants no DTEND that equals DTSTART
    else:
        day = date.fromisoformat(text["limit"][:10])
        first = date.fromisoformat(text["opens"][:10]) if text["opens"] else day
        spans = first < day
        one.add("dtstart", min(first, day))
        one.add("dtend", day + timedelta(days=1))
    if limit is not None and not text["indicative"]:
        one.add_component(reminder(text["en" if lang == "en" else "fr"], spans or limit.edge is Edge.END))
    return one


def reminder(words: str, before_end: bool) -> Alarm:
    """A day before what matters: the end of a period or of a last day, the beginning of a day or an instant."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(hours=-24), parameters={"RELATED": "END" if before_end else "START"})
    return alarm


COLUMNS = (
    "key", "round", "what_fr", "what_en", "rule_fr", "rule_en", "state", "opens", "deadline", "earliest", "latest",
    "computed", "kept", "days_late", "who", "law", "article", "status", "confidence", "sources", "other_readings",
)  # fmt: skip


def table(lines: Iterable[Line], book: Lawbook) -> bytes:
    """The calendar as CSV (UTF-8 with BOM, for spreadsheets), one row a line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in lines:
        rule = say_rule(line.norm, book.events)
        writer.writerow(
            safe(cell)
            for cell in [
                line.key,
                line.round or "",
                line.norm.what.fr,
                line.norm.what.en,
                rule.text("fr"),
                rule.text("en"),
                line.state.value,
                line.opens.iso() if line.opens else "",
                line.limit.iso() if line.limit else "",
                line.readings[0].earliest.iso() if line.readings else "",
                line.readings[0].latest.iso() if line.readings else "",
                line.computed.iso() if line.computed else "",
                line.check.kept.value,
                line.check.days or "",
                line.norm.who,
                line.norm.law,
                line.norm.article,
                line.norm.status,
                line.norm.confidence,
                " ".join(line.norm.sources),
                " ".join(r.earliest.iso() for r in line.alternatives),
            ]
        )
    return ("\ufeff" + out.getvalue()).encode()


def poster(calendar: Calendar, lines: Sequence[Line], book: Lawbook, lang: str, words: dict[str, str]) -> bytes:
    """The calendar as an A3 poster: each date with its rule, its text, and what is not verified."""
    rows, gaps = [], []
    for line in lines:
        limit = line.limit
        basis = " ".join(p for p in (book.text_name(line.norm.law).text(lang), line.norm.article_said) if p)
        what = line.norm.what.text(lang) + (f" ({words['round']} {line.round})" if line.round else "")
        if limit is None:
            if line.state is State.GAP:
                gaps.append(f"{what} : {say_rule(line.norm, book.events).text(lang)}")
            continue
        marks = [words["unverified"]] if line.unverified else []
        if line.state is State.INDICATIVE:
            marks.append(words["indicative"])
        if line.derogation:
            marks.append(f"{words['override']} {line.derogation.document}")
        marks += [f"{words['other']} {r.earliest.sentence().text(lang)}" for r in line.alternatives]
        day = Message("%(d)s", {"d": limit.day}).text(lang)
        if line.opens and line.opens.day != limit.day:
            day = f"{Message('%(d)s', {'d': line.opens.day}).text(lang)} – {day}"
        hour = {Edge.END: "24 h 00" if lang != "en" else "24:00", Edge.START: "0 h 00" if lang != "en" else "00:00"}
        rows.append(
            {
                "date": day,
                "hour": Message("%(t)s", {"t": limit.at}).text(lang) if limit.at else hour.get(limit.edge, ""),
                "what": what,
                "rule": say_rule(line.norm, book.events).text(lang),
                "basis": basis,
                "mark": " ; ".join(marks),
            }
        )
    data = {
        **words,
        "lang": "en" if lang == "en" else "fr",
        "heads": [words["h_date"], words["h_what"], words["h_rule"], words["h_basis"]],
        "rows": rows,
        "gaps": gaps,
    }
    return rendering.form("poster", data)
