"""The parties' own pages: own cases only, papers acknowledged, briefs filed, clocks and file taken; the liaison's measures."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from icalendar import Calendar

from kalata.country.models import Station
from kalata.disputes.models import Clock, Filing, Party, Petition, Service
from kalata.disputes.services import counters, intake, measures, portal
from kalata.ledger.models import Act
from tests.conftest import make_person
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


FORM = {"petitioner": "Candidature n° 2", "capacity": "candidate", "about": "results", "code1": "figures_inconsistent", "text1": "les totaux ne tombent pas juste"}  # fmt: skip
WRITE = "/contentieux/mes-affaires/deposer/"


@pytest.fixture
def online(contest, registrar, tmp_path, settings):
    settings.COUNTER_KEYS = tmp_path / "counters"
    Station.objects.create(contest=contest, code="BV-001", name="École n° 1", registered=300)
    counters.open_roll(contest=contest, short="P1", year=2027, by=registrar)
    return counters.open_counter(code="WEB", name="Dépôt en ligne", online=True, by=registrar)


def test_a_petition_is_written_in_several_sittings_and_filed_once(contest, online, lawyer, registrar, sign_in):
    client, said = sign_in(lawyer), {**FORM, "contest": contest.pk, "stations1": "BV-001\nsous le grand arbre"}
    kept = client.post(WRITE, {**said, "act": "save", "pieces": SimpleUploadedFile("r.pdf", pdf())})
    draft = kept["Location"]
    assert kept.status_code == 302 and Petition.objects.get().state == "draft"
    page = text(client.get(draft))
    assert "BV-001\nsous le grand arbre" in page and "P1 r.pdf" in page and "totaux ne tombent pas juste" in page
    assert "Brouillons, pas encore déposés" in text(client.get("/contentieux/mes-affaires/"))
    assert sign_in(registrar).get("/contentieux/role/").content.count(b"/affaires/") == 0
    client = sign_in(lawyer)
    filed = client.post(
        draft, {**said, "act": "file", "relief": "annulation", "pieces": SimpleUploadedFile("p.pdf", pdf("b"))}
    )
    one = Petition.objects.get()
    assert filed["Location"] == f"/contentieux/mes-affaires/{one.number}/"
    assert (one.number, one.state, one.channel, one.owner, one.relief) == (
        "2027-P1-WEB-000001",
        "received",
        "web",
        lawyer,
        "annulation",
    )
    assert list(one.exhibits.order_by("number").values_list("kind", flat=True)) == ["petition", "other"]
    assert sorted(t.station.code if t.station else t.words for t in one.grounds.get().targets.all()) == [
        "BV-001",
        "sous le grand arbre",
    ]
    assert client.get(draft).status_code == 404
    paper = client.get(f"/contentieux/mes-affaires/{one.number}/recepisse.pdf")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")


def test_a_draft_is_its_writer_s_alone_and_is_let_go_without_a_trace_at_the_court(contest, online, lawyer, sign_in):
    client = sign_in(lawyer)
    draft = client.post(
        WRITE, {**FORM, "contest": contest.pk, "act": "save", "pieces": SimpleUploadedFile("r.pdf", pdf())}
    )["Location"]
    other = sign_in(make_person("autre-avocate", "partie"))
    assert other.get(draft).status_code == 404
    assert other.post(draft, {**FORM, "contest": contest.pk, "act": "file"}).status_code == 404
    assert sign_in(lawyer).post(draft, {"act": "abandon"}).status_code == 302
    assert not Petition.objects.exists()


def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost(contest, online, lawyer, sign_in):
    answer = sign_in(lawyer).post(WRITE, {**FORM, "petitioner": "", "contest": contest.pk, "act": "file"})
    assert answer.status_code == 422 and "totaux ne tombent pas juste" in text(answer) and not Petition.objects.exists()


def test_where_no_counter_receives_online_nothing_is_filed_and_the_draft_is_as_it_was(
    contest, online, lawyer, registrar, sign_in
):
    client = sign_in(lawyer)
    draft = client.post(WRITE, {**FORM, "contest": contest.pk, "act": "save"})["Location"]
    counters.close_counter(code="WEB", by=registrar)
    assert "Aucun guichet ne reçoit en ligne" in text(client.get(draft))
    refused = client.post(draft, {**FORM, "contest": contest.pk, "act": "file", "relief": "autre"})
    assert refused.status_code == 409 and "DIS-127" in text(refused)
    assert Petition.objects.get().relief == "" and Petition.objects.get().state == "draft"
