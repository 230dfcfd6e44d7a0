"""A contest published again: what changed while it was withdrawn is told station by station, each with its own reason.

The reference is what the public was told last (`public_ledger.told`), not what pages show: a correction made out of
sight is a line of the public register of corrections like any other, under who ordered it, when and why. What was
replaced before anybody read it stays untold; the reasons of all that led to the figures told are joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import dropwhile

from kalata.country.models import Contest, Station
from kalata.results import papers
from kalata.results.models import Decision, StationReport
from kalata.results.queries import public_ledger
from kalata.results.queries.bodies import body_of
from kalata.results.queries.public_bodies import changed as changed
from kalata.results.queries.store import unpacked, unpublished
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.public_ledger import Fact, Ledger
from kalata.results.rules.public_ledger import Standing as Told
from kalata.results.services import announcing
from kalata.results.services.announcing import Order
from kalata.text import nfc
from kalata.transparency.rules.entries import FIGURES

SLICE = 500


def tell(contest: Contest, publication: Order) -> None:
    """Announce everything that is public: what changed since it was public under its own order, the rest under this one."""
    told = public_ledger.told(contest)
    moved = changed(contest)
    if told is None or not moved:
        announcing.tell(contest, None, publication)
        return
    groups: dict[Order, list[int]] = {}
    for station, order in orders(contest, moved, told, publication):
        groups.setdefault(order, []).append(station)
    for order, stations in groups.items():
        announcing.tell(contest, stations, order)
    every = Station.objects.filter(contest=contest).exclude(reports=None).values_list("pk", flat=True)
    announcing.tell(contest, set(every) - set(moved), publication)


def orders(contest: Contest, stations: list[int], told: Ledger, publication: Order) -> list[tuple[int, Order]]:
    """(station, what was ordered of it since it was told), the earliest first."""
    out: list[tuple[int, int, Order]] = []
    waiting = set(unpublished(contest).tolist())
    for start in range(0, len(stations), SLICE):
        part = stations[start : start + SLICE]
        rows: dict[int, list[StationReport]] = {pk: [] for pk in part}
        found = StationReport.objects.filter(station__in=part).select_related("station", "approval")
        for row in found.order_by("-version"):
            rows[row.station_id].append(row)
        numbers = [row.passage_id for mine in rows.values() for row in mine if row.passage_id is not None]
        passed = papers.followed_by().passed(numbers)
        for pk, mine in rows.items():
            if (
                pk in waiting
            ):  # typed again since and not public yet: what is told is that the one before was taken back
                mine = list(dropwhile(lambda row: row.standing != Standing.MISSING, mine)) or mine
            fact = told.held.get((mine[0].station.part, nfc(mine[0].station.code))) if mine else None
            since = mine[: next((i for i, row in enumerate(mine) if says(contest, row, fact)), len(mine))]
            order = order_of(contest, since[0], passed) if since else of_last_passage(contest, pk, publication)
            words = " ; ".join(
                dict.fromkeys(w for row in reversed(since) if (w := order_of(contest, row, passed).words))
            )
            out.append((since[0].pk if since else 0, pk, replace(order, words=words or order.words)))
    return [(pk, order) for _at, pk, order in sorted(out, key=lambda found: found[:2])]


def says(contest: Contest, row: StationReport, fact: Fact | None) -> bool:
    """Whether a version is the one that the public was told."""
    if fact is None:
        return False
    if row.standing == Standing.MISSING or fact.standing is Told.GONE:
        return row.standing == Standing.MISSING and fact.standing is Told.GONE
    values, names = unpacked(row.sheet), [FIGURES.get(Box(b)) for b in contest.boxes]
    boxes = {name: v for name, v in zip(names, values, strict=False) if name and v != ABSENT}
    ranks = [o.rank for o in contest.options.all()]
    votes = {r: v for r, v in zip(ranks, values[len(names) :], strict=True) if v != ABSENT}
    return (row.standing == Standing.COUNTED) == fact.counted and boxes == fact.boxes and votes == fact.votes


def order_of(contest: Contest, row: StationReport, passed: Mapping[int, papers.Passed]) -> Order:
    """Under what a version was written, as it would have been told had the contest been public."""
    at = announcing.instant(row.at)
    if row.authority == "paper" and (there := passed.get(row.passage_id or 0)) is not None:
        return of_passage(contest, there)
    if row.authority == "ruling":
        made = Decision.objects.filter(contest=contest, digest=row.proof).first()
        number, words = (made.number, made.words) if made else ("", row.reason)
        return Order("court", number, words=words, code="court", at=at)
    if row.authority == "decision" and row.approval is not None:
        asked = row.approval
        body = body_of(contest, "results.decide", asked.asked_by_id, asked.decided_by_id)
        code = "annulment" if row.standing == Standing.ANNULLED else "restored"
        return Order(body, approval=asked.pk, words=asked.reason, code=code, at=at)
    return Order(approval=row.approval_id or 0, words=row.reason, at=at)


def of_passage(contest: Contest, passed: papers.Passed) -> Order:
    body = body_of(contest, passed.right, passed.by, passed.other)
    code, at = "court" if passed.court else "correction", announcing.instant(passed.at)
    return Order(body, passed.document, passed.approval, passed.reason, code, at)


def of_last_passage(contest: Contest, station: int, publication: Order) -> Order:
    """Of a paper whose figures stand and whose document was replaced."""
    last = papers.followed_by().last_passed(station)
    return publication if last is None else of_passage(contest, last)
