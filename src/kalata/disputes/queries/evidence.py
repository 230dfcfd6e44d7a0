"""Reads of the evidence of a case: the matrix, officers replaced, copies read, and three papers of one station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kalata.country.models import Contest, Station
from kalata.disputes.models import CaseReport, CopyReading, EvidenceLink, Exhibit, Ground, OfficerReplaced, Petition
from kalata.disputes.queries import bench, instruct
from kalata.disputes.queries.instruct import Aim
from kalata.disputes.rules.evidence import Bears, Cell, matrix
from kalata.disputes.rules.threeway import Field, Source, compared
from kalata.results.models import StationReport
from kalata.results.queries import published
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import LABELS, Box, Sheet, Standing
from kalata.results.rules.checks import IDENTITIES, findings
from kalata.results.rules.sheets import lines_of
from kalata.text import Message
from kalata.text import gettext_noop as _

COPIES = ("pv", "pv_copy", "copy", "tally", "results")
"""Kinds of piece that may be the copy of a record; any piece may be read all the same."""


# --- the matrix ------------------------------------------------------------------------------------------
def bears(petition: Petition, aims: Sequence[Aim]) -> list[Bears]:
    """What bears on each ground: what the filing said of its pieces, and the links made since."""
    names = {(a.petition, a.key): name_of(petition, a) for a in aims}
    out: list[Bears] = []
    rows = Exhibit.objects.filter(petition=petition, struck=False).select_related("station").order_by("number")
    for one in rows:
        for key in one.grounds:
            name = names.get((str(petition.number), key))
            if name:
                out.append(Bears(one.number, name, one.station.code if one.station else ""))
    links = EvidenceLink.objects.filter(petition=petition, struck_at=None).select_related("exhibit", "ground__petition", "station")  # fmt: skip
    for link in links:
        name = names.get((str(link.ground.petition.number), link.ground.key), link.ground.key)
        code = link.station.code if link.station else ""
        out.append(Bears(link.exhibit.number, name, code, said=link.pk, note=link.note))
    return out


def name_of(petition: Petition, aim: Aim) -> str:
    return aim.key if aim.petition == petition.number else aim.name


def table(petition: Petition, aims: Sequence[Aim], *, bare: bool = False, key: str = "") -> tuple[list[Cell], int, int]:
    """(cells, stations x grounds, those without a piece of their own) of a case. bare: only those; key: of one ground."""
    cells = matrix([(name_of(petition, a), a.stations) for a in aims], bears(petition, aims))
    without = sum(c.bare for c in cells)
    shown = [c for c in cells if (not bare or c.bare) and (not key or c.ground == key)]
    return shown, len(cells), without


def exhibits(petition: Petition) -> list[Exhibit]:
    return list(Exhibit.objects.filter(petition=petition, struck=False).select_related("station", "piece").order_by("number"))  # fmt: skip


def officers(petition: Petition) -> list[OfficerReplaced]:
    """Officers replaced, those struck too: they stay legible."""
    rows = OfficerReplaced.objects.filter(petition=petition)
    return list(rows.select_related("station", "exhibit", "by"))


# --- three papers ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Paper:
    """One of the three: its lines by name, how it is known, what identities it breaks. page: of the piece it was read on."""

    source: Source
    lines: dict[str, int | None] | None
    note: Message
    sure: bool
    findings: tuple[Message, ...] = ()
    exhibit: int = 0
    page: int = 1


@dataclass(frozen=True, slots=True)
class Compared:
    station: Station
    papers: list[Paper]
    fields: list[Field]

    @property
    def apart(self) -> list[Field]:
        return [f for f in self.fields if f.apart]


def line_labels(contest: Contest) -> dict[str, Any]:
    """Every line of the form in the order of the paper, with its words."""
    boxes = [Box(b) for b in contest.boxes]
    out: dict[str, Any] = {b.value: LABELS[b] for b in Box if b in boxes}
    return out | {f"c{o.rank}": o.name for o in contest.options.order_by("rank")}


def three(petition: Petition, station: Station) -> Compared:
    """The petitioner's copy, the record of the house and what is published, of one station."""
    contest = petition.contest
    boxes = [Box(b) for b in contest.boxes]
    papers = [copy_of(petition, station, boxes), record_of(station, boxes), published_of(contest, station, boxes)]
    fields = compared(list(line_labels(contest)), {p.source: p.lines for p in papers})
    return Compared(station, papers, fields)


def copy_of(petition: Petition, station: Station, boxes: Sequence[Box]) -> Paper:
    """The last copy that two persons read alike; else the last first reading, said to be no more than that."""
    rows = CopyReading.objects.filter(petition=petition, station=station).select_related("exhibit").order_by("-pk")
    agreed = rows.filter(verdict="agrees").first()
    one = agreed or rows.filter(verdict=None).first()
    if one is None:
        apart = rows.filter(verdict="differs").exists()
        note = _("Deux lectures ne concordent pas : rien n’est établi, à relire.") if apart else _("Aucune copie n’a été lue.")  # fmt: skip
        return Paper(Source.COPY, None, Message(note), False)
    words = {"n": one.exhibit.number, "page": one.page}
    note = _("Pièce P%(n)d, page %(page)d, lue par deux personnes.") if agreed else _("Pièce P%(n)d, page %(page)d, lue une seule fois : rien n’est établi.")  # fmt: skip
    return Paper(Source.COPY, dict(one.lines), Message(note, words), bool(agreed), broken(dict(one.lines), boxes), one.exhibit.number, one.page)  # fmt: skip


