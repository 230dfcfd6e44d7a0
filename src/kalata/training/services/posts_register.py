"""Declarations of interests, reserves, places drawn by lot, the register of independence."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest, Unit
from kalata.ledger.services import record, record_unnamed
from kalata.lots import checked_commitment, lot
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.results.territory import path_of
from kalata.training import kinds
from kalata.training.models import Agent, Declaration, IndependenceEntry, Post, PostDraw, Proposal, Reserve
from kalata.training.queries import posts as queries
from kalata.training.rules.independence import seal
from kalata.training.rules.interests import BARS
from kalata.training.rules.posts import POST, PROPOSED_BY_DRAW, State
from kalata.training.rules.posts_refusals import (
    AlreadyDrawn,
    BadPromise,
    EnoughToday,
    NoPlacesToDraw,
    NotDrawnHere,
    NotLifted,
    TooFewNames,
)
from kalata.training.rules.rights import INDEPENDENCE, REPLACE, STAFF

MOST_A_DAY = 5
"""Entries of one person in the register of independence: how many there are is public."""


# --- interests -------------------------------------------------------------------------------------
@transaction.atomic
def declare(
    *, agent: Agent, contest: Contest, kind: str, about: str, place: tuple[int, ...], by: Person
) -> Declaration:
    """Write what an agent declares. What may bar from a post bars them until it is lifted; posts already held are shown uncovered."""
    require(by, STAFF, place=place, contest=contest.pk)
    made = Declaration.objects.create(
        agent=agent, contest=contest, kind=kind, about=about.strip()[:300], by=by, at=timezone.now()
    )
    if kind in BARS:
        Agent.objects.filter(pk=agent.pk).update(barred=kind)
    after = {"agent": agent.code, "kind": kind}
    record(by=by, kind=kinds.DECLARED, subject=f"contest:{contest.code}", after=after, rows=[made])
    return made


@transaction.atomic
def lift(*, declaration: Declaration, reason: str, place: tuple[int, ...], by: Person) -> None:
    """Lift a declaration that was false or has ended. POS-113 for who wrote it, without a reason, or lifted already."""
    require(by, STAFF, place=place, contest=declaration.contest_id)
    one = Declaration.objects.select_for_update().select_related("agent").get(pk=declaration.pk)
    if not reason.strip() or one.lifted_at is not None or one.by_id == by.pk:
        raise NotLifted
    one.lifted_at, one.lifted_by, one.lifted_why = timezone.now(), by, reason.strip()[:300]
    one.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    left = one.agent.declarations.filter(lifted_at=None, kind__in=BARS).values_list("kind", flat=True).first()
    Agent.objects.filter(pk=one.agent_id).update(barred=left or "")
    after = {"agent": one.agent.code, "kind": one.kind}
    record(by=by, kind=kinds.LIFTED, subject=f"contest:{one.contest.code}", after=after, reason=reason)


# --- reserves --------------------------------------------------------------------------------------
@transaction.atomic
def add_reserves(*, contest: Contest, unit: Unit | None, agents: Iterable[Agent], by: Person) -> int:
    """Keep people without a post as a reserve of a place. Those who hold one, or are of another territory, are left out."""
    require(by, STAFF, place=path_of(unit), contest=contest.pk)
    agents = queries.of_reach(agents, by, contest)
    busy = set(Post.objects.filter(contest=contest, agent__isnull=False).values_list("agent", flat=True))
    known = set(Reserve.objects.filter(contest=contest).values_list("agent", flat=True))
    rows = [Reserve(contest=contest, agent=a, unit=unit) for a in agents if a.pk not in busy | known]
    Reserve.objects.bulk_create(rows, batch_size=2_000)
    record(by=by, kind=kinds.RESERVE, subject=f"contest:{contest.code}", after={"added": len(rows)})
    return len(rows)


@transaction.atomic
def call(*, reserve: Reserve, post: Post, answer: str, by: Person) -> None:
    """Note what a reserve answered when called for a post."""
    require(by, REPLACE, place=path_of(post.unit), contest=post.contest_id)
    Reserve.objects.filter(pk=reserve.pk).update(reply=answer, called_for=post, called_at=timezone.now(), by=by)
    after = {"agent": reserve.agent.code, "answer": answer, "post": str(post)}
    record(by=by, kind=kinds.RESERVE, subject=f"contest:{post.contest.code}", after=after)


# --- places by lot ---------------------------------------------------------------------------------
@transaction.atomic
def promise_draw(*, contest: Contest, position: str, side: str, promise: str, names: list[str], by: Person) -> PostDraw:
    """Close the list of names of the places of a side and keep the SHA-256 of the seed. The house then adds its salt:
    whoever chose the seed could not fit the names to it, and a draw is announced once.

    Raises: POS-114 no such places; POS-115 no SHA-256; POS-116 fewer names than places; POS-117 promised already.
    """
    require(by, STAFF, contest=contest.pk)
    places = Post.objects.filter(contest=contest, record=position, side=side).count()
    if side not in PROPOSED_BY_DRAW or not places:
        raise NoPlacesToDraw
    said = promise.strip().lower()
    if len(said) != 64 or set(said) - set("0123456789abcdef"):
        raise BadPromise
    named = list(dict.fromkeys(n.strip()[:200] for n in names if n.strip()))
    if len(named) < places:
        raise TooFewNames(n=len(named), places=places)
    if PostDraw.objects.filter(contest=contest, record=position, side=side).exists():
        raise AlreadyDrawn
    made = PostDraw.objects.create(
        contest=contest, record=position, side=side, promise=said, names=named, salt=secrets.token_hex(16),
        by=by, at=timezone.now(),
    )  # fmt: skip
    after = {"record": position, "side": side, "promise": said, "names": named, "salt": made.salt}
    record(by=by, kind=kinds.DRAW_PROMISED, subject=f"contest:{contest.code}", after=after)
    return made


@transaction.atomic
def draw(*, draw: PostDraw, seed: str, by: Person) -> PostDraw:
    """Publish the seed and draw: the names of smallest SHA-256 take the places, in order. Another person than who promised it.

    Raises: POS-117 drawn already; POS-118 the same person; DIS-402, DIS-404 not the seed that was promised.
    """
    one = PostDraw.objects.select_for_update().select_related("contest").get(pk=draw.pk)
    require(by, STAFF, contest=one.contest_id)
    if one.seed:
        raise AlreadyDrawn
    if one.by_id == by.pk:
        raise NotDrawnHere
    said = checked_commitment(seed, one.promise)
    places = list(
        Post.objects.select_for_update()
        .filter(contest=one.contest, record=one.record, side=one.side)
        .order_by("position")
    )
    ranked = sorted((lot(f"{said}|{one.salt}", n, name), name) for n, name in enumerate(one.names, 1))
    moved, made, drawn = {}, [], []
    for post, (digest, name) in zip(places, ranked, strict=False):
        agent, _new = Agent.objects.get_or_create(code=f"T{one.pk}-{digest[:12]}", defaults={"name": name})
        post.agent = agent
        moved[post] = State.PROPOSED
        made.append(
            Proposal(
                post=post, agent=agent, side=one.side, document=f"tirage {one.promise[:12]}", by=by, at=timezone.now()
            )
        )
        drawn.append({"position": post.position, "name": name, "sha256": digest})
    Proposal.objects.bulk_create(made)
    states.derive_each(POST, moved, also=("agent",))
    one.seed, one.drawn, one.opened_by, one.opened_at = said, drawn, by, timezone.now()
    one.save(update_fields=["seed", "drawn", "opened_by", "opened_at"])
    after = {"record": one.record, "side": one.side, "seed": said, "drawn": drawn}
    record(by=by, kind=kinds.POST_DRAWN, subject=f"contest:{one.contest.code}", after=after)
    return one


# --- independence ------------------------------------------------------------------------------------
@transaction.atomic
def enter(*, sort: str, happened_on: date, text: str, by: Person) -> IndependenceEntry:
    """Write in the register of independence: any person with an account. The digest is theirs; the text is the keeper's, and so
    is who wrote it: the ledger tells the entry to its readers, not whose it is. POS-216: nobody alone makes the public count."""
    Person.objects.select_for_update().get(pk=by.pk)
    if (n := IndependenceEntry.objects.filter(by=by, at__gt=timezone.now() - timedelta(days=1)).count()) >= MOST_A_DAY:
        raise EnoughToday(n=n)
    salt = secrets.token_hex(16)
    digest = seal(salt, sort, happened_on.isoformat(), text.strip())
    made = IndependenceEntry.objects.create(
        sort=sort, happened_on=happened_on, text=text.strip(), salt=salt, sha256=digest, by=by, at=timezone.now()
    )
    after = {"sort": sort, "happened_on": happened_on.isoformat(), "sha256": digest}
    record_unnamed(kind=kinds.INDEPENDENCE, subject="everybody", after=after, rows=[made])
    return made


@transaction.atomic
def opened_by_keeper(*, by: Person) -> list[IndependenceEntry]:
    """Every entry, to the keeper of the register; each reading is an act of the ledger."""
    require(by, INDEPENDENCE)
    found = list(IndependenceEntry.objects.select_related("by"))
    record(by=by, kind=kinds.INDEPENDENCE_READ, subject="everybody", after={"entries": len(found)})
    return found
