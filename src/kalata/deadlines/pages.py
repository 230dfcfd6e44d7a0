"""What the screens of legal time show, made from values of the rules. No rule and no write here."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kalata.country.services import fold
from kalata.deadlines import queries
from kalata.deadlines.models import Calendar
from kalata.deadlines.rules.feasibility import ORIGIN, Answer, Problem
from kalata.deadlines.rules.graph import DAY_MINUTES
from kalata.deadlines.rules.lawbook import Lawbook
from kalata.deadlines.rules.lines import STANDING_LABELS, EventKey, Kept, LegalCalendar, Line, Moment, Standing, State
from kalata.deadlines.rules.moments import zone
from kalata.deadlines.rules.norms import RANK_LABELS, EventRef
from kalata.deadlines.rules.possible import key_of
from kalata.deadlines.rules.steps import Unit, quantity
from kalata.deadlines.rules.wording import event_name, say_rule
from kalata.text import Message
from kalata.text import gettext_noop as _

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a calendar, ready to be shown."""

    line: Line
    rule: Message
    law: object
    rank: str
    when: Message | None
    first: date | None
    last: date | None
    left: Message | None
    tone: str  # "", ok, warn, bad: how near, kept or broken

    @property
    def month(self) -> date | None:
        """The month it is listed under: that of the date it is sorted by, so that each month is one group."""
        listed = self.line.listed
        return listed.day.replace(day=1) if listed else None

    @property
    def status(self) -> str:
        return STATUS_LABELS.get(self.line.norm.status, self.line.norm.status)

    @property
    def day(self) -> date | None:
        return self.last


def row(line: Line, book: Lawbook, now: datetime, tz: str, done: bool = False) -> Row:
    limit = line.limit
    left, tone = None, ""
    if line.check.kept is Kept.BREACHED:
        days = line.check.days
        left = (
            Message(_("dépassé de %(length)s"), {"length": quantity(days, Unit.DAY)})
            if days
            else Message(_("non respecté"))
        )
        tone = "bad"
    elif line.check.kept is Kept.KEPT:
        held = line.check.fact is not None and line.check.fact.standing is Standing.ACTUAL
        left = Message(_("respecté")) if held else Message(_("respecté par la date prévue"))
        tone = "ok"
    elif limit is not None and line.state is State.DATED and line.norm.binding:
        left, tone = countdown(
            limit.bound - now, line.awaits_record and not done, (limit.day - now.astimezone(zone(tz)).date()).days
        )
    return Row(
        line=line,
        rule=say_rule(line.norm, book.events),
        law=book.text_name(line.norm.law),
        rank=RANK_LABELS[line.norm.rank],
        when=limit.sentence() if limit else None,
        first=line.opens.day if line.opens else None,
        last=limit.day if limit else None,
        left=left,
        tone=tone,
    )


def countdown(left: timedelta, recordable: bool, days: int) -> tuple[Message, str]:
    """How long is left: in hours under three days, else in days; past: ended, or awaiting its record."""
    if left <= timedelta():
        if recordable:
            return Message(_("échéance passée, à constater")), "bad"
        return Message(_("terminé")), ""
    if left < timedelta(days=3):
        return Message(_("reste %(left)s"), {"left": left}), "warn"
    return Message(_("dans %(length)s"), {"length": quantity(days, Unit.DAY)}), ""


def rows(legal: LegalCalendar, book: Lawbook, now: datetime, tz: str) -> list[Row]:
    found = [row(line, book, now, tz, legal.done(line)) for line in legal.lines]
    # an hour of 24:00 is the next day's first instant: a month is a group of days, not of instants
    return sorted(found, key=lambda r: (r.month is None, r.month or date.min))


def filtered(found: Iterable[Row], *, text: str = "", actor: str = "", state: str = "", round_: str = "") -> list[Row]:
    """Rows that answer every filter; words are matched without accents in both languages."""
    words = fold(text)
    out = []
    for one in found:
        norm = one.line.norm
        if words and words not in fold(
            f"{norm.what.fr} {norm.what.en} {norm.id} {norm.article} {one.law} {norm.who} {one.rule.text('fr')}"
        ):
            continue
        if actor and actor not in actors_of(one.line):
            continue
        if round_ and str(one.line.round) != round_:
            continue
        if state and not in_state(one, state):
            continue
        out.append(one)
    return out


STATUS_LABELS = {
    "current": _("en vigueur"),
    "historical": _("historique"),
    "unverified": _("non vérifié"),
    "good practice": _("bonne pratique"),
    "suspended": _("suspendu"),
}
STATES = (
    ("dated", _("datés")),
    ("late", _("en retard ou non respectés")),
    ("kept", _("respectés")),
    ("unverified", _("à vérifier")),
    ("readings", _("plusieurs lectures")),
    ("override", _("dérogés")),
    ("waiting", _("sans date")),
)


def in_state(one: Row, state: str) -> bool:
    line = one.line
    return {
        "dated": line.limit is not None,
        "late": one.tone == "bad",
        "kept": line.check.kept is Kept.KEPT,
        "unverified": line.unverified,
        "readings": bool(line.alternatives),
        "override": line.derogation is not None,
        "waiting": line.limit is None,
    }.get(state, True)


def actors_of(line: Line) -> list[str]:
    """Who acts or receives, split from the pack's words."""
    parts = f"{line.norm.who}, {line.norm.to}".replace("->", ",").replace("→", ",").split(",")
    return [p.strip() for p in parts if p.strip()]


def actors(legal: LegalCalendar) -> list[str]:
    return sorted({a for line in legal.lines for a in actors_of(line)}, key=fold)