def record_of(station: Station, boxes: Sequence[Box]) -> Paper:
    row = StationReport.objects.filter(station=station, current=True).first()
    if row is None or row.standing == Standing.MISSING:
        return Paper(Source.RECORD, None, Message(_("Aucun relevé ne compte pour ce bureau.")), False)
    lines = dict(lines_of(sheet_of(row.sheet, boxes)))
    note = _("Version %(v)d du relevé, bureau annulé.") if row.standing == Standing.ANNULLED else _("Version %(v)d du relevé, en vigueur.")  # fmt: skip
    return Paper(Source.RECORD, lines, Message(note, {"v": row.version}), True, broken(lines, boxes))


def published_of(contest: Contest, station: Station, boxes: Sequence[Box]) -> Paper:
    found = published.histories(contest, [station.pk]).get(station.pk)
    now = found.shown_now if found else None
    if now is None or now.row.standing == Standing.MISSING:
        return Paper(Source.PUBLISHED, None, Message(_("Rien n’est public de ce bureau.")), False)
    lines = dict(lines_of(sheet_of(now.row.sheet, boxes)))
    return Paper(Source.PUBLISHED, lines, Message(_("Version publique %(n)d."), {"n": now.number}), True, broken(lines, boxes))  # fmt: skip


def broken(lines: dict[str, int | None], boxes: Sequence[Box]) -> tuple[Message, ...]:
    """The identities that a paper breaks by itself."""
    votes = tuple(v for k, v in lines.items() if k.startswith("c") and k[1:].isdigit())
    sheet = Sheet({b: lines.get(b.value) for b in boxes}, votes)
    codes = {check.code for check in IDENTITIES}
    return tuple(f.message for f in findings(sheet, form=frozenset(boxes)) if f.code in codes)


def stations_of(petition: Petition) -> list[Station]:
    """The stations of the grounds, in order of code."""
    codes = instruct.aimed(instruct.aims(petition))
    return list(Station.objects.filter(contest=petition.contest_id, code__in=codes[:20_000]).order_by("code"))


def beside(petition: Petition, station: Station) -> tuple[Station | None, Station | None]:
    """The stations before and after this one among those of the grounds."""
    rows = stations_of(petition)
    at = next((n for n, one in enumerate(rows) if one.pk == station.pk), None)
    if at is None:
        return None, None
    return (rows[at - 1] if at else None), (rows[at + 1] if at + 1 < len(rows) else None)


def station_of(petition: Petition, pk: int) -> Station:
    """A station that a ground of this case aims at. Station.DoesNotExist for any other."""
    found = Station.objects.select_related("unit").get(pk=pk, contest=petition.contest_id)
    if found.code not in instruct.aimed(instruct.aims(petition)):
        raise Station.DoesNotExist(pk)
    return found


# --- images ----------------------------------------------------------------------------------------------
def scan_of(person: Any, station: Station) -> str:
    """The address of the scanned record of a station, for who may look at originals; "" where there is none."""
    from kalata.tally.access import shows_original
    from kalata.tally.models import Paper as Original
    from kalata.tally.queries.pictures import image_address

    one = Original.objects.filter(station=station).exclude(image="").select_related("contest", "station__unit").first()
    return image_address(one) if one is not None and shows_original(person, one) else ""


def answered_of(petition: Petition, station: Station) -> Exhibit | None:
    """The record that the EMB gave in answer to a measure, of this station or linked to it."""
    linked = EvidenceLink.objects.filter(petition=petition, station=station, struck_at=None).values("exhibit")
    rows = Exhibit.objects.filter(Q(station=station) | Q(pk__in=linked), petition=petition, struck=False)
    return rows.filter(pk__in=petition.measures.exclude(exhibit=None).values("exhibit")).order_by("-number").first()


def copies_for(petition: Petition, station: Station | None) -> list[Exhibit]:
    """Pieces with pages that may be read as copies: those of the station first."""
    rows = [e for e in exhibits(petition) if e.pages]
    return sorted(rows, key=lambda e: (station is None or e.station_id != station.pk, e.number))


def readings_of(petition: Petition) -> list[CopyReading]:
    """Readings of this case, the last first; who looks at this list sees no figure."""
    rows = CopyReading.objects.filter(petition=petition).select_related("station", "exhibit", "by", "second")
    return list(rows.defer("lines").order_by("-pk")[:60])


def code_of(petition: Petition, pk: int | None) -> str:
    return Station.objects.filter(pk=pk or 0, contest=petition.contest_id).values_list("code", flat=True).first() or ""


def ground_named(petition: Petition, name: str) -> int | None:
    """The number of a ground by its name on a page: g1, or number.g1 of a case joined to it."""
    number, _dot, key = name.rpartition(".")
    found = Ground.objects.filter(petition__in=bench.family(petition), key=key, struck=False)
    return found.filter(petition__number=number or petition.number).values_list("pk", flat=True).first()


def read_by_two(petition: Petition) -> list[Station]:
    """Stations of which a copy was read alike by two persons."""
    agreed = CopyReading.objects.filter(petition=petition, verdict="agrees").values("station")
    return list(Station.objects.filter(pk__in=agreed).order_by("code"))


def reports_of(petition: Petition) -> list[CaseReport]:
    return list(CaseReport.objects.filter(petition=petition).select_related("by"))


def report_of(petition: Petition, version: int) -> CaseReport:
    """CaseReport.DoesNotExist for a version that there is not."""
    return CaseReport.objects.get(petition=petition, version=version)
