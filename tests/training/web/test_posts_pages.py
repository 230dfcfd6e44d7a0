"""The pages of posts: a list that is brought, the board of the morning, an act by code, the register in public."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kalata.training.models import Post, PostReplacement
from kalata.training.services import posts_day
from tests.training.conftest import HEAD, appointed, at, lines, post, printer
from tests.training.services.test_posts import no_drawing  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, staffing):
    return sign_in(staffing)


def test_before_they_are_opened_the_board_offers_to_open_the_posts(desk, contest):
    assert "Ouvrir les postes" in desk.get(f"/postes/{contest.code}/").content.decode()
    desk.post(f"/postes/{contest.code}/", {"act": "open", "president": "1,2", "others": "1"})
    assert Post.objects.filter(contest=contest, station__isnull=False).count() == 15
    assert "0 poste couvert" in desk.get(f"/postes/{contest.code}/").content.decode()


def test_a_list_is_brought_as_csv_or_workbook_and_its_fault_is_said_with_its_row(desk, opened):
    import openpyxl

    book = openpyxl.Workbook()
    for row in [HEAD, *lines("KAY-001")]:
        book.active.append(row.split(","))
    out = io.BytesIO()
    book.save(out)
    sent = {"act": "list", "document": "Lettre 12", "file": SimpleUploadedFile("liste.xlsx", out.getvalue())}
    assert desk.post(f"/postes/{opened.code}/importer/", sent).status_code == 302
    assert Post.objects.filter(body="KAY-001", state="proposed").count() == 5
    wrong = "\n".join([HEAD, *lines("KAY-002", change=[(1, "code", "KAY-002-0")])]).encode()
    page = desk.post(
        f"/postes/{opened.code}/importer/", {"act": "list", "document": "d", "file": SimpleUploadedFile("l.csv", wrong)}
    )
    assert page.status_code == 422
    assert "POS-205" in page.content.decode()


def test_the_list_says_what_each_post_lacks_and_narrows_to_one_lack(desk, opened, staffing, authority):
    appointed(opened, staffing, authority, "KAY-001")
    Post.objects.get(body="KAY-001", position="president").agent.__class__.objects.filter(code="KAY-001-0").update(
        payment=False
    )
    page = desk.get(f"/postes/{opened.code}/liste/?manque=no_payment").content.decode()
    assert "sans coordonnées de paie" in page
    assert "KAY-002" not in page
    file = b"".join(desk.get(f"/postes/{opened.code}/liste/?q=KAY-001&sortie=csv").streaming_content).decode()
    assert "sans coordonnées de paie" in file


def test_the_board_opens_the_alarm_and_the_act_by_code_closes_the_gap_at_once(
    desk, opened, staffing, authority, on_the_day
):
    appointed(opened, staffing, authority, "KAY-001", "KAY-002", "SEG-001")
    for station in opened.stations.all():
        there = list(
            Post.objects.filter(station=station)
            .exclude(body="KAY-001", position="president")
            .values_list("pk", flat=True)
        )
        posts_day.note_presence(station=station, present=there, teller="le bureau", at=at(6, 50), by=staffing)
    page = desk.get(f"/postes/{opened.code}/").content.decode()
    assert "l’alerte est ouverte" in page
    assert "Président absent" in page
    code = next(c for s, _n, c in posts_day.make_codes(contest=opened, by=printer()) if s == "KAY-001")
    station = opened.stations.get(code="KAY-001")
    head, moved = post(opened, "KAY-001", "president"), post(opened, "KAY-001", "assessor-1")
    sent = {
        "act": "replace",
        "post": head.pk,
        "moved_from": moved.pk,
        "hour": "07:12",
        "decided_by": "Coordination",
        "witness": "Délégué",
        "code": code,
    }
    assert desk.post(f"/postes/{opened.code}/bureaux/{station.pk}/", sent).status_code == 302
    assert PostReplacement.objects.get().post_id == head.pk
    shown = desk.get(f"/postes/{opened.code}/?heure=07:30").content.decode()
    assert "0 n’a pas de président" in shown


def test_the_register_is_counted_in_public_and_written_by_who_has_an_account(client, desk, pack_version):
    desk.post(
        "/postes/independance/", {"act": "enter", "sort": "pressure", "happened_on": "2027-02-01", "text": "un appel"}
    )
    desk.logout()
    page = desk.get("/postes/independance/").content.decode()
    assert "pression ou menace" in page
    assert "un appel" not in page
    assert desk.get("/postes/independance/ouvrir/").status_code == 302
