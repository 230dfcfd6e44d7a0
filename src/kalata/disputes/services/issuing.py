"""The Court's papers as they leave the house: made from the rows of a case or a hearing, entered in the register."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.db import transaction
from PIL import Image

from kalata.disputes.models import BenchMember, Filing, Hearing, Party, Petition, PetitionReceipt, Service
from kalata.disputes.papers import court, registry, sittings
from kalata.disputes.queries.filing_limits import limits_of
from kalata.disputes.queries.law import norms_of
from kalata.disputes.rules import receipts
from kalata.disputes.rules.checklist import CAPACITY_LABELS
from kalata.disputes.rules.filing import CHANNELS, GROUNDS
from kalata.disputes.rules.public import NAMED
from kalata.disputes.rules.recourse import ABOUT_LABELS
from kalata.disputes.rules.service import MODE_LABELS, Mode
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import drawing_pieces, reading
from kalata.disputes.services.guarding import require_right
from kalata.disputes.services.hearings import subject as hearing_subject
from kalata.disputes.services.steps import subject_of
from kalata.documents import batches
from kalata.documents import queries as register
from kalata.documents import services as documents
from kalata.documents.models import DocumentBatch, IssuedDocument
from kalata.documents.rendering import Paper
from kalata.evidence import decoding
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.refusals import Forbidden, Refused
from kalata.text import gettext_noop as _
from kalata.text import told, translate, whole


class NoReceipt(Refused):
    code = "DIS-661"
    says = _("Cette requête n’a pas été reçue à un guichet : elle n’a pas de récépissé.")
    remedy = _("Recevez-la d’abord ; le récépissé s’imprime ensuite.")


def keeps(by: Person | None, contest_id: int) -> None:
    """PEO-101: the papers of a case are the registry's to issue. None: the house, on what the registry asked."""
    if by is not None:
        require(by, REGISTRY, contest=contest_id)


def keeps_case(by: Person | None, petition: Petition) -> None:
    """The same of one case, be it an office's of first instance."""
    if by is not None:
        require_right(by, REGISTRY, petition)


def body_of(petition: Petition) -> str:
    """The code of the body of first instance whose paper it is; "": the Court's."""
    return petition.office.body if petition.office is not None else ""


# --- the receipt --------------------------------------------------------------------------------
@transaction.atomic
def receipt(*, petition: Petition, lang: str, by: Person | None) -> IssuedDocument:
    """The receipt of a petition as paper, for its counter, the registry or its party: PEO-101 for anybody else."""
    places = reading.places_of(by, petition) if by is not None else {}
    if by is not None and not (places["registry"] or places["party"] or petition.owner_id == by.pk):
        raise Forbidden(right=REGISTRY)
    return issued_receipt(petition, lang, by)


def issued_receipt(petition: Petition, lang: str, by: Person | None) -> IssuedDocument:
    """Issued once a language: what was learned since changes nothing on it."""
    subject = subject_of(petition)
    given = register.in_force("court-receipt", subject, lang)
    if given is not None:
        return given
    if petition.counter is None or not PetitionReceipt.objects.filter(petition=petition).exists():
        raise NoReceipt
    return documents.issue(receipt_paper(petition, lang), subject=subject, by=by, series=petition.counter.code)


def receipt_paper(petition: Petition, lang: str) -> Paper:
    """The paper of a petition that was received."""
    say = court.in_words(lang)
    row, counter = petition.receipt, petition.counter
    assert petition.received_at is not None and counter is not None
    pieces = [
        registry.Piece(f"P{e.number}", e.name, e.piece.sha256, e.pages)
        for e in petition.exhibits.select_related("piece")
        .filter(received_at__lte=petition.received_at)
        .order_by("number")
    ]
    square = receipts.Square(
        petition.number or "", receipts.written(petition.received_at), row.root, row.signature, row.key
    )
    one = registry.Receipt(
        number=petition.number or "", petitioners=[p.name for p in petition.parties.filter(role="petitioner", struck=False)],
        capacity=translate(CAPACITY_LABELS.get(petition.capacity, petition.capacity), lang),
        about=petition.about_words or translate(ABOUT_LABELS.get(petition.about, petition.about), lang),
        grounds=[f"{g.key} · {say(GROUNDS.get(g.code, g.code))}" for g in petition.grounds.filter(struck=False)],
        counter=f"{counter.code} · {counter.name}", clerk=row.clerk, channel=say(CHANNELS[petition.channel]),
        received=petition.received_at, clock=row.clock, drift=drift_said(row, lang), pieces=pieces,
        limits=limits_of(petition, lang), root=row.root, square=square.text(), signature=row.signature, key=row.key,
        token=say(_("joint au dossier")) if row.token else "", ticket=row.ticket,
    )  # fmt: skip
    desk = f"{say(_('Greffe'))} · {counter.code}"
    return registry.receipt(one, court.head(petition.contest, lang, title=registry.RECEIPT_TITLE, number=petition.number or "", desk=desk, body=body_of(petition)), lang)  # fmt: skip


