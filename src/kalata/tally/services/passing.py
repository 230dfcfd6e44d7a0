"""Acts on a paper that come with words: by one person, by the commission in its sitting, by two persons.

How a step is taken follows from the table (`rules.steps.WAYS`): no page, key or form chooses it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kalata.people.models import Approval, Person
from kalata.people.services import approvable, ask_approval, require
from kalata.results.services.contests import place_of
from kalata.tally.models import Paper
from kalata.tally.queries import pictures as paper_pictures
from kalata.tally.queries.sheet_findings import found_on
from kalata.tally.rules.hands import Part, clash
from kalata.tally.rules.lifecycle import (
    NEED_LABELS,
    STATE_LABELS,
    TABLE,
    WAY_LABELS,
    AtItsDesk,
    Illegal,
    Lacks,
    Need,
    Open,
    Record,
    State,
    Way,
    allowed_from,
    way_of,
)
from kalata.tally.rules.stops import AlreadyAsked, NotFirst
from kalata.tally.services.hands import past_of
from kalata.tally.services.moving import done, locked, move, record_of, stale
from kalata.text import gettext_noop as _

WORDS = frozenset({Way.ONE, Way.SITTING})


@transaction.atomic
def pass_on(
    *,
    paper_id: int,
    to: State,
    by: Person,
    reason: str = "",
    document: str = "",
    sitting_id: int | None = None,
    seen: str | None = None,
    now: datetime | None = None,
) -> Paper:
    """An act of one person that needs words only: incident, missing, no vote, warnings answered, typed again,
    set aside. The table says which right and what must come with it.

    Steps that bring figures, findings or a second person are taken at their desk (RES-417). The commission acts
    in a sitting (RES-460, RES-461, RES-464, RES-465). seen: the hash of the paper that was on the screen (RES-416).
    """
    paper = locked(paper_id)
    old = record_of(paper)
    extra = fresh(paper, old) if (old.state, to) == (State.CHECKED, State.UNDER_REVIEW) else {}
    paper, act = done(
        paper, by, to, sitting_id=sitting_id, reason=reason, document=document, at=now, seen=seen, **extra
    )
    allowed(old.state, to, WORDS)
    if (old.state, to) == (State.RECEIVED, State.EXPECTED):
        first_reception(paper)
    move(paper, to, act, before=old)
    return paper


def first_reception(paper: Paper) -> None:
    """RES-438: a reception is undone only where the paper was simply expected before it."""
    before = paper.passages.order_by("pk").values_list("start", flat=True).last()
    if before != State.EXPECTED:
        raise NotFirst(state=STATE_LABELS[State(before)] if before else "–")


def fresh(paper: Paper, old: Record) -> dict[str, Any]:
    """What the registry finds now on the settled figures of a paper."""
    if old.final is None:
        return {}
    errors, warnings = found_on(paper, old.final)
    return {"errors": errors, "warnings": warnings, "on": old.final}


def allowed(start: State, to: State, ways: Collection[Way], errors: bool = False) -> None:
    """Let a step be taken in one of these ways, or refuse: RES-410 not in the table, RES-417 taken otherwise."""
    way = way_of(start, to, errors)
    if way is None:
        there = ", ".join(STATE_LABELS[s] for s in allowed_from(start)) or "–"
        raise Illegal(start=STATE_LABELS[start], to=STATE_LABELS[to], allowed=there)
    if way not in ways:
        raise AtItsDesk(to=STATE_LABELS[to], way=WAY_LABELS[way])


@transaction.atomic
def validate(*, paper_id: int, by: Person, sitting_id: int | None = None, seen: str | None = None) -> Paper:
    """The commission validates in an open sitting: the figures enter the provisional totals.

    The registry reads the settled figures again: an error passes only where two persons have answered it
    (RES-415), whatever the paper says of itself.
    """
    paper = locked(paper_id)
    old = record_of(paper)
    found = fresh(paper, old) if old.state is State.CHECKED else {}
    paper, act = done(paper, by, State.VALIDATED, sitting_id=sitting_id, seen=seen, **found)
    if act.errors and not answered_by_two(paper):
        raise Open(n=len(act.errors), codes=", ".join(sorted(act.errors)))
    move(paper, State.VALIDATED, act, before=old)
    return paper


def answered_by_two(paper: Paper) -> bool:
    """True where the chain holds an answer of two persons given since the figures were settled."""
    settled = paper.passages.filter(to=State.MATCHED.value).order_by("-pk").values_list("pk", flat=True).first() or 0
    answers = paper.passages.filter(pk__gt=settled, start=State.UNDER_REVIEW.value, to=State.CHECKED.value)
    return answers.exclude(other=None).exists()


@transaction.atomic
def ask_second(
    *, paper_id: int, to: State, reason: str, by: Person, document: str = "", seen: str | None = None
) -> Approval:
    """Ask for an act that takes two persons: answering errors, recalling. RES-417: it takes one."""
    paper = locked(paper_id)
    start = State(paper.state)
    rule = TABLE.get((start, to))
    if rule is not None:
        require(by, rule.right, place=place_of(paper.station), contest=paper.contest_id)
    allowed(start, to, {Way.SECOND}, errors=bool(paper.errors))
    assert rule is not None
    if seen is not None and seen != paper.last_hash:
        raise stale(paper, seen)
    for need, given in ((Need.REASON, reason), (Need.DOCUMENT, document)):
        if need in rule.needs and not given.strip():
            raise Lacks(need=NEED_LABELS[need])
    for one in pending(paper):
        if (one.payload.get("to"), one.payload.get("seen")) == (to.value, paper.last_hash):
            raise AlreadyAsked(who=one.asked_by.username, n=one.pk)
    return ask_approval(
        kind=KINDS[rule.right],
        subject=subject_of(paper),
        summary=f"{paper.station.code} : « {STATE_LABELS[State(paper.state)]} » → « {STATE_LABELS[to]} » ({paper.contest.name_fr})",
        payload={"paper": paper.pk, "to": to.value, "document": document, "seen": paper.last_hash},
        reason=reason,
        by=by,
        contest=paper.contest_id,
        place=place_of(paper.station),
    )


@transaction.atomic
def answer_together(*, papers: Mapping[int, str], finding: str, reason: str, by: Person) -> int:
    """Answer papers whose only finding is this warning: {paper: the hash it showed}. Returns how many.

    Each one is a passage of its own. One that changed, bears anything else, or was in these hands before is left out:
    an error is never answered together, and never by one person.
    """
    if not reason.strip():
        raise Lacks(need=NEED_LABELS[Need.REASON])
    done_now = 0
    for pk, seen in papers.items():
        paper = locked(pk)
        require(by, "results.review", place=place_of(paper.station), contest=paper.contest_id)
        if paper.state != State.UNDER_REVIEW or paper.errors or paper.warnings != [finding] or paper.last_hash != seen:
            continue
        if clash(past_of(paper), by.pk, Part.REVIEW):
            continue
        pass_on(paper_id=pk, to=State.CHECKED, reason=reason, by=by, seen=seen)
        done_now += 1
    return done_now


def pending(paper: Paper) -> list[Approval]:
    """Requests about this paper that wait for a second person."""
    found = Approval.objects.filter(kind__in=KINDS.values(), subject=subject_of(paper), state="waiting")
    return list(found.select_related("asked_by").order_by("pk"))


def subject_of(paper: Paper) -> str:
    return f"station:{paper.contest.code}/{paper.station.code}"


KINDS = {
    "results.review": "paper.review",
    "results.recall": "paper.recall",
}


def carried_out(approval: Approval, by: Person) -> None:
    """What two persons agreed on, if the paper is still the one they both saw (RES-416)."""
    asked = approval.payload
    paper, to = locked(asked["paper"]), State(asked["to"])
    allowed(State(paper.state), to, {Way.SECOND}, errors=bool(paper.errors))
    paper, act = done(
        paper,
        approval.asked_by,
        to,
        reason=approval.reason,
        document=asked["document"],
        other=by.pk,
        seen=asked["seen"],
    )
    move(paper, to, act, approval=approval.pk)


def ask_again(old: Approval, by: Person) -> Approval:
    """The same act on the paper as it is now, if its state still allows it."""
    said = old.payload
    return ask_second(paper_id=said["paper"], to=State(said["to"]), reason=old.reason, document=said["document"], by=by)


TITLES = {
    "paper.review": _("Réponse à des erreurs"),
    "paper.recall": _("Rappel d’un procès-verbal"),
    "paper.decide": _("Annulation ou décision sur un procès-verbal"),
    "paper.publish": _("Publication d’un procès-verbal seul"),
}
for _right, _kind in {**KINDS, "results.publish": "paper.publish", "results.decide": "paper.decide"}.items():
    approvable(_kind, _right, paper_pictures.of_paper, title=TITLES[_kind], about="station", again=ask_again)(
        carried_out
    )
"""A request to publish one paper alone, or to annul one without a decision of the court, waiting since before that was
done otherwise, is shown and refused (RES-417)."""
