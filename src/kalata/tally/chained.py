"""Papers, bags, images, copies, sittings and batches, as a search finds them and as they rest on each other."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, plain
from kalata.chain.rules.verbs import Verb
from kalata.results.access import visible
from kalata.results.chained import over
from kalata.results.models import Batch, BatchLine, StationReport
from kalata.results.rules.rights import SITTINGS
from kalata.tally.models import Bag, Copy, Paper, Scan, Sitting
from kalata.tally.rules.rights import BAGS, COPIES, ORIGINALS, PAPERS

OF_CONTEST = Link(verb=Verb.PART_OF, kind="contest", path="contest_id")


def batches_seen(person: Any) -> QuerySet[Batch]:
    return Batch.objects.filter(contest__in=[c.pk for c in visible(person)])


def published(batch: Batch) -> QuerySet[Any]:
    """The versions that a batch publishes."""
    lines = BatchLine.objects.filter(batch=batch, station=OuterRef("station"), version=OuterRef("version"))
    return StationReport.objects.filter(Exists(lines), contest=batch.contest_id).order_by().values("pk")


def publishing(rows: QuerySet[Batch], key: str) -> QuerySet[Batch]:
    """The batches in which this very version was published."""
    return rows.filter(lines__station__reports__pk=key, lines__version=F("lines__station__reports__version")).distinct()


BAG = About(
    seen=lambda person: Bag.objects.filter(over(person, BAGS, lambda reach: reach.on("unit"))),
    title=lambda one: plain(one.code),
    page=lambda one: reverse("tally:bag", args=[one.contest.code, one.pk]),
    words=lambda one: (*map(str, one.seals),),
    links=(
        OF_CONTEST, Link(verb=Verb.PART_OF, kind="bag", path="inside_id"), Link(verb=Verb.PART_OF, kind="area", path="unit_id"),
    ),
    along=("contest",),
)  # fmt: skip
BATCH = About(
    seen=batches_seen,
    title=lambda one: plain(f"n° {one.number}, {one.contest.name_fr}"),
    page=lambda one: reverse("batches:public", args=[one.contest.code]),
    words=lambda one: (one.contest.code, one.document),
    links=(
        OF_CONTEST,
        Link(verb=Verb.PUBLISHES, kind="report", up=published, down=publishing),
    ),
    along=("contest",),
)
COPY = About(
    seen=lambda person: Copy.objects.filter(over(person, COPIES, lambda reach: reach.on())),
    title=lambda one: plain(f"{one.station.code}, {one.source}"),
    page=lambda one: reverse("tally:copies", args=[one.contest.code]),
    links=(Link(verb=Verb.ABOUT, kind="station", path="station_id"),),
    listed=False,
    along=("contest", "station"),
)
PAPER = About(
    seen=lambda person: Paper.objects.filter(over(person, PAPERS, lambda reach: reach.on())),
    title=lambda one: plain(one.station.code),
    page=lambda one: reverse("tally:paper", args=[one.contest.code, one.pk]),
    links=(
        Link(verb=Verb.ABOUT, kind="station", path="station_id"),
        Link(verb=Verb.PART_OF, kind="bag", path="bag_items__bag_id"),
    ),
    listed=False,
    along=("contest", "station"),
)
SCAN = About(
    seen=lambda person: Scan.objects.filter(paper__in=Paper.objects.filter(over(person, ORIGINALS, lambda reach: reach.on())).values("pk")),
    title=lambda one: plain(one.sha256[:16]),
    links=(Link(verb=Verb.ABOUT, kind="paper", path="paper_id"),),
    listed=False,
)  # fmt: skip
SITTING = About(
    seen=lambda person: Sitting.objects.filter(over(person, SITTINGS, lambda reach: reach.on("unit"))),
    title=lambda one: plain(one.title),
    page=lambda one: reverse("tally:sitting", args=[one.contest.code, one.pk]),
    links=(OF_CONTEST, Link(verb=Verb.ABOUT, kind="area", path="unit_id")),
    along=("contest",),
)
