"""The posts of a contest, made from the pack: each station, each commission, each body receives its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db import transaction

from kalata.country.models import Contest, Station, Unit
from kalata.deadlines import queries as deadlines
from kalata.deadlines.models import Calendar
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.training import kinds
from kalata.training.models import Post, PostBook
from kalata.training.queries import posts as queries
from kalata.training.rules.posts import seats_of
from kalata.training.rules.posts_refusals import AlreadyOpen, NoPositions, NotOpen
from kalata.training.rules.rights import STAFF

SUBJECT = "officers-appointed"
"""The subject of the norms of a pack that say until when officers are appointed."""


@transaction.atomic
def open_posts(*, contest: Contest, versions: Mapping[str, list[str]], by: Person | None) -> PostBook:
    """Open every post of the pack for a contest. `by` None: the demonstration.

    Raises: PEO-101; POS-104 opened already; POS-105 the pack says no composition.
    """
    if by is not None:
        require(by, STAFF, contest=contest.pk)
    if queries.book_of(contest):
        raise AlreadyOpen
    if not queries.positions(contest):
        raise NoPositions(pack=contest.election.pack.code)
    book = PostBook.objects.create(
        contest=contest, versions=dict(versions), opened_by=by, appointed_by=legal_day(contest)
    )
    told(book, Post.objects.bulk_create(made(contest), batch_size=5_000), by)
    return book


@transaction.atomic
def add_stations(*, contest: Contest, by: Person) -> int:
    """Posts of the stations that the register received since. POS-103."""
    require(by, STAFF, contest=contest.pk)
    book = queries.book_of(contest)
    if book is None:
        raise NotOpen
    known = set(Post.objects.filter(contest=contest).values_list("body", "position"))
    new = Post.objects.bulk_create([p for p in made(contest) if (p.body, p.position) not in known], batch_size=5_000)
    if new:
        told(book, new, by)
    return len(new)


def told(book: PostBook, new: list[Post], by: Person | None) -> None:
    day = book.appointed_by.isoformat() if book.appointed_by else None
    after = {"posts": len(new), "stations": len({p.station_id for p in new if p.station_id}), "appointed_by": day}
    record(by=by, kind=kinds.POSTS_OPENED, subject=f"contest:{book.contest.code}", after=after)


def made(contest: Contest) -> Iterator[Post]:
    """One row a place: at each station; at each unit of its level for a local body; once for the nation."""
    stations = list(Station.objects.filter(contest=contest).only("pk", "code", "unit_id"))
    for position in queries.positions(contest):
        for seat in seats_of(position):
            said = {
                "contest": contest,
                "position": seat.code,
                "record": position["id"],
                "side": seat.side,
                "head": seat.head,
            }
            if position["body"] == "station":
                for one in stations:
                    yield Post(station=one, unit_id=one.unit_id, body=one.code, **said)
            elif position.get("level"):
                for unit in units_with_stations(contest, int(position["level"])):
                    yield Post(unit=unit, body=f"{position['body']} {unit.code}", **said)
            else:
                yield Post(body=str(position["body"]), **said)


def units_with_stations(contest: Contest, level: int) -> list[Unit]:
    """Units of a level in which the contest has a station."""
    found: set[int] = set()
    for pk, above in Unit.objects.filter(pk__in=Station.objects.filter(contest=contest).values("unit")).values_list(
        "pk", "above"
    ):
        found.update((*(int(above[i : i + 9]) for i in range(0, len(above), 9)), pk))
    return list(Unit.objects.filter(pk__in=found, level=level))


def legal_day(contest: Contest) -> date | None:
    """The last day of the law for an appointment, by the deadlines engine; None where no calendar of the election says it."""
    calendar = Calendar.objects.filter(election=contest.election_id).order_by("-pk").first()
    if calendar is None:
        return None
    lines = [x for x in deadlines.legal(calendar).lines if x.norm.subject == SUBJECT and x.round == contest.round]
    return min((x.limit.day for x in lines if x.limit), default=None)
