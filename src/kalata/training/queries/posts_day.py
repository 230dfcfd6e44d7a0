"""The board of the day: who is there at an hour, station by station, and who could come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kalata.country.models import Contest, Station, Unit
from kalata.country.rules import lineage
from kalata.results.territory import Reach
from kalata.training.models import Post, PostBook, PostReplacement, PresenceCall, Reserve
from kalata.training.queries import posts as queries
from kalata.training.rules.posts import LABELS, SEATED, State, quorum_of
from kalata.training.rules.posts_day import Board, Place, board_of
from kalata.training.rules.posts_day import Station as StationThere


def hour_of(contest: Contest, book: PostBook, asked: time | None) -> datetime:
    """The instant of the board: the hour asked, or that of the alarm, on the day of the vote (today where none is set)."""
    day = contest.polling_day or contest.election.polling_day or timezone.localdate()
    return timezone.make_aware(datetime.combine(day, asked or book.hour))


def places(contest: Contest, within: Reach, until: datetime, region_of: dict[int, int]) -> Iterator[Place]:
    """Every post of the stations of a territory, as the board reads it."""
    found = Post.objects.filter(contest=contest, station__isnull=False).filter(within.on("unit"))
    rows = found.order_by().values_list("station_id", "unit_id", "state", "head", "seen_at")
    for station, unit, state, head, seen in rows.iterator(chunk_size=20_000):
        yield Place(station, region_of.get(unit, 0), STATES[state], head, seen is None or seen <= until)


STATES = {s.value: s for s in State}


def regions(contest: Contest) -> tuple[dict[int, int], dict[int, str]]:
    """Unit -> the region it lies in; region -> its name."""
    rows = Unit.objects.filter(geography=contest.election.geography_id).values_list("pk", "above", "name")
    names = {pk: name for pk, _above, name in rows}
    of = {pk: (lineage.ids(above) or (pk,))[0] for pk, above, _name in rows}
    return of, {r: names.get(r, "") for r in set(of.values())}


@dataclass(frozen=True, slots=True)
class Seen:
    """The board with what its figures rest on."""

    board: Board
    quorum: int
    at: datetime
    names: dict[int, str]


def board(person: Any, contest: Contest, book: PostBook, asked: time | None = None) -> Seen:
    until = hour_of(contest, book, asked)
    of, names = regions(contest)
    station_positions = [p for p in queries.positions(contest) if p["body"] == "station"]
    quorum = quorum_of(station_positions)
    return Seen(board_of(places(contest, queries.reach(person, contest), until, of), quorum), quorum, until, names)


@dataclass(frozen=True, slots=True)
class Row:
    """A station of the board's list: its marks, what it lacks, who could come, what was last told."""

    station: Station
    there: StationThere
    marks: Sequence[bool]
    reserves: int
    last: PresenceCall | None


def worst(seen: Seen, contest: Contest, first: int, size: int) -> list[Row]:
    """One page of the stations that cannot open, worst first."""
    shown = seen.board.worst[first : first + size]
    stations = Station.objects.select_related("unit").in_bulk([s.number for s in shown])
    posts: dict[int, list[tuple[bool, bool]]] = {}
    held = Post.objects.filter(station__in=stations).order_by("-head", "position")
    for pk, head, state in held.values_list("station", "head", "state"):
        posts.setdefault(pk, []).append((head, STATES[state] in SEATED))
    calls = {c.station_id: c for c in PresenceCall.objects.filter(station__in=stations).order_by("at", "pk")}
    out = []
    for one in shown:
        station = stations[one.number]
        here = [there for _head, there in posts.get(one.number, ())]
        out.append(Row(station, one, here, reserves_near(contest, station).count(), calls.get(one.number)))
    return out


def reserves_near(contest: Contest, station: Station) -> QuerySet[Reserve]:
    """Reserves of the very place of a station and of those it lies in, who did not refuse, nearest first by level."""
    path = station.unit.path if station.unit else ()
    near = Q(unit__in=path) | Q(unit__isnull=True)
    if path:
        near |= Q(unit__parent__in=path[-1:]) | Q(unit__parent__in=path[-2:-1])
    return (
        Reserve.objects.filter(near, contest=contest)
        .exclude(reply="refused")
        .select_related("agent", "unit", "called_for")
        .order_by("-unit__level", "agent__name_key")
    )


def reserves(person: Any, contest: Contest) -> QuerySet[Reserve]:
    """Reserves of one's territory."""
    found = Reserve.objects.filter(queries.reach(person, contest).on("unit"), contest=contest)
    return found.select_related("agent", "unit", "called_for")


def post_of(station: Station, pk: int) -> Post | None:
    found = Post.objects.select_related("contest__election", "station__unit", "unit")
    return found.filter(pk=pk, station=station).first()


def station_for(person: Any, contest: Contest, pk: int) -> Station:
    """A station of the contest within one's territory; DoesNotExist for anybody else."""
    within = queries.reach(person, contest)
    return (
        Station.objects.select_related("unit", "contest__election__pack")
        .filter(within.on("unit"))
        .get(pk=pk, contest=contest)
    )


def posts_of(station: Station) -> list[Post]:
    found = Post.objects.filter(station=station).select_related(
        "agent", "unit", "appointment", "contest__election__pack"
    )
    return list(found.defer("contest__election__pack__content").order_by("-head", "position"))


def replacements(station: Station) -> QuerySet[PostReplacement]:
    return PostReplacement.objects.filter(post__station=station).select_related(
        "post", "agent", "out", "moved_from", "by"
    )


def label(state: str) -> str:
    return LABELS[State(state)]
