"""The day of the vote: codes of stations, calls of the morning, replacements."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest, Station
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.results import images
from kalata.results.territory import path_of
from kalata.training import kinds
from kalata.training.models import Agent, Post, PostReplacement, PresenceCall, Reserve, StationCode
from kalata.training.queries import posts as queries
from kalata.training.rules.posts import LABELS, POST, SEATED, Held, State
from kalata.training.rules.posts_day import (
    TRIES,
    BadCode,
    NoPaper,
    NotAbsent,
    NotTheDay,
    OwnAbsence,
    OwnCode,
    TooManyCodes,
    VoterTaken,
    on_the_roll,
    sealed_code,
)
from kalata.training.rules.posts_refusals import HeldTwice, NotOpen, WrongState
from kalata.training.rules.rights import REPLACE, STAFF

NEVER_NOTED = (State.VACANT, State.PROPOSED)


def key() -> bytes:
    given = settings.LEDGER_KEY
    return given if isinstance(given, bytes) else str(given).encode()


def today() -> date:
    return timezone.localdate()


def of_the_day(contest: Contest, at: datetime) -> None:
    """POS-306 where the hour is not of the day of the vote, or that day has not come; a contest without a day takes any.

    An exercise plays its day before it comes.
    """
    poll = contest.polling_day or contest.election.polling_day
    if poll is None:
        return
    if timezone.localtime(at).date() != poll:
        raise NotTheDay(at=timezone.localtime(at).date(), poll=poll)
    if today() < poll and not contest.election.exercise:
        raise NotTheDay(at=today(), poll=poll)


# --- codes -----------------------------------------------------------------------------------------
@transaction.atomic
def make_codes(*, contest: Contest, by: Person) -> list[tuple[str, str, str]]:
    """A new code for each station of one's territory that has none alive: (station, name, code). They exist nowhere else."""
    require(by, STAFF, contest=contest.pk)
    if queries.book_of(contest) is None:
        raise NotOpen
    alive = StationCode.objects.filter(station__contest=contest, used_at=None).values("station")
    stations = Station.objects.filter(contest=contest).exclude(pk__in=alive).order_by("code")
    now, out, rows = timezone.now(), [], []
    for one in stations.only("pk", "code", "name").iterator():
        code = f"{secrets.randbelow(900_000) + 100_000}"
        rows.append(
            StationCode(station=one, sealed=sealed_code(key(), contest.code, one.code, code), made_by=by, made_at=now)
        )
        out.append((one.code, one.name, code))
    StationCode.objects.bulk_create(rows, batch_size=5_000)
    record(by=by, kind=kinds.CODES_MADE, subject=f"contest:{contest.code}", after={"codes": len(rows)})
    return out


def try_code(station: Station, contest: Contest, code: str, by: Person) -> StationCode:
    """The live code of a station, if it is this one. POS-301; POS-302 after too many: each try is kept even where it fails.

    POS-308 for whoever printed it: a code proves that the station spoke only to those who never saw it.
    """
    with transaction.atomic():
        one = StationCode.objects.select_for_update().filter(station=station, used_at=None).first()
        if one is None:
            raise BadCode
        if one.made_by_id == by.pk:
            raise OwnCode
        if one.tries >= TRIES:
            raise TooManyCodes(n=TRIES)
        if secrets.compare_digest(one.sealed, sealed_code(key(), contest.code, station.code, code.strip())):
            return one
        StationCode.objects.filter(pk=one.pk).update(tries=F("tries") + 1)
    raise BadCode


# --- who is there ------------------------------------------------------------------------------------
@transaction.atomic
def note_presence(*, station: Station, present: list[int], teller: str, at: datetime, by: Person) -> PresenceCall:
    """Who is there at an hour, as the station told: every other post of it is absent. PEO-101, POS-103, POS-306."""
    contest = station.contest
    require(by, REPLACE, place=path_of(station.unit), contest=contest.pk)
    of_the_day(contest, at)
    posts = list(Post.objects.select_for_update(of=("self",)).filter(station=station).select_related("agent"))
    if not posts:
        raise NotOpen
    moved: dict[Post, State] = {}
    there = [p for p in posts if p.pk in set(present)]
    for post in posts:
        state = State(post.state)
        if post in there:
            if post.suspended:
                raise WrongState(post=post, state=LABELS[State.AWAY])
            if post.agent_id is None or state in NEVER_NOTED or (state is State.ABSENT and not may_sit(post)):
                raise WrongState(post=post, state=LABELS[state])
            post.seen_at = post.seen_at if state in SEATED else at
            moved[post] = state if state in SEATED else State.PRESENT
        elif state is not State.ABSENT:
            post.seen_at = None
            moved[post] = State.ABSENT
    states.derive_each(POST, moved, also=("seen_at",))
    made = PresenceCall.objects.create(
        station=station, at=at, present=[p.position for p in there], absent=[p.position for p in posts if p not in there],
        teller=teller.strip()[:200], by=by, noted_at=timezone.now(),
    )  # fmt: skip
    after = {"station": station.code, "at": at.isoformat(), "present": made.present, "absent": made.absent}
    record(by=by, kind=kinds.PRESENCE, subject=f"contest:{contest.code}", after=after)
    return made


def may_sit(post: Post) -> bool:
    """Named by an act, or by a replacement of the day: a proposal that was noted absent is still nothing but a proposal."""
    return post.appointment_id is not None or post.replacements.filter(agent=post.agent_id).exists()


