"""What a person of a desk may look at of their own work: the paper in hand, the day hour by hour, what is not for them.

Never a figure typed, never another person's work: whoever types blind stays blind. Reads only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kalata.country.models import Contest
from kalata.people.models import Person
from kalata.results.rules.boxes import MARKS
from kalata.tally.models import Draft, Entry, Paper, Passage
from kalata.tally.rules.lifecycle import CLAIMS, State

ENTRIES = (State.FIRST_ENTRY, State.SECOND_ENTRY)
GIVEN_BACK = {
    (State.FIRST_ENTRY.value, State.SCANNED.value),
    (State.SECOND_ENTRY.value, State.FIRST_ENTERED.value),
    (State.ARBITRATION.value, State.DIFFERENT.value),
}
"""Passages that are no work done: the paper went back as it came."""


def in_hand(person: Person, now: datetime) -> QuerySet[Paper]:
    """Papers that this person holds now, the one that goes back first at the head."""
    states = [s.value for s in CLAIMS]
    found = Paper.objects.filter(holder=person, held_until__gt=now, state__in=states)
    return found.select_related("contest", "station").defer("free", "errors", "warnings").order_by("held_until")


def kept_lines(paper: Paper, person: Person) -> set[str]:
    """The keys of the lines of this person's draft that have something in them; which, never what."""
    values = Draft.objects.filter(paper=paper, by=person).values_list("values", flat=True).first() or {}
    return {key for key, text in values.items() if str(text).strip()}


def line_keys(contest: Contest) -> list[str]:
    """The keys of the lines of a form in the order of its paper."""
    marks = [b for b in contest.boxes if b in set(MARKS)]
    votes = [f"c{rank}" for rank in contest.options.order_by("rank").values_list("rank", flat=True)]
    return [*(b for b in contest.boxes if b not in marks), *votes, *marks]


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of work. apart: entries of it that the other entry does not agree with."""

    start: datetime
    done: int
    apart: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A person's own day: papers passed on, hour by hour since the first; entries typed, and those that differ."""

    hours: tuple[Hour, ...]
    entries: int
    pairs: int

    @property
    def done(self) -> int:
        return sum(h.done for h in self.hours)

    @property
    def apart(self) -> int:
        return sum(h.apart for h in self.hours)

    @property
    def worked(self) -> int:
        """Hours in which something was done."""
        return sum(h.done > 0 for h in self.hours)

    @property
    def pace(self) -> Fraction | None:
        """Papers in each hour worked, the running one apart unless it is the only one."""
        whole = [h.done for h in self.hours[:-1] if h.done]
        return Fraction(sum(whole), len(whole)) if whole else None

    @property
    def peak(self) -> int:
        return max((h.done for h in self.hours), default=0)


def day(person: Person, now: datetime) -> Day | None:
    """What this person passed on since midnight; None where there is nothing to tell yet."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Passage.objects.filter(by=person, at__gte=start, at__lte=now).exclude(to__in=[s.value for s in CLAIMS])
    at = [when for when, *way in mine.order_by().values_list("at", "start", "to") if tuple(way) not in GIVEN_BACK]
    if not at:
        return None
    typed = Entry.objects.filter(by=person, at__gte=start, at__lte=now, rank__lt=3)
    other = Entry.objects.filter(paper=OuterRef("paper"), attempt=OuterRef("attempt"), rank__lt=3).exclude(by=person)
    rows = typed.order_by().values_list("at", Exists(other), Exists(other.filter(sheet=OuterRef("sheet"))))
    found = list(rows)
    done = Counter(map(hour_of, at))
    apart = Counter(hour_of(when) for when, twice, same in found if twice and not same)
    first, last = min(done), hour_of(now)
    steps = int((last - first) / timedelta(hours=1)) + 1
    hours = (first + timedelta(hours=n) for n in range(steps))
    return Day(tuple(Hour(h, done[h], apart[h]) for h in hours), len(found), sum(twice for _at, twice, _same in found))


def hour_of(at: datetime) -> datetime:
    return timezone.localtime(at).replace(minute=0, second=0, microsecond=0)
