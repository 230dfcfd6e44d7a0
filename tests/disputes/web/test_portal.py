"""The parties' own pages: own cases only, papers acknowledged, briefs filed, clocks and file taken; the liaison's measures."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from icalendar import Calendar

from kalata.disputes.models import Clock, Filing, Party, Service
from kalata.disputes.services import intake, measures, portal
from kalata.ledger.models import Act
from tests.disputes.services.test_serving import communicated, of

pytestmark = pytest.mark.django_db


def pdf(text="a"):
    out = io.BytesIO()
    with pikepdf.Pdf.new() as one:
        one.add_blank_page(page_size=(200, 200))
        one.docinfo["/Title"] = text
        one.save(out)
    return out.getvalue()


@pytest.fixture
def lawyer(court):
    return court.who("partie")


@pytest.fixture
def case(court, lawyer):
    made = court.case(state="served")
    Party.objects.filter(pk=made.authority.pk).update(account=lawyer)
    return made


def at(case, tail=""):
    return f"/contentieux/mes-affaires/{case.petition.number}/{tail}"


def text(answer):
    return answer.content.decode()


def test_one_sees_one_s_own_cases_and_no_other(court, case, lawyer, sign_in):
    other = court.case(state="served")
    client = sign_in(lawyer)
    page = text(client.get("/contentieux/mes-affaires/"))
    assert case.petition.number in page
    assert other.petition.number not in page
    for tail in ("", "calendrier.ics", "dossier.pdf"):
        assert client.get(at(other, tail)).status_code == 404
    assert client.get(f"/contentieux/affaires/{case.petition.number}/").status_code == 404


def test_a_mandate_that_is_struck_closes_the_case_again(case, lawyer, sign_in):
    client = sign_in(lawyer)
    assert client.get(at(case)).status_code == 200
    Party.objects.filter(pk=case.authority.pk).update(struck=True)
    assert client.get(at(case)).status_code == 404


def test_a_paper_acknowledged_starts_the_clock_of_that_party_once(court, case, lawyer, sign_in):
    paper = communicated(court, case)
    client = sign_in(lawyer)
    assert "J’en accuse réception" in text(client.get(at(case)))
    service = of(paper, case.authority)
    client.post(at(case), {"act": "ack", "service": service.pk})
    assert Clock.objects.get().party == case.authority
    again = client.post(at(case), {"act": "ack", "service": service.pk})
    assert "DIS-201" in text(again)
    other = of(paper, case.respondent)
    assert "DIS-207" in text(client.post(at(case), {"act": "ack", "service": other.pk}))
    assert Service.objects.filter(served_at__isnull=False).count() == 1


def test_a_brief_is_filed_and_goes_to_the_others(court, case, lawyer, sign_in):
    client = sign_in(lawyer)
    body = {
        "act": "brief",
        "kind": "defence",
        "title": "Mémoire",
        "party": case.authority.pk,
        "piece": SimpleUploadedFile("m.pdf", pdf()),
    }
    answer = client.post(at(case), body)
    assert answer.status_code == 302, text(answer)
    brief = Filing.objects.get()
    assert {s.party_id for s in brief.services.all()} == {case.petitioner.pk, case.respondent.pk}
    body["party"], body["piece"] = case.respondent.pk, SimpleUploadedFile("m.pdf", pdf())
    assert "DIS-207" in text(client.post(at(case), body))


def test_the_clocks_go_into_a_calendar_with_four_alarms(court, case, lawyer, sign_in):
    paper = communicated(court, case)
    portal.acknowledge(number=case.petition.number, service_id=of(paper, case.authority).pk, by=lawyer)
    found = Calendar.from_ical(sign_in(lawyer).get(at(case, "calendrier.ics")).content)
    [event] = found.walk("VEVENT")
    assert case.petition.number in event["UID"]
    assert len(event.walk("VALARM")) == 4


def test_the_file_is_one_pdf_with_an_outline_and_nothing_that_is_closed(court, case, lawyer, sign_in):
    for access, name in (("parties", "Mémoire"), ("sealed", "Témoin protégé"), ("bench", "Note au rapporteur")):
        kept = intake.keep(pdf(name), name=f"{name}.pdf", by=court.registrar)
        intake.attach(petition=case.petition, content=kept, name=name, kind="brief", by=court.registrar, access=access)
    made = sign_in(lawyer).get(at(case, "dossier.pdf")).content
    with pikepdf.Pdf.open(io.BytesIO(made)) as one, one.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert len(one.pages) >= 2
    assert titles[1:] == ["P2 Mémoire"]  # after the index
    page = text(sign_in(lawyer).get(at(case)))
    assert "Témoin protégé" not in page
    assert "sous scellé" in page
    assert "Mémoire" in page


def test_reading_a_sealed_piece_is_recorded_and_a_party_does_not_read_it(court, case, lawyer, sign_in):
    kept = intake.keep(pdf("s"), name="s.pdf", by=court.registrar)
    sealed = intake.attach(
        petition=case.petition, content=kept, name="Témoin", kind="brief", by=court.registrar, access="sealed"
    )
    url = f"/contentieux/affaires/{case.petition.number}/pieces/{sealed.number}/"
    assert "DIS-220" in text(sign_in(lawyer).get(url))
    assert "DIS-220" in text(sign_in(court.registrar).get(url))
    assert not Act.objects.filter(kind="disputes.exhibit_read").exists()
    answer = sign_in(court.rapporteur).get(url)
    assert b"".join(answer.streaming_content)[:4] == b"%PDF"
    assert Act.objects.filter(kind="disputes.exhibit_read", actor_id=court.rapporteur.pk).count() == 1
    assert case.petition.custody.filter(kind="read").count() == 1
    assert sign_in(court.who("admin")).get(url).status_code == 404


def test_the_liaison_sees_measures_and_no_case(court, case, sign_in):
    measures.ask(petition_id=case.petition.pk, kind="report", what="Copie du PV 12", by=court.rapporteur)
    client = sign_in(court.who("liaison"))
    page = text(client.get("/contentieux/mesures/"))
    assert "Copie du PV 12" in page
    assert "Candidature" not in page
    assert client.get(f"/contentieux/affaires/{case.petition.number}/").status_code == 404
    one = case.petition.measures.get()
    client.post("/contentieux/mesures/", {"act": "answer", "measure": one.pk, "text": "Voici"})
    one.refresh_from_db()
    assert one.answer == "Voici"


def test_a_mandate_is_produced_online_and_decided_on_the_page_of_the_case(court, case, sign_in):
    newcomer = court.who("partie")
    body = {
        "act": "mandate",
        "number": case.petition.number,
        "name": "Candidature n° 1",
        "words": "Conseil",
        "piece": SimpleUploadedFile("m.pdf", pdf()),
    }
    assert sign_in(newcomer).post("/contentieux/mes-affaires/", body).status_code == 302
    one = case.respondent.representations.get()
    client = sign_in(court.registrar)
    where = f"/contentieux/affaires/{case.petition.number}/"
    assert "à décider" in text(client.get(where))
    client.post(where, {"act": "decide", "mandate": one.pk, "to": "accept", "why": ""})
    assert Party.objects.get(pk=case.respondent.pk).account == newcomer


def test_the_checklist_page_says_each_point_with_its_text(court, case, sign_in):
    client = sign_in(court.registrar)
    where = f"/contentieux/affaires/{case.petition.number}/recevabilite/"
    assert "pas encore été établie" in text(client.get(where))
    from kalata.disputes.services.sheets import stamp

    case.petition.refresh_from_db()
    assert client.post(where, {"act": "check", "seen": stamp(case.petition), "certified": "1"}).status_code == 302
    page = text(client.get(where))
    assert "Motifs en projet" in page
    assert "jamais une décision" in page
