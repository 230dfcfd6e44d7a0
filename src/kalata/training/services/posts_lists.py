"""A list of staff read into proposals: everything in it holds, or nothing is kept."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.refusals import Forbidden
from kalata.results.territory import Reach, path_of
from kalata.tables.files import opened
from kalata.text import Message, fold
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import Agent, Certificate, Post, Proposal
from kalata.training.queries import posts as queries
from kalata.training.queries import register
from kalata.training.rules import staff_list
from kalata.training.rules.posts import LABELS, POST, PROPOSED_BY_DRAW, SIDES, State, entitled
from kalata.training.rules.posts_refusals import (
    AttestedHere,
    Barred,
    ByDrawOnly,
    KnownElsewhere,
    NotEntitled,
    NotOpen,
    NumberOfAnother,
    OutsideReach,
    UnknownPost,
    WrongState,
)
from kalata.training.rules.rights import STAFF
from kalata.training.rules.staff_list import Row
from kalata.ui import written

MOST_ROWS = 20_000
FREE = (State.VACANT, State.PROPOSED)
"""States in which a list may still say who is proposed."""
OURS = re.compile(r"A[0-9]{7,}|V[0-9]+-[0-9]+|T[0-9]+-[0-9a-f]{12}")
"""Numbers that the house gives: to who comes without one, to the voter who replaces, to who is drawn by lot."""
ELSEWHERE = _("d’un autre territoire")


@dataclass(frozen=True, slots=True)
class Read:
    """What a list did. unnamed: posts that it leaves to be named."""

    rows: int
    proposed: int
    new: int
    unnamed: int


def cells_of(path: Path, name: str) -> tuple[list[tuple[int, Mapping[str, str]]], str]:
    """The rows of a CSV or a workbook with their numbers, by title. IMP-110 to IMP-121, POS-208."""
    file = opened(path, name=name, apart=True)
    header = [h.strip().casefold() for h in file.header]
    staff_list.needs(header)
    rows: list[tuple[int, Mapping[str, str]]] = [
        (number + i, dict(zip(header, cells, strict=False)))
        for number, block in file.blocks
        for i, cells in enumerate(block)
        if any(c.strip() for c in cells)
    ]
    return rows[: MOST_ROWS + 1], sha256(path.read_bytes()).hexdigest()


def read_list(*, contest: Contest, file: IO[bytes], name: str, document: str, shared_read: bool, by: Person) -> Read:
    """Read a list of staff of one's territory: who is proposed for which post. POS-103, POS-106 to POS-112, POS-201 to POS-214.

    document: the letter or minutes that brings it. shared_read: telephones given for many are really shared.
    """
    if queries.reach(by, contest, STAFF).tops == ():
        raise Forbidden(right=STAFF)
    book = queries.book_of(contest)
    if book is None:
        raise NotOpen
    with tempfile.TemporaryDirectory(prefix="kalata-liste-") as folder:
        path = Path(folder) / f"liste{Path(name).suffix.lower()[:6]}"
        path.write_bytes(file.read())
        cells, digest = cells_of(path, name[:200])
    rows = staff_list.rows_of(cells, day_of)
    poll = contest.polling_day or contest.election.polling_day
    rows = staff_list.looked_at(rows, poll, shared_read=shared_read)
    return keep(contest=contest, rows=rows, name=name[:200], digest=digest, document=document.strip()[:200], by=by)


def day_of(text: str) -> date:
    try:
        return written.day_of(text)
    except written.Unread as unread:
        raise ValueError(str(unread)) from None


@transaction.atomic
def keep(*, contest: Contest, rows: Sequence[Row], name: str, digest: str, document: str, by: Person) -> Read:
    """The proposals of a list, in one act. Rows whose post is named already as they say change nothing."""
    within = queries.reach(by, contest, STAFF)
    posts = posts_of(contest, rows)
    for one in rows:
        allowed(one, posts, within)
    agents, new = people(rows)
    taken_elsewhere(contest, rows, posts, agents, within)
    of_another(rows, agents)
    held = barred(rows, posts, agents)
    made, moved, now = [], {}, timezone.now()
    for one in (r for r in rows if r.name):
        post, agent = posts[one.station, one.position], agents[one.row]
        if post.agent_id == agent.pk:
            continue
        made.append(
            Proposal(post=post, agent=agent, side=one.proposed_by or post.side, document=document, by=by, at=now)
        )
        post.agent = agent
        moved[post] = State.PROPOSED
    ended = Proposal.objects.filter(post__in=[p.pk for p in moved], dropped_at=None)
    ended.update(dropped_at=now, dropped_by=by, dropped_why="liste suivante")
    Proposal.objects.bulk_create(made, batch_size=2_000)
    states.derive_each(POST, moved, also=("agent",))
    read = Read(len(rows), len(made), new, len(rows) - len(held))
    record(
        by=by, kind=kinds.LIST_READ, subject=f"contest:{contest.code}", reason=document,
        after={"name": name, "sha256": digest, "rows": read.rows, "named": len(held), "new": new, "proposed": read.proposed},
    )  # fmt: skip
    return read


def posts_of(contest: Contest, rows: Iterable[Row]) -> dict[tuple[str, str], Post]:
    bodies = {one.station for one in rows}
    found = (
        Post.objects.select_for_update(of=("self",))
        .filter(contest=contest, body__in=bodies)
        .select_related("agent", "unit")
    )
    return {(p.body, p.position): p for p in found}


def allowed(one: Row, posts: Mapping[tuple[str, str], Post], within: Reach) -> None:
    """The post is there, in one's territory, still free, and of the body that proposes for it."""
    post = posts.get((one.station, one.position))
    if post is None:
        raise UnknownPost(row=one.row, station=one.station, position=one.position)
    if not within.holds(path_of(post.unit)):
        raise OutsideReach(row=one.row, station=one.station)
    if not one.name:
        return
    if post.side in PROPOSED_BY_DRAW:
        raise ByDrawOnly(post=post)
    if one.proposed_by and not entitled(post.side, one.proposed_by):
        raise NotEntitled(post=post, want=SIDES.get(post.side, SIDES[""]), got=SIDES.get(one.proposed_by, SIDES[""]))
    if State(post.state) not in FREE and not same(post, one):
        raise WrongState(post=post, state=LABELS[State(post.state)])


