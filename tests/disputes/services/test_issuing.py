"""The papers of a case as they leave the house: a receipt is issued once and says what was received; lists are versions."""

import io
from datetime import datetime, timedelta

import pypdfium2
import pytest

from kalata.deadlines.models import Fact
from kalata.disputes.rules import receipts
from kalata.disputes.services import hearings, intake, issuing
from kalata.documents import queries as register
from tests.disputes.bench_stage import bench, case
from tests.disputes.desk import filing, open_court, received
from tests.disputes.desk import own_keys as own_keys

pytestmark = pytest.mark.django_db


def words(one):
    with pypdfium2.PdfDocument(io.BytesIO(register.bytes_of(one))) as pages:
        return " ".join("".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.fixture
def filed(contest):
    who, counter = open_court(contest)
    draft = intake.draft(contest=contest, filing=filing(), channel="counter", by=who["clerk"])
    piece = intake.keep(one_page(), name="pv.pdf", by=who["clerk"])
    intake.attach(petition=draft, content=piece, name="Copie du PV", kind="record", by=who["clerk"])
    return who, intake.receive(petition_id=draft.pk, counter=counter, by=who["clerk"], drift_ms=1_204)


def one_page():
    import pikepdf

    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


def test_a_receipt_says_what_was_received_and_its_square_is_the_counters(filed):
    who, petition = filed
    one = issuing.receipt(petition=petition, lang="fr", by=who["clerk"])
    said = words(one)
    exhibit = petition.exhibits.get()
    for part in (
        petition.number,
        "BKO2 · Greffe central",
        "Candidature n° 2",
        "P1 Copie du PV",
        exhibit.piece.sha256[:16],
        "1 204 ms d’avance",
        "membres du bureau remplacés hors liste",
        "Il n’est pas une décision sur la recevabilité",
        "Aucun délai n’a pu être calculé",
    ):
        assert part in said.replace("\u202f", " "), part
    assert one.reference.startswith("BKO227") or one.reference.startswith("BKO2")
    import zxingcpp

    with pypdfium2.PdfDocument(io.BytesIO(register.bytes_of(one))) as pages:
        read = {found.text for found in zxingcpp.read_barcodes(pages[0].render(scale=5).to_numpy())}
    (square,) = [receipts.square_of(text) for text in read if text.startswith(receipts.MARK)]
    assert square.number == petition.number and square.holds(petition.receipt.key)


def test_a_receipt_is_issued_once_a_language_and_nothing_learned_since_changes_it(filed, calendar):
    who, petition = filed
    first = issuing.receipt(petition=petition, lang="fr", by=who["clerk"])
    petition.about_words = "autre"
    petition.save()
    assert issuing.receipt(petition=petition, lang="fr", by=who["clerk"]) == first
    english = issuing.receipt(petition=petition, lang="en", by=who["clerk"])
    assert english.reference != first.reference and "not a ruling on admissibility" in words(english)


def test_a_receipt_prints_every_reading_of_the_limit_and_decides_nothing(filed, calendar, supervisor):
    who, petition = filed
    day = petition.received_at.date() - timedelta(days=6)
    Fact.objects.create(
        calendar=calendar, type="VOTE", round=1, standing="actual", day=day, by=supervisor, document="décret"
    )
    Fact.objects.create(
        calendar=calendar, type="PROV_RESULTS", round=1, standing="actual", day=petition.received_at.date(), by=supervisor, document="communiqué",
        at=petition.received_at - timedelta(hours=3),
    )  # fmt: skip
    said = words(issuing.receipt(petition=petition, lang="fr", by=who["clerk"]))
    assert "en temps utile" in said and "Aucun délai" not in said


def test_a_cause_list_names_lists_and_candidates_never_an_elector_and_is_a_new_version_when_it_changes(
    contest, registrar
):
    members = bench(key=False)
    petition = case(contest, state="ready")
    petition.parties.update(kind="elector", name="Nom d’un électeur")
    at = datetime.fromisoformat("2027-05-03T09:00:00+00:00")
    one = hearings.fix(contest=contest, starts_at=at, place="Salle 1", petitions=(petition,), by=members[0].person)
    first = issuing.cause_list(hearing=one, lang="fr", by=registrar)
    said = words(first)
    assert petition.number in said and "Salle 1" in said and "Nom d’un électeur" not in said and "non nommées" in said
    petition.parties.update(kind="list", name="Liste « La pirogue »")
    second = issuing.cause_list(hearing=one, lang="fr", by=registrar)
    assert (second.version, second.reference) == (2, first.reference) and "La pirogue" in words(second)


def test_minutes_say_who_sat_who_came_and_the_hash_of_the_recording(contest, registrar):
    members = bench(key=False)
    petition = case(contest, state="ready")
    at = datetime.fromisoformat("2027-05-03T09:00:00+00:00")
    one = hearings.fix(contest=contest, starts_at=at, place="Salle 1", petitions=(petition,), by=members[0].person)
    hearings.publish_list(hearing=one, by=registrar, now=at - timedelta(days=2))
    party = petition.parties.get()
    hearings.hold(
        hearing=one, minutes="L’affaire est mise en délibéré.", audio="ab" * 32, members=members[:5], parties={party: "son conseil"},
        by=registrar, now=at + timedelta(hours=2),
    )  # fmt: skip
    said = words(issuing.minutes(hearing=one, lang="fr", by=registrar))
    for part in (members[0].person.full_name, "son conseil", "abababab", "mise en délibéré", petition.number):
        assert part in said, part


def test_a_petition_received_elsewhere_bears_the_series_of_its_counter(contest):
    who, counter = open_court(contest, code="SEG1")
    petition = received(contest, counter, who["clerk"])
    assert issuing.receipt(petition=petition, lang="fr", by=None).reference.startswith("SEG1")


def test_a_letter_of_service_is_of_one_party_and_says_its_term(contest, registrar):
    from kalata.disputes.models import Filing, Service

    petition = case(contest, state="served")
    at = petition.received_at
    paper = Filing.objects.create(
        petition=petition,
        number=1,
        kind="petition",
        title="Requête",
        filed_at=at,
        at=at,
        term_n=48,
        term_unit="hour",
        term_order="ordonnance n° 3",
    )
    party = petition.parties.get()
    other = petition.parties.create(role="respondent", name="Liste « Le baobab »", kind="list", at=at)
    rows = [Service.objects.create(petition=petition, document=paper, party=p, at=at) for p in (party, other)]
    made = [issuing.letter(petition=petition, service_id=row.pk, lang="fr", by=registrar) for row in rows]
    assert made[0].reference != made[1].reference and {m.version for m in made} == {1}
    said = words(made[1])
    for part in ("Liste « Le baobab »", "48 h", "ordonnance n° 3", "Remis le", petition.number):
        assert part in said, part
    from kalata.disputes.services.steps import subject_of

    assert set(register.of_subject(subject_of(petition))) == set(made)
    from kalata.documents import batches

    lot = issuing.letters(petition=petition, lang="fr", by=registrar)
    batches.run(lot)
    lot.refresh_from_db()
    assert (lot.done, lot.total, lot.subject) == (2, 2, subject_of(petition))
    with pypdfium2.PdfDocument(batches.file_of(lot.pk, lot.subject)) as whole:
        assert len(whole) == sum(m.pages for m in made)
    assert set(register.of_subject(subject_of(petition))) == set(made)
    Service.objects.filter(pk=rows[0].pk).update(waiver="art. 14")
    assert issuing.to_serve(petition) == [rows[1]]


def test_a_petition_that_was_not_received_has_no_receipt(contest):
    with pytest.raises(issuing.NoReceipt):
        issuing.receipt(petition=case(contest, state="ready"), lang="fr", by=None)
