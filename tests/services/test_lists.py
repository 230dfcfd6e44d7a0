"""The declared list: what it shows, what it reads of the database, what its files hold and never run."""

import csv
import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kalata import inert
from kalata.people.models import Person
from kalata.tables import lists as out
from kalata.tables.lists import Column, Kind
from tests.services.test_tally import register  # noqa: F401

HOSTILE = ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1+1", "\u00a0@a", "＝1+1", "＋1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_any_file_is_a_formula(text):
    columns = [Column("a", "A", lambda r: r)]
    source = out.Source("=titre", [("Par", f"a,{text};{text}")])
    told = b"".join(out.csv_file(columns, [text], source, "fr")).decode("utf-8-sig")
    cells = [c for row in csv.reader(io.StringIO(told, newline="")) for c in row]
    assert told.startswith("# Liste : =titre\r\n# Par : a")
    assert not [c for c in cells if c.lstrip(" \u00a0").startswith(inert.DANGEROUS)]
    assert f"'{text}" in cells
    book = openpyxl.load_workbook(io.BytesIO(b"".join(out.workbook_file(columns, [text], source, "fr"))))
    assert {c.data_type for sheet in book for row in sheet for c in row if c.value is not None} == {"s"}
    assert json.loads(b"".join(out.json_file(columns, [text], source, "fr")))["rows"] == [{"a": text}]


@pytest.mark.parametrize(("value", "plain"), [(-3, -3), (0, 0), (None, None), (True, 1), ("", "")])
def test_a_number_stays_a_number_and_an_empty_box_is_not_zero(value, plain):
    columns = [Column("n", "N", lambda r: r, Kind.COUNT)]
    source = out.Source("t", [])
    assert json.loads(b"".join(out.json_file(columns, [value], source, "fr")))["rows"] == [{"n": plain}]
    told = b"".join(out.csv_file(columns, [value], source, "fr")).decode("utf-8-sig").splitlines()
    assert told[-1].strip('"') == ("" if plain in (None, "") else str(plain))


def test_the_dictionary_tells_every_column_that_is_filed_and_no_other():
    columns = [
        Column("code", "Code", lambda r: r, Kind.CODE, means="Code du bureau"),
        Column("etat", "État", lambda r: r, Kind.STATE, states={"a": ("ouvert", "", ""), "b": ("fermé", "", "")}),
        Column("dessin", "Dessin", lambda r: r, filed=False),
    ]
    assert [m[0] for m in out.meaning(columns, "fr")] == ["code", "etat"]
    assert out.meaning(columns, "fr")[1][2] == "État : a = ouvert, b = fermé"


# --- a real one: accounts ------------------------------------------------------------------------
@pytest.fixture
def crowd(administrator):
    Person.objects.bulk_create(
        Person(username=f"U{i:05}", full_name="=cmd()" if i == 3 else f"Nom {i}", email=f"u{i}@example.org") for i in range(120)
    )  # fmt: skip
    return administrator


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_file_holds_what_is_filtered_with_its_source_and_the_reading_is_kept(sign_in, crowd):
    from kalata.ledger.models import Act

    client = sign_in(crowd)
    rows = list(csv.reader(io.StringIO(body(client.get("/personnes/?q=U0011&sortie=csv")).decode("utf-8-sig"))))
    said, table = [r for r in rows if r[0].startswith("#")], [r for r in rows if not r[0].startswith("#")]
    assert table[0] == ["username", "full_name", "email", "active", "roles"]
    assert [r[0] for r in table[1:]] == [f"U0011{i}" for i in range(10)]
    assert any("= U0011" in r[0] for r in said) and any(r[0].endswith(": 10") for r in said)
    last = Act.objects.order_by("-pk").first()
    assert last.kind == "read.persons.export" and "q=U0011" in last.subject
    found = json.loads(body(client.get("/personnes/?q=U0000&sortie=json&tri=-identifiant")))
    assert [r["username"] for r in found["rows"]][:2] == ["U00009", "U00008"]
    assert {c["key"] for c in found["columns"]} == set(table[0])
    book = openpyxl.load_workbook(io.BytesIO(body(client.get("/personnes/?q=U00003&sortie=xlsx"))))
    assert len(book.sheetnames) == 3 and book.worksheets[1]["B2"].value == "'=cmd()"
    assert b"username" in body(client.get("/personnes/?sortie=dictionnaire"))


