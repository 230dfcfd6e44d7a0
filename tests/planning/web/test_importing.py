"""A file over a draft in a page: every change is read first, cell by cell; what is refused changes nothing."""

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kalata.planning.queries import content
from kalata.planning.rules import book_reading
from kalata.planning.rules.exchange import book_in
from kalata.planning.services import approving, editing, odds
from kalata.refusals import Refused
from tests.planning.conftest import small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def same_process(monkeypatch):
    """Honest files: read here, not in a child (docs/en/tests.md)."""
    from kalata import bounded
    from kalata.planning.rules.exchange import msp_in, sheets_in

    kinds = {"msp_in": msp_in, "sheets_in": sheets_in, "book_in": book_in}

    def call(task, *, file, **args):
        module, name = task.removeprefix("kalata.planning.rules.exchange.").split(":")
        return getattr(kinds[module], name)(**args)

    monkeypatch.setattr(bounded, "call", call)


def tried(client, version, data, name="plan.csv", what="plan", absent="keep"):
    file = SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
    return client.post(f"/planification/{version.pk}/importer/", {"act": "try", "what": what, "absent": absent, "file": file})  # fmt: skip


def kept(client, version, answer):
    page = answer.content.decode()
    sent = {"act": "keep", "seen": re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]}
    for name in ("table", "drivers"):
        sent[name] = html.unescape(re.search(rf'<textarea name="{name}"[^>]*>(.*?)</textarea>', page, re.S)[1])
    sent["gone"] = re.findall(r'name="gone" value="(\w+)"', page)
    return client.post(f"/planification/{version.pk}/importer/", sent)


@pytest.fixture
def one(election):
    return small(election, "A 5 cd", "B 2 cd A", "C 3 cd B")


def test_a_file_is_read_cell_by_cell_and_kept_when_it_is_confirmed(one, planner, sign_in):
    client = sign_in(planner)
    was = content.sheet(one)
    answer = tried(client, one, "id,dur_likely,dur_unit,predecessors\nB,9,cd,A\nD,1,cd,B\n")
    page = answer.content.decode()
    assert answer.status_code == 200 and "durée probable" in page and "A, C" in page and content.sheet(one) == was
    assert kept(client, one, answer).status_code == 302
    now = {c["id"]: c for c in content.sheet(one)}
    assert (now["B"]["dur_likely"], now["D"]["predecessors"]) == ("9", "B")
    assert tried(client, one, "id,dur_likely,dur_unit,predecessors\nB,9,cd,A\n").status_code == 422


def test_what_the_file_does_not_name_is_taken_away_only_where_it_is_asked(one, planner, sign_in):
    client = sign_in(planner)
    answer = tried(client, one, "id,dur_likely,dur_unit,predecessors\nA,5,cd,\nC,3,cd,A\n", absent="drop")
    assert kept(client, one, answer).status_code == 302
    assert [c["id"] for c in content.sheet(one)] == ["A", "C"]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ("id,dur_likely,dur_unit,predecessors\nA,5,cd,C\n", "PLN-101", " → A"),
        ("id,dur_likely,dur_unit,predecessors\nB,2,cd,ZZ\n", "PLN-102", "Ligne 2"),
        ("id,dur_likely,dur_unit\nA,5,cd\nA,6,cd\n", "PLN-105", "2, 3"),
        ("id,dur_likely,dur_unit\nA,-5,cd\n", "PLN-103", "Ligne 2"),
        ("id,dur_likely,dur_unit\nA,5,mois\n", "PLN-104", "Ligne 2"),
        ("ERMHDR\t19.12\n", "PLN-108", "Primavera"),
        ('<!DOCTYPE p [<!ENTITY a "b">]><Project>&a;</Project>', "PLN-108", ""),
        ("id,legal_anchor,dur_likely,dur_unit\nA,J1-40,5,cd\n", "PLN-205", "vient de la loi"),
        ("nom,jours\nA,5\n", "PLN-108", "colonne"),
        ("id,dur_optimistic,dur_likely,dur_pessimistic,dur_unit\nA,5,4,6,cd\n", "PLN-103", "Ligne 2"),
        ("id,dur_likely,dur_unit\nA,=2+3,cd\n", "PLN-103", "Ligne 2"),
        ('<?xml version="1.0"?><APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V19"/>', "PLN-108", "Primavera"),
        *((f"id,dur_likely,dur_unit,cost_driver,quantity_expr,unit_cost_xof_low,unit_cost_xof_likely,unit_cost_xof_high\nA,5,cd,km,{said},1,2,3\n", "PLN-106", "")
          for said in ("cartes.real", "len(cartes)", "2**99", "__import__('os')", "=2*3")),
        ("id,dur_likely,dur_unit\n" + "".join(f"Z{n},1,cd\n" for n in range(50_000)), "PLN-108", ""),
    ],
)
def test_bad_files_are_refused_in_words_and_change_nothing(one, planner, sign_in, data, code, said):
    was = content.sheet(one)
    answer = tried(sign_in(planner), one, data, "plan.xml" if data[0] == "<" else "plan.csv")
    page = answer.content.decode()
    assert answer.status_code == 422 and code in page and said in page and content.sheet(one) == was