def same(post: Post, one: Row) -> bool:
    return post.agent is not None and (one.code == post.agent.code or fold(one.name) == post.agent.name_key)


def people(rows: Sequence[Row]) -> tuple[dict[int, Agent], int]:
    """The person of each row: the one known by number, or by name and birth; else a new one. (by row, how many new)."""
    named = [one for one in rows if one.name]
    list(Agent.objects.select_for_update().order_by("pk").values_list("pk")[:1])  # one list at a time gives numbers
    codes = Agent.objects.filter(code__in=[one.code for one in named if one.code])
    by_code = {a.code: a for a in codes}
    keys = Agent.objects.filter(name_key__in=[fold(one.name) for one in named])
    by_birth = {(a.name_key, a.born): a for a in keys if a.born}
    attested = set(Certificate.objects.filter(agent__in=[*by_code.values(), *by_birth.values()]).values_list("agent", flat=True))
    found: dict[int, Agent] = {}
    fresh: list[Agent] = []
    known: list[Agent] = []
    last = Agent.objects.count()
    for one in named:
        agent = by_code.get(one.code) if one.code else by_birth.get((fold(one.name), one.born)) if one.born else None
        if agent is None:
            if OURS.fullmatch(one.code):
                raise NumberOfAnother(row=one.row, code=one.code, name=one.name)
            agent = Agent(code=one.code or f"A{last + len(fresh) + 1:07d}")
            fresh.append(agent)
        else:
            known.append(agent)
            if agent.pk in attested:
                as_attested(agent, one)
        said(agent, one)
        found[one.row] = agent
    for agent in fresh:
        agent.name_key = fold(agent.name)
    Agent.objects.bulk_create(fresh, batch_size=2_000)
    Agent.objects.bulk_update(known, ["phone", "languages", "certificate_role", "certificate_version", "certificate_expires", "payment"], batch_size=500)  # fmt: skip
    return found, len(fresh)


