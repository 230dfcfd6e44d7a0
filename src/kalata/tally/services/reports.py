"""Every write about the paper on its way through the desks. `move` alone changes a state.

Each function is one act of one person; a second person, where one is needed, acts through an
approval. The passage, the entry and the version that counts are written in one transaction: after
a power cut we have all of it or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kalata.country import freezing
from kalata.country.models import Contest, Station
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results.access import reach_of
from kalata.results.models import StationReport
from kalata.results.rules.boxes import Sheet
from kalata.results.rules.sheets import Line, differences, fits
from kalata.results.services.contests import place_of
from kalata.tally import kinds
from kalata.tally.access import papers_of
from kalata.tally.models import Copy, Entry, Hand, Paper
from kalata.tally.queries.formcodes import NoPaper as NoPaper
from kalata.tally.queries.formcodes import form_of, paper_behind
from kalata.tally.queries.sheet_findings import found_on
from kalata.tally.rules.entry import settle
from kalata.tally.rules.hands import Part
from kalata.tally.rules.lifecycle import (
    STATE_LABELS,
    TABLE,
    WAY_LABELS,
    Act,
    AtItsDesk,
    Record,
    State,
    Way,
    way_of,
)
from kalata.tally.services import drafts, hands
from kalata.tally.services.moving import HEAVY as HEAVY
from kalata.tally.services.moving import blob_of as blob_of
from kalata.tally.services.moving import boxes_of as boxes_of
from kalata.tally.services.moving import done as done
from kalata.tally.services.moving import locked as locked
from kalata.tally.services.moving import locked_free as locked_free
from kalata.tally.services.moving import move as move
from kalata.tally.services.moving import record_of as record_of
from kalata.tally.services.passing import KINDS as KINDS
from kalata.tally.services.passing import ask_second as ask_second
from kalata.tally.services.passing import pass_on as pass_on
from kalata.tally.services.passing import validate as validate
from kalata.tally.services.receiving import here_already as here_already
from kalata.tally.services.receiving import undo_reception as undo_reception
from kalata.text import gettext_noop as _

HOLD = timedelta(minutes=15)
INCIDENTS = (
    _("illisible"),
    _("image d’un autre bureau"),
    _("page manquante"),
    _("non signé"),
    _("formulaire vierge"),
    _("surcharge ou rature non contresignée"),
)
"""What a desk most often reports; any other words may be typed."""


class NothingWaits(Refused):
    code = "RES-430"
    says = _("Aucun procès-verbal n’attend à ce poste dans votre zone.")
    remedy = _("Revenez dans quelques minutes, ou demandez au superviseur un autre poste.")
    status = 404


class OthersWait(NothingWaits):
    """Papers wait at this desk, each of which this person has had in hand."""

    code = "RES-436"
    says = _("%(n)d {n:procès-verbal attend à ce poste, mais vous l’avez déjà eu en main|procès-verbaux attendent à ce poste, mais vous les avez tous déjà eus en main}.")
    remedy = _("Ils attendent une autre personne. Peuvent les prendre : %(who)s.")
    status = 404


class TwoMachines(Refused):
    code = "RES-433"
    says = _("La première saisie de ce procès-verbal vient déjà d’une machine.")
    remedy = _("Une personne fait l’autre saisie, depuis l’original.")
    status = 403


class CountedFromFiles(Refused):
    code = "RES-434"
    says = _("Les chiffres de %(n)d {n:bureau|bureaux} de cette partie du scrutin viennent déjà de fichiers.")
    remedy = _("Une partie est comptée depuis ses procès-verbaux ou depuis des fichiers, jamais des deux.")


@transaction.atomic
def open_register(*, contest: Contest, by: Person | None = None) -> int:
    """Expect the paper of every station of the contest that has none yet. Returns how many were added.

    Raises: RES-434 a part has figures from files. The contest is held as an import holds it: whichever comes second
    sees what the first one did.
    """
    if by is not None:
        require(by, "results.setup", contest=contest.pk)
    Contest.objects.select_for_update(of=("self",)).get(pk=contest.pk)
    missing = Station.objects.filter(contest=contest, paper=None).values_list("pk", flat=True)
    parts = set(Station.objects.filter(contest=contest, paper=None).values_list("part", flat=True).distinct())
    filed = StationReport.objects.filter(contest=contest, authority="import", station__part__in=parts)
    if n := filed.values("station").distinct().count():  # a decision on a station since then changes nothing to that
        raise CountedFromFiles(n=n)
    now = timezone.now()
    first = not Paper.objects.filter(contest=contest).exists() and freezing.freeze_of(contest) is None
    if first:  # what the pack's form has beside the count is typed too, from the first paper on
        marks = [m for m in form_of(contest).get("marks") or () if m not in contest.boxes]
        contest.boxes = [*contest.boxes, *marks]
        contest.save(update_fields=["boxes"])
    made = Paper.objects.bulk_create(
        [Paper(contest=contest, station_id=pk, since=now) for pk in missing], batch_size=2000
    )
    counted: list[Hand] = []
    for copy in Copy.objects.filter(contest=contest, station__paper__in=made).select_related("station__paper"):
        counted += hands.keep(copy.station.paper, {(copy.by_id, Part.COPY)} - hands.past_of(copy.station.paper), now)
    record(
        by=by,
        kind=kinds.PAPERS_EXPECTED,
        subject=f"contest:{contest.code}",
        after={"added": len(made)},
        rows=[contest, *counted],
    )
    return len(made)


# --- reception and scanning -----------------------------------------------------------------
@transaction.atomic
def receive(*, contest: Contest, station: str, by: Person, reason: str = "") -> Paper:
    """The paper of a station is in the house. station: its code, or the QR of its form.

    Raises: RES-431 none is expected, RES-420, RES-421 misread or foreign form, RES-423 replaced form.
    """
    here = reach_of(by, {"results.receive"}, contest.pk)
    if here.tops == ():
        require(by, "results.receive", contest=contest.pk)
    paper = locked(paper_behind(contest, station, here).pk)
    if (State(paper.state), State.RECEIVED) not in TABLE:
        raise here_already(paper)
    paper, act = done(paper, by, State.RECEIVED, reason=reason)
    move(paper, State.RECEIVED, act)
    return paper


@transaction.atomic
def scan(*, paper_id: int, image: str, by: Person, seen: str | None = None) -> Paper:
    """Attach the image of the paper by its SHA-256 (hex)."""
    paper, act = done(locked(paper_id), by, State.SCANNED, image=image, seen=seen)
    move(paper, State.SCANNED, act)
    return paper


# --- the queues -----------------------------------------------------------------------------
QUEUES: Mapping[str, tuple[tuple[State, State], ...]] = {
    "results.enter": ((State.FIRST_ENTERED, State.SECOND_ENTRY), (State.SCANNED, State.FIRST_ENTRY)),
    "results.arbitrate": ((State.DIFFERENT, State.ARBITRATION),),
}
"""What a person takes next at a desk: papers already begun first, the oldest first."""
PARTS = {
    "results.enter": Part.OPENED,
    "results.arbitrate": Part.SAW,
    "results.visa": Part.VISA,
    "results.review": Part.REVIEW,
    "results.commission": Part.COMMISSION,
}
"""The part that a person takes at a desk."""


def waiting(contest: Contest, by: Person, right: str, state: State) -> QuerySet[Paper]:
    """Papers in a state that this person may take: in reach, and never one they have had in hand."""
    found = papers_of(by, contest, {right}).filter(state=state.value)
    part = PARTS.get(right)  # whoever receives or scans a paper has seen no figure of it
    return (hands.free_for(found, contest, by, part) if part else found).order_by("since", "pk")


def claim_next(*, contest: Contest, right: str, by: Person, now: datetime | None = None) -> Paper:
    """Take the next paper of a desk until HOLD from now; no paper is given to two persons. RES-430: none."""
    at = now or timezone.now()
    return held(contest, right, by, at) or claimed(contest=contest, right=right, by=by, at=at)


def held(contest: Contest, right: str, by: Person, at: datetime) -> Paper | None:
    """The paper this person has in hand at a desk, read without a lock: a desk looked at again waits for nobody who writes."""
    states = [to.value for _start, to in QUEUES[right]]
    found = Paper.objects.filter(contest=contest, holder=by, held_until__gt=at, state__in=states)
    return found.select_related("contest__election__pack", "station__unit").defer(*HEAVY).first()


@transaction.atomic
def claimed(*, contest: Contest, right: str, by: Person, at: datetime) -> Paper:
    """The next paper taken, under its lock; another tab may have taken one meanwhile: that one."""
    mine = Paper.objects.filter(contest=contest, holder=by, held_until__gt=at).values_list("pk", "state").first()
    if mine is not None and mine[1] in {to.value for _start, to in QUEUES[right]}:
        return locked(mine[0])  # after a power cut the same paper comes back
    for _turn in range(2):
        for start, to in QUEUES[right]:
            free = waiting(contest, by, right, start).select_for_update(skip_locked=True, of=("self",))
            paper = free.select_related("contest__election__pack", "station__unit").defer(*HEAVY).first()
            if paper is not None:
                paper, act = done(paper, by, to, until=at + HOLD, at=at)
                move(paper, to, act)
                return paper
        if not release_expired(contest, at):
            break
    starts = [start.value for start, _to in QUEUES[right]]
    left = papers_of(by, contest, {right}).filter(state__in=starts)
    if one := left.select_related("station__unit").first():
        raise OthersWait(n=left.count(), who=hands.others_for(one, right, PARTS[right]))
    raise NothingWaits


BACK: Mapping[State, State] = {to: start for queue in QUEUES.values() for start, to in queue}


def release_expired(contest: Contest, at: datetime) -> int:
    """Give back the papers whose holder has let the time pass: the house does it, their queue goes on."""
    stale = Paper.objects.filter(contest=contest, state__in=[s.value for s in BACK], held_until__lte=at)
    freed = 0
    for pk in list(stale.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:200]):
        paper = locked(pk)
        to = BACK[State(paper.state)]
        move(paper, to, Act(by=0, at=at, right=TABLE[State(paper.state), to].right, reason="expiration"))
        freed += 1
    return freed


def release_all() -> int:
    """Every minute: no paper stays with somebody who has left. Returns how many were freed."""
    at = timezone.now()
    freed = 0
    for contest in Contest.objects.filter(papers__held_until__lte=at).distinct():
        with transaction.atomic():
            freed += release_expired(contest, at)
    return freed


@transaction.atomic
def give_back(*, paper_id: int, by: Person) -> Paper:
    """Put a claimed paper back in its queue; what was not submitted is not an entry."""
    paper = locked(paper_id)
    to = {
        State.FIRST_ENTRY: State.SCANNED,
        State.SECOND_ENTRY: State.FIRST_ENTERED,
        State.ARBITRATION: State.DIFFERENT,
    }.get(State(paper.state), State.EXPECTED)
    paper, act = done(paper, by, to)
    move(paper, to, act)
    return paper


# --- entries --------------------------------------------------------------------------------
@transaction.atomic
def submit(
    *,
    paper_id: int,
    sheet: Sheet,
    by: Person,
    seen: str | None = None,
    now: datetime | None = None,
    machine: bool = False,
) -> Paper:
    """Keep a blind entry. The state follows from the figures: entered, matched or different.

    machine: sent by a program; one entry at least is typed by a person (RES-433).

    Raises: RES-401 another form, RES-412 the same clerk twice, RES-413 held by somebody else.
    """
    paper = locked(paper_id)
    fits(sheet, frozenset(boxes_of(paper.contest)), paper.contest.options.count())
    blob = blob_of(sheet, boxes_of(paper.contest))
    mine = paper.entries.filter(attempt=paper.attempt, by=by, rank__lt=3).first()
    if mine is not None and bytes(mine.sheet) == blob:
        return paper  # the same entry sent again after a cut: it is already kept
    old = record_of(paper)
    rank = 2 if old.state is State.SECOND_ENTRY else 1
    if machine and rank == 2 and paper.entries.filter(attempt=paper.attempt, rank=1, machine=True).exists():
        raise TwoMachines
    to = State.FIRST_ENTERED
    extra: dict[str, Any] = {}
    if rank == 2 and old.first is not None:
        same = not differences(old.first, sheet)
        to = State.MATCHED if same else State.DIFFERENT
        if same:
            extra = {**dict(zip(("errors", "warnings"), found_on(paper, sheet), strict=True)), "on": sheet}
    attempt = paper.attempt
    paper, act = done(paper, by, to, sheet=sheet, seen=seen, at=now, **extra)
    new = move(paper, to, act, before=old)
    kept(Entry(paper=paper, attempt=attempt, rank=rank, by=by, sheet=blob, at=act.at, machine=machine))
    drafts.drop(paper, by)
    if new.state is State.MATCHED:
        screened(paper, new, act.at)
    return paper


def kept(entry: Entry) -> None:
    """Keep an entry and the act that tells it, which says nothing of its figures."""
    entry.save(force_insert=True)
    after = {"attempt": entry.attempt, "rank": entry.rank}
    record(by=entry.by, kind=kinds.ENTRY_KEPT, subject=hands.subject_of(entry.paper), after=after, rows=[entry])


def screened(paper: Paper, matched: Record, at: datetime) -> None:
    """The house itself reads the findings: nothing found is checked, anything found goes to review."""
    clean = not (matched.open_errors or matched.open_warnings)
    move(
        paper, State.CHECKED if clean else State.UNDER_REVIEW, Act(by=0, at=at, right="results.review"), before=matched
    )


@transaction.atomic
def take_step(
    *, paper_id: int, to: State, by: Person, seen: str | None, reason: str = "", document: str = "", image: str = "",
    sitting_id: int | None = None, alone: bool = False,
) -> Way:  # fmt: skip
    """One step of a paper, taken the way that follows from the paper and the step. Returns that way.

    alone: neither an image nor a second person can come with it.

    Raises: RES-416 the paper is not the one that was seen, RES-417 the step is taken elsewhere.
    """
    paper = locked(paper_id)
    way = way_of(State(paper.state), to, bool(paper.errors))
    if alone and way in (Way.SCAN, Way.SECOND):
        require(by, TABLE[State(paper.state), to].right, place=place_of(paper.station), contest=paper.contest_id)
        raise AtItsDesk(to=STATE_LABELS[to], way=WAY_LABELS[way])
    if way is Way.SCAN:
        scan(paper_id=paper_id, image=image, by=by, seen=seen)
    elif way is Way.VISA:
        give_visa(paper_id=paper_id, agree=to is State.MATCHED, reason=reason, by=by, seen=seen)
    elif way is Way.VALIDATE:
        validate(paper_id=paper_id, by=by, sitting_id=sitting_id, seen=seen)
    elif way is Way.SECOND:
        ask_second(paper_id=paper_id, to=to, reason=reason, document=document, by=by, seen=seen)
    else:
        pass_on(paper_id=paper_id, to=to, reason=reason, document=document, by=by, sitting_id=sitting_id, seen=seen)
    return way or Way.ONE


@transaction.atomic
def arbitrate(
    *, paper_id: int, choice: Mapping[Line, int | None], by: Person, reason: str = "", image: str = "",
    seen: str | None = None,
) -> Paper:  # fmt: skip
    """Settle what differs. A value neither clerk typed goes to the visa of a fourth person, with its crop."""
    paper = locked(paper_id)
    old = record_of(paper)
    if old.first is None or old.second is None:
        paper, act = done(paper, by, State.MATCHED, choice=choice)
        move(paper, State.MATCHED, act, before=old)
        return paper
    decided = settle(old.first, old.second, choice)
    to = State.SECOND_VISA if decided.free else State.MATCHED
    errors, warnings = found_on(paper, decided.sheet)
    paper, act = done(
        paper, by, to, choice=choice, reason=reason, image=image, document=image, errors=errors, warnings=warnings,
        on=decided.sheet, seen=seen,
    )  # fmt: skip
    new = move(paper, to, act, before=old)
    blob = blob_of(decided.sheet, boxes_of(paper.contest))
    kept(Entry(paper=paper, attempt=paper.attempt, rank=3, by=by, sheet=blob, at=act.at))
    if new.state is State.MATCHED:
        screened(paper, new, act.at)
    return paper


@transaction.atomic
def give_visa(*, paper_id: int, agree: bool, reason: str, by: Person, seen: str | None = None) -> Paper:
    """A fourth person approves, or refuses, a value that neither clerk typed; what is found on the sheet stays open."""
    paper = locked(paper_id)
    old = record_of(paper)
    to = State.MATCHED if agree else State.DIFFERENT
    errors, warnings = found_on(paper, old.final) if agree and old.final else (frozenset(), frozenset())
    paper, act = done(paper, by, to, reason=reason, errors=errors, warnings=warnings, on=old.final, seen=seen)
    new = move(paper, to, act, before=old)
    if agree:
        screened(paper, new, act.at)
    return paper
