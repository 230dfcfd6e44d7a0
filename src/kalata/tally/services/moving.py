"""The one writer of a state of a paper: the rule decides; the passage, the paper and what counts are kept together."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.services import require
from kalata.results import images
from kalata.results.models import RecallNotice, StationReport
from kalata.results.queries.bodies import body_of
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import ABSENT, Box, Sheet, Standing
from kalata.results.services import announcing, authority
from kalata.results.services.contests import changed, place_of
from kalata.tally import kinds
from kalata.tally.models import Copy, Paper, Passage
from kalata.tally.rules.hands import Past
from kalata.tally.rules.lifecycle import (
    PUBLIC,
    REPORT,
    STATE_LABELS,
    STEP_PARTS,
    TABLE,
    WAY_LABELS,
    WAYS,
    Act,
    AtItsDesk,
    Need,
    NotYou,
    Record,
    Row,
    Stale,
    State,
    Way,
    apply,
    recounted,
    standing_of,
)
from kalata.tally.services import hands, quorum


def boxes_of(contest: Contest) -> list[Box]:
    return [Box(b) for b in contest.boxes]


def blob_of(sheet: Sheet, boxes: Sequence[Box]) -> bytes:
    """A sheet as it is kept: int32 little-endian, boxes then votes, -1 where the paper is empty."""
    values = [sheet.boxes.get(box) for box in boxes] + list(sheet.votes)
    return struct.pack(f"<{len(values)}i", *(ABSENT if v is None else v for v in values))


HEAVY = ("contest__election__pack__content",)
"""The facts of a whole country: kept in memory by fingerprint, never read with a paper."""


def locked(paper_id: int) -> Paper:
    found = Paper.objects.select_for_update(of=("self",)).select_related("contest__election__pack", "station__unit")
    return found.defer(*HEAVY).get(pk=paper_id)


def all_locked(papers: Iterable[int]) -> list[Paper]:
    """Many papers of one contest, held until the end of the transaction, always in the same order."""
    keys = sorted(set(papers))
    out: list[Paper] = []
    for start in range(0, len(keys), 400):
        found = Paper.objects.select_for_update(of=("self",)).select_related("contest__election__pack", "station__unit")
        out += found.defer(*HEAVY).filter(pk__in=keys[start : start + 400]).order_by("pk")
    return out


def locked_free(paper_id: int) -> Paper:
    """The same, to be read and not held."""
    found = Paper.objects.select_related("contest__election__pack", "station__unit")
    return found.defer(*HEAVY).get(pk=paper_id)


def record_of(paper: Paper, past: Past | None = None) -> Record:
    """The paper as the rules see it. past: its hands, where they were read with those of others."""
    boxes = boxes_of(paper.contest)
    rows = paper.entries.filter(attempt=paper.attempt).order_by("pk") if paper.first_id or paper.adjusted else ()
    typed = {e.rank: sheet_of(e.sheet, boxes) for e in rows}
    now = {p: getattr(paper, f"{p}_id") for p in ("first", "second", "arbiter", "visa", "reviewer")}
    state = State(paper.state)
    settled = typed.get(4, typed.get(3, typed.get(2) if paper.arbiter_id is None else None))
    return Record(
        state=state,
        version=paper.version,
        hands={p: who for p, who in now.items() if who is not None},
        past=hands.past_of(paper) if past is None else past,
        holder=paper.holder_id,
        held_until=paper.held_until,
        first=typed.get(1),
        second=typed.get(2),
        final=None if state in (State.DIFFERENT, State.ARBITRATION) else settled,
        free=tuple(paper.free),
        approved=frozenset(paper.approved),
        answered=frozenset(paper.answered or ()),
        open_errors=frozenset(paper.errors),
        open_warnings=frozenset(paper.warnings),
        image=paper.image,
        annulled=paper.annulled,
        adjusted=paper.adjusted,
        last_hash=paper.last_hash,
    )


def move(
    paper: Paper,
    to: State,
    act: Act,
    *,
    before: Record | None = None,
    batched: bool = False,
    approval: int = 0,
    ruled: list[Counted] | None = None,
) -> Record:
    """The one writer of a state: the rule decides, the passage and the paper are kept together.

    batched: the caller has proved the figures of the whole batch, and tells the public log itself, once for all.
    ruled: under a decision of the court, which its versions rest on: what is to be counted is put there, and the caller
    writes it (`count_ruled`) and tells the public log, once for all the stations of the decision.
    Nothing becomes public whose figures are not proved (RES-311).
    """
    old = before or record_of(paper)
    if not batched and to in PUBLIC:
        authority.prove(paper.contest, [paper.station_id])
    act = replace(act, salt=secrets.token_hex(16))
    try:
        new, row = apply(old, to, act)
    except NotYou as refused:
        others = hands.others_for(paper, act.right, STEP_PARTS.get((old.state, to)))
        raise NotYou(part=str(refused.params["part"]), who=others) from None
    except Stale:
        raise stale(paper, act.seen or "") from None
    if not batched and WAYS[old.state, to] is Way.BATCH:
        raise AtItsDesk(to=STATE_LABELS[to], way=WAY_LABELS[Way.BATCH])
    passage = states.write(
        paper, REPORT, to, act, stand=old, tells=lambda: passage_of(paper, row), **columns_of(new),
        attempt=paper.attempt + (new.first is None and old.first is not None), since=act.at,
    )  # fmt: skip
    if act.image:
        images.join(act.image, f"paper:{paper.pk}", Person.objects.filter(pk=act.by).first())
    counted = hands.keep(paper, new.past - old.past, act.at)
    if recounted(old, new):
        if ruled is None:
            count(paper, new, passage)
        else:
            ruled.append(Counted(paper, new, passage.pk))
    elif State.CONTESTED in (old.state, new.state):
        changed(paper.contest)  # the same figures, and no longer as sure, or sure again
    if not batched:
        record(
            by=Person.objects.filter(pk=act.by).first() if act.by else None, kind=kinds.PAPER_PASSED,
            subject=hands.subject_of(paper), after={"from": row.start.value, "to": row.to.value, "hash": new.last_hash},
            rows=[passage, *counted, StationReport.objects.filter(passage_id=passage.pk)],
        )  # fmt: skip
    if new.state is State.RECALLED and old.state in PUBLIC:  # what was never public is taken back without a notice
        notice(paper, published=True, reason=act.reason, document=act.document, at=act.at)
    if ruled is None and (old.state in PUBLIC or (new.state in PUBLIC and not batched)):
        court = new.state in (State.ADJUSTED, State.ANNULLED)
        body = body_of(paper.contest, act.right, act.by, act.other)
        code = "court" if court else "correction"
        announcing.tell(
            paper.contest, [paper.station_id], announcing.Order(body, act.document, approval, act.reason, code)
        )
    return new


def columns_of(new: Record) -> dict[str, Any]:
    """What a paper keeps of its record, besides the state."""
    parts = {f"{part}_id": new.hands.get(part) for part in ("first", "second", "arbiter", "visa", "reviewer")}
    return {
        **parts,
        "version": new.version,
        "holder_id": new.holder,
        "held_until": new.held_until,
        "free": list(new.free),
        "approved": sorted(new.approved),
        "errors": sorted(new.open_errors),
        "warnings": sorted(new.open_warnings),
        "answered": sorted(new.answered),
        "image": new.image,
        "annulled": new.annulled,
        "adjusted": new.adjusted,
        "last_hash": new.last_hash,
    }


def passage_of(paper: Paper, row: Row) -> Passage:
    """The line of the chain that tells a step."""
    return Passage.objects.create(
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
        salt=row.salt,
        hash=row.hash(),
        sitting_id=row.sitting,
    )


def stale(paper: Paper, seen: str) -> Stale:
    """The refusal of an act on what is no longer there, naming the last of the passages since."""
    since = Passage.objects.filter(paper=paper)
    if last := since.filter(hash=seen).values_list("pk", flat=True).first():
        since = since.filter(pk__gt=last)
    newest = since.select_related("by").last()
    if newest is None:
        return Stale(to=STATE_LABELS[State(paper.state)])
    return Stale(
        to=STATE_LABELS[State(newest.to)], n=since.count(), who=newest.by.username if newest.by else "–",
        at=f"{timezone.localtime(newest.at):%H:%M}",
    )  # fmt: skip


def notice(paper: Paper, *, published: bool, reason: str, document: str, at: datetime) -> RecallNotice:
    """The numbered public notice of a recall; written in the transaction of the recall itself."""
    number = (RecallNotice.objects.filter(contest_id=paper.contest_id).aggregate(n=Max("number"))["n"] or 0) + 1
    version = StationReport.objects.filter(station_id=paper.station_id).aggregate(n=Max("version"))["n"] or 0
    return RecallNotice.objects.create(
        contest_id=paper.contest_id,
        station_id=paper.station_id,
        number=number,
        version=version,
        published=published,
        reason=reason[:400],
        document=document[:300],
        at=at,
    )


RECOUNTED: list[Callable[[Contest, Iterable[int]], object]] = []
"""What follows a report that starts or stops to count: whoever compares with it registers itself."""


def counted_again(contest: Contest, stations: Iterable[int]) -> None:
    for done in RECOUNTED:
        done(contest, stations)


def figures_of(paper: Paper, new: Record) -> tuple[Standing, bytes]:
    """What a record is worth and its figures; those taken back are not written again: the version before keeps them."""
    assert new.final is not None
    standing = standing_of(new)
    final = authority.blank(new.final) if standing is Standing.MISSING else new.final
    return standing, blob_of(final, boxes_of(paper.contest))


def count(paper: Paper, new: Record, passage: Passage) -> None:
    """Bring the totals in step: a version that counts, or one that says it no longer does."""
    standing, sheet = figures_of(paper, new)
    authority.write_one(
        station=paper.station,
        standing=standing,
        sheet=sheet,
        authority=authority.Authority("paper", passage.hash, passage=passage.pk),
        reason=STATE_LABELS[new.state],
    )
    changed(paper.contest)
    if Copy.objects.filter(station=paper.station_id, answer="").exists():
        counted_again(paper.contest, [paper.station_id])


@dataclass(frozen=True, slots=True)
class Counted:
    """A paper that starts or stops to count: its record after the step, and the passage that tells it."""

    paper: Paper
    new: Record
    passage: int


def count_ruled(contest: Contest, made: Sequence[Counted], ruling: authority.Authority) -> None:
    """The same for all the papers of one decision of the court, on which their versions rest."""
    stations = [m.paper.station_id for m in made]
    last: dict[int, int] = {}
    for start in range(0, len(stations), 400):
        rows = StationReport.objects.filter(station__in=stations[start : start + 400]).order_by().values("station")
        last |= {r["station"]: r["n"] for r in rows.annotate(n=Max("version"))}
    versions = []
    for one in made:
        standing, sheet = figures_of(one.paper, one.new)
        station = one.paper.station_id
        versions.append(authority.Version(station, int(standing), sheet, last.get(station, 0), one.passage))
    words = ruling.decision.words if ruling.decision else ""
    authority.write(contest=contest, rows=versions, authority=ruling, reason=words)
    copied = Copy.objects.filter(station__contest=contest, answer="").values_list("station", flat=True)
    if asked := sorted(set(stations) & set(copied)):
        counted_again(contest, asked)


def done(paper: Paper, by: Person, to: State, *, sitting_id: int | None = None, **extra: Any) -> tuple[Paper, Act]:
    """The act of a person on a paper, once the right over its place and contest is checked, and the sitting."""
    rule = TABLE.get((State(paper.state), to))
    right = rule.right if rule else ""
    if right:
        require(by, right, place=place_of(paper.station), contest=paper.contest_id)
    hands.not_read(paper, by, STEP_PARTS.get((State(paper.state), to)))
    if rule and Need.SITTING in rule.needs:
        extra["sitting"] = quorum.sitting_for(paper, sitting_id, by).pk
    return paper, Act(by=by.pk, at=extra.pop("at", None) or timezone.now(), right=right, **extra)
