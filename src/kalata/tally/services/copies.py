"""Copies of candidates' agents and observers: kept as given, compared field by field, never counted (W09)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from kalata import codes, lifecycle, states
from kalata.country.models import Contest, Station
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.rules.shown import mark
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results import images
from kalata.results.access import reach_of
from kalata.results.models import StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import MARKS, Box, Sheet, Standing
from kalata.results.rules.sheets import fits, lines_of
from kalata.results.services.contests import place_of
from kalata.results.territory import EVERYWHERE, Reach
from kalata.tally import kinds
from kalata.tally.models import Copy, Paper
from kalata.tally.rules.copies import ANSWERS as ANSWERS
from kalata.tally.rules.copies import COMPARED, COPY, COPY_ANSWER, Answer, Given, Said
from kalata.tally.rules.copies import SAID as STATUS  # noqa: F401
from kalata.tally.rules.copies import Answered as Answered
from kalata.tally.rules.copies import BadCopy as BadCopy
from kalata.tally.rules.hands import Part
from kalata.tally.services import hands, moving
from kalata.tally.services import reports as tally
from kalata.text import gettext_noop as _


class FormNotFinal(Refused):
    code = "RES-474"
    says = _("Le formulaire de ce scrutin n’est pas arrêté : ses procès-verbaux ne sont pas encore attendus.")
    remedy = _(
        "Gardez votre copie. Donnez-la quand la supervision aura ouvert la centralisation. Rien n’a été enregistré."
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """What a copy says beside the report that counts. apart: {line: [copy, report]}; stake: votes concerned."""

    status: Said
    apart: dict[str, list[int | None]]
    stake: int
    against: str


def compare(copy: Sheet, report: Sheet | None, digest: str) -> Compared:
    """Only lines that the copy states are compared: an agent's receipt may be shorter than the report."""
    if report is None:
        return Compared(Said.WAITING, {}, 0, "")
    there = lines_of(report)
    marks = {m.value for m in MARKS}
    apart = {
        line: [value, there.get(line)]
        for line, value in lines_of(copy).items()
        if value is not None and line not in marks and value != there.get(line)
    }
    votes = [abs((mine or 0) - (theirs or 0)) for line, (mine, theirs) in apart.items() if line not in set(Box)]
    others = [abs((mine or 0) - (theirs or 0)) for line, (mine, theirs) in apart.items() if line in set(Box)]
    stake = max(sum(votes), max(others, default=0))
    return Compared(Said.DIFFERS if apart else Said.IDENTICAL, apart, stake, digest)


def counted_of(stations: Iterable[int]) -> dict[int, tuple[Sheet, str]]:
    """station id -> (the figures that count, what identifies their version)."""
    rows = StationReport.objects.filter(station__in=list(stations), current=True, standing=Standing.COUNTED)
    out = {}
    for row in rows.select_related("contest").defer("contest__absent"):
        out[row.station_id] = (sheet_of(row.sheet, tally.boxes_of(row.contest)), f"v{row.version}")
    return out


def own_stations(contest: Contest, by: Person) -> QuerySet[Station]:
    """The stations for which a person may give a copy; for him there are no others. PEO-101 where none."""
    reach = reach_of(by, {"results.copy"}, contest.pk)
    if reach.tops == ():
        require(by, "results.copy", contest=contest.pk)
    return Station.objects.filter(reach.on("unit"), contest=contest).select_related("unit")


@transaction.atomic
def hand_in(
    *, contest: Contest, station: str, source: str, sheet: Sheet, by: Person, image: str = "", legible: bool = True
) -> Copy:
    """A copy given by an identified person. The same figures twice from one source: kept, marked duplicate.

    Raises: RES-431 station not expected, RES-470 no source, RES-401 other boxes than the form's.
    """
    found = own_stations(contest, by).filter(code_key=codes.sought(station)).first()
    if found is None:
        raise tally.NoPaper(station=station[:80])
    copy = made(contest, found, source, sheet, by, image, legible)
    refresh(contest, [found.pk])
    copy.refresh_from_db()
    return copy


def form_final(contest: Contest) -> bool:
    """True once who sets the contest up expects its papers, or figures are there: a copy fixes the form, it never does first."""
    papers, reports = Paper.objects.filter(contest=contest), StationReport.objects.filter(contest=contest)
    return papers.exists() or reports.exists()


def made(
    contest: Contest, station: Station, source: str, sheet: Sheet, by: Person, image: str, legible: bool, row: int = 1
) -> Copy:
    if not source.strip():
        raise BadCopy(row=row, field="source", why=_("le parti, le candidat ou l’organisation"))
    if not form_final(contest):
        raise FormNotFinal
    fits(sheet, frozenset(tally.boxes_of(contest)), contest.options.count())
    blob = tally.blob_of(sheet, tally.boxes_of(contest))
    source = codes.label(source)[:120]
    again = any(codes.key(s) == codes.key(source) for s in Copy.objects.filter(station=station, sheet=blob).values_list("source", flat=True))  # fmt: skip
    now = timezone.now()
    if paper := Paper.objects.filter(station=station).select_related("station__unit").first():
        hands.take(paper, by, Part.COPY, "results.copy", now)
    copy = Copy.objects.create(
        contest=contest, station=station, source=source, sheet=blob, image=image, by=by, at=now,
        **states.born(COPY, Said.DUPLICATE if again else Said.WAITING if legible else Said.ILLEGIBLE),
    )  # fmt: skip
    images.join(image, f"copy:{copy.pk}", by)
    record(
        by=by,
        kind=kinds.COPY_GIVEN,
        subject=f"station:{contest.code}/{station.code}",
        after={"source": copy.source, "status": copy.status},
    )
    return copy