def month(found: Sequence[Row], year: int, number: int) -> list[list[tuple[date, list[Row]]]]:
    """The weeks of a month, Monday first, each day with what ends or opens on it."""
    by_day: dict[date, list[Row]] = {}
    for one in found:
        for day in {d for d in (one.first, one.last) if d}:
            by_day.setdefault(day, []).append(one)
    return [[(day, by_day.get(day, [])) for day in week] for week in Weeks().monthdatescalendar(year, number)]


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the timeline, in hundredths of its width."""

    row: Row
    x: str
    width: str
    point: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    bands: list[Band]
    ticks: list[tuple[str, date]]
    today: str | None
    first: date
    last: date


def timeline(found: Sequence[Row], today: date) -> Timeline | None:
    """Every dated row on one scale of days; windows are bands, limits are points. None: nothing dated."""
    dated = [r for r in found if r.last]
    if not dated:
        return None
    days = [d for r in dated for d in (r.first, r.last) if d]
    middle = sorted(days)[len(days) // 2]
    inside = [d for d in days if abs((d - middle).days) <= 400]
    first, last = min(inside) - 3 * DAY, max(inside) + 3 * DAY
    span = max((last - first).days, 1)

    def at(day: date) -> float:
        return 100 * (day - first).days / span

    bands = []
    for r in dated:
        assert r.last is not None
        if not first <= r.last <= last:
            continue
        start = max(r.first or r.last, first)
        point = start == r.last
        bands.append(Band(r, f"{at(start):.2f}", f"{max(at(r.last) - at(start), 0.6):.2f}", point))
    ticks = []
    tick = date(first.year, first.month, 1)
    step = 1 if span < 430 else 3
    while tick <= last:
        if tick >= first:
            ticks.append((f"{at(tick):.2f}", tick))
        tick = date(tick.year + (tick.month + step - 1) // 12, (tick.month + step - 1) % 12 + 1, 1)
    return Timeline(bands, ticks, f"{at(today):.2f}" if first <= today <= last else None, first, last)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of a calendar: what is recorded, and what follows where nothing is."""

    key: EventKey
    name: Message
    moment: Moment | None
    standing: str
    fact: Any
    instant: bool
    repeats: bool

    @property
    def slug(self) -> str:
        return f"{self.key[0]}.{self.key[1]}"


def event_rows(calendar: Calendar, legal: LegalCalendar, book: Lawbook, facts: Sequence[Any]) -> list[EventRow]:
    """The events that matter to this calendar: triggers and what norms fix, recorded ones included."""
    keys: dict[EventKey, None] = {}
    for norm in book.of(calendar.family):
        if isinstance(norm.event, EventRef):
            for round_ in norm.event.rounds(calendar.rounds):
                keys[norm.event.type, round_] = None
                if norm.defines:
                    named = norm.defines.round
                    keys[norm.defines.type, int(named) if named.isdigit() else round_ if named else 0] = None
    for fact in facts:
        keys[fact.type, fact.round] = None
    out = []
    for key in keys:
        kind = book.events.get(key[0])
        if kind is None or kind.derived or key[1] > calendar.rounds:
            continue
        act = kind.repeats == "act"
        mine = [f for f in facts if (f.type, f.round) == key] if not act else []
        moment = legal.moments.get(key)
        out.append(
            EventRow(
                key,
                event_name(EventRef(key[0]), book.events, key[1]),
                moment,
                STANDING_LABELS[moment.standing] if moment else "",
                mine[0] if mine else None,
                kind.instant,
                act,
            )
        )

    def sort(e: EventRow) -> tuple[int, str, int]:
        day = e.moment.early if e.moment else None
        return (1 if day is None else 0, str(day or "")[:10], e.key[1])

    return sorted(out, key=sort)


def node_choices(problem: Problem, book: Lawbook) -> list[tuple[str, Message]]:
    names = dict.fromkeys(n for b in problem.bounds for n in (b.start, b.end))
    return [(n, event_name(EventRef(key_of(n)[0]), book.events, key_of(n)[1])) for n in names]


@dataclass(frozen=True, slots=True)
class WindowRow:
    name: Message
    earliest: date | str | None
    latest: date | str | None


def window_rows(answer: Answer, book: Lawbook) -> list[WindowRow]:
    """Earliest and latest of each event; days where a date is fixed, distances otherwise."""

    def shown(minutes: int | None) -> date | str | None:
        if minutes is None:
            return None
        return (
            date.fromordinal(minutes // DAY_MINUTES) if answer.reference == ORIGIN else f"J{minutes // DAY_MINUTES:+d}"
        )

    out = [
        (
            w,
            WindowRow(
                event_name(EventRef(key_of(w.event)[0]), book.events, key_of(w.event)[1]),
                shown(w.earliest),
                shown(w.latest),
            ),
        )
        for w in answer.windows
    ]
    out.sort(key=lambda pair: (pair[0].earliest if pair[0].earliest is not None else 10**12, pair[0].event))
    return [r for _w, r in out]


def clocks(found: Iterable[Calendar], round_: int, now: datetime) -> list[tuple[Calendar, Row]]:
    """The clocks that matter to one round's results: their announcement, and the time to petition."""
    out = []
    for calendar in found:
        book, tz = queries.book(calendar), queries.zone_name(queries.pack_of(calendar))
        legal = queries.legal(calendar)
        for line in legal.lines:
            announces = line.norm.binding and line.norm.defines is not None and line.norm.defines.type == ANNOUNCEMENT
            petitions = line.norm.consequence == "time_barred" and line.norm.to != ""
            if line.round == round_ and line.limit is not None and not line.party and (announces or petitions):
                out.append((calendar, row(line, book, now, tz, legal.done(line))))
    return out


ANNOUNCEMENT = "PROV_RESULTS"
"""The event that announces provisional results; packs name it so."""
