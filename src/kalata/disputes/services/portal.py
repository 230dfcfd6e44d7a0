"""What a party does online: acknowledge a paper, file a brief, take its file and its clocks."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pikepdf
from django.db import transaction
from django.utils import timezone
from icalendar import Alarm, Event
from icalendar import Calendar as ICalendar

from kalata.country.models import Contest
from kalata.disputes.models import Clock, Counter, Filing, Office, Petition, Service
from kalata.disputes.queries import portal as queries
from kalata.disputes.rules import filing as rules_filing
from kalata.disputes.rules import service as rules
from kalata.disputes.rules.service import Mode, Outcome
from kalata.disputes.services import first, intake, serving, sheets
from kalata.disputes.services.serving import NotHere
from kalata.documents.typeset import compiled
from kalata.evidence import store
from kalata.evidence.models import Content
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import translate

TEMPLATE = Path(__file__).parent.parent / "typst" / "file.typ"


class NoBrief(Refused):
    code = "DIS-221"
    says = _("Un mémoire est un document.")
    remedy = _("Joignez le PDF signé ; ou déposez-le sur papier au greffe.")
    status = 422


@transaction.atomic
def write(
    *, petition: Petition | None, contest: Contest, said: rules_filing.Filing, pieces: Iterable[tuple[Content, str]], by: Person,
    office: Office | None = None, appeal: str = "",
) -> Petition:  # fmt: skip
    """Begin a petition online, or write its draft anew; its new pieces come after those it has, the first of all being the
    petition itself. petition None: a new one; office: the one of first instance that it goes to, with the number of the decision
    that it attacks in appeal: a draft keeps both. Raises PEO-101, DIS-120, DIS-121, DIS-126, DIS-902, DIS-907."""
    if petition is None:
        attacked = None
        if office is not None and appeal.strip():
            attacked = first.appealed(appeal, contest, said.about, office.body)
        made = intake.draft(contest=contest, filing=said, channel="web", by=by, office=office, appeal_of=attacked)
    else:
        made = intake.amend(petition_id=petition.pk, filing=said, by=by)
    empty = not made.exhibits.exists()
    for n, (content, name) in enumerate(pieces):
        intake.attach(petition=made, content=content, name=name, kind="other" if n or not empty else "petition", by=by)
    return made


@transaction.atomic
def file(
    *, petition: Petition | None, contest: Contest, said: rules_filing.Filing, pieces: Iterable[tuple[Content, str]], by: Person,
    office: Office | None = None, appeal: str = "",
) -> Petition:  # fmt: skip
    """Write it, then receive it, at the online counter of the Court or at the counter of the office it goes to: one act, whole or
    not at all; refused, the draft is as it was. Raises what `write` says; DIS-127 no counter, DIS-902 not this body's."""
    made = write(petition=petition, contest=contest, said=said, pieces=pieces, by=by, office=office, appeal=appeal)
    if made.office is None:
        return intake.receive(petition_id=made.pk, counter=intake.online_counter(), by=by)
    first.competent(made.office, contest, said.about)
    return intake.receive(petition_id=made.pk, counter=Counter.every.get(pk=made.office.counter_id), by=by)


@transaction.atomic
def acknowledge(*, number: str, service_id: int, by: Person) -> Service:
    """The party says it has the paper: that is the proof, and its clock starts now. DIS-201 the second time, DIS-207 another's."""
    petition = sheets.locked(queries.own(by).get(number=number).pk)
    mine = [p.pk for p in queries.parties_of(by, petition)]
    service = (
        Service.objects.filter(pk=service_id, party__in=mine, struck_at=None)
        .select_related("document", "party")
        .first()
    )
    if service is None:
        raise NotHere
    return serving.tried(service, mode=Mode.PORTAL, at=timezone.now(), outcome=Outcome.SERVED, by=by)


