"""A plan tried with one's own lists: held or refuted on the page, the rows named, nothing kept."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kalata.ledger.models import Act
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
AREAS = "area,parent,stations,language,rooms\nC001,K1,35,bm,2\nC001,K1,10,fr,2\nC002,K1,40,bm,1\n"
PAIRS = "pair,home,scope,languages\nP001,C001,area,bm|fr\nP002,K1,parent,bm\nP003,,national,fr|bm\n"
SAID = {
    "act": "try", "first": "2027-02-15", "last": "2027-02-26", "closed": "2027-02-21", "class_max": "25", "class_days": "1",
    "per_station": "5", "reserve": "10", "travel": "0",
}  # fmt: skip


@pytest.fixture
def trying(client, sign_in, pack_version):
    sign_in(make_person("logistique-b", "logistique-formation"))

    def send(areas=AREAS, pairs=PAIRS, name="areas.csv", **more):
        files = {"areas": SimpleUploadedFile(name, areas if isinstance(areas, bytes) else areas.encode()), "pairs": SimpleUploadedFile("pairs.csv", pairs.encode())}  # fmt: skip
        return client.post(reverse("cascade:trial"), SAID | more | files)

    return send


def test_lists_that_hold_give_the_classes_and_keep_nothing(trying):
    before = Act.objects.count()
    answer = trying()
    shown = answer.content.decode()
    assert (
        answer.status_code == 200 and "Le plan tient" in shown and "K0020" in shown and "rien n’est enregistré" in shown
    )
    assert Act.objects.count() == before


def test_lists_that_do_not_hold_name_the_rows_and_the_ways_out(trying):
    shown = trying(AREAS.replace(",40,", ",150,")).content.decode()
    assert (
        "Le plan ne tient pas" in shown and "C002 · toutes langues" in shown and "salles et binômes ensemble" in shown
    )
    shown = trying(AREAS.replace("40,bm,1", "100,bm,9"), PAIRS.replace("P003,,national,fr|bm\n", "")).content.decode()
    assert "C002 · bm" in shown and "C002 (bm) +1" in shown


def test_a_workbook_is_read_as_a_csv_is(trying):
    import openpyxl

    book = openpyxl.Workbook()
    for line in AREAS.splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    assert "Le plan tient" in trying(out.getvalue(), name="areas.xlsx").content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"areas": AREAS.replace("rooms", "halls")}, "TRN-101"), ({"areas": AREAS + "C001,K1,4,fr,2\n"}, "TRN-103"),
        ({"pairs": PAIRS.replace("national", "country")}, "TRN-102"), ({"closed": "dimanche"}, "TRN-104"), ({"last": "2027-02-14"}, "TRN-104"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_code(trying, change, code):
    answer = trying(**change)
    assert answer.status_code == 422 and code in answer.content.decode()


def test_a_form_without_its_files_comes_back_and_who_only_reads_does_not_enter(trying, client, sign_in):
    assert client.post(reverse("cascade:trial"), SAID).status_code == 422
    assert client.get(reverse("cascade:trial")).status_code == 200
    client.logout()
    sign_in(make_person("relecture-b", "relecture-juridique"))
    assert client.get(reverse("cascade:trial")).status_code == 403
