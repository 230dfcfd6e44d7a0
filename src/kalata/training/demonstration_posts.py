"""The posts of the demonstration: a list, a signed act, oaths, the calls of the morning, a replacement by code."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.training.models import Agent, Post
from kalata.training.services import (
    posts_appointing,
    posts_day,
    posts_lists,
    posts_oaths,
    posts_opening,
    posts_register,
)
from kalata.training.services.posts_day import Asked

ELECTION = "demo-2027"
HEAD = "station,position,code,name,sex,born,phone,languages,proposed_by,certificate_role,certificate_version,certificate_expires,payment"
POSITIONS = ("president", "assessor-1", "assessor-2", "assessor-3", "assessor-4")
TONGUES = ("bambara", "tamasheq", "songhaï", "peul", "soninké")
STATIONS = 60
"""Stations of the demonstration whose people are named: the others stay to be named, as a late list leaves them."""


def load(cast: dict[str, Person]) -> str:
    """The posts of the presidential contest, with the people who keep and sign them."""
    contest = demonstrated()
    if contest is None:
        return "pas de scrutin de démonstration."
    n = named(contest, cast)
    morning(contest, cast)
    return f"{Post.objects.filter(contest=contest).count()} postes, {n} personnes nommées."


def demonstrated() -> Contest | None:
    """The presidential contest of the exercise."""
    return Contest.objects.filter(election__code=ELECTION).select_related("election__pack").order_by("pk").first()


def row(station: str, position: str, n: int) -> str:
    """A person without a name of anybody: their station, place and number."""
    role = position.split("-")[0]
    cells = (
        station, position, f"EX-{n:05d}", f"Agent {n:05d} (exercice)", "fm"[n % 2], f"19{70 + n % 30}-0{1 + n % 9}-1{n % 9}", f"70{n:06d}",
        TONGUES[n % 5], "", role if n % 17 else "", "1" if n % 17 else "", "2028-12-31" if n % 17 else "", "oui" if n % 23 else "non",
    )  # fmt: skip
    return ",".join(cells)


def named(contest: Contest, cast: dict[str, Person]) -> int:
    """Posts opened, a list brought, its act signed, oaths sworn."""
    by = cast["agents"]
    posts_opening.open_posts(
        contest=contest, versions={"president": ["1"], "assessor": ["1"], "tabulation": ["1"]}, by=by
    )
    codes = list(Station.objects.filter(contest=contest).order_by("code").values_list("code", flat=True)[:STATIONS])
    rows = [row(code, position, i * 5 + j) for i, code in enumerate(codes) for j, position in enumerate(POSITIONS)]
    file = io.BytesIO("\n".join([HEAD, *rows]).encode())
    posts_lists.read_list(
        contest=contest, file=file, name="liste-exercice.csv", document="lettre 12 (exercice)", shared_read=False, by=by
    )
    poll = day_of(contest)
    asked = posts_appointing.ask(contest=contest, unit=None, number="Décision 14 (exercice)", on=poll - timedelta(days=20), reason="liste relue (exercice)", by=by)  # fmt: skip
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["nominations"])
    sworn = timezone.make_aware(datetime.combine(poll - timedelta(days=3), time(9)))
    for post in Post.objects.filter(
        contest=contest, head=True, station__isnull=False, state="appointed"
    ).select_related("unit")[:20]:
        posts_oaths.swear(post=post, place="Tribunal (exercice)", witness="Greffe (exercice)", at=sworn, by=by)
    return len(rows)


def day_of(contest: Contest) -> date:
    return contest.polling_day or contest.election.polling_day or timezone.localdate()


def morning(contest: Contest, cast: dict[str, Person]) -> None:
    """Calls at seven: most are there; one station has lost its quorum, one its president, one replaces an assessor by code."""
    by = cast["agents"]
    at = timezone.make_aware(datetime.combine(day_of(contest), time(6, 55)))
    held = Post.objects.filter(contest=contest, station__isnull=False, agent__isnull=False)
    stations = list(
        Station.objects.filter(pk__in=held.values("station"))
        .select_related("contest__election", "unit")
        .order_by("code")
    )
    missing = {0: {0, 1, 2}, 3: {0}, 6: {2}, 9: {0}}
    for i, station in enumerate(stations[:-2]):
        posts = list(held.filter(station=station).order_by("-head", "position"))
        there = [p.pk for j, p in enumerate(posts) if j not in missing.get(i, ())]
        posts_day.note_presence(station=station, present=there, teller="appel du bureau (exercice)", at=at, by=by)
    codes = {s: c for s, _name, c in posts_day.make_codes(contest=contest, by=by)}
    if len(stations) > 6:
        station = stations[6]
        post = Post.objects.select_related("contest__election", "station__unit", "unit").get(
            station=station, state="absent"
        )
        asked = Asked(
            at=at + timedelta(minutes=17), decided_by="Coordination (exercice)", witness="Délégué de la candidature n° 3 (exercice)",
            name="Électeur remplaçant (exercice)", roll_number=17, code=codes[station.code],
        )  # fmt: skip
        posts_day.replace(post=post, asked=asked, by=cast["agents-secours"])
    reserves(contest, stations, by)
    posts_register.enter(sort="refused", happened_on=day_of(contest) - timedelta(days=9), text="Demande de liste refusée (exercice).", by=by)  # fmt: skip


def reserves(contest: Contest, stations: list[Station], by: Person) -> None:
    made = [
        Agent(
            code=f"RES-{n:04d}", name=f"Réserve {n:04d} (exercice)", name_key=f"reserve {n:04d} (exercice)", languages=[TONGUES[n % 5]],
            phone=f"66{n:06d}", certificate_role="assessor", certificate_version="1", payment=True, unit=stations[n % len(stations)].unit,
        )
        for n in range(24)
    ]  # fmt: skip
    kept = Agent.objects.bulk_create(made)
    for one in kept:
        posts_register.add_reserves(contest=contest, unit=one.unit, agents=[one], by=by)
