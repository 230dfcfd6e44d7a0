"""Who sat and counted in a station, how they came there, who trained them and with which pages.

The pair that taught is said to who keeps training (procedures, plans, certificates) and to nobody else: joined to the
errors of records it would be a list of trainers, which does not leave the cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kalata.country.models import Station
from kalata.people.queries import may
from kalata.training.models import (
    Agent,
    Certificate,
    ManualHandover,
    Oath,
    Post,
    PostReplacement,
    ProcedureVersion,
)
from kalata.training.queries.posts_day import posts_of
from kalata.training.rules.posts import SEATED, State
from kalata.training.rules.rights import CERTIFY, PLAN, WRITE

COUNTING = "count"
"""The phase of the procedures by which a station counts."""


@dataclass(frozen=True, slots=True)
class PageHeld:
    """A page of the count in a manual that went to the class: its code, as it is printed."""

    run: str
    procedure: str
    version: str
    code: str


@dataclass(frozen=True, slots=True)
class Taught:
    """The training of a person: certificate, day, place; pair and class only for who keeps training. draft: a manual not approved."""

    certificate: Certificate
    pair: str
    training_class: str
    pages: tuple[PageHeld, ...]
    runs: tuple[str, ...]
    draft: bool


@dataclass(frozen=True, slots=True)
class Sat:
    """One post: who sat there last, since when, named by what. counted: present, and so of those who counted."""

    post: Post
    agent: Agent | None
    counted: bool
    oath: Oath | None
    replacement: PostReplacement | None
    taught: Taught | None


def keeps_training(person: Any) -> bool:
    return any(may(person, right) for right in (WRITE, PLAN, CERTIFY))


def record_of(person: Any, station: Station) -> list[Sat]:
    """Each post of the station with who sat there, in the order of the posts; a few queries whatever their number."""
    posts = posts_of(station)
    agents = [p.agent_id for p in posts if p.agent_id]
    oaths = {(o.post_id, o.agent_id): o for o in Oath.objects.filter(post__in=posts, agent__in=agents)}
    replaced = {
        (r.post_id, r.agent_id): r
        for r in PostReplacement.objects.filter(post__in=posts).select_related("out", "moved_from").order_by("at", "pk")
    }
    taught = trainings(agents, station, named=keeps_training(person))
    return [
        Sat(
            p, p.agent, State(p.state) in SEATED, oaths.get((p.pk, p.agent_id or 0)),
            replaced.get((p.pk, p.agent_id or 0)), taught.get(p.agent_id or 0),
        )
        for p in posts
    ]  # fmt: skip


def trainings(agents: list[int], station: Station, *, named: bool) -> dict[int, Taught]:
    """The last certificate of each of these people from a class of this contest, with what the class held."""
    found = (
        Certificate.objects.filter(agent__in=agents, seat__training_class__contest=station.contest_id)
        .select_related("seat__training_class__unit")
        .order_by("pk")
    )
    last = {c.agent_id: c for c in found}
    classes = {c.seat.training_class_id for c in last.values()}
    held: dict[int, list[ManualHandover]] = {}
    for given in ManualHandover.objects.filter(training_class__in=classes).select_related("run").order_by("pk"):
        held.setdefault(given.training_class_id, []).append(given)
    counting = set(ProcedureVersion.objects.filter(phase=COUNTING).values_list("procedure__code", flat=True))
    out = {}
    for agent, one in last.items():
        runs = [h.run for h in held.get(one.seat.training_class_id, ())]
        pages = tuple(
            PageHeld(run.number, p["procedure"], str(p["version"]), p["code"])
            for run in runs for p in run.pages if p["procedure"] in counting
        )  # fmt: skip
        where = one.seat.training_class
        out[agent] = Taught(
            one, where.pair if named else "", where.code if named else "", pages, tuple(r.number for r in runs),
            any(r.draft for r in runs),
        )  # fmt: skip
    return out
