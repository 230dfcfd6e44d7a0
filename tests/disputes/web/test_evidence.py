"""The evidence of a case: the matrix, officers replaced, copies read by two persons, three papers with their images."""

import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from kalata.country.models import Station
from kalata.disputes.models import CopyReading, CustodyEvent, EvidenceLink, OfficerReplaced
from kalata.disputes.queries import evidence as queries
from kalata.disputes.rules.threeway import Agreement, How
from kalata.disputes.services import intake
from tests.conftest import make_person
from tests.disputes import instructed
from tests.figures import spoken

pytestmark = pytest.mark.django_db
SEG = {
    "registered": 500,
    "voters": 300,
    "ballots": 300,
    "null_ballots": 10,
    "valid": 290,
    "c1": 90,
    "c2": 150,
    "c3": 50,
}


def pdf(pages=2):
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as one:
        for _n in range(pages):
            one.new_page(300, 400)
        one.save(out)
    return out.getvalue()


def photo():
    out = io.BytesIO()
    Image.new("L", (60, 80), 210).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def petition(published, judge):
    return instructed.case(published, judge, "SEG-001", "SAN-001")


@pytest.fixture
def piece(petition, registrar):
    content = intake.keep(pdf(), name="copie.pdf", by=registrar)
    return intake.attach(petition=petition, content=content, name="copie.pdf", kind="pv", by=registrar)


def page_of(petition, tail):
    return f"/contentieux/affaires/{petition.number}/{tail}"


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def typed(piece, code="SEG-001", page=1, **changed):
    return {"act": "copy", "piece": piece.number, "page": page, "code": code, **{f"l_{k}": str(v) for k, v in (SEG | changed).items()}}  # fmt: skip


# --- the matrix ------------------------------------------------------------------------------------------
def test_the_matrix_names_the_stations_without_a_piece_and_a_link_gives_them_one(sign_in, judge, petition, piece):
    client = sign_in(judge)
    shown = text_of(client.get(page_of(petition, "preuves/")))
    assert "2 bureaux visés n’ont aucune pièce à eux" in shown
    client.post(page_of(petition, "preuves/"), {"act": "link", "piece": piece.number, "ground": "g1", "codes": "SEG-001", "note": "p. 1"})  # fmt: skip
    link = EvidenceLink.objects.get()
    assert (link.station.code, link.note, link.by) == ("SEG-001", "p. 1", judge)
    shown = text_of(client.get(page_of(petition, "preuves/?pieces=sans")))
    assert (
        "1 bureau visé n’a aucune pièce à lui" in shown
        and "SAN-001" in shown
        and '<span class="code">SEG-001' not in shown
    )
    client.post(page_of(petition, "preuves/"), {"act": "unlink", "link": link.pk})
    link.refresh_from_db()
    assert link.struck_by == judge and "2 bureaux visés" in text_of(client.get(page_of(petition, "preuves/")))


def test_a_piece_on_the_whole_ground_leaves_its_stations_bare(sign_in, judge, petition, piece):
    client = sign_in(judge)
    client.post(page_of(petition, "preuves/"), {"act": "link", "piece": piece.number, "ground": "g1"})
    assert EvidenceLink.objects.get().station is None
    assert "2 bureaux visés n’ont aucune pièce à eux" in text_of(client.get(page_of(petition, "preuves/")))
    again = client.post(page_of(petition, "preuves/"), {"act": "link", "piece": piece.number, "ground": "g1"})
    assert again.status_code == 409 and "DIS-812" in again.content.decode()


@pytest.mark.parametrize("wrong", [{"piece": 99}, {"ground": "g9"}, {"codes": "KAY-001"}, {"codes": "XX"}])
def test_what_is_not_of_the_case_is_refused_by_name(sign_in, judge, petition, piece, wrong):
    sent = {"act": "link", "piece": piece.number, "ground": "g1", "codes": "SEG-001", **wrong}
    answer = sign_in(judge).post(page_of(petition, "preuves/"), sent)
    assert answer.status_code == 422 and "DIS-811" in answer.content.decode() and not EvidenceLink.objects.exists()