@transaction.atomic
def file_brief(
    *, number: str, kind: str, title: str, content: Content | None, name: str, party_id: int, by: Person
) -> Filing:
    """File a brief: it enters the file, is held against the party's clock, and is to be served on the others.

    Late, it is received and called late: the bench decides. Raises: DIS-207 another's party, DIS-221 without a document.
    """
    petition = sheets.locked(queries.own(by).get(number=number).pk)
    if kind not in rules.BRIEFS or party_id not in [p.pk for p in queries.parties_of(by, petition)]:
        raise NotHere
    if content is None:
        raise NoBrief
    party = petition.parties.get(pk=party_id)
    exhibit = intake.attach(petition=petition, content=content, name=title or name, kind="brief", by=by, party=party)
    return serving.entered(petition, kind=kind, title=title, by=by, party_id=party_id, exhibit_id=exhibit.pk)


def calendar(petition: Petition, clocks: list[Clock], lang: str) -> bytes:
    """The clocks of a party as a calendar: stable identifiers, one event a clock, alarms at 48, 24, 4 and 1 hours."""
    out = ICalendar()
    out.add("prodid", "-//Kalata//disputes//FR")
    out.add("version", "2.0")
    for clock in clocks:
        if clock.bound is None or clock.met_at is not None:
            continue
        event = Event()
        event.add("uid", f"clock-{clock.pk}@{petition.number}")
        event.add("dtstamp", clock.at)
        event.add("sequence", 1 if clock.override else 0)
        event.add("dtstart", clock.bound)
        event.add("dtend", clock.bound)
        event.add("summary", f"{petition.number} : {translate(rules.CLOCK_LABELS[clock.kind], lang)}")
        event.add("description", "\n".join(f"{r['rule']} : {r['deadline']}" for r in clock.readings))
        for hours in rules.ALERT_HOURS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", str(petition.number))
            alarm["trigger"] = f"-PT{hours}H"
            event.add_component(alarm)
        out.add_component(event)
    return out.to_ical()


def whole_file(petition: Petition, lang: str) -> bytes:
    """The file as one PDF: an index, then each piece that its parties may open, with an outline. What is closed to them, or
    is no PDF, is in the index by its number and its hash."""
    rows, parts = [], []
    for exhibit, is_open in queries.exhibits(petition):
        kept = store.sound(exhibit.piece.sha256, exhibit.piece.place) if is_open and not exhibit.struck else None
        joined = kept is not None and exhibit.piece.media == "application/pdf"
        name = exhibit.name if is_open else translate(_("sous scellé, ou réservée à la formation"), lang)
        note = _("jointe") if joined else _("rayée") if exhibit.struck else _("à part") if is_open else _("non ouverte")
        rows.append(
            [f"P{exhibit.number}", name, str(exhibit.pages or "–"), translate(note, lang), exhibit.piece.sha256]
        )
        if joined and kept is not None:
            parts.append((f"P{exhibit.number} {name}", kept))
    data = {
        "lang": lang, "title": f"{translate(_('Dossier'), lang)} {petition.number}", "lede": index_said(petition, lang), "rows": rows,
        "heads": [translate(h, lang) for h in (_("Pièce"), _("Titre"), _("Pages"), _("Ici"), _("Empreinte"))],
    }  # fmt: skip
    return merged(compiled(TEMPLATE, data), parts)


def index_said(petition: Petition, lang: str) -> str:
    at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    return translate(_("Tel qu’ouvert aux parties le %(at)s."), lang) % {"at": at}


def merged(index: bytes, parts: list[tuple[str, Any]]) -> bytes:
    out = io.BytesIO()
    with pikepdf.Pdf.open(io.BytesIO(index)) as whole:
        marks = []
        for title, path in parts:
            with pikepdf.Pdf.open(path) as one:
                marks.append((title, len(whole.pages)))
                whole.pages.extend(one.pages)
        with whole.open_outline() as outline:
            for title, first in marks:
                outline.root.append(pikepdf.OutlineItem(title, first))
        whole.save(out)
    return out.getvalue()
