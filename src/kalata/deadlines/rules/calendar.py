"""The legal calendar of a contest: every norm of its family, dated, explained, held against facts.

Events are known (recorded, or planned), or follow from a norm that fixes them; where no norm gives
a figure, what was observed before gives an indication that is said to be one. Nothing is guessed:
a norm whose event has no date waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from kalata.text import Message
from kalata.text import gettext_noop as _

from .counting import compute
from .derogations import Derogates, Derogation
from .lawbook import Lawbook, version_at
from .lines import (
    VOTE,
    Check,
    Conflict,
    EventKey,
    Given,
    Kept,
    LegalCalendar,
    Line,
    Moment,
    NormReading,
    Standing,
    State,
    defined,
    line_key,
)
from .moments import Deadline, Edge, Verdict, judge, local_day
from .norms import EventRef, NoNorm, Norm, Op, OutsideVersion
from .steps import Counting, Kind, Reading, Suspension
from .wording import event_name


@dataclass(slots=True)
class Desk:
    """The work of one build: what is already known and what is being asked."""

    book: Lawbook
    norms: tuple[Norm, ...]
    given: Given
    moments: dict[EventKey, Moment | None] = field(default_factory=dict)
    asking: list[EventKey] = field(default_factory=list)

    def moment(self, key: EventKey) -> Moment | None:
        """When an event is: recorded or planned, else at the limit of the highest norm that fixes it."""
        if key in self.given.events:
            return self.given.events[key]
        if key in self.moments:
            return self.moments[key]
        kind = self.book.events.get(key[0])
        if kind and kind.derived:
            return self.year(kind.derived)
        if key in self.asking:
            return None  # a chain of observations may turn on itself; norms may not (DL-103)
        self.asking.append(key)
        found = self.from_norms(key)
        self.asking.pop()
        self.moments[key] = found
        return found

    def year(self, which: str) -> Moment | None:
        """The year of the vote, or the one before: for windows that come back every year."""
        vote = self.given.events.get((VOTE, 1))
        year = local_day(vote.early, self.given.tz).year if vote else self.given.year
        if year is None:
            return None
        first = date(year - (1 if which == "year_before_vote" else 0), 1, 1)
        return Moment(first, first, vote.standing if vote else Standing.PLANNED)

    def from_norms(self, key: EventKey) -> Moment | None:
        best: tuple[tuple[int, int], Moment] | None = None
        for norm in self.norms:
            if norm.defines is None or norm.op is Op.RENEWABLE or isinstance(norm.event, date):
                continue
            for round_ in norm.event.rounds(self.given.rounds):
                if defined(norm, round_) != key:
                    continue
                trigger = self.moment((norm.event.type, round_))
                if trigger is None or not self.holds(norm, trigger):
                    continue
                found = self.at_limit(norm, round_, trigger)
                rank = (1 if norm.binding else 0, norm.rank)
                if found and (best is None or rank > best[0]):
                    best = (rank, found)
        return best[1] if best else None

    def at_limit(self, norm: Norm, round_: int, trigger: Moment) -> Moment | None:
        if norm.counting is None:
            if not norm.observed:
                return None
            early = local_day(trigger.early, self.given.tz) + timedelta(days=norm.observed[0])
            late = local_day(trigger.late, self.given.tz) + timedelta(days=norm.observed[1])
            return Moment(early, late, Standing.OBSERVED, norm.id)
        read = self.reading(norm, norm.counting, round_, trigger)
        own = next((d for d in self.derogations(norm, round_) if d.value), None)
        soft = not norm.binding or trigger.standing is Standing.OBSERVED
        standing = Standing.OBSERVED if soft else Standing.LEGAL
        if own and own.value:
            return Moment(own.value.day, own.value.day, Standing.LEGAL, norm.id)
        first, last = read.earliest, read.latest
        if first.edge is Edge.MINUTE:
            return Moment(first.instant, last.instant, standing, norm.id)
        return Moment(first.day, last.day, standing, norm.id)

    def holds(self, norm: Norm, trigger: Moment | None) -> bool:
        """In force at the date the texts are read, or at the event; unknown: as of today's texts."""
        if self.given.law_date:
            return norm.in_force(self.given.law_date)
        if trigger is None:
            vote = self.given.events.get((VOTE, 1))
            return norm.in_force(local_day(vote.early, self.given.tz)) if vote else norm.valid[1] is None
        return norm.in_force(local_day(trigger.early, self.given.tz))

    def derogations(self, norm: Norm, round_: int) -> list[Derogation]:
        """The acts on this norm in this round, the latest decided first."""
        found = [d for d in self.given.derogations if d.norm == norm.id and d.round in (None, round_)]
        return sorted(found, key=lambda d: d.decided, reverse=True)

    def pauses(self, norm: Norm, round_: int) -> list[Suspension]:
        return [
            Suspension(d.first, d.last, d.kind is Derogates.INTERRUPT, d.document)
            for d in self.derogations(norm, round_)
            if d.first and d.last
        ]

    def reading(
        self, norm: Norm, counting: Counting, round_: int, trigger: Moment, why: object = None, confidence: str = ""
    ) -> NormReading:
        label = (
            Message("%(day)s", {"day": norm.what})
            if isinstance(norm.event, date)
            else event_name(norm.event, self.book.events, round_ if self.given.rounds > 1 else 0)
        )
        pauses = self.pauses(norm, round_)

        def at(moment: date | datetime) -> Reading:
            return compute(
                counting,
                moment,
                tz=self.given.tz,
                days_off=self.given.days_off,
                label=label,
                pauses=pauses,
                record=norm.id,
            )

        early = at(trigger.early)
        return NormReading(counting, early, early if trigger.single else at(trigger.late), why, confidence)


