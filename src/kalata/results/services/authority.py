"""The one door to what counts: the only writer of a version, and what each version rests on.

A version names its authority and the hash of it: the passage of a validated paper, which holds the hash of
the settled figures; a file whose exact difference was shown; a decision of two persons. The database refuses
a row without (RES-310). `unproved` computes the figures again from those authorities; publication refuses where
they differ from what is kept (RES-311).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.ledger.models import Act
from kalata.people.models import Approval
from kalata.refusals import Refused
from kalata.results.models import Entry, Hand, Import, Paper, Passage, StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import ABSENT, LABELS, Box, Sheet, Standing
from kalata.tally.queries.chains import Walk, walk
from kalata.tally.rules.entry import differences
from kalata.tally.rules.lifecycle import State
from kalata.text import gettext_noop as _

SLICE = 2_000


class FiguresDiffer(Refused):
    code = "RES-311"
    says = _("Bureau %(station)s, « %(field)s » : %(kept)s est enregistré, son autorité dit %(proved)s.")
    remedy = _(
        "Rien n’est publié. Ne corrigez pas la base : rappelez ce bureau et prévenez la personne chargée de la sécurité."
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """What versions rest on. proof: its hash (hex)."""

    kind: str
    proof: str
    passage: Passage | None = None
    source: Import | None = None
    approval: Approval | None = None


def by_paper(passage: Passage) -> Authority:
    return Authority("paper", passage.hash, passage=passage)


def by_import(one: Import, approval: Approval | None = None) -> Authority:
    return Authority("import", one.difference, source=one, approval=approval)


def by_decision(approval: Approval) -> Authority:
    return Authority("decision", approval.sha256, approval=approval)


@dataclass(frozen=True, slots=True)
class Version:
    """Figures of a station as they are to count from now on. before: the version in force, 0 for none."""

    station: int
    standing: int
    sheet: bytes
    before: int = 0


def write(*, contest: Contest, rows: Sequence[Version], authority: Authority, reason: str) -> None:
    """Make each row the version in force of its station; the one before stays, no longer current.

    The caller holds the contest's lock and tells readers (`services.changed`).
    """
    now = timezone.now()
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, [values_of(contest, row, authority, reason[:400], now) for row in part])
        replaced = {row.station: row.before for row in part if row.before}
        for cut in range(0, len(replaced), 500):  # the database lets a version fall only once the next one is there
            hand_over(list(replaced.items())[cut : cut + 500])


def hand_over(replaced: Sequence[tuple[int, int]]) -> None:
    """From these versions (station id, number) to the next ones."""
    stations = [station for station, _before in replaced]
    StationReport.objects.filter(station_id__in=stations, current=True).update(current=False)
    latest = StationReport.objects.filter(station_id__in=stations).values("station").annotate(last=Max("pk"))
    StationReport.objects.filter(pk__in=[row["last"] for row in latest]).update(current=True)


COLUMNS = (
    "contest_id", "station_id", "version", "current", "standing", "sheet", "authority", "proof", "passage_id",
    "source_id", "approval_id", "reason", "at",
)  # fmt: skip
INSERT = f"insert into results_stationreport ({', '.join(COLUMNS)}) values ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
"""Plain rows: a model object a station would cost four times the insert itself."""


def values_of(contest: Contest, row: Version, authority: Authority, reason: str, now: datetime) -> tuple[Any, ...]:
    return (
        contest.pk,
        row.station,
        row.before + 1,
        row.before == 0,
        row.standing,
        row.sheet,
        authority.kind,
        authority.proof,
        authority.passage.pk if authority.passage else None,
        authority.source.pk if authority.source else None,
        authority.approval.pk if authority.approval else None,
        reason,
        now if connection.vendor != "sqlite" else connection.ops.adapt_datetimefield_value(now),
    )


def write_one(*, station: Station, standing: Standing, sheet: bytes, authority: Authority, reason: str) -> None:
    last = station.reports.aggregate(n=Max("version"))["n"] or 0
    row = Version(station.pk, int(standing), sheet, last)
    write(contest=station.contest, rows=[row], authority=authority, reason=reason)


def digest_of(rows: Iterable[tuple[str, int, int, bytes | memoryview]]) -> str:
    """SHA-256 (hex) of the lines "code version standing figures(hex)", one a line, in order of station code."""
    out = hashlib.sha256()
    for code, version, standing, sheet in rows:
        out.update(f"{code} {version} {standing} {bytes(sheet).hex()}\n".encode())
    return out.hexdigest()


def public_rows(contest: Contest) -> QuerySet[StationReport]:
    """Versions in force that everybody reads once the contest is published: no paper that waits for its batch."""
    waiting = Paper.objects.filter(contest=contest, state=State.VALIDATED).values("station")
    return StationReport.objects.filter(contest=contest, current=True).exclude(station__in=waiting)


def public_digest(contest: Contest) -> str:
    """SHA-256 (hex) of those versions."""
    rows = public_rows(contest).order_by("station__code")
    return digest_of(rows.values_list("station__code", "version", "standing", "sheet").iterator(chunk_size=5_000))


# --- computed again from the authorities ------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Unproved:
    """A figure in force that its authority does not give."""

    station: str
    field: str
    kept: str
    proved: str

    def refusal(self) -> FiguresDiffer:
        return FiguresDiffer(station=self.station, field=self.field, kept=self.kept, proved=self.proved)


def prove(contest: Contest, stations: Iterable[int] | None = None) -> None:
    """Refuse (RES-311) where a figure in force is not the one of its authority; the first in order of code."""
    for one in unproved(contest, stations):
        raise one.refusal()


def unproved(contest: Contest, stations: Iterable[int] | None = None) -> list[Unproved]:
    """Figures in force that their authorities do not give, in order of station code. Empty: all proved.

    Versions written before authorities were kept say so and are passed over.
    """
    rows = StationReport.objects.filter(contest=contest, current=True)
    wanted = None if stations is None else sorted(set(stations))
    found: list[Unproved] = []
    for part in [None] if wanted is None else [wanted[i : i + SLICE] for i in range(0, len(wanted), SLICE)]:
        mine = rows if part is None else rows.filter(station__in=part)
        found += [*from_papers(contest, part), *from_decisions(contest, mine), *not_in_force(contest, part)]
        # a version replaced since is proved too: a decision repeats its figures
        every = StationReport.objects.filter(contest=contest, authority="import")
        sources = (
            (every if part is None else every.filter(station__in=part)).values_list("source", flat=True).distinct()
        )
        for one in Import.objects.filter(pk__in=set(sources)):
            found += from_import(contest, one)
    return sorted(set(found), key=lambda u: (u.station, u.field))


def apart(contest: Contest, station: str, kept: Sheet, proved: Sheet) -> Iterator[Unproved]:
    names = {f"c{n}": o.name for n, o in enumerate(contest.options.all(), 1)} | {b.value: LABELS[b] for b in Box}
    for d in differences(kept, proved):
        yield Unproved(station, names.get(d.line, d.line), shown(d.first), shown(d.second))


def shown(value: Any) -> str:
    return "–" if value is None else str(value)


def boxes_of(contest: Contest) -> list[Box]:
    return [Box(b) for b in contest.boxes]


def from_papers(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """Each paper against the version in force of its station: its chain walked again says which passage that version
    rests on, what it is worth and its figures. A version that no longer stands is found too."""
    boxes = boxes_of(contest)
    every = Paper.objects.filter(contest=contest).order_by("pk")
    wanted = every if stations is None else every.filter(station__in=stations)
    numbers = list(wanted.values_list("pk", flat=True))
    for start in range(0, len(numbers), 500):
        papers = list(Paper.objects.filter(pk__in=numbers[start : start + 500]).select_related("station"))
        chains, entries, hands = (by_paper_of(model, papers) for model in (Passage, Entry, Hand))
        rows: dict[int, list[StationReport]] = {}
        for row in StationReport.objects.filter(station__in=[p.station_id for p in papers]).order_by("version"):
            rows.setdefault(row.station_id, []).append(row)
        for paper in papers:
            there = rows.get(paper.station_id, [])
            if any(r.authority == "earlier" and r.current for r in there):
                continue
            walked = walk(chains.get(paper.pk, []), entries.get(paper.pk, []), hands.get(paper.pk, []), boxes)
            yield from by_walk(contest, paper, walked, there, boxes)


def by_paper_of(model: Any, papers: Sequence[Paper]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for one in model.objects.filter(paper__in=[p.pk for p in papers]).order_by("pk"):
        found.setdefault(one.paper_id, []).append(one)
    return found


def by_walk(
    contest: Contest, paper: Paper, walked: Walk | None, rows: Sequence[StationReport], boxes: Sequence[Box]
) -> Iterator[Unproved]:
    """What a paper and the versions of its station say, against where its chain leads."""
    code, row = paper.station.code, next((r for r in rows if r.current), None)
    if walked is None or walked.record.last_hash != paper.last_hash:
        yield Unproved(code, _("chaîne des passages"), paper.last_hash[:12], "–")
        return
    if (paper.state, paper.annulled, paper.version) != (
        walked.record.state, walked.record.annulled, walked.record.version
    ):  # fmt: skip
        yield Unproved(code, _("état du procès-verbal"), paper.state, walked.record.state.value)
    if walked.force is None and row is None:
        return
    rests = row.passage_id if row else None
    force = walked.force
    if row is None or force is None or (rests, row.proof, row.authority) != (force.pk, force.hash, "paper"):
        yield Unproved(code, _("passage en vigueur"), row.proof[:12] if row else "–", force.hash[:12] if force else "–")
        return
    if sum(r.passage_id == force.pk for r in rows) != 1:
        yield Unproved(code, _("versions de ce passage"), str(sum(r.passage_id == force.pk for r in rows)), "1")
    if row.standing != walked.standing:
        yield Unproved(code, _("état"), str(row.standing), str(int(walked.standing)))
    assert walked.final is not None
    proved = blank(walked.final) if walked.standing is Standing.MISSING else walked.final
    yield from apart(contest, code, sheet_of(row.sheet, list(boxes)), proved)


def intact(paper: Paper) -> bool:
    """True where the chain of a paper, walked again with its entries and hands, leads to the paper as it is."""
    chain, entries, hands = (by_paper_of(model, [paper]).get(paper.pk, []) for model in (Passage, Entry, Hand))
    walked = walk(chain, entries, hands, boxes_of(paper.contest))
    return walked is not None and (walked.record.last_hash, walked.record.state) == (paper.last_hash, paper.state)


def from_import(contest: Contest, one: Import) -> Iterator[Unproved]:
    """The versions a file wrote against what the ledger kept of its commit; where they differ, against the file.

    The row of the import can be changed by whoever owns the database host; the sealed act cannot without being seen.
    """
    told = list(commits_of(one)[:2])
    said = (told[0].after or {}) if told else {}
    rows = list(
        StationReport.objects.filter(source=one, authority="import")
        .order_by("station__code")
        .values_list("station__code", "version", "standing", "sheet")
    )
    if len(told) > 1:  # a file is stored once: whatever came after was slipped in
        yield Unproved(
            rows[0][0] if rows else "–", _("acte d’enregistrement au journal"), f"n° {told[1].pk}", f"n° {told[0].pk}"
        )
    if said.get("written") and digest_of((c, v, s, b) for c, v, s, b in rows) == said["written"]:
        return
    from kalata.results.queries.differences import figures_in

    boxes, proved = boxes_of(contest), figures_in(one) if one.difference == said.get("difference") else {}
    for code, version, standing, sheet in rows:
        there = proved.get(code)
        kept = sheet_of(sheet, boxes)
        if there is None:
            yield Unproved(code, _("différence approuvée"), f"v{version}", "–")
        elif there[0] != standing:
            yield Unproved(code, _("état"), str(standing), str(there[0]))
        else:
            yield from apart(contest, code, kept, there[1])


def commits_of(one: Import) -> QuerySet[Act]:
    """The acts of the ledger that say this file was stored, the first first: one, where nobody slipped another in."""
    return Act.objects.filter(kind="import.committed", subject=f"import:{one.pk}").order_by("pk")


def not_in_force(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """Stations whose latest version is not the one in force: the others hide it, or none is."""
    rows = StationReport.objects.filter(contest=contest)
    rows = rows if stations is None else rows.filter(station__in=stations)
    last = rows.values("station").annotate(
        last=Max("version"), now=Max("version", filter=Q(current=True)), n=Count("pk", filter=Q(current=True))
    )
    wrong = last.exclude(n=1, now=F("last"))
    for code, latest, now in wrong.values_list("station__code", "last", "now"):
        yield Unproved(code, _("version en vigueur"), f"v{now}" if now else "–", f"v{latest}")


def decides(approval: Approval | None, row: StationReport) -> bool:
    """True where this decision of two persons put this very station into this state, over the version before."""
    if approval is None or (approval.kind, approval.state) != ("results.standing", "approved"):
        return False
    said = approval.payload
    asked = (said.get("station"), said.get("to"), said.get("version"))
    two = approval.decided_by_id is not None and approval.decided_by_id != approval.asked_by_id
    return two and approval.sha256 == row.proof and asked == (row.station_id, row.standing, row.version - 1)


def from_decisions(contest: Contest, rows: QuerySet[StationReport]) -> Iterator[Unproved]:
    """A decision changes what a record is worth, never its figures: those of the version before."""
    boxes = boxes_of(contest)
    for row in rows.filter(authority="decision").select_related("station", "approval"):
        before = StationReport.objects.filter(station=row.station_id, version=row.version - 1).first()
        if before is None or not decides(row.approval, row):
            yield Unproved(row.station.code, _("décision"), str(row.standing), "–")
            continue
        yield from apart(contest, row.station.code, sheet_of(row.sheet, boxes), sheet_of(before.sheet, boxes))


def blank(sheet: Sheet) -> Sheet:
    """The same boxes, all empty: figures taken back are not written again, the version before keeps them."""
    return Sheet(dict.fromkeys(sheet.boxes), (None,) * len(sheet.votes))


def proved_sheet(values: Sequence[int], boxes: Sequence[Box]) -> Sheet:
    read = [None if v == ABSENT else v for v in values]
    return Sheet(dict(zip(boxes, read, strict=False)), tuple(read[len(boxes) :]))
