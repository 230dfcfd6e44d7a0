"""The instruction of one case of the demonstration: a copy that differs, read by two, with images; two simulations; a report."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from kalata import documents
from kalata.country.models import Station
from kalata.disputes.demonstration_rulings import Stage
from kalata.disputes.models import EvidenceLink, Petition, WhatIf
from kalata.disputes.queries import bench, evidence, weighing
from kalata.disputes.rules.choices import Choice
from kalata.disputes.services import evidencing, intake, measures, reporting, whatifs
from kalata.people.models import Person
from kalata.results.rules.boxes import Box

Lines = dict[str, int | None]
FACE = Path(documents.__file__).parent / "fonts" / "DejaVuSans.ttf"


def instruct(cast: Stage, one: Petition) -> None:
    """Take the case where its reporting judge has worked on it: evidence, papers side by side, simulations, report."""
    reporter = bench.rapporteur(one)
    assert reporter is not None
    judge, contest = reporter.person, one.contest
    targets = one.grounds.get(key="g1").targets.select_related("station").order_by("station__code")
    stations = [t.station for t in targets if t.station]
    record = evidence.record_of(stations[0], boxes_of(one)).lines
    if record is None or contest.published_at is None:
        return
    compared(cast, one, judge, stations[0], record)
    evidencing.replaced(
        petition=one, code=stations[1].code, role="president", happened_at=timezone.now() - timedelta(days=9), listed="no",
        decided_by="sous-préfet (exercice)", basis="décision orale (exercice)", piece=None, by=judge,
    )  # fmt: skip
    small = whatifs.keep(petition=one, name="Les bureaux du moyen annulés", by=judge, choice=Choice(annul=tuple(s.code for s in stations)))  # fmt: skip
    wide = overturned(one, judge)
    reporting.file(
        petition=one, facts="La requête vise des bureaux dont les présidents ont été remplacés le jour du vote (exercice).",
        options="Rejeter la requête.\nAnnuler les bureaux dont la pièce établit le remplacement.", words={"g1": "Une copie diffère du procès-verbal dans un bureau (exercice)."},
        whatifs=[w for w in (small, wide) if w is not None], lang="fr", by=judge,
    )  # fmt: skip


def overturned(one: Petition, judge: Person) -> WhatIf | None:
    """The smallest set of all stations that turns the outcome, kept as a simulation; None where none is known."""
    least = weighing.weighed(one, Choice(), contested="all").weighing.minimal
    if not least or not least["set"]:
        return None
    choice = Choice(annul=tuple(key[0] for key in least["set"]))
    return whatifs.keep(petition=one, name="Le plus petit ensemble du pays", choice=choice, contested="all", by=judge)


def compared(cast: Stage, one: Petition, judge: Person, station: Station, record: Lines) -> None:
    """The petitioner's copy says another number than the record: read by the registry, then by the judge; and the record
    that the EMB gave."""
    line = next((k for k in record if k.startswith("c")), "c1")
    copy = record | {line: (record[line] or 0) + 9}
    clerk, greffe = cast["guichet-cour"], cast["greffe"]
    page = intake.keep(
        sheet(f"Copie du requérant, {station.code}", words_of(one, copy)), name="copie-du-requerant.png", by=clerk
    )
    piece = intake.attach(petition=one, content=page, name="copie-du-requerant.png", kind="pv", by=clerk, station=station, grounds=["g1"])  # fmt: skip
    for who in (greffe, judge):
        evidencing.read_copy(petition=one, piece=piece.number, page=1, code=station.code, lines=copy, by=who)
    asked = measures.ask(petition_id=one.pk, kind="report", what=f"Procès-verbal du bureau {station.code} (exercice).", by=judge)  # fmt: skip
    scan = intake.keep(
        sheet(f"Procès-verbal, {station.code}", words_of(one, record)),
        name="proces-verbal.png",
        by=cast["liaison-cour"],
    )
    answer = measures.answer(measure_id=asked.pk, text="Copie remise (exercice).", by=cast["liaison-cour"], content=scan, name="proces-verbal.png")  # fmt: skip
    assert answer.exhibit is not None
    evidencing.link(petition=one, piece=answer.exhibit.number, ground_id=one.grounds.get(key="g1").pk, codes=[station.code], note="procès-verbal remis par l’organe de gestion", by=judge)  # fmt: skip
    assert EvidenceLink.objects.filter(petition=one).exists()


def words_of(one: Petition, lines: Lines) -> Lines:
    """The lines of a sheet under the words of the form."""
    labels = evidence.line_labels(one.contest)
    return {str(labels.get(name, name)): value for name, value in lines.items()}


def boxes_of(one: Petition) -> list[Box]:
    return [Box(b) for b in one.contest.boxes]


def sheet(title: str, lines: Lines) -> bytes:
    """A picture of figures, marked as an exercise: it stands for a photographed paper."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (720, 120 + 46 * len(lines)), 246)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FACE), 22)
    pen.text((30, 24), f"EXERCICE : {title}", fill=20, font=font)
    for n, (name, value) in enumerate(lines.items()):
        y = 90 + 46 * n
        pen.line((30, y + 38, 690, y + 38), fill=180)
        pen.text((30, y), name, fill=70, font=font)
        pen.text((560, y), "" if value is None else str(value), fill=10, font=font)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