def test_an_older_page_keeps_nothing(one, planner, sign_in):
    client = sign_in(planner)
    answer = tried(client, one, "id,dur_likely,dur_unit\nB,9,cd\n")
    kept(client, one, tried(client, one, "id,dur_likely,dur_unit\nC,4,cd\n"))
    assert kept(client, one, answer).status_code == 409


def workbook(client, version):
    return client.get(f"/planification/budget/classeur.xlsx?version={version.pk}").content


def test_the_budget_workbook_that_nobody_changed_changes_nothing(draft, money, sign_in):
    client = sign_in(money)
    answer = tried(client, draft, workbook(client, draft), "budget.xlsx", "budget")
    assert answer.status_code == 422 and "PLN-252" in answer.content.decode()


def test_a_finance_officer_reads_her_own_workbook_back_to_the_franc(draft, planner, money, sign_in, monkeypatch):
    monkeypatch.setattr(odds, "ask", lambda **_: None)
    client = sign_in(money)
    book = load_workbook(io.BytesIO(workbook(client, draft)), data_only=True)
    lines = book["Lignes du budget"]
    row = next(r for r in lines.iter_rows(min_row=2) if r[0].value == "E11")
    row[8].value, row[11].value = 650, "devis de 2026"
    drivers = book["Inducteurs"]
    cards = next(r for r in drivers.iter_rows(min_row=2) if r[0].value == "cartes")
    cards[2].value = 9_100_000
    out = io.BytesIO()
    book.save(out)
    answer = tried(client, draft, out.getvalue(), "budget.xlsx", "budget")
    page = answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    assert "devis de 2026" in page and "9000000" in page and "9100000" in page
    assert re.search(rf"S{row[0].row}|R{row[0].row}", page), "an amount of before the change is shown beside ours"
    assert kept(client, draft, answer).status_code == 302
    now = {c["id"]: c for c in content.sheet(draft)}
    assert now["E11"]["unit_cost_xof_likely"] == "650"
    assert {d["code"]: d["value"] for d in content.drivers(draft)}["cartes"] == "9100000"
    approving.submit(version=draft, reason="prix revus", by=planner)
    with pytest.raises(Refused) as refused:
        approving.endorse(version=draft, reason="vu", by=money)
    assert refused.value.code == "PLN-257", "who wrote the prices does not sign them"


def test_who_changed_only_a_driver_does_not_endorse_what_it_moves(draft, planner, money, monkeypatch):
    monkeypatch.setattr(odds, "ask", lambda **_: None)
    editing.set_driver(version=draft, code="cartes", value="9100000", flag="S", source="marché", dated=None, by=money)
    approving.submit(version=draft, reason="prix revus", by=planner)
    with pytest.raises(Refused) as refused:
        approving.endorse(version=draft, reason="vu", by=money)
    assert refused.value.code == "PLN-257"


def test_who_keeps_the_money_moves_no_date_by_a_file(one, money, sign_in):
    answer = tried(sign_in(money), one, "id,dur_likely,dur_unit\nB,9,cd\n")
    refused = kept(sign_in(money), one, answer)
    assert refused.status_code == 403 and "PLN-251" in refused.content.decode()


@pytest.mark.parametrize("text", ["1e999999999", "-1E99999999", "1e5000", "9" * 401, "1/0", "inf", "1_0"])
def test_a_number_that_no_machine_holds_is_no_number(text):
    assert book_reading.number(text) is None and book_reading.plain(text) == text


@pytest.mark.parametrize(("text", "plain"), [("650", "650"), ("1e-05", "0.00001"), ("1.5e+3", "1500"), ("7/2", "3.5"), ("9" * 400, "9" * 400)])
def test_a_number_as_a_workbook_writes_it_is_read(text, plain):
    assert book_reading.plain(text) == plain


def test_a_price_of_a_thousand_million_zeros_stops_nobody(draft, money, sign_in):
    client = sign_in(money)
    book = load_workbook(io.BytesIO(workbook(client, draft)), data_only=True)
    row = next(r for r in book["Lignes du budget"].iter_rows(min_row=2) if r[0].value == "E11")
    row[8].value = "1e999999999"
    out = io.BytesIO()
    book.save(out)
    answer = tried(client, draft, out.getvalue(), "budget.xlsx", "budget")
    assert answer.status_code == 422 and "PLN-110" in answer.content.decode()


def test_a_trial_holds_no_row(one, planner, sign_in, held_inside_alone):
    assert tried(sign_in(planner), one, "id,dur_likely,dur_unit\nB,9,cd\n").status_code == 200
