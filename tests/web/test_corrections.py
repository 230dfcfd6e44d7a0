"""The public page of corrections, its feed and its files, as everybody reads them."""

import json
import re
from xml.etree import ElementTree

import pytest

from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.results.rules.boxes import Standing
from kalata.results.rules.public_ledger import COLUMNS
from tests import court
from tests.conftest import ROWS, bring, csv_of

pytestmark = pytest.mark.django_db
PAGE = "/resultats/pres/corrections/"
ATOM = "{http://www.w3.org/2005/Atom}"


def approved(asked, by):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


@pytest.fixture
def corrected(published, supervisor, publisher, judge, registrar):
    """Two stations corrected by one file, then one annulled."""
    rows = [
        "Kayes,Kayes,KAY-001,400,200,200,5,195,90,70,35",
        "Kayes,Kita,KIT-001,350,150,150,2,148,71,49,28",
        *ROWS[2:],
    ]
    bring(published, supervisor, csv_of(rows), create="none", reason="deux <chiffres> inversés")
    approved(Approval.objects.get(kind="results.correction", state="waiting"), publisher)
    one = published.stations.get(code="SEG-001")
    court.decide(one, Standing.ANNULLED, signer=judge, by=registrar, words="arrêt 12")
    published.refresh_from_db()
    return published


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def lines(answer) -> list[str]:
    return re.findall(r'<tr id="c(\d+)"', answer.content.decode())


def test_without_a_correction_the_page_says_so_and_offers_no_filter(client, published):
    answer = client.get(PAGE)
    assert answer.status_code == 200 and "Aucun chiffre publié n’a été corrigé" in text(answer)
    assert '<form class="tools"' not in answer.content.decode()


def test_what_is_not_published_has_no_page(client, counted):
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}corrections.csv").status_code == 404


def test_the_page_tells_old_new_which_body_why_and_the_effect_and_no_name(
    client, corrected, supervisor, publisher, judge, registrar
):
    answer = client.get(PAGE)
    said = text(answer)
    assert "3 corrections" in said and "par 2 avis publics" in said and "sur 4" in said
    assert lines(answer) == ["3", "2", "1"]
    assert "Autorité électorale, deux personnes" in said and "arrêt 12" in said
    assert "deux &lt;chiffres&gt; inversés" in answer.content.decode()
    assert "non compté" in said
    for person in (supervisor, publisher, judge, registrar):
        assert person.full_name not in said


def test_the_effects_add_up_to_what_the_gap_would_be_without_any(client, corrected):
    answer = client.get(PAGE)
    pair, book = answer.context["pair"], answer.context["book"]
    effects = sum(row["effect"] for row in answer.context["rows"])
    assert effects == answer.context["sum"] == pair["gap"] - pair["without"] == pair["moved"]
    a, b = pair["first"].rank, pair["second"].rank
    assert pair["gap"] == book.now.votes[a] - book.now.votes[b]
    assert book.first.votes == {1: 300, 2: 310, 3: 143}


QUERIES = [
    ("?q=kit", ["2"]),
    ("?q=KAYES", ["2", "1"]),
    ("?q=personne", []),
    ("?nature=annulled", ["3"]),
    ("?nature=corrected", ["2", "1"]),
    ("?nature=restored", []),
    ("?avis=1", ["2", "1"]),
    ("?avis=2", ["3"]),
    ("?tri=avis", ["1", "2", "3"]),
    ("?tri=bureau", ["1", "2", "3"]),
    ("?tri=-bureau", ["3", "2", "1"]),
    ("?du=2001-01-01", ["3", "2", "1"]),
    ("?au=2001-01-01", []),
    ("?du=2199-01-01", []),
    ("?tri=nonsense&nature=rien&zone=abc&du=hier", ["3", "2", "1"]),
]


def test_the_list_is_narrowed_and_ordered_by_its_address(client, corrected):
    assert {query: lines(client.get(PAGE + query)) for query, _wanted in QUERIES} == dict(QUERIES)


def test_the_list_is_narrowed_to_a_zone_and_to_a_station(client, corrected):
    zones = client.get(PAGE).context["zones"]
    assert [(u.name, n) for u, n in zones] == [("Kayes", 2), ("Ségou", 1)]
    assert lines(client.get(f"{PAGE}?zone={zones[1][0].pk}")) == ["3"]
    one = corrected.stations.get(code="KIT-001")
    assert lines(client.get(f"{PAGE}?bureau={one.pk}")) == ["2"]


