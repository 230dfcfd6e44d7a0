"""The very addresses and boxes that once ended in a fault, or stored a zero for a word, one by one in every run."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kalata.tally.models import Recap, Sitting
from tests.services.test_tally import desk, in_session, register, typed  # noqa: F401

pytestmark = pytest.mark.django_db
FAR = 10**30


@pytest.mark.parametrize(
    "path",
    [
        "/langue/fr/?suite=abc", "/langue/fr/?suite=//ailleurs.example/", "/territoire/ml-2015/?niveau=²", "/resultats/pres/corrections/?zone=abc",
        f"/resultats/pres/zone/{FAR}/", f"/resultats/pres/bureaux/{FAR}/", f"/resultats/pres/bureaux/?page={FAR}", "/recherche/?q=%00%ff&genre=²",
        f"/fiches/BUR-{FAR}-P/", f"/recherche/?q=BUR-{FAR}-P",
    ],
)  # fmt: skip
def test_no_address_that_once_broke_the_house_breaks_it(client, published, path):
    answer = client.get(path)
    assert answer.status_code < 500
    assert not answer.get("Location", "").startswith(("//", "http"))


def test_a_station_without_results_has_its_page(sign_in, contest, supervisor):
    from kalata.country.models import Station

    bare = Station.objects.create(contest=contest, code="SANS-RIEN")
    assert sign_in(supervisor).get(f"/resultats/pres/bureaux/{bare.pk}/").status_code == 200


@pytest.mark.parametrize("quorum", ["cinq", " 2x", "²", "-1", "2.0", ""])
def test_a_quorum_that_is_no_number_is_a_question_never_a_zero(sign_in, register, desk, quorum):  # noqa: F811
    client = sign_in(desk["f"])
    sent = {"act": "convene", "title": "S", "members": "A ; B\nC ; D", "quorum": quorum}
    answer = client.post(f"/resultats/centralisation/{register.code}/commission/", sent)
    assert answer.status_code == 422
    assert not Sitting.objects.exists()


@pytest.mark.parametrize("stations", ["douze", "1e3", "٣", "-2", ""])
def test_a_recap_of_as_many_stations_as_a_word_says_is_refused_and_not_kept_as_none(sign_in, register, desk, stations):  # noqa: F811
    typed(register, desk)
    one = in_session(register, desk["f"])
    client = sign_in(desk["f"])
    answer = client.post(f"/resultats/centralisation/{register.code}/commission/{one.pk}/", {"act": "recap", "stations": stations, "seen": ""})
    assert answer.status_code == 422
    assert not Recap.objects.exists()


@pytest.mark.parametrize("kind", ["second", "²", "x" * 500])
def test_no_page_chooses_how_a_step_is_taken(sign_in, register, desk, kind):  # noqa: F811
    paper = typed(register, desk)
    client = sign_in(desk["f"])
    page = f"/resultats/centralisation/{register.code}/pv/{paper.pk}/"
    answer = client.post(page, {"to": "incident", "kind": kind, "reason": "r", "seen": paper.last_hash})
    assert answer.status_code < 500


@pytest.mark.parametrize("content", [b"%PDF-1.7\n1 0 obj<</Type", b"\xff\xd8\xff<script>", b"", b"PK\x03\x04"])
def test_a_picture_of_a_code_that_is_none_is_refused_with_its_code(sign_in, register, desk, content):  # noqa: F811
    client = sign_in(desk["reception"])
    sent = {"picture": SimpleUploadedFile("p.pdf", content)}
    answer = client.post(f"/resultats/centralisation/{register.code}/reception/code", sent)
    assert answer.status_code in (413, 422)


def test_a_header_of_twenty_thousand_columns_is_refused_with_its_code(sign_in, contest, supervisor):
    out = io.BytesIO((",".join(f"c{n}" for n in range(20_000)) + "\n" + "," * 19_999 + "\n").encode())
    answer = sign_in(supervisor).post(f"/resultats/gerer/{contest.code}/importer/", {"file": SimpleUploadedFile("t.csv", out.getvalue())})
    assert answer.status_code == 422
    assert "IMP-1" in answer.content.decode()