# --- replacements ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the act says. moved_from: the post of the member who takes the chair; else name and number of the voter.

    code: as it was dictated, or paper: the image of the act.
    """

    at: datetime
    decided_by: str
    witness: str
    moved_from: int | None = None
    name: str = ""
    roll_number: int | None = None
    code: str = ""
    paper: Any = None


def replace(*, post: Post, asked: Asked, by: Person) -> PostReplacement:
    """Put somebody at a post that was noted absent, on the day, by the code of the station or by an act on paper.

    Raises: PEO-101, POS-102 something is missing, POS-301 to POS-307, POS-112 the voter holds another post; POS-309 on
    paper, for who noted the absence: one person alone would unseat a member and seat another.
    """
    station = post.station
    if station is None:
        raise WrongState(post=post, state=LABELS[State(post.state)])
    contest = post.contest
    require(by, REPLACE, place=path_of(post.unit), contest=contest.pk)
    of_the_day(contest, asked.at)
    if not asked.code.strip() and asked.paper is None:
        raise NoPaper
    if not asked.code.strip() and noted_absent_by(post) == by.pk:
        raise OwnAbsence
    code = try_code(station, contest, asked.code, by) if asked.code.strip() else None
    paper = "" if code else images.received(asked.paper, by=by)
    return kept(post.pk, station, asked, code, paper, by)


def noted_absent_by(post: Post) -> int | None:
    """Who noted the last call of the station, by which the post is absent."""
    return PresenceCall.objects.filter(station=post.station_id).values_list("by_id", flat=True).first()


@transaction.atomic
def kept(pk: int, station: Station, asked: Asked, code: StationCode | None, paper: str, by: Person) -> PostReplacement:
    posts = {
        p.pk: p
        for p in Post.objects.select_for_update(of=("self",))
        .filter(station=station)
        .select_related("agent", "contest__election__pack", "unit")
    }
    post = posts[pk]
    if State(post.state) is not State.ABSENT:
        raise NotAbsent(post=post, state=LABELS[State(post.state)])
    if code and not StationCode.objects.filter(pk=code.pk, used_at=None).update(used_at=timezone.now()):
        raise BadCode
    before = post.agent
    moved = posts.get(asked.moved_from or 0)
    agent = chair(moved, post) if moved else voter(station, asked)
    position = queries.record_of(post)
    trained = bool(agent.certificate_role and agent.certificate_role == position.get("certificate"))
    whole = bool(asked.decided_by.strip() and asked.witness.strip() and (moved or asked.name.strip()))
    made: list[PostReplacement] = []

    def told() -> PostReplacement:
        one = PostReplacement.objects.create(
            post=post, out=before, agent=agent, roll_number=None if moved else asked.roll_number, moved_from=moved, at=asked.at,
            decided_by=asked.decided_by.strip()[:200], rule=str(position.get("replaced_by") or "non dite"), witness=asked.witness.strip()[:200],
            route="code" if code else "paper", code=code, paper=paper, listed=moved is not None, trained=trained, by=by,
            noted_at=timezone.now(),
        )  # fmt: skip
        images.join(paper, f"post:{post.pk}", by)
        record(by=by, kind=kinds.REPLACED, subject=f"post:{post.pk}", after=said_of(one, station), rows=[one])
        made.append(one)
        return one

    stand = Held(state=State.ABSENT, hands={}, decided=whole)
    states.write(
        post, POST, State.REPLACED, Act(by=by.pk, right=REPLACE), stand=stand, tells=told,
        agent=agent, appointment=None, suspended=False, seen_at=asked.at,
    )  # fmt: skip
    Reserve.objects.filter(contest=post.contest_id, agent=agent).update(
        reply="coming", called_for=post, called_at=asked.at, by=by
    )
    return made[0]


def said_of(one: PostReplacement, station: Station) -> Mapping[str, object]:
    return {
        "station": station.code, "position": one.post.position, "agent": one.agent.code, "roll_number": one.roll_number,
        "at": one.at.isoformat(), "decided_by": one.decided_by, "rule": one.rule, "witness": one.witness, "route": one.route,
        "listed": one.listed, "trained": one.trained, "paper": one.paper,
    }  # fmt: skip


def chair(moved: Post, post: Post) -> Agent:
    """The member who presides: present at another post of this station, which becomes free to be replaced."""
    if not post.head or moved.head or moved.agent is None or State(moved.state) not in SEATED:
        raise WrongState(post=moved, state=LABELS[State(moved.state)])
    agent = moved.agent
    states.derive(moved, POST, State.ABSENT, agent=None, seen_at=None)
    return agent


def voter(station: Station, asked: Asked) -> Agent:
    """The voter of that station who takes the post: told by the number on its list."""
    number = asked.roll_number or 0
    on_the_roll(number, station.registered)
    if PostReplacement.objects.filter(post__station=station, roll_number=number).exists():
        raise VoterTaken(number=number)
    name = asked.name.strip()[:200]
    code = f"V{station.pk}-{number}"
    agent, _new = Agent.objects.get_or_create(code=code, defaults={"name": name or "?", "unit": station.unit})
    if held := Post.objects.filter(contest=station.contest_id, agent=agent).first():
        raise HeldTwice(who=agent.name, post=held)
    return agent
