"""Oaths, leave, suspension, end of office: what is decided of one holder."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.ledger.services import record
from kalata.lifecycle import Act
from kalata.people.approving import still
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.services import approvable, ask_approval
from kalata.results.territory import path_of
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training import kinds
from kalata.training.models import Oath, Post
from kalata.training.rules.posts import HOLDING, LABELS, POST, Held, State
from kalata.training.rules.posts_refusals import WrongState
from kalata.training.rules.rights import APPOINT, STAFF

KIND = "posts.holding"
ENDS = {
    "suspension": (State.AWAY, _("Suspension")), "leave": (State.AWAY, _("Congé")), "end": (State.VACANT, _("Fin de fonction")),
    "return": (State.APPOINTED, _("Reprise de fonction")),
}  # fmt: skip
"""What may be asked of a holder, and the state it leads to."""


def locked(pk: int) -> Post:
    return Post.objects.select_for_update(of=("self",)).select_related("agent", "unit", "contest").get(pk=pk)


@transaction.atomic
def swear(*, post: Post, place: str, witness: str, at: datetime, by: Person) -> Oath:
    """Note an oath, with its place and its witness: the post is confirmed. PEO-101, POS-101, LIF-101."""
    require(by, STAFF, place=path_of(post.unit), contest=post.contest_id)
    one = locked(post.pk)
    agent = one.agent
    sworn = bool(place.strip() and witness.strip())
    made: list[Oath] = []

    def told() -> Oath:
        assert agent is not None
        oath = Oath.objects.create(
            post=one, agent=agent, at=at, place=place.strip()[:200], witness=witness.strip()[:200], by=by, noted_at=timezone.now()
        )  # fmt: skip
        after = {
            "post": str(one),
            "agent": agent.code,
            "place": oath.place,
            "witness": oath.witness,
            "at": at.isoformat(),
        }
        record(by=by, kind=kinds.SWORN, subject=f"post:{one.pk}", after=after, rows=[oath])
        made.append(oath)
        return oath

    stand = Held(state=State(one.state), hands={}, sworn=sworn)
    states.write(one, POST, State.CONFIRMED, Act(by=by.pk, right=STAFF), tells=told, stand=stand)
    return made[0]


@transaction.atomic
def ask_change(*, post: Post, what: str, document: str, reason: str, by: Person) -> Approval:
    """Ask for a leave, a suspension, a return or the end of an office; the appointing authority signs it. POS-108."""
    place = path_of(post.unit)
    require(by, STAFF, place=place, contest=post.contest_id)
    to = ENDS[what][0]
    if (State(post.state), to) not in POST.moves or POST.moves[State(post.state), to].right != APPOINT:
        raise WrongState(post=post, state=LABELS[State(post.state)])
    who = post.agent.name if post.agent else ""
    return ask_approval(
        kind=KIND, subject=f"post:{post.pk}", summary=f"{post} : {who}", reason=reason, by=by, contest=post.contest_id, place=place,
        payload={"post": post.pk, "what": what, "agent": post.agent.code if post.agent else "", "document": document.strip()[:200]},
    )  # fmt: skip


def picture_of(approval: Approval, page: int = 1) -> Picture:
    one = Post.objects.select_related("agent", "contest").get(pk=approval.payload["post"])
    to, words = ENDS[approval.payload["what"]]
    who = one.agent.name if one.agent else None
    facts: dict[str, Value] = {
        "post": one.pk, "what": approval.payload["what"], "agent": one.agent.code if one.agent else None, "state": one.state,
        "document": approval.payload["document"],
    }  # fmt: skip
    lines = (
        Line(_("État"), one.state_label, Message(LABELS[to])),
        Line(_("Titulaire"), who, None if to is State.VACANT else who),
        Line(_("Acte"), None, approval.payload["document"]),
    )
    return Picture(Message(words), facts, (Item(one.body, one.position, lines),), 1)


@approvable(
    KIND,
    APPOINT,
    picture_of,
    title=_("Suspension, congé, reprise ou fin de fonction"),
    about="post",
    personal=True,
    asks=STAFF,
)
def change(approval: Approval, by: Person) -> None:
    """Carry out what was signed. The post of whoever ends is vacant again, and its proposal with it."""
    one = locked(approval.payload["post"])
    still(approval)
    to = ENDS[approval.payload["what"]][0]
    start, agent = one.state, one.agent
    after = {
        "post": str(one),
        "agent": agent.code if agent else "",
        "from": start,
        "to": to.value,
        "document": approval.payload["document"],
    }
    gone: dict[str, None] = {"agent": None, "appointment": None} if to is State.VACANT else {}
    if gone:
        one.proposals.filter(dropped_at=None).update(
            dropped_at=timezone.now(), dropped_by=by, dropped_why="fin de fonction"
        )
    states.write(
        one, POST, to, Act(by=by.pk, right=APPOINT, reason=approval.reason, document=approval.payload["document"]),
        stand=Held(state=State(start), hands={}),
        tells=lambda: record(by=by, kind=kinds.HOLDING_CHANGED, subject=f"post:{one.pk}", after=after, reason=approval.reason),
        suspended=to is State.AWAY, **gone,
    )  # fmt: skip


def may_change(post: Post) -> list[tuple[str, str]]:
    """What may be asked of this post now, in words."""
    state = State(post.state)
    if state in HOLDING:
        return [(k, w) for k, (_to, w) in ENDS.items() if k != "return"]
    return [(k, ENDS[k][1]) for k in ("return", "end")] if state is State.AWAY else []
