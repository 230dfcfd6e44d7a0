"""Reads of the Court's own count. Nothing here shows a figure of the house to who types: those pages read `waiting`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.country.models import Contest
from kalata.disputes.models import CourtCount, CourtEntry, CourtExplained, CourtSheet
from kalata.disputes.rules.count import Reading, fingerprint, settled, stands
from kalata.people.models import Person
from kalata.results.models import Proclamation, StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Box, Sheet, Standing
from kalata.results.rules.sheets import differences

SLICE = 500


@dataclass(frozen=True, slots=True)
class Apart:
    """A station whose figures of the Court are not those in force. house: None where nothing counts there."""

    sheet: int
    station: str
    name: str
    standing: Standing | None
    lines: list[tuple[str, int | None, int | None]]
    on: str
    words: str


def count_of(contest: Contest) -> CourtCount | None:
    return CourtCount.objects.filter(contest=contest).first()


def proclaimed(contest: Contest) -> Proclamation | None:
    return Proclamation.objects.filter(contest=contest).first()


def readings(count: CourtCount) -> dict[int, dict[int, bytes]]:
    """Sheet -> rank -> figures as they were read."""
    out: dict[int, dict[int, bytes]] = {pk: {} for pk in count.sheets.values_list("pk", flat=True)}
    for sheet, rank, figures in CourtEntry.objects.filter(sheet__count=count).values_list(
        "sheet_id", "rank", "figures"
    ):
        out[sheet][rank] = bytes(figures)
    return out


def progress(count: CourtCount) -> dict[Reading, int]:
    out = dict.fromkeys(Reading, 0)
    for entries in readings(count).values():
        out[stands(entries)] += 1
    return out


def waiting(count: CourtCount, by: Person) -> CourtSheet | None:
    """The next sheet that this person may read: begun ones first, never one that they read already."""
    mine = set(CourtEntry.objects.filter(sheet__count=count, by=by).values_list("sheet_id", flat=True))
    order = {Reading.THIRD: 0, Reading.SECOND: 1, Reading.FIRST: 2}
    found = [
        (order[where], pk)
        for pk, entries in readings(count).items()
        if pk not in mine and (where := stands(entries)) is not Reading.AGREED
    ]
    return CourtSheet.objects.select_related("station", "count").get(pk=min(found)[1]) if found else None


def sheet_of_contest(contest: Contest, pk: int) -> CourtSheet:
    """A station of the count of this contest. CourtSheet.DoesNotExist for one of another."""
    return CourtSheet.objects.get(pk=pk, count__contest=contest)


def boxes_of(contest: Contest) -> list[Box]:
    return [Box(b) for b in contest.boxes]


def line_names(contest: Contest) -> list[str]:
    return [*contest.boxes, *(f"c{o.rank}" for o in contest.options.order_by("rank"))]


def apart(count: CourtCount) -> list[Apart]:
    """Every station counted by the Court whose figures are not those in force, in order of code."""
    contest = count.contest
    boxes = boxes_of(contest)
    sheets = {s.pk: s for s in count.sheets.select_related("station")}
    held = in_force(contest, [s.station_id for s in sheets.values()])
    said: dict[tuple[int, str], str] = {
        (pk, on): words
        for pk, on, words in CourtExplained.objects.filter(sheet__count=count).order_by("pk").values_list("sheet_id", "on", "words")
    }  # fmt: skip
    out = []
    for pk, entries in readings(count).items():
        mine = settled(entries)
        if mine is None:
            continue
        row = held.get(sheets[pk].station_id)
        there = bytes(row.sheet) if row is not None and row.standing != Standing.MISSING else None
        if there == mine and row is not None and row.standing == Standing.COUNTED:
            continue
        if row is not None and row.standing == Standing.ANNULLED and there == mine:
            continue  # its figures are the same: that they do not count is the decision's
        on = fingerprint(mine, there, row.version if row is not None else 0)
        empty = Sheet(dict.fromkeys(boxes), (None,) * contest.options.count())
        now = sheet_of(there, boxes) if there is not None else empty
        lines = [(d.line, d.first, d.second) for d in differences(now, sheet_of(mine, boxes))]
        station = sheets[pk].station
        standing = Standing(row.standing) if row is not None else None
        out.append(Apart(pk, station.code, station.name, standing, lines, on, said.get((pk, on), "")))
    return sorted(out, key=lambda a: a.station)


def in_force(contest: Contest, stations: Sequence[int]) -> dict[int, StationReport]:
    out: dict[int, StationReport] = {}
    for start in range(0, len(stations), SLICE):
        rows = StationReport.objects.filter(contest=contest, current=True, station__in=stations[start : start + SLICE])
        out |= {r.station_id: r for r in rows}
    return out
