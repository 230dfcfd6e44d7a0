"""The tally centre for machines: the same services as the screens, behind a key with scopes. /api/openapi.json.

Every answer is JSON; a refusal is {"code", "fr", "en", "remedy"} with the status of its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Query, Router
from ninja.files import UploadedFile

from kalata.country.models import Contest
from kalata.country.queries import contests
from kalata.people import queries as people
from kalata.people.models import ApiToken, Person
from kalata.people.services import require
from kalata.results import images
from kalata.results.access import as_seen_by, contest_with, reach_of
from kalata.results.exports import coverage_record
from kalata.results.queries import board as boards
from kalata.results.rules.boxes import Sheet
from kalata.results.rules.checks import CHECKS
from kalata.results.rules.sheets import WrongForm, differences, lines_of
from kalata.results.services.contests import place_of
from kalata.tally.access import bags_of, paper_for, papers_of, scan_batches_of, sittings_of
from kalata.tally.api_shapes import (
    BagIn,
    BatchIn,
    Claimed,
    Code,
    CopyIn,
    HandIn,
    Ident,
    Lines,
    Move,
    OpenIn,
    PaperOut,
    PaperWhole,
    ValidateIn,
    Word,
    shown,
)
from kalata.tally.queries import papers as paper_queries
from kalata.tally.queries.kept import batches_of
from kalata.tally.rules.lifecycle import State
from kalata.tally.rules.rights import PAPERS
from kalata.tally.services import batches as publishing
from kalata.tally.services import commission, copies, custody, hands, scanning
from kalata.tally.services import reports as tally
from kalata.tally.tasks import read_scans
from kalata.ui.machines import Unknown, acting

PAGE = 200


router = Router(tags=["tally centre"])


def contest_of(request: HttpRequest, code: str, right: str) -> tuple[Contest, Person]:
    """The contest, for a key with this right whose person has a mandate in it; for others it does not exist."""
    person = acting(request, right)
    return contest_with(person, code, {right}), person


# --- reading and writing ----------------------------------------------------------------------
def sheet_from(contest: Contest, lines: Mapping[str, int | None]) -> Sheet:
    """The sheet of these lines. RES-401 where a line is not of the form; a line left out is empty."""
    boxes = tally.boxes_of(contest)
    votes = [f"c{i}" for i in range(1, contest.options.count() + 1)]
    for line, value in lines.items():
        if line not in {*(b.value for b in boxes), *votes} or (value is not None and not 0 <= value <= 99_999):
            raise WrongForm(line=line)
    return Sheet({b: lines.get(b.value) for b in boxes}, tuple(lines.get(v) for v in votes))


# --- reading --------------------------------------------------------------------------------
@router.get("/contests", summary="The contests this key reaches")
def list_contests(request: HttpRequest) -> list[dict[str, Any]]:
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    out = []
    for one in contests(unpublished=True):
        held = [s for s in token.scopes if people.reach(token.person, s, contest=one.pk)]
        if held:
            out.append(
                {"code": one.code, "name": one.name_fr, "round": one.round, "rights": held, "revision": one.revision}
            )
    return out


@router.get("/checks", summary="The registry of checks", auth=None)
def list_checks(request: HttpRequest) -> list[dict[str, str]]:
    from kalata.text import translate

    return [
        {"code": c.code, "level": c.level.value, "fr": c.formula, "en": translate(c.formula, "en"), "basis": c.basis}
        for c in CHECKS
    ]


@router.get("/contests/{code}/progress", summary="How many papers are in each state")
def progress(request: HttpRequest, code: str) -> dict[str, int]:
    contest, person = contest_of(request, code, "results.read")
    return paper_queries.progress(contest, reach_of(person, {"results.read"}, contest.pk))


@router.get("/contests/{code}/coverage", summary="What became of the stations: of the whole and of each area")
def coverage(request: HttpRequest, code: str) -> dict[str, Any]:
    """The read model of the pages, for these eyes: figures of the key's territories, what is public of the rest."""
    contest, person = contest_of(request, code, "results.read")
    return coverage_record(boards.board(as_seen_by(person, contest)))


@router.get("/contests/{code}/papers", response=list[PaperOut], summary="Papers, 200 a page")
def list_papers(
    request: HttpRequest, code: str, state: Word = "", q: Word = "", page: int = Query(1, ge=1, le=1_000_000)
) -> Any:  # noqa: B008
    contest, person = contest_of(request, code, "results.read")
    found = papers_of(person, contest, {"results.read"}).select_related("station").order_by("pk")
    if state:
        found = found.filter(state=state)
    if q:
        found = found.filter(Q(station__code__icontains=q) | Q(station__name__icontains=q))
    return [shown(p) for p in found[(page - 1) * PAGE : page * PAGE]]


