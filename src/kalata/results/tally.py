"""Every write about the paper on its way through the desks. `move` alone changes a state.

Each function is one act of one person; a second person, where one is needed, acts through an
approval. The passage, the entry and the version that counts are written in one transaction: after
a power cut we have all of it or none.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kalata.country import freezing
from kalata.country.models import Contest, Station
from kalata.people.models import Approval, Person
from kalata.people.services import approvable, ask_approval, require
from kalata.refusals import Refused
from kalata.results import announcing, authority, drafts, hands, paper_pictures, quorum
from kalata.results.access import papers_of, reach_of
from kalata.results.formcodes import form_of, paper_behind
from kalata.results.models import Copy, Entry, Paper, Passage, StationReport
from kalata.results.rules.boxes import ABSENT, Box, Sheet, Standing
from kalata.results.rules.entry import Line, differences, fits, settle
from kalata.results.rules.hands import Part
from kalata.results.rules.lifecycle import PUBLIC, STEP_PARTS, TABLE, Act, Need, NotYou, Record, State, apply
from kalata.results.services import changed, place_of
from kalata.results.sheet_findings import found_on
from kalata.results.store import sheet_of
from kalata.text import gettext_noop as _
from kalata.transparency.services import record

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
    says = _("%(n)d procès-verbaux attendent à ce poste, mais vous les avez tous déjà eus en main.")
    remedy = _("Ils attendent une autre personne. Peuvent les prendre : %(who)s.")
    status = 404


class NoPaper(Refused):
    code = "RES-431"
    says = _("Le bureau « %(station)s » n’est pas attendu ici.")
    remedy = _("Vérifiez le code et votre territoire ; le superviseur peut compléter le registre.")
    status = 404


class TwoMachines(Refused):
    code = "RES-433"
    says = _("La première saisie de ce procès-verbal vient déjà d’une machine.")
    remedy = _("Une personne fait l’autre saisie, depuis l’original.")
    status = 403


class CountedFromFiles(Refused):
    code = "RES-434"
    says = _("Les chiffres de %(n)d bureaux de cette partie du scrutin viennent déjà de fichiers.")
    remedy = _("Une partie est comptée depuis ses procès-verbaux ou depuis des fichiers, jamais des deux.")


def boxes_of(contest: Contest) -> list[Box]:
    return [Box(b) for b in contest.boxes]


def blob_of(sheet: Sheet, boxes: Sequence[Box]) -> bytes:
    """A sheet as it is kept: int32 little-endian, boxes then votes, -1 where the paper is empty."""
    values = [sheet.boxes.get(box) for box in boxes] + list(sheet.votes)
    return struct.pack(f"<{len(values)}i", *(ABSENT if v is None else v for v in values))


@transaction.atomic
def open_register(*, contest: Contest, by: Person | None = None) -> int:
    """Expect the paper of every station of the contest that has none yet. Returns how many were added."""
    if by is not None:
        require(by, "results.setup", contest=contest.pk)
    missing = Station.objects.filter(contest=contest, paper=None).values_list("pk", flat=True)
    parts = set(Station.objects.filter(contest=contest, paper=None).values_list("part", flat=True).distinct())
    filed = StationReport.objects.filter(contest=contest, current=True, authority="import", station__part__in=parts)
    if n := filed.count():
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
    for copy in Copy.objects.filter(contest=contest, station__paper__in=made).select_related("station__paper"):
        hands.keep(copy.station.paper, {(copy.by_id, Part.COPY)} - hands.past_of(copy.station.paper), now)
    record(by=by, kind="papers.expected", subject=f"contest:{contest.code}", after={"added": len(made)})
    return len(made)


HEAVY = ("contest__election__pack__content",)
"""The facts of a whole country: kept in memory by fingerprint, never read with a paper."""


def locked(paper_id: int) -> Paper:
    found = Paper.objects.select_for_update(of=("self",)).select_related("contest__election__pack", "station__unit")
    return found.defer(*HEAVY).get(pk=paper_id)


def record_of(paper: Paper) -> Record:
    """The paper as the rules see it."""
    boxes = boxes_of(paper.contest)
    rows = paper.entries.filter(attempt=paper.attempt).order_by("pk") if paper.first_id else ()
    typed = {e.rank: sheet_of(e.sheet, boxes) for e in rows}
    now = {p: getattr(paper, f"{p}_id") for p in ("first", "second", "arbiter", "visa", "reviewer")}
    state = State(paper.state)
    settled = typed.get(3, typed.get(2) if paper.arbiter_id is None else None)
    return Record(
        state=state,
        version=paper.version,
        hands={p: who for p, who in now.items() if who is not None},
        past=hands.past_of(paper),
        holder=paper.holder_id,
        held_until=paper.held_until,
        first=typed.get(1),
        second=typed.get(2),
        final=None if state in (State.DIFFERENT, State.ARBITRATION) else settled,
        free=tuple(paper.free),
        approved=frozenset(paper.approved),
        open_errors=frozenset(paper.errors),
        open_warnings=frozenset(paper.warnings),
        image=paper.image,
        annulled=paper.annulled,
        adjusted=paper.adjusted,
        last_hash=paper.last_hash,
    )


def move(
    paper: Paper, to: State, act: Act, *, before: Record | None = None, batched: bool = False, approval: int = 0
) -> Record:
    """The one writer of a state: the rule decides, the passage and the paper are kept together.

    batched: the caller tells the public log itself, once for many papers.
    """
    old = before or record_of(paper)
    try:
        new, row = apply(old, to, act)
    except NotYou as refused:
        others = hands.others_for(paper, act.right, STEP_PARTS.get((old.state, to)))
        raise NotYou(part=str(refused.params["part"]), who=others) from None
    if new.first is None and old.first is not None:
        paper.attempt += 1
    paper.state, paper.version = new.state.value, new.version
    for part in ("first", "second", "arbiter", "visa", "reviewer"):
        setattr(paper, f"{part}_id", new.hands.get(part))
    paper.holder_id, paper.held_until = new.holder, new.held_until
    paper.free, paper.approved = list(new.free), sorted(new.approved)
    paper.errors, paper.warnings = sorted(new.open_errors), sorted(new.open_warnings)
    paper.image, paper.annulled, paper.adjusted = new.image, new.annulled, new.adjusted
    paper.last_hash, paper.since = new.last_hash, act.at
    paper.save()
    passage = Passage.objects.create(
        paper=paper,
        version=row.version,
        start=row.start.value,
        to=row.to.value,
        by_id=row.by or None,
        other_id=row.other,
        right=row.right,
        at=row.at,
        reason=row.reason[:400],
        document=row.document[:300],
        figures=row.figures,
        previous=row.previous,
        hash=row.hash(),
        sitting_id=row.sitting,
    )
    hands.keep(paper, new.past - old.past, act.at)
    if old.counted != new.counted or (new.counted and old.final != new.final):
        count(paper, new, passage)
    elif State.CONTESTED in (old.state, new.state):
        changed(paper.contest)  # the same figures, and no longer as sure, or sure again
    if new.state is State.RECALLED and old.counted:
        from kalata.results.publishing import notice

        notice(paper, published=old.state is not State.VALIDATED, reason=act.reason, document=act.document, at=act.at)
    if old.state in PUBLIC or (new.state in PUBLIC and not batched):
        court = new.state in (State.ADJUSTED, State.ANNULLED)
        body = ORDERED_BY.get(act.right, "two_persons")
        code = "court" if court else "correction"
        announcing.tell(
            paper.contest, [paper.station_id], announcing.Order(body, act.document, approval, act.reason, code)
        )
    return new


ORDERED_BY = {"results.publish": "commission", "results.decide": "court", "results.proclaim": "court"}
"""Right of an act -> the body that the public reads: a report is published on the act of the commission."""


def count(paper: Paper, new: Record, passage: Passage) -> None:
    """Bring the totals in step: a version that counts, or one that says it no longer does."""
    assert new.final is not None
    standing = Standing.COUNTED if new.counted else Standing.ANNULLED if new.annulled else Standing.MISSING
    # figures taken back are not written again: the version before keeps them
    final = authority.blank(new.final) if standing is Standing.MISSING else new.final
    authority.write_one(
        station=paper.station,
        standing=standing,
        sheet=blob_of(final, boxes_of(paper.contest)),
        authority=authority.by_paper(passage),
        reason=f"{new.state.value} v{new.version}",
    )
    changed(paper.contest)
    if Copy.objects.filter(station=paper.station_id, answer="").exists():
        from kalata.results.copies import refresh

        refresh(paper.contest, [paper.station_id])


def done(paper: Paper, by: Person, to: State, *, sitting_id: int | None = None, **extra: Any) -> tuple[Paper, Act]:
    """The act of a person on a paper, once the right over its place and contest is checked, and the sitting."""
    rule = TABLE.get((State(paper.state), to))
    right = rule.right if rule else ""
    if right:
        require(by, right, place=place_of(paper.station), contest=paper.contest_id)
    if rule and Need.SITTING in rule.needs:
        extra["sitting"] = quorum.sitting_for(paper, sitting_id, by).pk
    return paper, Act(by=by.pk, at=extra.pop("at", None) or timezone.now(), right=right, **extra)


# --- reception and scanning -----------------------------------------------------------------
@transaction.atomic
def receive(*, contest: Contest, station: str, by: Person, reason: str = "") -> Paper:
    """The paper of a station is in the house. station: its code, or the QR of its form.

    Raises: RES-431 none is expected, RES-420, RES-421 misread or foreign form, RES-423 replaced form.
    """
    here = reach_of(by, {"results.receive"}, contest.pk)
    if here.tops == ():
        require(by, "results.receive", contest=contest.pk)
    paper, act = done(locked(paper_behind(contest, station, here).pk), by, State.RECEIVED, reason=reason)
    move(paper, State.RECEIVED, act)
    return paper


@transaction.atomic
def scan(*, paper_id: int, image: str, by: Person) -> Paper:
    """Attach the image of the paper by its SHA-256 (hex)."""
    paper, act = done(locked(paper_id), by, State.SCANNED, image=image)
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


@transaction.atomic
def claim_next(*, contest: Contest, right: str, by: Person, now: datetime | None = None) -> Paper:
    """Take the next paper of a desk until HOLD from now; no paper is given to two persons. RES-430: none."""
    at = now or timezone.now()
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
    *, paper_id: int, sheet: Sheet, by: Person, seen: str = "", now: datetime | None = None, machine: bool = False
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
            extra = dict(zip(("errors", "warnings"), found_on(paper, sheet), strict=True))
    attempt = paper.attempt
    paper, act = done(paper, by, to, sheet=sheet, seen=seen, at=now, **extra)
    new = move(paper, to, act, before=old)
    Entry.objects.create(paper=paper, attempt=attempt, rank=rank, by=by, sheet=blob, at=act.at, machine=machine)
    drafts.drop(paper, by)
    if new.state is State.MATCHED:
        screened(paper, new, act.at)
    return paper


def screened(paper: Paper, matched: Record, at: datetime) -> None:
    """The house itself reads the findings: nothing found is checked, anything found goes to review."""
    clean = not (matched.open_errors or matched.open_warnings)
    move(
        paper, State.CHECKED if clean else State.UNDER_REVIEW, Act(by=0, at=at, right="results.review"), before=matched
    )


@transaction.atomic
def arbitrate(
    *, paper_id: int, choice: Mapping[Line, int | None], by: Person, reason: str = "", image: str = ""
) -> Paper:
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
        paper, by, to, choice=choice, reason=reason, image=image, document=image, errors=errors, warnings=warnings
    )
    new = move(paper, to, act, before=old)
    blob = blob_of(decided.sheet, boxes_of(paper.contest))
    Entry.objects.create(paper=paper, attempt=paper.attempt, rank=3, by=by, sheet=blob, at=act.at)
    if new.state is State.MATCHED:
        screened(paper, new, act.at)
    return paper


@transaction.atomic
def give_visa(*, paper_id: int, agree: bool, reason: str, by: Person) -> Paper:
    """A fourth person approves, or refuses, a value that neither clerk typed."""
    paper = locked(paper_id)
    old = record_of(paper)
    to = State.MATCHED if agree else State.DIFFERENT
    errors, warnings = found_on(paper, old.final) if agree and old.final else (frozenset(), frozenset())
    paper, act = done(paper, by, to, reason=reason, errors=errors, warnings=warnings)
    new = move(paper, to, act, before=old)
    if agree:
        screened(paper, new, act.at)
    return paper


# --- review, commission ---------------------------------------------------------------------
@transaction.atomic
def pass_on(
    *,
    paper_id: int,
    to: State,
    by: Person,
    reason: str = "",
    document: str = "",
    sitting_id: int | None = None,
    now: datetime | None = None,
) -> Paper:
    """An act of one person that needs words only: incident, missing, no vote, warnings answered, typed again,
    set aside. The table says which right and what must come with it.

    Errors are answered, and records published or recalled, by two persons: `ask_second`. The commission acts
    in a sitting (RES-460, RES-461, RES-464, RES-465).
    """
    paper, act = done(locked(paper_id), by, to, sitting_id=sitting_id, reason=reason, document=document, at=now)
    move(paper, to, act)
    return paper


@transaction.atomic
def validate(*, paper_id: int, by: Person, sitting_id: int | None = None) -> Paper:
    """The commission validates in an open sitting: the figures enter the provisional totals."""
    paper, act = done(locked(paper_id), by, State.VALIDATED, sitting_id=sitting_id)
    move(paper, State.VALIDATED, act)
    return paper


@transaction.atomic
def ask_second(*, paper_id: int, to: State, reason: str, by: Person, document: str = "") -> Approval:
    """Ask for an act that takes two persons: answering errors, publishing, recalling."""
    paper = locked(paper_id)
    rule = TABLE.get((State(paper.state), to))
    kind = KINDS.get(rule.right) if rule else None
    if rule is None or kind is None:
        paper, act = done(paper, by, to, reason=reason, document=document)
        move(paper, to, act)  # refused with the states that are allowed
        raise AssertionError(to)
    require(by, rule.right, place=place_of(paper.station), contest=paper.contest_id)
    return ask_approval(
        kind=kind,
        subject=f"station:{paper.contest.code}/{paper.station.code}",
        summary=f"{paper.station.code} : {paper.state} → {to.value} ({paper.contest.name_fr})",
        payload={"paper": paper.pk, "to": to.value, "document": document, "seen": paper.last_hash},
        reason=reason,
        by=by,
        contest=paper.contest_id,
        place=place_of(paper.station),
    )


KINDS = {
    "results.review": "paper.review",
    "results.publish": "paper.publish",
    "results.recall": "paper.recall",
    "results.decide": "paper.decide",
}


def carried_out(approval: Approval, by: Person) -> None:
    """What two persons agreed on, if the paper is still the one they both saw (RES-416)."""
    asked = approval.payload
    paper, to = locked(asked["paper"]), State(asked["to"])
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


for _right, _kind in KINDS.items():
    approvable(_kind, _right, paper_pictures.of_paper, again=ask_again)(carried_out)