def test_an_officer_replaced_is_noted_without_a_name_and_struck_visibly(sign_in, judge, petition):
    client = sign_in(judge)
    sent = {"act": "officer", "code": "SEG-001", "role": "president", "day": "2027-03-07", "hour": "09:10", "decided_by": "sous-préfet", "listed": "no"}  # fmt: skip
    client.post(page_of(petition, "preuves/"), sent)
    one = OfficerReplaced.objects.get()
    assert (one.station.code, one.role, one.decided_by, one.listed) == ("SEG-001", "president", "sous-préfet", "no")
    client.post(page_of(petition, "preuves/"), {"act": "unofficer", "officer": one.pk})
    assert "<s>SEG-001 : président du bureau</s>" in text_of(client.get(page_of(petition, "preuves/")))
    with pytest.raises(DatabaseError), transaction.atomic():
        OfficerReplaced.objects.filter(pk=one.pk).update(role="other")


# --- copies ----------------------------------------------------------------------------------------------
def test_a_copy_is_established_only_once_a_second_person_has_read_the_same(sign_in, judge, registrar, petition, piece):
    page, station = page_of(petition, "copies/"), Station.objects.get(contest=petition.contest, code="SEG-001")
    sign_in(registrar).post(page, typed(piece, c2=105))
    found = queries.three(petition, station).papers[0]
    assert found.lines["c2"] == 105 and not found.sure and "lue une seule fois" in found.note.text("fr")
    again = sign_in(registrar).post(page, typed(piece, c2=105))
    assert again.status_code == 422 and "DIS-813" in again.content.decode()
    sign_in(judge).post(page, typed(piece, c2=105))
    one = CopyReading.objects.get()
    assert (one.by, one.second, one.verdict) == (registrar, judge, "agrees")
    found = queries.three(petition, station)
    assert found.papers[0].sure and [f.line for f in found.apart] == ["c2"]
    assert found.apart[0].agreement is Agreement.COPY_APART and found.apart[0].how is How.SWAPPED
    assert found.papers[0].findings  # 90 + 105 + 50 is not the 290 valid votes that the copy writes


def test_two_readings_that_differ_establish_nothing(sign_in, judge, registrar, petition, piece):
    page, station = page_of(petition, "copies/"), Station.objects.get(contest=petition.contest, code="SEG-001")
    sign_in(registrar).post(page, typed(piece))
    sign_in(judge).post(page, typed(piece, c1=91))
    assert CopyReading.objects.get().verdict == "differs"
    found = queries.three(petition, station).papers[0]
    assert found.lines is None and "ne concordent pas" in found.note.text("fr")


def test_who_reads_a_copy_again_sees_no_figure_of_the_first_reading(sign_in, judge, registrar, petition, piece):
    page = page_of(petition, "copies/")
    sign_in(registrar).post(page, typed(piece, c2=7731, c1=None or ""))
    shown = text_of(sign_in(judge).get(f"{page}?piece={piece.number}&page=1"))
    assert 7731 not in spoken(shown) and "lue une fois" in shown
    assert CopyReading.objects.get().lines["c1"] is None


# --- three papers ----------------------------------------------------------------------------------------
def test_three_papers_stand_side_by_side_with_the_page_of_the_copy_and_the_next_station(sign_in, judge, registrar, petition, piece):  # fmt: skip
    page = page_of(petition, "copies/")
    sign_in(registrar).post(page, typed(piece, c2=105))
    client = sign_in(judge)
    client.post(page, typed(piece, c2=105))
    station = Station.objects.get(contest=petition.contest, code="SEG-001")
    other = Station.objects.get(contest=petition.contest, code="SAN-001")
    shown = text_of(client.get(page_of(petition, f"comparaison/{station.pk}/")))
    assert "SEG-001 : 1 case diffère" in shown and "deux chiffres intervertis" in shown and "<b>105</b>" in shown
    assert f"/pieces/{piece.number}/pages/1.jpg" in shown and f"/comparaison/{other.pk}/" in shown
    assert "lue par deux personnes" in shown and "Version publique 1." in shown
    outside = Station.objects.get(contest=petition.contest, code="KAY-001")
    assert client.get(page_of(petition, f"comparaison/{outside.pk}/")).status_code == 404


