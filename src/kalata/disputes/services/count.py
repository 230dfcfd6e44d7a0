"""The Court's own count: opened on every station or on a drawn sample, read blind by two of its clerks, each difference
with the house's records explained. It never reads a figure of the house before its own clerks agree."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.disputes import kinds
from kalata.disputes.models import CourtCount, CourtEntry, CourtExplained, CourtSheet
from kalata.disputes.queries import count as queries
from kalata.disputes.rules import count as rules
from kalata.disputes.rules.count import Reading
from kalata.disputes.rules.steps import COUNT, PRESIDE, REGISTRY
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.services import require
from kalata.results.queries.store import unpacked
from kalata.results.rules.boxes import ABSENT, Sheet


@transaction.atomic
def open_count(*, contest: Contest, by: Person, size: int = 0, commitment: str = "") -> CourtCount:
    """Open the count: every station, or a sample of `size` whose seed's SHA-256 is told now. DIS-341, DIS-342."""
    require(by, PRESIDE, contest=contest.pk)
    held = Contest.objects.select_for_update(of=("self",)).get(pk=contest.pk)
    if queries.count_of(held) is not None:
        raise rules.AlreadyCounting
    most = held.stations.count()
    told = commitment.strip().lower()
    if (size and (len(told) != 64 or set(told) - set("0123456789abcdef"))) or (told and not size) or size > most:
        raise rules.BadSample(most=most)
    made = CourtCount.objects.create(contest=held, size=size, commitment=told, by=by, at=timezone.now())
    if not size:
        sheets(made, list(held.stations.order_by("code").values_list("pk", flat=True)))
    record(
        by=by, kind=kinds.COUNT_OPENED, subject=f"contest:{held.code}", after={"size": size or most, "commitment": told}
    )
    return made


@transaction.atomic
def draw(*, contest: Contest, seed: str, by: Person) -> CourtCount:
    """Open the seed: it must be the one that was committed; the stations follow from it. DIS-342, DIS-348."""
    require(by, PRESIDE, contest=contest.pk)
    count = CourtCount.objects.select_for_update().filter(contest=contest).first()
    if count is None:
        raise rules.NotCounted
    if not count.size or count.seed or rules.commitment(seed) != count.commitment:
        raise rules.BadSample(most=contest.stations.count())
    codes = dict(Station.objects.filter(contest=contest).values_list("code", "pk"))
    chosen = rules.drawn(seed, codes, count.size)
    count.seed = seed
    count.save(update_fields=["seed"])
    sheets(count, [codes[c] for c in chosen])
    record(
        by=by, kind=kinds.COUNT_DRAWN, subject=f"contest:{contest.code}", after={"seed": seed, "stations": len(chosen)}
    )
    return count


def sheets(count: CourtCount, stations: Sequence[int]) -> None:
    CourtSheet.objects.bulk_create((CourtSheet(count=count, station_id=s) for s in stations), batch_size=1_000)


@transaction.atomic
def read(*, sheet_id: int, sheet: Sheet, by: Person) -> Reading:
    """Keep what this clerk read of a signed record; where its station stands afterwards.

    DIS-343 their own station already, or one that waits for nobody; DIS-345 a third reading that is neither of the two.
    """
    row = CourtSheet.objects.select_for_update().select_related("station__contest", "count").get(pk=sheet_id)
    contest = row.station.contest
    require(by, COUNT, contest=contest.pk)
    held = {e.rank: (e.by_id, bytes(e.figures)) for e in row.entries.all()}
    entries = {rank: figures for rank, (_by, figures) in held.items()}
    where = rules.stands(entries)
    if where is Reading.AGREED or by.pk in {who for who, _f in held.values()}:
        raise rules.NotYourSheet
    values = [sheet.boxes.get(b) for b in queries.boxes_of(contest)] + list(sheet.votes)
    figures = struct.pack(f"<{len(values)}i", *(ABSENT if v is None else v for v in values))
    rank = {Reading.FIRST: 1, Reading.SECOND: 2, Reading.THIRD: 3}[where]
    if rank == 3:
        rules.chosen(unpacked(entries[1]), unpacked(entries[2]), unpacked(figures), queries.line_names(contest))
    made = CourtEntry.objects.create(sheet=row, rank=rank, by=by, figures=figures, at=timezone.now())
    record(
        by=by,
        kind=kinds.COUNT_READ,
        subject=f"station:{contest.code}/{row.station.code}",
        after={"rank": rank},
        rows=[made],
    )
    return rules.stands(entries | {rank: figures})


@transaction.atomic
def explain(*, sheet_id: int, on: str, words: str, by: Person) -> CourtExplained:
    """Say why the Court's figures of a station are not the house's. on: the fingerprint that the page showed. DIS-349."""
    row = CourtSheet.objects.select_for_update().select_related("station__contest", "count").get(pk=sheet_id)
    contest = row.station.contest
    require(by, REGISTRY, contest=contest.pk)
    found = {a.sheet: a for a in queries.apart(row.count)}
    if row.pk not in found or found[row.pk].on != on or not words.strip():
        raise rules.NoDifference(station=row.station.code)
    made = CourtExplained.objects.create(
        sheet=row, on=on, words=" ".join(words.split())[:400], by=by, at=timezone.now()
    )
    record(
        by=by, kind=kinds.COUNT_EXPLAINED, subject=f"station:{contest.code}/{row.station.code}", after={"on": on},
        reason=made.words,
    )  # fmt: skip
    return made


def complete(contest: Contest) -> CourtCount:
    """The count, finished and explained: what a proclamation asks. DIS-346, DIS-347, DIS-348."""
    count = queries.count_of(contest)
    if count is None or (count.size and not count.seed):
        raise rules.NotCounted
    done = queries.progress(count)
    if left := sum(n for where, n in done.items() if where is not Reading.AGREED):
        raise rules.StillToCount(n=left)
    silent = [a for a in queries.apart(count) if not a.words]
    if silent:
        raise rules.Unexplained(n=len(silent), station=silent[0].station)
    return count