def build(book: Lawbook, family: str, given: Given) -> LegalCalendar:
    """The whole calendar of one family of contests, in order of date."""
    norms = book.of(family)
    desk = Desk(book, norms, given)
    lines: list[Line] = []
    for norm in norms:
        if isinstance(norm.event, date):
            if not desk.holds(norm, None):
                continue
            lines.append(dated(desk, norm, 0, Moment(norm.event, norm.event, Standing.ACTUAL)))
            continue
        kind = book.events.get(norm.event.type)
        if kind and kind.repeats == "act":
            lines += acts(desk, norm)
            continue
        for round_ in norm.event.rounds(given.rounds):
            trigger = desk.moment((norm.event.type, round_))
            if not desk.holds(norm, trigger):
                continue
            lines.append(one_line(desk, norm, round_, trigger))
    lines.sort(key=lambda line: line.sort_key)
    for line in lines:
        if line.norm.binding and not line.party and (key := defined(line.norm, line.round)):
            desk.moment(key)
    known = {k: m for k, m in desk.moments.items() if m} | dict(given.events)
    return LegalCalendar(tuple(lines), tuple(conflicts(lines)), tuple(lapsed(desk, lines)), known, implied(desk))


def implied(desk: Desk) -> frozenset[EventKey]:
    """Events seen, and those that must have come before them (a vote that took place closed the campaign)."""
    found: set[EventKey] = set()
    waiting = [k for k, m in desk.given.events.items() if m.standing is Standing.ACTUAL]
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        kind = desk.book.events.get(key[0])
        if kind is None:
            continue
        for names, round_ in ((kind.follows, key[1]), (kind.follows_round, key[1] - 1)):
            waiting += [
                (n, round_ if other.repeats == "round" else 0)
                for n in names
                if (other := desk.book.events.get(n)) and (round_ > 0 or other.repeats != "round")
            ]
    return frozenset(found)


def acts(desk: Desk, norm: Norm) -> list[Line]:
    assert isinstance(norm.event, EventRef)
    mine = [a for a in desk.given.acts if a.type == norm.event.type]
    if not desk.holds(norm, None) and not mine:
        return []
    out = [
        dated(desk, norm, a.round, Moment(a.moment, a.moment, Standing.ACTUAL), a.party)
        for a in mine
        if desk.holds(norm, Moment(a.moment, a.moment, Standing.ACTUAL))
    ]
    return out or [Line(norm, 0, State.EACH_ACT, line_key(norm, 0))]


def one_line(desk: Desk, norm: Norm, round_: int, trigger: Moment | None) -> Line:
    key = line_key(norm, round_)
    if norm.counting is None:
        seen = desk.at_limit(norm, round_, trigger) if trigger else None
        return Line(
            norm, round_, State.GAP, key, trigger=trigger, check=checked(desk, norm, round_, None), indication=seen
        )
    if trigger is None:
        return Line(norm, round_, State.WAITING, key)
    return dated(desk, norm, round_, trigger)


def dated(desk: Desk, norm: Norm, round_: int, trigger: Moment, party: str = "") -> Line:
    assert norm.counting is not None
    own = desk.reading(norm, norm.counting, round_, trigger)
    readings, awaited = [own], []
    for other in norm.others:
        moment = desk.moment((other.event.type, round_)) if other.event else trigger
        if moment is None:
            awaited.append(other)
        else:
            readings.append(desk.reading(norm, other.counting, round_, moment, other.why, other.confidence))
    warnings = list(own.early.warnings)
    if norm.office:
        warnings += norm.office.warnings(own.latest)
    derogation = next(iter(desk.derogations(norm, round_)), None)
    if derogation:
        warnings += derogation.warnings(norm.rank, own.earliest if derogation.value else None)
    last = norm.valid[1]
    ends = own.earliest.day
    if norm.in_force(local_day(trigger.early, desk.given.tz)) and not norm.in_force(ends) and last and ends > last:
        warnings.append(
            Message(_("Le texte change pendant que le délai court (en vigueur jusqu’au %(last)s)."), {"last": last})
        )
    soft = trigger.standing is Standing.OBSERVED or norm.op in (Op.OBSERVED, Op.ADVISED)
    return Line(
        norm,
        round_,
        State.INDICATIVE if soft else State.DATED,
        line_key(norm, round_, party),
        party,
        trigger,
        tuple(readings),
        derogation,
        checked(desk, norm, round_, derogation.value if derogation and derogation.value else None, own, trigger),
        tuple(warnings),
        awaited=tuple(awaited),
    )