def test_a_page_of_a_piece_is_drawn_and_reading_a_sealed_one_is_kept(sign_in, judge, registrar, petition, piece):
    client = sign_in(judge)
    answer = client.get(page_of(petition, f"pieces/{piece.number}/pages/2.jpg"))
    assert answer.status_code == 200 and answer.content.startswith(b"\xff\xd8\xff")
    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"
    assert client.get(page_of(petition, f"pieces/{piece.number}/pages/3.jpg")).status_code == 404
    secret = intake.attach(petition=petition, content=intake.keep(photo(), name="p.png", by=registrar), name="p.png", kind="photo", by=registrar, access="sealed")  # fmt: skip
    before = CustodyEvent.objects.filter(kind="read").count()
    assert client.get(page_of(petition, f"pieces/{secret.number}/pages/1.jpg")).status_code == 200
    assert CustodyEvent.objects.filter(kind="read").count() == before + 1
    assert sign_in(registrar).get(page_of(petition, f"pieces/{secret.number}/pages/1.jpg")).status_code == 403
    assert sign_in(registrar).post(page_of(petition, "copies/"), typed(secret)).status_code == 403


# --- who, and when ---------------------------------------------------------------------------------------
def test_the_registry_reads_copies_and_nothing_else_of_these_pages(sign_in, registrar, petition, piece):
    client = sign_in(registrar)
    assert client.get(page_of(petition, "copies/")).status_code == 200
    for tail in ("preuves/", "comparaison/1/"):
        assert client.get(page_of(petition, tail)).status_code == 404, tail
    for role in ("partie", "liaison", "superviseur", "publication-cour"):
        for tail in ("preuves/", "comparaison/1/", "copies/", f"pieces/{piece.number}/pages/1.jpg"):
            assert sign_in(make_person(f"p-{role}-{tail[:3]}", role)).get(page_of(petition, tail)).status_code == 404, (role, tail)  # fmt: skip


def test_once_decided_nothing_more_is_linked_nor_read(sign_in, judge, registrar, petition, piece):
    type(petition).objects.filter(pk=petition.pk).update(state="signed")
    sent = {"act": "link", "piece": piece.number, "ground": "g1"}
    assert sign_in(judge).post(page_of(petition, "preuves/"), sent).status_code == 403
    assert sign_in(registrar).post(page_of(petition, "copies/"), typed(piece)).status_code == 403
    assert not EvidenceLink.objects.exists() and not CopyReading.objects.exists()


def test_the_matrix_asks_a_constant_number_of_questions(sign_in, judge, petition, piece, django_assert_max_num_queries):
    now = timezone.now()
    stations = [Station(contest=petition.contest, code=f"X-{n:04d}", registered=9) for n in range(300)]
    Station.objects.bulk_create(stations)
    instructed.aimed(petition, *(s.code for s in stations), key="g2")
    OfficerReplaced.objects.bulk_create(
        OfficerReplaced(
            petition=petition, station=s, role="other", happened_at=now - timedelta(days=1), decided_by="maire", listed="unknown",
            by=judge, at=now,
        )
        for s in stations[:40]
    )  # fmt: skip
    client = sign_in(judge)
    client.get(page_of(petition, "preuves/"))
    with django_assert_max_num_queries(48):  # 45, and a few where a cache of the process is cold; 300 stations stand there
        assert client.get(page_of(petition, "preuves/")).status_code == 200