def drift_said(row: PetitionReceipt, lang: str) -> str:
    """How far the clock of the counter stood from the Court's, in words."""
    if row.drift_ms is None:
        return translate(_("écart non mesuré"), lang)
    ahead = _("%(n)s ms d’avance sur l’horloge de la Cour") if row.drift_ms >= 0 else _("%(n)s ms de retard sur l’horloge de la Cour")  # fmt: skip
    return translate(ahead, lang) % {"n": whole(abs(row.drift_ms), lang)}


# --- letters ------------------------------------------------------------------------------------
def to_serve(petition: Petition) -> list[Service]:
    """The deliveries of a case whose letter may be printed: not struck, not waived."""
    found = Service.objects.filter(petition=petition, struck_at=None, waiver="").select_related("document", "party")
    return list(found.order_by("document__number", "pk"))


def letter(*, petition: Petition, service_id: int, lang: str, by: Person | None) -> IssuedDocument:
    """The letter that brings a paper to a party, with its proof of delivery to fill in. Service.DoesNotExist: none such."""
    keeps_case(by, petition)
    say = court.in_words(lang)
    one = Service.objects.select_related("document", "party").get(
        pk=service_id, petition=petition, struck_at=None, waiver=""
    )
    paper, party = one.document, one.party
    address = one.address or party.elected or party.address
    made = registry.Served(
        letter=registry.Letter(
            to=[party.name, *([address] if address else [])], place="", on="",
            signed=[say(_("Le greffier en chef"))],
        ),
        case=petition.number or "", paper=paper.title, filed=paper.filed_at,
        mode=say(MODE_LABELS[Mode(one.mode)]) if one.mode else "–", term=term_said(paper, lang), order=paper.term_order,
        pieces=[registry.Piece(f"P{e.number}", e.name, e.piece.sha256, e.pages) for e in [paper.exhibit] if e is not None],
    )  # fmt: skip
    head = court.head(petition.contest, lang, title=registry.SERVICE_TITLE, number=petition.number or "", desk=say(_("Greffe")), body=body_of(petition))  # fmt: skip
    return documents.issue(registry.service(made, head, lang), subject=f"{subject_of(petition)}.s{one.pk}", by=by)


LETTERS = batches.declare(
    batches.Batch(
        "court-letters",
        lambda args: [one.pk for one in to_serve(Petition.objects.get(pk=args["petition"]))],
        lambda args, key, by: letter(
            petition=Petition.objects.select_related("contest").get(pk=args["petition"]),
            service_id=key,
            lang=args["lang"],
            by=by,
        ),
    )
)


def letters(*, petition: Petition, lang: str, by: Person) -> DocumentBatch:
    """Every letter of service of a case as one file, made by the worker."""
    keeps_case(by, petition)
    return batches.ask(LETTERS, subject=subject_of(petition), args={"petition": petition.pk, "lang": lang}, by=by)


def term_said(paper: Filing, lang: str) -> str:
    """How long the paper gives, in words; "" where it asks nothing."""
    say = court.in_words(lang)
    if paper.term_until:
        return say(_("jusqu’au %(until)s")) % {"until": paper.term_until.replace("T", " ")}
    if not paper.term_n:
        return limit_said(paper, lang)
    words = _("dans un délai de %(n)s h") if paper.term_unit == "hour" else _("dans un délai de %(n)s {n:jour|jours}")
    return told(say(words), lang, {"n": paper.term_n})


def limit_said(paper: Filing, lang: str) -> str:
    """How long a time limit of the pack gives, in its words; "" where the paper asks nothing."""
    record = norms_of(paper.petition.contest).limits.get(paper.term_order) if paper.term_order else None
    if record is None:
        return ""
    named = str(record.get(f"what_{lang}") or record.get("what_fr") or paper.term_order)
    if not (n := record.get("offset")):
        return named
    hours = record.get("unit") == "hour"
    said = told(translate(_("%(n)s h") if hours else _("%(n)s {n:jour|jours}"), lang), lang, {"n": n})
    return f"{named}, {said}"


# --- notice to cure, certified copy ------------------------------------------------------------
class NoNotice(Refused):
    code = "DIS-662"
    says = _("Une invitation à régulariser dit ce qui manque, l’acte qui fixe le délai, et un terme à venir.")
    remedy = _("Écrivez au moins un manque avec ce qu’il faut faire, l’acte, et un jour qui n’est pas passé.")
    status = 422


MOST_COPIED = 60
"""Pages drawn in one certified copy; a longer piece is certified by its fingerprint, and its file handed out beside."""


