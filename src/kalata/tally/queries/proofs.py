"""What a version that rests on a paper is computed again from: the chain of the paper, its entries and its hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kalata.country.models import Contest
from kalata.results.models import StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Box, Standing
from kalata.results.services.authority import EARLIER, Unproved, apart, blank, boxes_of, proven
from kalata.tally.models import Entry, Hand, Paper, Passage
from kalata.tally.queries.chains import Walk, walk
from kalata.text import gettext_noop as _


@proven("paper")
def from_papers(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """Each paper against the version in force of its station: its chain walked again says which passage that version
    rests on, what it is worth and its figures. A version that no longer stands is found too."""
    boxes = boxes_of(contest)
    every = Paper.objects.filter(contest=contest).order_by("pk")
    wanted = every if stations is None else every.filter(station__in=stations)
    numbers = list(wanted.values_list("pk", flat=True))
    for start in range(0, len(numbers), 500):
        papers = list(Paper.objects.filter(pk__in=numbers[start : start + 500]).select_related("station"))
        chains, entries, hands = (by_paper_of(model, papers) for model in (Passage, Entry, Hand))
        rows: dict[int, list[StationReport]] = {}
        for row in StationReport.objects.filter(station__in=[p.station_id for p in papers]).order_by("version"):
            rows.setdefault(row.station_id, []).append(row)
        for paper in papers:
            there = rows.get(paper.station_id, [])
            if any(r.authority == EARLIER and r.current for r in there):
                continue
            walked = walk(chains.get(paper.pk, []), entries.get(paper.pk, []), hands.get(paper.pk, []), boxes)
            yield from by_walk(contest, paper, walked, there, boxes)


def by_paper_of(model: Any, papers: Sequence[Paper]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for one in model.objects.filter(paper__in=[p.pk for p in papers]).order_by("pk"):
        found.setdefault(one.paper_id, []).append(one)
    return found


def by_walk(
    contest: Contest, paper: Paper, walked: Walk | None, rows: Sequence[StationReport], boxes: Sequence[Box]
) -> Iterator[Unproved]:
    """What a paper and the versions of its station say, against where its chain leads."""
    code, row = paper.station.code, next((r for r in rows if r.current), None)
    if walked is None or walked.record.last_hash != paper.last_hash:
        yield Unproved(code, _("chaîne des passages"), paper.last_hash[:12], "–")
        return
    if (paper.state, paper.annulled, paper.version) != (
        walked.record.state, walked.record.annulled, walked.record.version
    ):  # fmt: skip
        yield Unproved(code, _("état du procès-verbal"), paper.state, walked.record.state.value)
    if walked.force is None and row is None:
        return
    rests = row.passage_id if row else None
    force = walked.force
    if row is None or force is None or rests != force.pk or not rests_on(row, force):
        yield Unproved(code, _("passage en vigueur"), row.proof[:12] if row else "–", force.hash[:12] if force else "–")
        return
    if sum(r.passage_id == force.pk for r in rows) != 1:
        yield Unproved(code, _("versions de ce passage"), str(sum(r.passage_id == force.pk for r in rows)), "1")
    if row.standing != walked.standing:
        yield Unproved(code, _("état"), str(row.standing), str(int(walked.standing)))
    assert walked.final is not None
    proved = blank(walked.final) if walked.standing is Standing.MISSING else walked.final
    yield from apart(contest, code, sheet_of(row.sheet, list(boxes)), proved)


def rests_on(row: StationReport, force: Passage) -> bool:
    """On the hash of the passage; under a court's decision, on the hash of the decision (`authority.from_rulings`)."""
    if row.authority == "ruling":
        return force.right == "results.decide"
    return (row.proof, row.authority) == (force.hash, "paper")


def intact(paper: Paper) -> bool:
    """True where the chain of a paper, walked again with its entries and hands, leads to the paper as it is."""
    chain, entries, hands = (by_paper_of(model, [paper]).get(paper.pk, []) for model in (Passage, Entry, Hand))
    walked = walk(chain, entries, hands, boxes_of(paper.contest))
    return walked is not None and (walked.record.last_hash, walked.record.state) == (paper.last_hash, paper.state)