def test_the_pages_of_the_contest_and_of_the_station_lead_to_it(client, corrected):
    one = corrected.stations.get(code="KIT-001")
    assert PAGE in client.get("/resultats/pres/").content.decode()
    station = client.get(f"/resultats/pres/bureaux/{one.pk}/").content.decode()
    assert f"{PAGE}?bureau={one.pk}" in station and "1 correction de chiffres publiés" in station
    calm = corrected.stations.get(code="SAN-001")
    assert f"{PAGE}?bureau=" not in client.get(f"/resultats/pres/bureaux/{calm.pk}/").content.decode()


def test_the_csv_has_a_row_for_each_figure_that_changed(client, corrected):
    answer = client.get(f"{PAGE}corrections.csv")
    found = b"".join(answer.streaming_content).decode().splitlines()
    assert found[0].split(",") == list(COLUMNS)
    rows = [dict(zip(COLUMNS, line.split(","), strict=False)) for line in found[1:]]
    first = [(r["field"], r["list"], r["old"], r["new"]) for r in rows if r["station"] == "KAY-001"]
    assert first == [("votes", "1", "100", "90"), ("votes", "2", "60", "70")]
    gone = [r for r in rows if r["station"] == "SEG-001"]
    assert all(r["new"] == "" and r["new_counted"] == "0" and r["kind"] == "annulled" for r in gone)
    assert {r["notice"] for r in gone} == {"2"}


def test_the_json_replays_from_the_first_published_totals_to_the_present_ones(client, corrected):
    made = json.loads(b"".join(client.get(f"{PAGE}corrections.json").streaming_content))
    votes = {int(k): v for k, v in made["first_published"]["votes"].items()}
    for one in made["corrections"]:
        for c in one["changes"]:
            if c["list"] and (one["before"] == "counted" or one["after"] == "counted"):
                votes[c["list"]] += (c["new"] or 0) - (c["old"] or 0)
    assert votes == {int(k): v for k, v in made["now"]["votes"].items()}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_feed_is_atom_with_one_entry_a_notice_the_latest_first(client, corrected, language):
    answer = client.get(f"{PAGE}corrections.atom", headers={"accept-language": language})
    root = ElementTree.fromstring(b"".join(answer.streaming_content))
    entries = root.findall(f"{ATOM}entry")
    assert [e.find(f"{ATOM}id").text.rsplit("-", 1)[1] for e in entries] == ["2", "1"]
    said = entries[1].find(f"{ATOM}summary").text
    assert "KAY-001" in said and "100 → 90" in said and "<chiffres>" in said
    assert ("Figure corrected" in said) is (language == "en")
    ids = [e.find(f"{ATOM}id").text for e in entries]
    assert len(set(ids)) == 2 and all(e.find(f"{ATOM}updated").text for e in entries)


def test_a_reader_who_has_the_file_is_told_so_and_another_name_is_no_file(client, corrected):
    assert client.get(f"{PAGE}corrections.exe").status_code == 404
    first = client.get(f"{PAGE}corrections.csv")
    assert client.get(f"{PAGE}corrections.csv", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_who_works_there_reads_what_everybody_reads(client, sign_in, corrected, supervisor):
    everybody = lines(client.get(PAGE))
    assert lines(sign_in(supervisor).get(PAGE)) == everybody


def test_in_english_no_french_label_is_left(client, corrected):
    client.cookies["django_language"] = "en"
    said = text(client.get(PAGE, headers={"accept-language": "en"}))
    assert "Electoral authority, two persons" in said
    for word in ("Bureau annulé", "Chiffre corrigé", "Avis n°", "Ordonnée", "Écart", "Nouveau"):
        assert word not in said, word


def test_a_draw_of_lots_is_told_beside_and_undone_it_says_so(client, corrected, supervisor, publisher):
    from kalata.results.models import Lot, LotAnnouncement, LotUndone

    at = corrected.published_at
    made = [
        LotAnnouncement.objects.create(
            contest=corrected, number=n, options=["Le baobab", "La pirogue"], lists=[1, 2], votes=[5, 5], seats=1,
            promise="a" * 64, source="Loterie", by=supervisor, at=at,
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    codes = dict(corrected.options.values_list("name", "code"))
    for one in made[:2]:
        Lot.objects.create(
            announcement=one, secret="s", public_number="12", order=[codes["La pirogue"], codes["Le baobab"]],
            document="Procès-verbal 7", asked_by=supervisor, approved_by=publisher, at=at,
        )  # fmt: skip
    LotUndone.objects.create(
        announcement=made[0],
        reason="nombre mal lu",
        document="Acte 8",
        asked_by=supervisor,
        approved_by=publisher,
        at=at,
    )
    said = text(client.get(PAGE))
    assert "Tirage n° 1 annulé par un acte : Acte 8" in said
    assert "Procès-verbal 7 · La pirogue → Le baobab" in said
    assert "Tirage n° 3 annoncé, secret fermé" in said