@transaction.atomic
def import_copies(
    *, contest: Contest, rows: Sequence[dict[str, str]], source: str, by: Person, lines: Sequence[str]
) -> int:
    """Many copies from a table: column `station`, then a column a line of the form; empty: not stated.

    All or nothing; RES-470 names the row and the field. Returns how many were kept.
    """
    stations = {s.code_key: s for s in own_stations(contest, by)}
    boxes, touched = tally.boxes_of(contest), []
    for number, row in enumerate(rows, 2):
        code = codes.sought(row.get("station") or "")
        if code not in stations:
            raise BadCopy(row=number, field="station", why=_("bureau qui n’est pas attendu ici"))
        values: dict[str, int | None] = {}
        for line in lines:
            text = (row.get(line) or "").strip()
            if text and not (text.isdigit() and text.isascii() and len(text) < 6):
                raise BadCopy(row=number, field=line, why=_("un nombre entier, ou rien"))
            values[line] = int(text) if text else None
        votes = tuple(values.get(f"c{i}") for i in range(1, contest.options.count() + 1))
        sheet = Sheet({b: values.get(b.value) for b in boxes}, votes)
        made(contest, stations[code], row.get("source") or source, sheet, by, "", True, number)
        touched.append(stations[code].pk)
    refresh(contest, touched)
    return len(touched)


def refresh(contest: Contest, stations: Iterable[int] | None = None) -> int:
    """Compare again what has no answer yet: when a copy comes in, when a report starts to count. Returns how many."""
    open_ = Copy.objects.filter(contest=contest, answer="", status__in=COMPARED)
    if stations is not None:
        open_ = open_.filter(station__in=list(stations))
    rows = list(open_)
    if not rows:
        return 0
    reports = counted_of({c.station_id for c in rows})
    boxes, said = tally.boxes_of(contest), dict[Copy, Said]()
    for copy in rows:
        report, digest = reports.get(copy.station_id, (None, ""))
        found = compare(sheet_of(copy.sheet, boxes), report, digest)
        said[copy], copy.apart, copy.stake, copy.against = found.status, found.apart, found.stake, found.against
    for copy in rows:
        alike = [c for c in rows if c.station_id == copy.station_id and bytes(c.sheet) == bytes(copy.sheet)]
        # as many as persons: a source is a word that who gives the copy types
        same = min(len({codes.key(c.source) for c in alike}), len({c.by_id for c in alike}))
        copy.agreeing = same if said[copy] is Said.DIFFERS else 0
    states.derive_each(COPY, said, also=("apart", "stake", "against", "agreeing"))
    return len(rows)


def queue(contest: Contest, reach: Reach = EVERYWHERE) -> QuerySet[Copy]:
    """Copies that differ and have no answer: those on which several sources agree first, then by votes at stake."""
    found = Copy.objects.filter(reach.on(), contest=contest, status=Said.DIFFERS, answer="")
    return found.select_related("station__paper", "by")


def page_mark(copy: Copy) -> str:
    """The mark of a copy as the desk shows it beside the report."""
    paper = Paper.objects.filter(station=copy.station_id).values_list("last_hash", flat=True).first()
    return mark(copy.pk, copy.status, copy.apart, copy.stake, copy.against, copy.agreeing, copy.answer, paper)


@transaction.atomic
def answer(*, copy_id: int, what: str, note: str, by: Person, seen: str | None = None) -> Copy:
    """Who was right, once the original was looked at. The report itself changes only by a recall.

    seen: the mark of the copy and of the report it was shown beside (PEO-212)."""
    copy = Copy.objects.select_for_update(of=("self",)).select_related("contest", "station__unit").get(pk=copy_id)
    require(by, "results.review", place=place_of(copy.station), contest=copy.contest_id)
    known = what in ANSWERS  # an answer that is none is refused like one without words
    to = Answer(what) if known else Answer.UNCLEAR
    act = Given(by=by.pk, right="results.review", note=note if known else "", seen=seen)
    stand = lifecycle.Stand(state=Answer(copy.answer), last_hash=page_mark(copy))
    lifecycle.apply(COPY_ANSWER, stand, to, act)
    now = timezone.now()
    if paper := Paper.objects.filter(station=copy.station_id).select_related("station__unit").first():
        hands.take(paper, by, Part.REVIEW, "results.review", now)
    states.write(
        copy, COPY_ANSWER, to, act, stand=stand, note=note.strip()[:400], answered_by=by, answered_at=now,
        tells=lambda: record(
            by=by, kind=kinds.COPY_ANSWERED, subject=f"station:{copy.contest.code}/{copy.station.code}",
            after={"answer": what}, reason=note.strip(),
        ),
    )  # fmt: skip
    return copy


def counts(rows: QuerySet[Copy]) -> dict[str, Any]:
    """How many of these copies, by status and by answer, and the coverage by source."""
    return {
        "status": dict(rows.values_list("status").annotate(n=Count("pk"))),
        "answers": dict(rows.exclude(answer="").values_list("answer").annotate(n=Count("pk"))),
        "sources": list(rows.values("source").annotate(n=Count("station", distinct=True)).order_by("-n", "source")),
    }


moving.RECOUNTED.append(refresh)