def test_a_page_costs_the_same_whatever_the_list_holds(sign_in, crowd):
    client = sign_in(crowd)
    client.get("/personnes/")

    def cost():
        with CaptureQueriesContext(connection) as met:
            assert client.get("/personnes/?page=2").status_code == 200
        counts = [
            q for q in met.captured_queries if 'COUNT(*) AS "__count"' in q["sql"] and '"people_person"' in q["sql"]
        ]
        assert len(counts) == 1, "one count"
        pages = [
            q["sql"] for q in met.captured_queries if 'FROM "people_person"' in q["sql"] and "LIMIT 50" in q["sql"]
        ]
        assert len(pages) == 1, "one page"
        whole = [q["sql"] for q in met.captured_queries if 'FROM "people_person"' in q["sql"] and "LIMIT" not in q["sql"]
                 and "COUNT(*)" not in q["sql"] and "WHERE" not in q["sql"]]  # fmt: skip
        assert whole == [], "never the whole table"
        return len(met)

    before = cost()
    Person.objects.bulk_create(Person(username=f"V{i:05}", full_name=f"Autre {i}") for i in range(3_000))
    assert cost() == before


def test_a_page_that_does_not_exist_is_said_and_a_real_one_shown(sign_in, crowd):
    client = sign_in(crowd)
    for page in ("0", "-1", "²", "10" * 30, str(10**30), "999999", "None", "1.0"):
        answer = client.get("/personnes/", {"page": page})
        assert answer.status_code == 200 and "Laissé de côté" in answer.content.decode(), page


def test_what_a_list_does_not_offer_is_left_out_and_never_a_fault(sign_in, crowd):
    client = sign_in(crowd)
    for address in ("sortie=exe", "tri=secret", "tri=--nom", "etat=x", "q=%00", "sortie=csv&sortie=json"):
        answer = client.get(f"/personnes/?{address}")
        assert answer.status_code == 200 and "Laissé de côté" in answer.content.decode(), address


def test_a_file_of_a_question_that_is_not_understood_is_refused_never_the_whole_list(sign_in, crowd):
    answer = sign_in(crowd).get("/personnes/?etat=zzz&sortie=csv")
    assert answer.status_code == 422 and "EDG-101" in answer.content.decode()


def test_print_holds_more_rows_than_the_screen_and_says_what_narrows_it(sign_in, crowd):
    told = sign_in(crowd).get("/personnes/?q=U0&sortie=impression").content.decode()
    assert told.split("</main>")[0].count('<th scope="row"') == 120 and "Nom, identifiant ou courriel : U0." in told


# --- territory, order: papers --------------------------------------------------------------------
def test_a_file_of_papers_holds_the_territory_of_its_reader_and_says_the_exercise(sign_in, register):  # noqa: F811
    from kalata.country.models import Unit
    from tests.conftest import make_person

    register.election.exercise = True
    register.election.save()
    there = Unit.objects.get(geography=register.election.geography, code="ML-KAY")
    regional = make_person("kayes", "superviseur", unit=there)
    address = f"/resultats/centralisation/{register.code}/pv/"
    client = sign_in(regional)
    for form in ("csv", "json", "xlsx"):
        told = body(client.get(f"{address}?sortie={form}"))
        if form == "csv":
            assert b"KAY-001" in told and b"SEG-001" not in told and b"Exercice" in told
        if form == "json":
            rows = json.loads(told)["rows"]
            assert [r["bureau"] for r in rows] == ["KAY-001", "KAY-002"] and {r["etat"] for r in rows} == {"expected"}
            assert rows[0]["erreurs"] == ""
    down = client.get(f"{address}?tri=-code").content.decode()
    assert down.index("KAY-002") < down.index("KAY-001") and "Laissé de côté" not in down
    assert "Attendu, Reçu" in client.get(f"{address}?etat=expected,received").content.decode()


def test_the_areas_of_a_geography_are_narrowed_and_taken_away_as_they_are_narrowed(client, pack_version):
    page = client.get("/pays/decoupages/ml-2015/?q=kayes&niveau=1")
    assert [one.name for one in page.context["list"].page] == ["Kayes"] and "Kayes" in page.content.decode()
    taken = b"".join(client.get("/pays/decoupages/ml-2015/?q=kayes&niveau=1&sortie=csv").streaming_content).decode()
    lines = [line for line in taken.lstrip("\ufeff").splitlines() if not line.startswith("#")]
    assert len(lines) == 2 and lines[0].startswith("name,code,level")


@pytest.mark.parametrize(("count", "lang", "word"), [(0, "fr", "poste"), (1, "fr", "poste"), (2, "fr", "postes"), (0, "en", "posts"), (1, "en", "post"), (2, "en", "posts")])  # fmt: skip
def test_the_number_of_a_list_is_told_of_one_and_of_several(count, lang, word):
    from django.utils.translation import override

    from kalata.ui.templatetags.kalata import of

    with override(lang):
        assert of("%(n)s {n:poste|postes}", count) == f"{count} {word}"