def copy(*, petition: Petition, number: int, held: str, asked_by: str, lang: str, by: Person) -> IssuedDocument:
    """A certified copy of a piece, its pages drawn here. Each reading is recorded; a sealed piece is not the registry's to
    copy (EVD-…, PEO-101 as `reading.read` says)."""
    keeps_case(by, petition)
    say = court.in_words(lang)
    found, exhibit = reading.read(petition=petition, number=number, by=by)
    pages = exhibit.pages if found.media in decoding.PICTURES and exhibit.pages <= MOST_COPIED else 0
    pictures = [
        as_png(drawing_pieces.page(petition=petition, number=number, page=n, by=by)) for n in range(1, pages + 1)
    ]
    one = sittings.Certified(
        case=petition.number or "", piece=registry.Piece(f"P{number}", exhibit.name, exhibit.piece.sha256, exhibit.pages),
        received=exhibit.received_at, held=held or exhibit.originals_at or say(_("au dossier")), asked_by=asked_by,
        by=[say(_("Le greffier en chef"))], pictures=pictures,
    )  # fmt: skip
    head = court.head(
        petition.contest, lang, title=sittings.COPY_TITLE, number=petition.number or "", desk=say(_("Greffe"))
    )
    return documents.issue(sittings.certified(one, head, lang), subject=f"{subject_of(petition)}.p{number}", by=by)


def as_png(jpeg: bytes) -> bytes:
    """A page drawn here, as the typesetter takes it."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as drawn:
        drawn.convert("L").save(out, "PNG")
    return out.getvalue()


# --- hearings -----------------------------------------------------------------------------------
def cause_list(*, hearing: Hearing, lang: str, by: Person | None) -> IssuedDocument:
    """The cause list of a hearing, as it is posted; changed, it is another version."""
    keeps(by, hearing.contest_id)
    number = f"{court.in_words(lang)(_('Audience n°'))} {hearing.pk}"
    causes = [
        sittings.Cause(
            number=e.petition.number or "", roll=str(e.petition.roll or "–"),
            about=e.petition.about_words or translate(ABOUT_LABELS.get(e.petition.about, e.petition.about), lang),
            parties=named(e.petition),
        )
        for e in hearing.entries.select_related("petition").order_by("order")
    ]  # fmt: skip
    head = court.head(hearing.contest, lang, title=sittings.CAUSES_TITLE, number=number)
    signed = [court.in_words(lang)(_("Le greffier en chef"))]
    paper = sittings.cause_list(sitting_of(hearing), causes, signed, head, lang)
    return documents.issue(paper, subject=hearing_subject(hearing), by=by)


def named(petition: Petition) -> str:
    """The parties as a public paper names them: « A c/ B »; those it does not name are left out."""
    rows = [p for p in petition.parties.filter(struck=False) if p.kind in NAMED or p.role == "authority"]
    sides = [[p.name for p in rows if p.role == role] for role in ("petitioner", "respondent")]
    return " c/ ".join(", ".join(side) for side in sides if side)


def sitting_of(hearing: Hearing) -> sittings.Sitting:
    access = " · ".join(p for p in (hearing.interpreters, hearing.access) if p)
    return sittings.Sitting(starts=hearing.starts_at, place=hearing.place, closed=hearing.closed_why, access=access)


def minutes(*, hearing: Hearing, lang: str, by: Person | None) -> IssuedDocument:
    """The minutes of a hearing that was held."""
    keeps(by, hearing.contest_id)
    say = court.in_words(lang)
    present = hearing.presences.select_related("member__person", "party")
    called = [
        sittings.Called(e.petition.number or "", (), "")
        for e in hearing.entries.select_related("petition").order_by("order")
    ]
    one = sittings.Minutes(
        sitting=sitting_of(hearing), closed_at=hearing.held_at,
        bench=seats([p.member for p in present if p.member is not None], lang),
        parties=[came(p.party, p.by_whom, lang) for p in present if p.party is not None],
        called=called, incidents=[line for line in hearing.minutes.splitlines() if line.strip()], audio=hearing.audio,
        signatures=[(say(_("Le président")), ""), (say(_("Le greffier en chef")), "")],
    )  # fmt: skip
    head = court.head(
        hearing.contest, lang, title=sittings.MINUTES_TITLE, number=f"{say(_('Audience n°'))} {hearing.pk}"
    )
    return documents.issue(sittings.minutes(one, head, lang), subject=hearing_subject(hearing), by=by)


def seats(members: Sequence[BenchMember], lang: str) -> list[tuple[str, str]]:
    president = translate(_("président"), lang)
    return [(m.person.full_name, president if m.president else "") for m in members]


def came(party: Party, by_whom: str, lang: str) -> tuple[str, str]:
    role = translate(ROLE_LABELS.get(party.role, party.role), lang)
    return party.name, ", ".join(p for p in (role, by_whom) if p)


ROLE_LABELS = {
    "petitioner": _("requérant"), "respondent": _("défendeur"), "intervener": _("intervenant"), "counsel": _("conseil"),
    "authority": _("autorité qui a fait l’acte"),
}  # fmt: skip
