"""The pages of first instance: an office, its docket, a petition taken down, a case from its receipt to its signature."""

from __future__ import annotations

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kalata.disputes import demonstration, public_site
from kalata.disputes.models import Clock, FirstRuling, Petition, Service
from kalata.disputes.queries import offices as queries
from kalata.disputes.queries import public
from kalata.disputes.rules.service import Mode, Outcome
from kalata.disputes.rules.steps import State
from kalata.disputes.services import first, serving, sheets
from kalata.documents import queries as register
from tests.conftest import make_person
from tests.disputes.desk import own_keys  # noqa: F401
from tests.disputes.services.test_first import House, decided, deliberated, go, written

pytestmark = pytest.mark.django_db
HERE = "/contentieux/premiere-instance/"


@pytest.fixture
def house(contest):
    public.forget()
    return House(contest)


def text(answer) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def pdf(name: str = "p.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, demonstration.paper(), "application/pdf")


def at(one: Petition) -> str:
    return f"{HERE}affaires/{one.number}/"


def seen(one: Petition) -> str:
    return sheets.stamp(Petition.every.get(pk=one.pk))


def test_the_registry_of_an_office_receives_a_petition_and_finds_it_in_its_docket(house, sign_in):
    client = sign_in(house.keeper)
    assert "Greffe CAKAYES" in text(client.get(HERE))
    asked = {
        "act": "receive", "contest": house.contest.pk, "channel": "counter", "petitioner": "Une électrice", "capacity": "elector", "about": "register",
        "about_words": "Radiation contestée", "code1": "register", "text1": "Radiée sans avis", "signed": "1",
    }  # fmt: skip
    assert client.post(f"{HERE}CAKAYES/recevoir/", asked | {"petitioner": ""}).status_code == 422
    answer = client.post(f"{HERE}CAKAYES/recevoir/", {**asked, "pieces": [pdf()]}, follow=True)
    one = Petition.every.get()
    assert answer.redirect_chain[-1][0] == at(one) and "Radiation contestée" in text(answer)
    docket = text(client.get(f"{HERE}CAKAYES/?q=radiation"))
    assert one.number in docket and "liste électorale" in docket and " None " not in docket and ">None<" not in docket
    assert one.number not in text(client.get(f"{HERE}CAKAYES/?q=autre-chose"))
    assert one.number in client.get(f"{HERE}CAKAYES/?fichier=csv").content.decode()
    refused = client.post(f"{HERE}CAKAYES/recevoir/", {**asked, "about": "candidacy", "pieces": [pdf()]})
    assert refused.status_code == 422 and "DIS-902" in text(refused)


def test_nothing_of_an_office_exists_for_who_is_of_another_body_or_place_nor_for_the_court(house, sign_in):
    one = house.received()
    for who in (make_person("loin", "commission-greffe", unit=house.segou), make_person("jc", "juge-civil", unit=house.kayes), house.greffe):
        client = sign_in(who)
        for url in (f"{HERE}CAKAYES/", at(one), f"{at(one)}pieces/1/", f"{HERE}CAKAYES/recevoir/"):
            assert client.get(url).status_code == 404
    assert one.number not in text(sign_in(house.greffe).get("/contentieux/role/"))
    assert sign_in(house.keeper).get(f"/contentieux/affaires/{one.number}/").status_code == 404


def test_a_case_is_voted_and_signed_on_its_page_and_each_act_is_who_may(house, sign_in):
    one = deliberated(house, house.received())
    asked = {"act": "write", "outcome": "granted", "order": "enrol", "words": "Inscrire.", "articles": "ML-D-REGISTER", "reason_g1": "Récépissé.", "breach": "tard"}
    assert sign_in(house.keeper).post(at(one), {**asked, "seen": seen(one)}).status_code == 403
    member = sign_in(house.one)
    assert member.post(at(one), {**asked, "seen": seen(one)}).status_code == 302
    page = text(member.get(at(one)))
    assert "fait droit à la demande" in page and "Votre vote sur ce texte" in page
    clerk = text(sign_in(house.keeper).get(at(one)))
    assert "en délibéré" in clerk and "fait droit à la demande" not in clerk and "Ce qui retient la signature" not in clerk
    of = FirstRuling.objects.get().of
    for who in (house.one, house.two, house.chair):
        sign_in(who).post(at(one), {"act": "vote", "of": of, "vote": "aye"})
    for to in ("drafted", "gate"):
        assert sign_in(house.one).post(at(one), {"act": "report", "to": to, "document": "d", "why": "r", "seen": seen(one)}).status_code == 302
    assert "Le contrôle laisse passer ce texte" in text(sign_in(house.chair).get(at(one)))
    stale = sign_in(house.chair).post(at(one), {"act": "sign", "of": "0" * 64, "copy": pdf(), "seen": seen(one)})
    assert stale.status_code == 409
    assert sign_in(house.chair).post(at(one), {"act": "sign", "of": of, "copy": pdf("signe.pdf"), "seen": seen(one)}).status_code == 302
    page = text(sign_in(house.keeper).get(at(one)))
    number = f"{timezone.localdate().year}-01/CAKAYES-LE"
    assert number in page and "exemplaire signé" in page and "Juge civil" in page
    copy = FirstRuling.objects.get().copy
    assert sign_in(house.keeper).get(f"{at(one)}pieces/{copy.number}/").status_code == 200
    assert not Service.objects.filter(document__kind="decision").exists()
    for who, act, to in ((house.chair, "preside", "pronounced"), (house.keeper, "step", "notified")):
        sign_in(who).post(at(one), {"act": act, "to": to, "document": "d", "why": "r", "seen": seen(one)})
    assert Service.objects.filter(document__kind="decision").count() == 2  # each party is to be served


def test_an_office_is_asked_on_the_page_and_what_waits_is_on_the_home_page(house, sign_in):
    client = sign_in(house.opens)
    page = text(client.get(HERE))
    assert "Demander l’ouverture d’un greffe" in page and "Juge civil" in page and "Cour constitutionnelle" not in page.split("Organe")[1].split("Code")[0]
    asked = {"act": "open", "body": "civil_judge", "code": "JC1", "name": "Juge", "unit": house.kayes.code, "reason": "r"}
    assert client.post(HERE, asked).status_code == 302
    assert sign_in(house.keeper).post(HERE, asked).status_code == 403
    house.received()
    assert queries.waiting(house.keeper)["enrol"] == 1 and "1 affaire de première instance à enrôler" in text(sign_in(house.keeper).get("/"))
    assert "Greffes ouverts : Greffe CAKAYES" in text(client.get("/contentieux/recours/"))


def test_a_notice_to_cure_is_written_served_and_its_case_goes_on(house, sign_in):
    one = house.received()
    go(one, house.keeper, State.DOCKETED)
    client = sign_in(house.keeper)
    page = text(client.get(at(one)))
    assert "Invitation à régulariser" in page and 'value="to_cure"' not in page
    asked = {"act": "cure", "lang": "fr", "what1": "La requête n’est pas datée", "remedy1": "La dater au greffe", "n": "48", "unit": "hour", "order": "Acte n° 3"}
    assert sign_in(house.one).post(at(one), asked).status_code == 403
    assert sign_in(house.keeper).post(at(one), {**asked, "seen": "0" * 16}).status_code == 409  # a page that is no longer so
    assert sign_in(house.keeper).post(at(one), asked).status_code == 302
    one.refresh_from_db()
    assert one.state == State.TO_CURE
    assert [d.version for d in register.of_subject(f"petition:{one.number}") if "régulariser" in str(d.title)] == [1]
    service = Service.objects.get(document__kind="cure")
    assert service.party.role == "petitioner"
    serving.try_service(petition_id=one.pk, service_id=service.pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.SERVED, by=house.keeper, exhibit_id=one.exhibits.first().pk)
    assert Clock.objects.get(petition=one, kind="cure", stopped_at=None).bound is not None
    go(one, house.keeper, State.ADMISSIBILITY)
    assert not Clock.objects.filter(petition=one, kind="cure", stopped_at=None, met_at=None).exists()


def test_everybody_reads_each_case_by_its_number_and_no_name(house, client):
    one, other = house.received(), house.received()
    decided(house, one)
    page = text(client.get("/cour/premiere-instance/"))
    number = f"{timezone.localdate().year}-01/CAKAYES-LE"
    assert one.number in page and other.number in page and number in page and "fait droit à la demande" in page
    for hidden in ("électrice", "mairie", "Inscription refusée", "récépissé est au dossier", "Inscrire la requérante"):
        assert hidden not in page
    assert other.number not in text(client.get(f"/cour/premiere-instance/?q={number}"))
    kept = b"".join(client.get("/cour/donnees/first-instance.csv").streaming_content).decode()
    assert kept.count("CAKAYES") >= 2 and "électrice" not in kept
    assert client.get("/cour/premiere-instance/?fichier=xlsx").status_code == 200


def test_a_decision_that_is_signed_and_not_read_out_is_still_a_deliberation_for_everybody(house, client):
    one = deliberated(house, house.received())
    ruling = written(house, one)
    for by in (house.one, house.two, house.chair):
        first.vote(petition_id=one.pk, of=ruling.of, aye=True, by=by)
    go(one, house.one, State.DRAFTED, State.GATE)
    first.sign(petition_id=one.pk, of=ruling.of, copy=house.piece, name="signe.pdf", by=house.chair)
    page = text(client.get("/cour/premiere-instance/"))
    assert "/CAKAYES-LE" not in page and "en délibéré" in page and "fait droit" not in page.split("<tbody>", 1)[1]
    assert ",deliberation," in b"".join(client.get("/cour/donnees/first-instance.csv").streaming_content).decode()


def test_the_static_site_holds_the_first_instance_of_its_contest(house):
    decided(house, house.received())
    site = public_site.pages(house.contest)
    pages = {path: str(body) for path, _title, body in site.bodies("fr")}
    assert "fait droit à la demande" in pages["first.html"] and "CAKAYES" in pages["first.html"] and "électrice" not in pages["first.html"]
    assert b"CAKAYES" in site.data["first-instance.csv"]


def test_a_party_files_before_an_office_from_its_account_and_follows_its_case_there(house, sign_in):
    party = make_person("partie-x", "partie")
    client = sign_in(party)
    page = text(client.get("/contentieux/mes-affaires/deposer/"))
    assert "Greffe CAKAYES · CAKAYES" in page
    asked = {
        "contest": house.contest.pk, "office": "CAKAYES", "petitioner": "Une électrice", "capacity": "elector", "about": "register",
        "about_words": "Radiation contestée", "code1": "register", "text1": "Radiée sans avis", "signed": "1",
    }  # fmt: skip
    other = client.post("/contentieux/mes-affaires/deposer/", {**asked, "act": "file", "about": "candidacy", "pieces": [pdf()]})
    assert other.status_code == 422 and "DIS-902" in text(other) and not Petition.every.exists()
    assert client.post("/contentieux/mes-affaires/deposer/", {**asked, "act": "save", "pieces": [pdf()]}).status_code == 302
    draft = Petition.every.get()
    assert draft.office == house.office and queries.docket(house.keeper, house.office).count() == 0
    assert "Greffe CAKAYES" in text(client.get(f"/contentieux/mes-affaires/brouillons/{draft.pk}/"))
    answer = client.post(f"/contentieux/mes-affaires/brouillons/{draft.pk}/", {**asked, "act": "file"}, follow=True)
    draft.refresh_from_db()
    assert draft.state == State.RECEIVED and draft.number.split("-")[2] == "CAKAYES" and draft.number in text(answer)
    assert client.get(f"/contentieux/affaires/{draft.number}/pieces/1/").status_code == 200
    assert client.get(at(draft)).status_code == 404  # the office's own page is not a party's
    assert draft.number in text(sign_in(house.keeper).get(f"{HERE}CAKAYES/"))
    assert sign_in(house.greffe).get(f"/contentieux/affaires/{draft.number}/pieces/1/").status_code == 404
    assert sign_in(make_person("partie-y", "partie")).get(f"/contentieux/mes-affaires/{draft.number}/").status_code == 404