def checked(
    desk: Desk,
    norm: Norm,
    round_: int,
    moved: Deadline | None,
    own: NormReading | None = None,
    trigger: Moment | None = None,
) -> Check:
    """Hold the event a norm fixes against its limit. Only recorded and planned events are held."""
    if norm.counting is not None and norm.counting.kind is Kind.ON and norm.counting.weekday is not None and trigger:
        day = local_day(trigger.early, desk.given.tz)
        good = day.weekday() == norm.counting.weekday
        return Check(Kept.KEPT if good else Kept.BREACHED, 0, trigger)
    key = defined(norm, round_)
    fact = desk.given.events.get(key) if key else None
    if fact is None or own is None or not norm.binding:
        return Check(Kept.OPEN, 0, fact)
    low, high = moved or own.earliest, moved or own.latest
    return verdict(norm, fact, low, high, own.early.opens, desk.given.tz)


def verdict(norm: Norm, fact: Moment, low: Deadline, high: Deadline, opens: Deadline | None, tz: str) -> Check:
    day = local_day(fact.early, tz)
    counting = norm.counting
    assert counting is not None
    if opens is not None:
        short = max((opens.day - day).days, (day - high.day).days, 0)
        return Check(Kept.BREACHED if short else Kept.KEPT, short, fact)
    if norm.op is Op.EXACT:
        off = 0 if low.day <= day <= high.day else min(abs((day - low.day).days), abs((day - high.day).days))
        return Check(Kept.BREACHED if off else Kept.KEPT, off, fact)
    if norm.op is Op.AT_LEAST and not counting.before:
        short = max((low.day - day).days, 0)
        return Check(Kept.BREACHED if short else Kept.KEPT, short, fact)
    judged = judge(fact.early, low, high)
    if judged.verdict is Verdict.LATE:
        return Check(Kept.BREACHED, max((day - high.day).days, 0), fact)
    return Check(Kept.KEPT if judged.verdict is Verdict.IN_TIME else Kept.OPEN, 0, fact)


def conflicts(lines: Iterable[Line]) -> list[Conflict]:
    """Norms on one subject, in force together, that give other dates or wait while others do not."""
    groups: dict[tuple[str, object], list[Line]] = {}
    for line in lines:
        if line.norm.binding and not line.party:
            groups.setdefault((line.norm.subject, defined(line.norm, line.round) or line.round), []).append(line)
    out = []
    for (subject, _what), same in groups.items():
        limits = {(line.limit.iso() if line.limit else "") for line in same}
        if len({line.norm.id for line in same}) > 1 and len(limits) > 1:
            ordered = sorted(same, key=lambda line: (-line.norm.rank, line.key))
            out.append(Conflict(subject, ordered[0].round, tuple(ordered)))
    return out


def lapsed(desk: Desk, lines: Iterable[Line]) -> list[Norm]:
    """The last known norm of each subject that no norm in force covers: gaps to be filled."""
    covered = {line.norm.subject for line in lines}
    left: dict[str, Norm] = {}
    for norm in desk.norms:
        if norm.subject in covered or not norm.binding:
            continue
        before = left.get(norm.subject)
        if before is None or (norm.valid[1] or date.max) > (before.valid[1] or date.max):
            left[norm.subject] = norm
    return sorted(left.values(), key=lambda n: n.id)


def single(book: Lawbook, id_: str, trigger: date | datetime, given: Given, round_: int = 0) -> Line:
    """One norm counted from one moment: the clerk's calculator. Raises DL-104 outside its version, DL-109."""
    norm = book.get(id_)
    if norm is None:
        near = get_close_matches(id_, [n.id for n in book.norms], n=5, cutoff=0.3)
        raise NoNorm(record=id_, known=", ".join(near) or "–")
    day = local_day(trigger, given.tz)
    if not norm.in_force(day):
        others = version_at(book.norms, norm.subject, day).in_force
        first, last = norm.valid
        raise OutsideVersion(
            record=id_,
            field="event",
            day=Message("%(day)s", {"day": day}),
            span=f"{first or '…'} – {last or '…'}",
            others=", ".join(n.id for n in others) or "–",
        )
    desk = Desk(book, (norm,), given)
    moment = Moment(trigger, trigger, Standing.ACTUAL)
    if norm.counting is None:
        return Line(norm, round_, State.GAP, line_key(norm, round_), trigger=moment)
    return dated(desk, norm, round_, moment)