@router.get("/contests/{code}/papers/{paper_id}", response=PaperWhole, summary="One paper with its whole history")
def one_paper(request: HttpRequest, code: str, paper_id: Ident) -> Any:
    contest, person = contest_of(request, code, "results.read")
    paper = papers_of(person, contest, {"results.read"}).select_related("station", "contest").get(pk=paper_id)
    known = tally.record_of(paper)
    hands.read(paper, person, timezone.now())
    return {
        **shown(paper),
        "figures": lines_of(known.final) if known.final else None,
        "passages": list(paper.passages.values()),
        "intact": paper_queries.intact(paper),
    }


# --- intake ---------------------------------------------------------------------------------
@router.post("/contests/{code}/receptions", response={201: PaperOut}, summary="A form arrives: its QR or station code")
def receive(request: HttpRequest, code: str, body: Code) -> Any:
    contest, person = contest_of(request, code, "results.receive")
    return 201, shown(tally.receive(contest=contest, station=body.code, by=person, reason=body.reason))


@router.post("/contests/{code}/scans", response={202: dict}, summary="A file of images (PDF, JPEG, PNG)")
def scan(request: HttpRequest, code: str, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    contest, person = contest_of(request, code, "results.scan")
    if (file.size or 0) > images.LARGEST_BATCH:
        raise images.BadImage(why=f"{(file.size or 0) // 2**20} Mo")
    batch = scanning.give(contest=contest, name=file.name or "file", content=file.read(), by=person)
    if batch.state == "waiting":
        read_scans.enqueue(batch.pk)
    return 202, {"id": batch.pk, "state": batch.state, "pages": batch.count, "sha256": batch.origin}


@router.get("/contests/{code}/scans/{batch_id}", summary="What became of each page")
def scan_report(request: HttpRequest, code: str, batch_id: Ident) -> dict[str, Any]:
    contest, person = contest_of(request, code, "results.scan")
    batch = scan_batches_of(person, contest).get(pk=batch_id)
    pages = batch.scans.values("number", "outcome", "detail", "sha256", "code", "paper__station__code")
    return {"id": batch.pk, "state": batch.state, "report": batch.report, "pages": list(pages)}


@router.post("/contests/{code}/bags", response={201: dict}, summary="A sealed bag or envelope")  # type: ignore[type-arg]
def seal(request: HttpRequest, code: str, body: BagIn) -> Any:
    contest, person = contest_of(request, code, "results.receive")
    bag = custody.seal(
        contest=contest, code=body.code, kind=body.kind, seals=" ".join(body.seals), stations=" ".join(body.stations),
        place=body.place, by=person,
    )  # fmt: skip
    return 201, {"id": bag.pk, "code": bag.code, "state": bag.state}


@router.post("/contests/{code}/bags/{bag}/handovers", response={201: dict}, summary="From hand to hand")  # type: ignore[type-arg]
def hand_over(request: HttpRequest, code: str, bag: str, body: HandIn) -> Any:
    contest, person = contest_of(request, code, "results.receive")
    row = custody.hand_over(
        bag_id=bags_of(person, contest).get(code=bag).pk, giver=body.giver, receiver=body.receiver, place=body.place,
        seals=" ".join(body.seals), condition=body.condition, by=person,
    )  # fmt: skip
    return 201, {"intact": row.intact, "at": row.at}


@router.post("/contests/{code}/bags/{bag}/opening", response={201: dict}, summary="Opened before a witness")  # type: ignore[type-arg]
def open_bag(request: HttpRequest, code: str, bag: str, body: OpenIn) -> Any:
    contest, person = contest_of(request, code, "results.receive")
    row = custody.open_bag(
        bag_id=bags_of(person, contest).get(code=bag).pk, found="\n".join(body.found), seals=" ".join(body.seals), witness=body.witness,
        condition=body.condition, by=person,
    )  # fmt: skip
    return 201, {"expected": row.expected, "received": row.received, "intact": row.intact}


# --- entries --------------------------------------------------------------------------------
@router.post(
    "/contests/{code}/claims", response={201: Claimed}, summary="Take the next paper to type; never two persons"
)
def claim(request: HttpRequest, code: str) -> Any:
    contest, person = contest_of(request, code, "results.enter")
    paper = tally.claim_next(contest=contest, right="results.enter", by=person)
    lines = [b.value for b in tally.boxes_of(contest)] + [f"c{o.rank}" for o in contest.options.all()]
    rank = 2 if paper.state == State.SECOND_ENTRY else 1
    return 201, {**shown(paper), "rank": rank, "lines": lines, "held_until": paper.held_until}


@router.post("/contests/{code}/papers/{paper_id}/entry", response={201: PaperOut}, summary="A blind entry")
def enter(request: HttpRequest, code: str, paper_id: Ident, body: Lines) -> Any:
    contest, person = contest_of(request, code, "results.enter")
    paper = tally.submit(
        paper_id=mine(person, contest, paper_id, "results.enter"),
        sheet=sheet_from(contest, body.lines),
        by=person,
        seen=body.seen,
        machine=True,
    )
    return 201, shown(paper)


@router.post("/contests/{code}/papers/{paper_id}/release", response=PaperOut, summary="Give a claimed paper back")
def release(request: HttpRequest, code: str, paper_id: Ident) -> Any:
    contest, person = contest_of(request, code, "results.enter")
    return shown(tally.give_back(paper_id=mine(person, contest, paper_id, "results.enter"), by=person))


def state_of(text: str) -> State:
    if text not in set(State):
        raise Unknown
    return State(text)


def mine(person: Person, contest: Contest, paper_id: Ident, right: str) -> int:
    """The number of a paper of this contest where this person holds the right, or 404."""
    return paper_for(person, contest, paper_id, {right}).pk


@router.post(
    "/contests/{code}/papers/{paper_id}/passages", response={201: PaperOut}, summary="An act of one person on a paper"
)
def move(request: HttpRequest, code: str, paper_id: Ident, body: Move) -> Any:
    """Incident, missing, no vote, set aside, typed again, warnings accepted: the table says which right it takes."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    scopes = PAPERS.intersection(token.scopes)
    contest = contest_with(token.person, code, scopes)
    paper = paper_for(token.person, contest, paper_id, scopes)
    to = state_of(body.to)
    rule = tally.TABLE.get((State(paper.state), to))
    right = rule.right if rule else "results.read"
    person = acting(request, right)
    require(person, right, place=place_of(paper.station), contest=contest.pk)
    tally.take_step(
        paper_id=paper.pk, to=to, reason=body.reason, document=body.document, sitting_id=body.sitting, by=person,
        seen=body.seen, alone=True,
    )  # fmt: skip
    paper.refresh_from_db()
    return 201, shown(paper)


@router.post("/contests/{code}/arbitrations", response={201: dict}, summary="Take the next paper whose entries differ")  # type: ignore[type-arg]
def claim_arbitration(request: HttpRequest, code: str) -> Any:
    contest, person = contest_of(request, code, "results.arbitrate")
    paper = tally.claim_next(contest=contest, right="results.arbitrate", by=person)
    known = tally.record_of(paper)
    apart = differences(known.first, known.second) if known.first and known.second else []
    return 201, {**shown(paper), "apart": [{"line": d.line, "a": d.first, "b": d.second} for d in apart]}


@router.post(
    "/contests/{code}/papers/{paper_id}/arbitration", response={201: PaperOut}, summary="One of the two values a line"
)
def arbitrate(request: HttpRequest, code: str, paper_id: Ident, body: Lines) -> Any:
    contest, person = contest_of(request, code, "results.arbitrate")
    return 201, shown(
        tally.arbitrate(
            paper_id=mine(person, contest, paper_id, "results.arbitrate"), choice=body.lines, by=person, seen=body.seen
        )
    )


@router.post(
    "/contests/{code}/papers/{paper_id}/requests",
    response={202: dict},
    summary="An act of two persons: asked here, approved at a screen",
)  # type: ignore[type-arg]
def ask_second(request: HttpRequest, code: str, paper_id: Ident, body: Move) -> Any:
    contest, person = contest_of(request, code, "results.review")
    to = state_of(body.to)
    asked = tally.ask_second(
        paper_id=mine(person, contest, paper_id, "results.review"), to=to, reason=body.reason,
        document=body.document, by=person, seen=body.seen,
    )  # fmt: skip
    return 202, {"approval": asked.pk}


# --- copies, commission, publication ----------------------------------------------------------
@router.post("/contests/{code}/copies", response={201: dict}, summary="The copy of an agent or an observer")  # type: ignore[type-arg]
def copy(request: HttpRequest, code: str, body: CopyIn) -> Any:
    contest, person = contest_of(request, code, "results.copy")
    made = copies.hand_in(
        contest=contest, station=body.station, source=body.source, sheet=sheet_from(contest, body.lines),
        legible=body.legible, by=person,
    )  # fmt: skip
    return 201, {"id": made.pk, "station": body.station}


@router.post(
    "/contests/{code}/sittings/{sitting_id}/validations", response={201: dict}, summary="Validate checked papers"
)  # type: ignore[type-arg]
def validate(request: HttpRequest, code: str, sitting_id: Ident, body: ValidateIn) -> Any:
    contest, person = contest_of(request, code, "results.commission")
    sitting = sittings_of(person, contest).get(pk=sitting_id)
    done, left = commission.validate_all(sitting_id=sitting.pk, papers=body.papers, by=person)
    return 201, {"validated": done, "left": left}


@router.post(
    "/contests/{code}/batches", response={202: dict}, summary="Ask for a batch; another person approves at a screen"
)  # type: ignore[type-arg]
def ask_batch(request: HttpRequest, code: str, body: BatchIn) -> Any:
    contest, person = contest_of(request, code, "results.publish")
    asked = publishing.ask_batch(contest=contest, document=body.document, note=body.note, by=person)
    return 202, {"approval": asked.pk, "papers": len(asked.payload["papers"])}


@router.get("/contests/{code}/batches", summary="Batches published so far")
def list_batches(request: HttpRequest, code: str) -> list[dict[str, Any]]:
    contest, _person = contest_of(request, code, "results.read")
    rows = batches_of(contest)
    return [
        {"number": b.number, "count": b.count, "digest": b.digest, "document": b.document, "at": b.at} for b in rows
    ]