def as_attested(agent: Agent, one: Row) -> None:
    """POS-214 where a list says of the training of somebody whose certificate this house issued, renewed or withdrew: two persons say that."""
    now = (agent.certificate_role, agent.certificate_version, agent.certificate_expires)
    if one.certificate_role and (one.certificate_role, one.certificate_version, one.certificate_expires) != now:
        raise AttestedHere(row=one.row, code=agent.code)


def said(agent: Agent, one: Row) -> None:
    """What a list says of a person. What it leaves empty stays as it was."""
    if agent._state.adding:
        agent.name, agent.sex, agent.born = one.name, one.sex, one.born
    agent.phone = one.phone or agent.phone
    agent.languages = list(one.languages) or agent.languages
    if one.certificate_role:
        agent.certificate_role, agent.certificate_version = one.certificate_role, one.certificate_version
        agent.certificate_expires = one.certificate_expires
    agent.payment = one.payment or agent.payment


def of_another(rows: Sequence[Row], agents: Mapping[int, Agent]) -> None:
    """POS-212 where a number is already somebody else's: a list never says anew who a person is, nor tells who it was."""
    for one in rows:
        agent = agents.get(one.row)
        if agent and fold(one.name) != agent.name_key:
            raise NumberOfAnother(row=one.row, code=agent.code, name=one.name)


def taken_elsewhere(
    contest: Contest, rows: Sequence[Row], posts: Mapping[tuple[str, str], Post], agents: Mapping[int, Agent], within: Reach
) -> None:  # fmt: skip
    """POS-211 where a person of the list holds another post of this contest. Of another territory neither name nor post is told."""
    held = Post.objects.filter(contest=contest, agent__in=[a.pk for a in agents.values()]).select_related("unit")
    at = {p.agent_id: p for p in held}
    for one in rows:
        agent = agents.get(one.row)
        post = at.get(agent.pk) if agent else None
        if agent and post and post.pk != posts[one.station, one.position].pk:
            told = post if within.holds(path_of(post.unit)) else Message(ELSEWHERE)
            raise KnownElsewhere(row=one.row, name=one.name, post=told)


def barred(rows: Sequence[Row], posts: Mapping[tuple[str, str], Post], agents: Mapping[int, Agent]) -> list[Row]:
    """POS-109 where a person may not hold the post that a row gives; else the rows that name somebody."""
    from kalata.training.rules.interests import BARS

    said = register.bars_of(agents.values())
    for one in rows:
        agent = agents.get(one.row)
        post = posts[one.station, one.position]
        bars = queries.record_of(post).get("bars") or () if agent and said[agent.pk] else ()
        if agent and (why := next((b for b in said[agent.pk] if b in bars), "")):
            raise Barred(who=agent.name, post=post, why=BARS[why])
    return [one for one in rows if one.name]


@transaction.atomic
def end_proposal(*, post: Post, reason: str, by: Person) -> None:
    """Set a proposal aside: the post is vacant again. By who keeps the posts there. POS-108."""
    require(by, STAFF, place=path_of(post.unit), contest=post.contest_id)
    one = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    if State(one.state) is not State.PROPOSED:
        raise WrongState(post=one, state=LABELS[State(one.state)])
    agent = one.agent
    Proposal.objects.filter(Q(post=one, dropped_at=None)).update(
        dropped_at=timezone.now(), dropped_by=by, dropped_why=reason[:200]
    )
    states.derive(one, POST, State.VACANT, agent=None)
    after = {"post": str(one), "agent": agent.code if agent else ""}
    record(by=by, kind=kinds.PROPOSAL_ENDED, subject=f"post:{one.pk}", after=after, reason=reason)
