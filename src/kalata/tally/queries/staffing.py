"""Who is at which desk of the tally centre: papers in hands, persons who could help, entries that do not agree. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kalata.country.models import Contest
from kalata.people.models import Mandate
from kalata.results.territory import Reach
from kalata.tally.models import Bag, Entry, Paper, Passage
from kalata.tally.rules.lifecycle import CLAIMS, State

NAMED = 4
OPEN = (State.DIFFERENT, State.ARBITRATION, State.SECOND_VISA)
"""States in which two entries differ and nothing is decided yet."""


def in_hands(contest: Contest, reach: Reach) -> QuerySet[Paper]:
    """Papers that somebody holds now, the longest held first."""
    found = Paper.objects.filter(reach.on(), contest=contest, state__in=[s.value for s in CLAIMS])
    return found.select_related("station", "holder").order_by("since", "pk")


def standby(contest: Contest, now: datetime, reach: Reach) -> Mapping[str, list[str]]:
    """right -> names of persons who hold it for this contest and did nothing under it in the last hour."""
    recent = Passage.objects.filter(
        reach.on("paper__station__unit"), paper__contest=contest, at__gt=now - timedelta(hours=1)
    )
    busy = set(recent.exclude(by=None).values_list("by__username", "right").distinct())
    given = Mandate.objects.filter(Q(contest=None) | Q(contest=contest), revoked_at=None, person__is_active=True)
    given = given.filter(Q(starts=None) | Q(starts__lte=now.date()), Q(ends=None) | Q(ends__gte=now.date()))
    out: dict[str, list[str]] = {}
    for name, rights in given.order_by("person__username").values_list("person__username", "rights"):
        for right in rights:
            if (name, right) not in busy and name not in out.setdefault(right, []):
                out[right].append(name)
    return out


def seals(contest: Contest, reach: Reach) -> dict[str, int]:
    """state -> bags and envelopes of these territories."""
    rows = Bag.objects.filter(reach.on("unit"), contest=contest).order_by().values_list("state")
    return dict(rows.annotate(n=Count("pk")))


@dataclass(frozen=True, slots=True)
class Apart:
    """Of the papers typed twice since a moment: how many differ, decided or not, and how many wait for an arbiter."""

    pairs: int
    differing: int
    waiting: int

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.differing, self.pairs) if self.pairs else None


def apart(contest: Contest, since: datetime, reach: Reach) -> Apart:
    """What is in arbitration counts as differing, as what has been decided does."""
    pairs = Entry.objects.filter(reach.on("paper__station__unit"), paper__contest=contest, rank=2, at__gt=since)
    same = Entry.objects.filter(paper=OuterRef("paper"), attempt=OuterRef("attempt"), rank=1, sheet=OuterRef("sheet"))
    waiting = Paper.objects.filter(reach.on(), contest=contest, state__in=[s.value for s in OPEN]).count()
    return Apart(pairs.count(), pairs.filter(~Exists(same)).count(), waiting)


def in_dispute(contest: Contest, reach: Reach) -> dict[str, int]:
    """name -> entries of theirs that another entry contradicts and no arbiter has judged yet."""
    rows = Paper.objects.filter(reach.on(), contest=contest, state__in=[s.value for s in OPEN])
    out: dict[str, int] = {}
    for both in rows.values_list("first__username", "second__username"):
        for name in both:
            if name:
                out[name] = out.get(name, 0) + 1
    return out
