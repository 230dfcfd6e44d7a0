"""The norms of a calendar as difference constraints between its events: can they be met together?

A length in days is exact; months are bounds unless the day they count from is fixed; the n-th
weekday is its interval and its weekday. Time that belongs to a person (to file, to petition) is
taken whole: the event that closes it cannot come early.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kalata.text import Message
from kalata.text import gettext_noop as _

from .calendar import Desk
from .counting import compute
from .feasibility import Bound, Problem
from .graph import DAY_MINUTES, Edge
from .lawbook import Lawbook
from .lines import VOTE, EventKey, Given, Moment, Standing, defined
from .moments import local_day
from .norms import EventRef, Norm, Op
from .steps import Counting, Kind, Unit
from .wording import event_name, say_counting

WHOLE = frozenset({"time_barred", "inadmissible"})
"""Consequences that mark time given to a person: it may not be cut short."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """A working length in days between two nodes, with its reason."""

    id: str
    start: str
    end: str
    least: int | None
    most: int | None
    reason: str


def node(key: EventKey) -> str:
    return f"{key[0]}:{key[1]}" if key[1] else key[0]


def key_of(name: str) -> EventKey:
    type_, _sep, round_ = name.partition(":")
    return type_, int(round_ or 0)


def length(c: Counting, start: date | None, tz: str, given: Given) -> tuple[int, int] | None:
    """Least and most days from the trigger to the limit (both positive); None: not a length."""
    if start is not None and c.kind in (Kind.OFFSET, Kind.NTH_WEEKDAY, Kind.NESTED) and not c.by_clock:
        end = compute(c, start, tz=tz, days_off=given.days_off)
        days = sorted((abs((end.earliest.day - start).days), abs((end.latest.day - start).days)))
        if c.kind is Kind.OFFSET:
            return days[0], days[1]
    extra = (1 if c.clear else 0) + c.distance
    if c.kind is Kind.NTH_WEEKDAY:
        return 7 * (c.n - 1) + 1, 7 * c.n
    if c.kind is Kind.RANGE:
        return c.n, c.most
    if c.kind is Kind.ON:
        return 0, 0
    if c.kind is Kind.NESTED:
        parts = [length(p, None, tz, given) for p in c.parts]
        known = [p for p in parts if p is not None]
        return (sum(p[0] for p in known), sum(p[1] for p in known)) if len(known) == len(parts) else None
    if c.kind is not Kind.OFFSET:
        return None
    short, long = {Unit.WEEK: (7, 7), Unit.MONTH: (28, 31), Unit.YEAR: (365, 366)}.get(c.unit, (1, 1))
    most = c.n * long + extra
    if c.needs_days_off or c.skip:
        most += 2 * (c.n // 5 + 1) + 10  # weekly rest and the feasts that may fall inside
    return c.n * short + extra, most


def bound_of(
    norm: Norm, counting: Counting, start: EventKey, end: EventKey, given: Given, book: Lawbook, fixed: date | None
) -> Bound | None:
    if counting.by_clock:
        minutes = counting.n * (60 if counting.unit is Unit.HOUR else 1)
        lo, hi = minutes, minutes
    else:
        days = length(counting, fixed, given.tz, given)
        if days is None:
            return None
        lo, hi = days[0] * DAY_MINUTES, days[1] * DAY_MINUTES
    least: int | None = lo
    most: int | None = hi
    whole = norm.consequence in WHOLE
    if norm.op is Op.LATEST and not whole:
        least, most = (lo, None) if counting.before else (None, hi)
    elif norm.op is Op.AT_LEAST and not whole:
        least, most = lo, None
    if counting.before:
        least, most = (None if most is None else -most), (None if least is None else -least)
    weekday = counting.weekday if counting.kind is Kind.NTH_WEEKDAY else None
    if counting.kind is Kind.NESTED and counting.parts[-1].kind is Kind.NTH_WEEKDAY:
        weekday = counting.parts[-1].weekday
    names = event_name(norm.event, book.events, start[1]) if isinstance(norm.event, EventRef) else Message("")
    rule = say_counting(counting, norm.op, names)
    values = {"text": book.text_name(norm.law), "article": norm.article_said}
    basis = Message("%(text)s, %(article)s" if norm.article else "%(text)s", values)
    id_ = f"{norm.id}{f'.{start[1]}' if start[1] else ''}"
    return Bound(id_, node(start), node(end), least, most, weekday, norm.what, norm.rank, basis, rule)


def problem_of(
    book: Lawbook,
    family: str,
    given: Given,
    *,
    assumed: Iterable[Assumed] = (),
    observed: bool = False,
    readings: Mapping[str, Counting] | None = None,
    free: Iterable[str] = (),
) -> Problem:
    """The constraints of a calendar. Recorded events are fixed, planned ones too unless in `free`.

    observed: earlier intervals stand in for the figures no text gives. readings: norm id -> the
    counting another reading would use.
    """
    desk = Desk(book, book.of(family), given)
    loose = set(free)
    days: dict[str, date] = {
        node(key): local_day(m.early, given.tz)
        for key, m in given.events.items()
        if m.standing is Standing.ACTUAL or (m.standing is Standing.PLANNED and node(key) not in loose)
    }
    vote = given.events.get((VOTE, 1))
    bounds: list[Bound] = []
    for norm in desk.norms:
        if norm.defines is None or not isinstance(norm.event, EventRef) or norm.event.type not in book.events:
            continue
        kind = book.events[norm.event.type]
        if kind.repeats == "act" or kind.derived or not desk.holds(norm, reference(given, vote)):
            continue
        for round_ in norm.event.rounds(given.rounds):
            start, end = (norm.event.type, round_), defined(norm, round_)
            if end is None or end[1] > given.rounds:
                continue
            counting = (readings or {}).get(norm.id, norm.counting)
            if counting is not None and norm.binding:
                made = bound_of(norm, counting, start, end, given, book, days.get(node(start)))
                if made:
                    bounds.append(made)
            elif observed and norm.counting is None and norm.observed:
                a, b = norm.observed
                label = Message(_("%(what)s, observé de %(a)d à %(b)d {b:jour|jours}"), {"what": norm.what, "a": a, "b": b})
                bounds.append(
                    Bound(f"{norm.id}.{round_}", node(start), node(end), a * DAY_MINUTES, b * DAY_MINUTES, label=label)
                )
    bounds += [
        Bound(
            a.id,
            a.start,
            a.end,
            None if a.least is None else a.least * DAY_MINUTES,
            None if a.most is None else a.most * DAY_MINUTES,
            label=Message(_("hypothèse : %(reason)s"), {"reason": a.reason}),
        )
        for a in assumed
    ]
    used = {n for b in bounds for n in (b.start, b.end)} | set(days)
    fixed = {n: d.toordinal() for n, d in days.items() if n in used}
    weekdays = {} if fixed or vote is None else {node((VOTE, 1)): local_day(vote.early, given.tz).weekday()}
    return Problem(tuple(bounds), tuple(order(book, used, given.rounds)), fixed, weekdays)


def reference(given: Given, vote: Moment | None) -> Moment | None:
    """The date the texts are read at: every norm of one calendar under one version."""
    if given.law_date:
        return Moment(given.law_date, given.law_date, Standing.PLANNED)
    return vote


def order(book: Lawbook, used: set[str], rounds: int) -> Iterable[Edge]:
    """What nobody can relax: an event is never before those it follows."""
    for name in sorted(used):
        type_, round_ = key_of(name)
        kind = book.events.get(type_)
        if kind is None:
            continue
        before = [(t, round_) for t in kind.follows]
        if round_ > 1:
            before += [(t, round_ - 1) for t in kind.follows_round]
        for other in before:
            for candidate in {node(other), other[0]}:
                if candidate in used:
                    yield Edge(name, candidate, 0)


def other_readings(book: Lawbook, problem: Problem) -> list[tuple[Norm, Counting, object]]:
    """Readings that would give other constraints, for the norms of a problem."""
    ids = {b.id.rsplit(".", 1)[0] for b in problem.bounds} | {b.id for b in problem.bounds}
    return [
        (norm, other.counting, other.why)
        for norm in book.norms
        if norm.id in ids
        for other in norm.others
        if other.event is None
    ]


def moved_vote(given: Given, day: date) -> Given:
    """The same facts with another polling day; other planned dates stay where they are."""
    events = {**given.events, (VOTE, 1): Moment(day, day, Standing.PLANNED)}
    return replace(given, events=events)
