"""The one door to what counts: the only writer of a version, and what each version rests on.

A version names its authority and the hash of it: the passage of a validated paper, which holds the hash of
the settled figures; a file whose exact difference was shown; a signed decision of the Court. The database refuses
a row without (RES-310). `unproved` computes the figures again from those authorities; publication refuses where
they differ from what is kept (RES-311).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.ledger import answers
from kalata.ledger.models import Act
from kalata.people.models import Approval
from kalata.refusals import Refused
from kalata.results import court, papers
from kalata.results.models import Decision, DecisionLine, Import, StationReport
from kalata.results.queries.differences import figures_in
from kalata.results.queries.store import sheet_of
from kalata.results.queries.telling import untold
from kalata.results.rules.boxes import ABSENT, LABELS, Box, Sheet, Standing
from kalata.results.rules.sheets import differences
from kalata.text import gettext_noop as _

SLICE = 2_000
EARLIER = "earlier"
"""Versions written before authorities were kept: they say so."""


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
    passage: int | None = None
    decision: Decision | None = None
    source: Import | None = None
    approval: Approval | None = None


def by_import(one: Import, approval: Approval | None = None) -> Authority:
    return Authority("import", one.difference, source=one, approval=approval)


def by_ruling(decision: Decision) -> Authority:
    """A signed decision of the Court; its lines say what it makes of each station."""
    return Authority("ruling", decision.digest, decision=decision)


@dataclass(frozen=True, slots=True)
class Version:
    """Figures of a station as they are to count from now on. before: the version in force, 0 for none; passage: of its paper,
    where the rows written together rest on one each."""

    station: int
    standing: int
    sheet: bytes
    before: int = 0
    passage: int | None = None


def write(*, contest: Contest, rows: Sequence[Version], authority: Authority, reason: str) -> None:
    """Make each row the version in force of its station; the one before stays, no longer current.

    The caller holds the contest's lock and tells readers (`services.changed`).
    """
    now: Any = timezone.now()
    if connection.vendor == "sqlite":
        now = connection.ops.adapt_datetimefield_value(now)
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


def values_of(contest: Contest, row: Version, authority: Authority, reason: str, now: Any) -> tuple[Any, ...]:
    return (
        contest.pk,
        row.station,
        row.before + 1,
        row.before == 0,
        row.standing,
        row.sheet,
        authority.kind,
        authority.proof,
        row.passage or authority.passage,
        authority.source.pk if authority.source else None,
        authority.approval.pk if authority.approval else None,
        reason,
        now,
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
    waiting = papers.followed_by().waiting(contest)
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


Proof: TypeAlias = Callable[[Contest, "Sequence[int] | None"], Iterator[Unproved]]
"""Of a contest and some of its stations (None: all), what versions of one kind say that their authority does not."""
PROOFS: dict[str, Proof] = {}


def proven(kind: str) -> Callable[[Proof], Proof]:
    """Register how versions that rest on this kind of authority are computed again: each room registers its own."""

    def kept(proof: Proof) -> Proof:
        PROOFS[kind] = proof
        return proof

    return kept


def by_nobody(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """Versions in force whose kind of authority nobody here computes again: not proved, and said so."""
    rows = of_stations(contest, stations).filter(current=True).exclude(authority__in=[*PROOFS, EARLIER])
    for code, kind in rows.values_list("station__code", "authority"):
        yield Unproved(code, _("autorité"), kind, "–")


def prove(contest: Contest, stations: Iterable[int] | None = None) -> None:
    """Refuse (RES-311) where a figure in force is not the one of its authority, the first in order of code; (LED-002)
    where the ledger does not tell a row that it rests on."""
    wanted = None if stations is None else sorted(set(stations))
    for one in unproved(contest, wanted):
        raise one.refusal()
    for part in [None] if wanted is None else [wanted[i : i + SLICE] for i in range(0, len(wanted), SLICE)]:
        for fault in untold(contest, part):
            raise answers.refusal(fault)


def unproved(contest: Contest, stations: Iterable[int] | None = None) -> list[Unproved]:
    """Figures in force that their authorities do not give, in order of station code. Empty: all proved.

    Versions written before authorities were kept say so and are passed over.
    """
    wanted = None if stations is None else sorted(set(stations))
    found: list[Unproved] = []
    for part in [None] if wanted is None else [wanted[i : i + SLICE] for i in range(0, len(wanted), SLICE)]:
        for proof in (*PROOFS.values(), not_in_force, by_nobody):
            found += proof(contest, part)
    return sorted(set(found), key=lambda u: (u.station, u.field))


def apart(contest: Contest, station: str, kept: Sheet, proved: Sheet) -> Iterator[Unproved]:
    names = {f"c{n}": o.name for n, o in enumerate(contest.options.all(), 1)} | {b.value: LABELS[b] for b in Box}
    for d in differences(kept, proved):
        yield Unproved(station, names.get(d.line, d.line), shown(d.first), shown(d.second))


def shown(value: Any) -> str:
    return "–" if value is None else str(value)


def boxes_of(contest: Contest) -> list[Box]:
    return [Box(b) for b in contest.boxes]


def of_stations(contest: Contest, stations: Sequence[int] | None) -> QuerySet[StationReport]:
    rows = StationReport.objects.filter(contest=contest)
    return rows if stations is None else rows.filter(station__in=stations)


@proven("import")
def from_imports(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """Every file that wrote a version of these stations. One replaced since is proved too: a decision repeats its figures."""
    sources = of_stations(contest, stations).filter(authority="import").values_list("source", flat=True).distinct()
    for one in Import.objects.filter(pk__in=set(sources)):
        yield from from_import(contest, one)


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
    last = (
        of_stations(contest, stations)
        .values("station")
        .annotate(
            last=Max("version"), now=Max("version", filter=Q(current=True)), n=Count("pk", filter=Q(current=True))
        )
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


@proven("decision")
def from_decisions(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """A decision changes what a record is worth, never its figures: those of the version before."""
    boxes = boxes_of(contest)
    rows = of_stations(contest, stations).filter(current=True, authority="decision")
    for row in rows.select_related("station", "approval"):
        before = StationReport.objects.filter(station=row.station_id, version=row.version - 1).first()
        if before is None or not decides(row.approval, row):
            yield Unproved(row.station.code, _("décision"), str(row.standing), "–")
            continue
        yield from apart(contest, row.station.code, sheet_of(row.sheet, boxes), sheet_of(before.sheet, boxes))


@proven("ruling")
def from_rulings(contest: Contest, stations: Sequence[int] | None) -> Iterator[Unproved]:
    """Each version in force under a decision of the Court, against the line of that decision; and the decision against
    the room that keeps what was signed."""
    boxes = boxes_of(contest)
    rows = of_stations(contest, stations).filter(current=True, authority="ruling").select_related("station")
    signed: dict[str, bool] = {}
    for decision in contest.decisions.all():
        kept = court.signed(decision.number)
        signed[decision.digest] = kept in (None, decision.digest)
    found = DecisionLine.objects.filter(decision__contest=contest)
    if stations is not None:
        found = found.filter(station__in=stations)
    said = {
        (digest, line.station_id): line for line in found.select_related("decision") if (digest := line.decision.digest)
    }
    for row in rows:
        line = said.get((row.proof, row.station_id))
        if line is None or not signed.get(row.proof) or (line.standing, line.before) != (row.standing, row.version - 1):
            yield Unproved(
                row.station.code, _("décision"), str(row.standing), "–" if line is None else str(line.standing)
            )
            continue
        yield from apart(contest, row.station.code, sheet_of(row.sheet, boxes), sheet_of(line.sheet, boxes))


def blank(sheet: Sheet) -> Sheet:
    """The same boxes, all empty: figures taken back are not written again, the version before keeps them."""
    return Sheet(dict.fromkeys(sheet.boxes), (None,) * len(sheet.votes))


def proved_sheet(values: Sequence[int], boxes: Sequence[Box]) -> Sheet:
    read = [None if v == ABSENT else v for v in values]
    return Sheet(dict(zip(boxes, read, strict=False)), tuple(read[len(boxes) :]))
