"""What is public of a contest, station by station, in the words of the public log; and what the log was not told yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kalata.country.models import Contest, Station
from kalata.results import papers
from kalata.results.models import BatchLine, StationReport
from kalata.results.queries import public_ledger
from kalata.results.queries.store import unpacked
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.text import nfc as nfc
from kalata.transparency.rules.entries import FIGURES

SLICE = 5_000

FROM_FILE = papers.Seen(public=True, image="", serial=1)
"""A station without a paper: what is public of the contest is public of it."""


def bodies(contest: Contest, stations: Iterable[int] | None = None, **why: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, body) of what is public of these stations (all, when left out), in order of code.

    A station whose report is not public, or no longer, gives an exclusion: the sequencer passes over
    those it has never published.
    """
    boxes = [(i, FIGURES[b]) for i, b in enumerate(contest.boxes) if b in FIGURES and Box(b)]
    width, ranks = len(contest.boxes), [o.rank for o in contest.options.all()]
    wanted = None if stations is None else sorted(set(stations))
    for part in [None] if wanted is None else [wanted[i : i + SLICE] for i in range(0, len(wanted), SLICE)]:
        rows = StationReport.objects.filter(contest=contest, current=True)
        lines = BatchLine.objects.filter(batch__contest=contest)
        if part is not None:
            rows, lines = rows.filter(station__in=part), lines.filter(station__in=part)
        seen = papers.followed_by().seen(contest, part)
        batches = dict(lines.order_by("batch__number").values_list("station_id", "batch__number"))
        found = rows.order_by("station__code").values_list("station_id", "station__code", "station__part", "standing", "sheet")  # fmt: skip
        for pk, code, where, standing, sheet in found.iterator(chunk_size=5_000):
            paper = seen.get(pk, FROM_FILE)
            head = {"part": where, "station": nfc(code)}
            if not paper.public or standing == Standing.MISSING:
                yield "exclusion", {**head, "reason_code": "recall", **ordered(why)}
                continue
            values = unpacked(sheet)
            body: dict[str, Any] = {**head, "serial": paper.serial, "status": "counted" if standing == Standing.COUNTED else "annulled"}  # fmt: skip
            body |= {name: values[i] for i, name in boxes if values[i] != ABSENT}
            body["votes"] = [{"list": r, "n": v} for r, v in zip(ranks, values[width:], strict=True) if v != ABSENT]
            if paper.image:
                body["scan_sha256"] = paper.image
            if batch := batches.get(pk):
                body["published_batch"] = batch
            yield "report", {**body, "reason_code": why.get("reason_code", "correction"), **ordered(why)}
            if standing == Standing.ANNULLED:
                by_court = why.get("reason_code") == "court"
                yield "exclusion", {**head, "reason_code": "court" if by_court else "annulment", **ordered(why)}


def ordered(why: Mapping[str, Any]) -> dict[str, Any]:
    """Who ordered it, when, by which act and for which reason, as the public is told: a body, never a person."""
    said = {n: nfc(" ".join(str(why.get(n) or "").split()))[:most] for n, most in (("act", 300), ("words", 400))}
    found = {**said, **{n: why.get(n) for n in ("at", "authority", "approval")}}
    return {n: v for n, v in found.items() if v}


def changed(contest: Contest) -> list[int]:
    """Stations of which the public would read something it was not told, in order of code; none before it read anything."""
    told = public_ledger.told(contest)
    if told is None:
        return []
    places = {(part, nfc(code)): pk for pk, part, code in Station.objects.filter(contest=contest).values_list("pk", "part", "code")}  # fmt: skip
    found = (body for kind, body in bodies(contest) if told.tells({**body, "kind": kind}))
    return list(dict.fromkeys(places[body["part"], body["station"]] for body in found))
