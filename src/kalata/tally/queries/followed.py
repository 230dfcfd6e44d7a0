"""What results asks about papers, answered from theirs (`results.papers.Papers`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kalata.country.models import Contest
from kalata.people.models import Approval
from kalata.results.papers import Passed, Seen
from kalata.results.rules.published import Turn
from kalata.tally.models import Paper, Passage
from kalata.tally.rules.causes import CAUSE_OF
from kalata.tally.rules.lifecycle import PUBLIC, State


class Followed:
    """The papers of the house, station by station."""

    def exist(self, contest: Contest) -> bool:
        return Paper.objects.filter(contest=contest).exists()

    def parts(self, contest: Contest) -> set[str]:
        return set(Paper.objects.filter(contest=contest).values_list("station__part", flat=True).distinct())

    def followed(self, contest: Contest) -> QuerySet[Any, Any]:
        return Paper.objects.filter(contest=contest).values("station")

    def waiting(self, contest: Contest) -> QuerySet[Any, Any]:
        return Paper.objects.filter(contest=contest, state=State.VALIDATED).values("station")

    def contested(self, contest: Contest) -> QuerySet[Any, Any]:
        return Paper.objects.filter(contest=contest, state=State.CONTESTED).values("station")

    def taken_back(self, contest: Contest) -> Iterable[int]:
        left = Paper.objects.filter(contest=contest, passages__to=State.PUBLISHED.value)
        return left.exclude(state__in=[s.value for s in PUBLIC]).values_list("station_id", flat=True)

    def turns(self, stations: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
        with_paper = Paper.objects.filter(station__in=stations).values_list("station_id", flat=True)
        out: dict[int, list[Turn]] = {station: [] for station in with_paper}
        found = Passage.objects.filter(paper__station__in=stations).order_by("pk")
        for station, to, at in found.values_list("paper__station_id", "to", "at"):
            out[station].append((at, State(to) in PUBLIC))
        return out

    def mark(self) -> int:
        return Passage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def causes(self, contest: Contest) -> Sequence[tuple[int, str]]:
        rows = Paper.objects.filter(contest=contest).exclude(
            state__in=[State.EXPECTED.value, *(s.value for s in PUBLIC)]
        )
        found = rows.order_by("station_id").values_list("station_id", "state")
        return [(station, CAUSE_OF[State(state)]) for station, state in found]

    def seen(self, contest: Contest, stations: Sequence[int] | None) -> Mapping[int, Seen]:
        rows = Paper.objects.filter(contest=contest)
        if stations is not None:
            rows = rows.filter(station__in=stations)
        found = rows.values_list("station_id", "state", "image", "serial")
        return {station: Seen(state in PUBLIC, image, serial) for station, state, image, serial in found}

    def answers(self, stations: Sequence[int]) -> Iterable[tuple[int, datetime, str]]:
        accepted = Passage.objects.filter(
            start=State.UNDER_REVIEW.value, to=State.CHECKED.value, paper__station__in=stations
        )
        return accepted.order_by("pk").values_list("paper__station_id", "at", "reason")

    def passed(self, passages: Sequence[int]) -> Mapping[int, Passed]:
        out: dict[int, Passed] = {}
        for start in range(0, len(passages), 500):
            for one in Passage.objects.filter(pk__in=passages[start : start + 500]):
                out[one.pk] = passed(one)
        return out

    def last_passed(self, station: int) -> Passed | None:
        last = Passage.objects.filter(paper__station=station).order_by("-pk").first()
        return None if last is None else passed(last)

    def delays(self, contest: Contest) -> Sequence[float]:
        rows = Passage.objects.filter(paper__contest=contest, to__in=[State.RECEIVED, State.PUBLISHED]).order_by("pk")
        received: dict[int, datetime] = {}
        delays: dict[int, float] = {}
        for paper, to, at in rows.values_list("paper_id", "to", "at").iterator():
            if to == State.RECEIVED:
                received[paper] = at
            elif paper in received:
                delays.setdefault(paper, round((at - received[paper]).total_seconds() / 3600, 3))
        return list(delays.values())


def passed(passage: Passage) -> Passed:
    asked = Approval.objects.filter(
        kind__startswith="paper.", state="approved", payload__paper=passage.paper_id, payload__to=passage.to
    )
    number = asked.order_by("-decided_at", "-pk").values_list("pk", flat=True).first() if passage.other_id else None
    return Passed(
        right=passage.right, by=passage.by_id, other=passage.other_id, document=passage.document, reason=passage.reason,
        approval=number or 0, court=passage.right == "results.decide", at=passage.at,
    )  # fmt: skip
