"""Contests, stations, their reports and the files they come from, as a search finds them and as they rest on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, Title, plain
from kalata.chain.models import IndexEntry
from kalata.chain.rules.verbs import Verb
from kalata.country.models import Contest, Station
from kalata.country.queries import contests
from kalata.people.queries import rights_of
from kalata.results import access
from kalata.results.models import BatchLine, Import, MappingProfile, StationReport
from kalata.results.rules.rights import STAFF
from kalata.results.territory import Reach


def over(person: Any, rights: Iterable[str], on: Callable[[Reach], Q]) -> Q:
    """Rows of the contests for which one of these rights is held, each inside its own reach."""
    asked, out = set(rights), Q(pk__in=[])
    for one in access.contests_with(person, asked):
        out |= Q(contest=one.pk) & on(access.reach_of(person, asked, one.pk))
    return out


def contests_seen(person: Any) -> QuerySet[Contest]:
    return contests(unpublished=True).filter(pk__in=[c.pk for c in access.visible(person)])


def stations_seen(person: Any) -> QuerySet[Station]:
    mine = over(person, {"results.read"}, lambda reach: reach.on("unit"))
    return Station.objects.filter(Q(contest__published_at__isnull=False) | mine)


def reports_seen(person: Any) -> QuerySet[StationReport]:
    """What was published in a batch is everybody's; the others are who reads figures of their place."""
    public = BatchLine.objects.filter(
        station=OuterRef("station"), version=OuterRef("version"), batch__contest__published_at__isnull=False
    )
    mine = over(person, {"results.read"}, lambda reach: reach.on())
    return StationReport.objects.filter(Exists(public) | mine)


def profiles_seen(person: Any) -> QuerySet[MappingProfile]:
    if not rights_of(person) & set(STAFF):
        return MappingProfile.objects.none()
    return access.profiles_of(person)


def calendar_lines(contest: Contest) -> list[str]:
    """Deadlines of the calendars of its election: what the contest is held to."""
    kept = contest.election.calendars.values("pk")
    return list(IndexEntry.objects.filter(kind="deadline", number__in=kept).values_list("key", flat=True))


def held_to(rows: QuerySet[Contest], key: str) -> QuerySet[Contest]:
    """The contests of the election of the calendar that this line is of."""
    return rows.filter(
        election__calendars__in=IndexEntry.objects.filter(kind="deadline", key=key).values("number")
    ).distinct()


CONTEST = About(
    seen=contests_seen,
    title=lambda one: Title(one.name_fr, one.name_en),
    page=lambda one: reverse("results:contest", args=[one.code]),
    words=lambda one: (one.code, one.election.code, one.election.name_fr, one.election.name_en),
    links=(
        Link(verb=Verb.BOUND_BY, kind="deadline", up=calendar_lines, down=held_to),
        Link(verb=Verb.MADE_UNDER, kind="pack", path="election__pack_id"),
        Link(verb=Verb.PART_OF, kind="geography", path="election__geography_id"),
        Link(verb=Verb.DRAWN_FROM, kind="contest", path="previous_id"),
    ),
    subject="code",
    along=("election",),
)
STATION = About(
    seen=stations_seen,
    title=lambda one: plain(" · ".join(dict.fromkeys(p for p in (one.code, one.name, one.centre) if p))),
    page=lambda one: reverse("results:station", args=[one.contest.code, one.pk]),
    words=lambda one: (one.unit.name,) if one.unit else (),
    links=(
        Link(verb=Verb.PART_OF, kind="contest", path="contest_id"),
        Link(verb=Verb.PART_OF, kind="area", path="unit_id"),
    ),
    along=("contest", "unit"),
)
REPORT = About(
    seen=reports_seen,
    title=lambda one: Title(f"{one.station.code}, version {one.version}", f"{one.station.code}, version {one.version}"),
    page=lambda one: reverse("results:station", args=[one.contest.code, one.station_id]),
    links=(
        Link(verb=Verb.ABOUT, kind="station", path="station_id"),
        Link(verb=Verb.DRAWN_FROM, kind="import", path="source_id"),
        Link(verb=Verb.MADE_UNDER, kind="approval", path="approval_id"),
        Link(
            verb=Verb.REPLACES, kind="report",
            up=lambda one: StationReport.objects.filter(station=one.station_id, version=one.version - 1).values_list("pk", flat=True),
            down=lambda rows, key: rows.filter(station__reports__pk=key, version=1 + F("station__reports__version")),
        ),
    ),
    listed=False,
    along=("station", "contest"),
)  # fmt: skip
IMPORT = About(
    seen=lambda person: access.imports_of(person) if getattr(person, "pk", None) else Import.objects.none(),
    title=lambda one: plain(one.name),
    page=lambda one: reverse("results:import", args=[one.pk]),
    words=lambda one: (one.sha256[:16], one.contest.code),
    links=(Link(verb=Verb.ABOUT, kind="contest", path="contest_id"),),
    subject="pk",
    along=("contest",),
)
PROFILE = About(
    seen=profiles_seen,
    title=lambda one: plain(one.name),
    page=lambda _one: reverse("results:profiles"),
    links=(Link(verb=Verb.PART_OF, kind="area", path="unit_id"),),
    subject="name",
)
