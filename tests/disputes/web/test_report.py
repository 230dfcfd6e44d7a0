"""The report of the reporting judge: filed in versions, made from the case, read by the bench once the case is ready."""

import io
import re

import pypdfium2
import pytest

from kalata.disputes.models import CaseReport
from kalata.disputes.rules.choices import Choice
from kalata.disputes.services import evidencing, whatifs
from kalata.documents.models import IssuedDocument
from tests.conftest import make_person
from tests.disputes import instructed

pytestmark = pytest.mark.django_db
PLANTED = "Zanzibarine-8842"


@pytest.fixture
def petition(published, judge):
    made = instructed.case(published, judge, "SEG-001", "SAN-001")
    whatifs.keep(petition=made, name="SEG annulé", choice=Choice(annul=("SEG-001",)), by=judge)
    return made


def page_of(petition, tail=""):
    return f"/contentieux/affaires/{petition.number}/rapport/{tail}"


def text_in(content):
    with pypdfium2.PdfDocument(io.BytesIO(content)) as found:
        return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_bounded() for page in found))


def filed(client, petition, **changed):
    kept = petition.whatifs.get()
    sent = {"act": "file", "facts": "Le vote eut lieu.", "w0": "Le moyen est sérieux.", "options": "Rejeter.\nAnnuler SEG-001.", "whatif": [kept.pk], "lang": "fr", **changed}  # fmt: skip
    return client.post(page_of(petition), sent)


def test_a_report_holds_the_judge_s_words_the_evidence_and_the_simulation_with_its_digest(sign_in, judge, petition):
    client = sign_in(judge)
    assert filed(client, petition).status_code == 302
    text = text_in(client.get(page_of(petition, "1.pdf")).content)
    for words in ("Rapport du juge rapporteur", "Le vote eut lieu.", "Le moyen est sérieux.", "Annuler SEG-001.", "SEG annulé",
                  "Bureaux visés sans pièce à eux : 2 sur 2.", "Ces actes ne changent pas l’issue", "Aucune conclusion n’est choisie par le logiciel"):  # fmt: skip
        assert words in text, words
    assert petition.whatifs.get().digest[:8] in text.replace(" ", "")[:200_000]


def test_a_version_that_says_the_same_is_the_one_that_stands_and_another_is_the_next(sign_in, judge, petition):
    client = sign_in(judge)
    filed(client, petition)
    filed(client, petition)
    assert [r.version for r in CaseReport.objects.all()] == [1]
    filed(client, petition, facts="Le vote eut lieu, puis fut contesté.")
    rows = CaseReport.objects.order_by("version")
    assert (
        [r.version for r in rows] == [1, 2]
        and rows[0].reference == rows[1].reference
        and rows[0].sha256 != rows[1].sha256
    )
    assert client.get(page_of(petition, "1.pdf")).status_code == 200


def test_a_draft_is_marked_and_keeps_nothing(sign_in, judge, petition):
    answer = filed(sign_in(judge), petition, act="preview")
    assert answer.headers["Content-Type"] == "application/pdf" and "PROJET" in text_in(answer.content)
    assert not CaseReport.objects.exists() and not IssuedDocument.objects.exists()


def test_the_bench_reads_a_report_once_the_case_is_ready_and_the_registry_never(sign_in, judge, registrar, petition):
    filed(sign_in(judge), petition, facts=PLANTED)
    member = instructed.seat("j2", make_person("membre-2", "juge"))
    assert sign_in(member.person).get(page_of(petition, "1.pdf")).status_code == 403
    type(petition).objects.filter(pk=petition.pk).update(state="ready")
    assert sign_in(member.person).get(page_of(petition, "1.pdf")).status_code == 200
    for person in (registrar, make_person("partie-x", "partie"), make_person("liaison-x", "liaison"), make_person("sup-x", "superviseur")):  # fmt: skip
        client = sign_in(person)
        for tail in ("", "1.pdf"):
            assert client.get(page_of(petition, tail)).status_code == 404, person.username
    listed = sign_in(registrar).get(f"/contentieux/affaires/{petition.number}/papiers/").content.decode()
    assert CaseReport.objects.get().reference not in listed
    assert PLANTED not in listed


def test_nothing_is_filed_in_deliberation_nor_once_decided(sign_in, judge, petition):
    for state in ("deliberation", "signed"):
        type(petition).objects.filter(pk=petition.pk).update(state=state)
        assert filed(sign_in(judge), petition).status_code in (403, 409), state
    assert not CaseReport.objects.exists()


def test_a_difference_that_two_persons_read_is_in_the_report(sign_in, judge, registrar, petition):
    from kalata.disputes.services import intake
    from tests.disputes.web.test_evidence import SEG, pdf

    content = intake.keep(pdf(), name="copie.pdf", by=registrar)
    piece = intake.attach(petition=petition, content=content, name="copie.pdf", kind="pv", by=registrar)
    for who in (registrar, judge):
        evidencing.read_copy(
            petition=petition, piece=piece.number, page=1, code="SEG-001", lines=SEG | {"c2": 1507}, by=who
        )
    client = sign_in(judge)
    filed(client, petition)
    assert "1 507" in text_in(client.get(page_of(petition, "1.pdf")).content).replace("\u202f", " ").replace(
        "\xa0", " "
    )
