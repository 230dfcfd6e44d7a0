"""What the Court orders of papers (`results.court.Desk`): moved under the number of its decision, two persons behind each.

Nothing here is called by a page: the door is `results.services.rulings`, in whose transaction this runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kalata.country.models import Contest
from kalata.results.court import Made, Under
from kalata.results.models import Decision
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Standing
from kalata.results.rules.rulings import StillOnItsWay
from kalata.results.services import authority
from kalata.tally.models import Entry, Hand, Paper, Passage
from kalata.tally.rules.lifecycle import STATE_LABELS, TABLE, Act, Record, State
from kalata.tally.services.hands import pasts_of
from kalata.tally.services.moving import Counted, all_locked, boxes_of, count_ruled, locked, move, record_of


class Court:
    """The papers of the house under the decisions of the Court."""

    def decided(self, contest: Contest, made: Sequence[Made], under: Under) -> Iterable[Any]:
        """Raises RES-348 where a paper is still at its desk."""
        decision = Decision.objects.get(contest=contest, number=under.number)
        counted: list[Counted] = []
        by_station = {m.station: m for m in made}
        papers = all_locked(p.pk for p in papers_of(list(by_station)))
        pasts = pasts_of(papers)
        for paper in papers:
            one = by_station[paper.station_id]
            if one.standing is Standing.MISSING:  # a record on paper is annulled or kept: it does not go missing
                raise StillOnItsWay(station=paper.station.code, state=STATE_LABELS[State(paper.state)])
            ruled(paper, record_of(paper, pasts[paper.pk]), one, under, counted)
        count_ruled(contest, counted, authority.by_ruling(decision))
        return rows_of(contest, [m.station for m in made], under)

    def contested(self, contest: Contest, stations: Sequence[int], under: Under) -> Iterable[Any]:
        moved = [p.pk for p in papers_of(stations) if p.state == State.PUBLISHED]
        for pk in moved:
            act = Act(by=under.signed_by, at=under.at, right="results.contest", document=under.number)
            move(locked(pk), State.CONTESTED, act, batched=True)
        return rows_of(contest, stations, under)

    def dismissed(self, contest: Contest, stations: Sequence[int], under: Under) -> Iterable[Any]:
        moved = [p.pk for p in papers_of(stations) if p.state == State.CONTESTED]
        for pk in moved:
            act = Act(by=under.signed_by, other=under.carried_by, at=under.at, right="results.decide", document=under.number)  # fmt: skip
            move(locked(pk), State.PUBLISHED, act, batched=True)
        return rows_of(contest, stations, under)


def papers_of(stations: Sequence[int]) -> list[Paper]:
    found: list[Paper] = []
    for start in range(0, len(stations), 400):
        found += Paper.objects.filter(station__in=stations[start : start + 400])
    return found


def ruled(paper: Paper, old: Record, one: Made, under: Under, counted: list[Counted]) -> None:
    """One paper to where the decision puts it. Figures that are the Court's are kept as its own entry (rank 4)."""
    to = state_under(one)
    if (old.state, to) not in TABLE:
        raise StillOnItsWay(station=paper.station.code, state=STATE_LABELS[old.state])
    sheet = None
    if to is State.ADJUSTED:
        sheet = sheet_of(one.sheet, boxes_of(paper.contest))
        Entry.objects.create(
            paper=paper, attempt=paper.attempt, rank=4, by_id=under.signed_by, sheet=one.sheet, at=under.at
        )
    act = Act(
        by=under.signed_by, other=under.carried_by, at=under.at, right="results.decide", document=under.number,
        reason=one.reason, sheet=sheet,
    )  # fmt: skip
    move(paper, to, act, before=old, batched=True, ruled=counted)


def state_under(one: Made) -> State:
    """A record that the Court counts, with its figures or with those that stood, is the Court's from then on: no desk
    takes it back. What it counts no more is annulled: nothing but a later decision moves it."""
    return State.ADJUSTED if one.standing is Standing.COUNTED else State.ANNULLED


def rows_of(contest: Contest, stations: Sequence[int], under: Under) -> list[Any]:
    """What these moves wrote, for the act that tells it."""
    out: list[Any] = []
    for start in range(0, len(stations), 400):
        part = stations[start : start + 400]
        for model in (Passage, Hand, Entry):
            out.append(model._base_manager.filter(paper__station__in=part, at=under.at))
    return out
