"""What everybody reads of the Court, and what nobody reads there: at each stage, in each page, list and file."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from kalata.country.models import Station
from kalata.disputes.models import Clock, Exhibit, Hearing, Petition, PetitionStep
from kalata.disputes.queries import public
from kalata.disputes.rules.public import STAGES, Stage, life, stage_of
from kalata.disputes.rules.steps import State
from kalata.disputes.services import executing, rulings, sheets
from tests.disputes.publishing import published_text
from tests.disputes.services.test_rulings import (  # noqa: F401
    ANNUL,
    YEAR,
    keys,
    president,
    publisher_of_court,
    told,
)

pytestmark = pytest.mark.django_db
COURT = "/cour/"
SECRET = ("palimpseste-scelle", "palimpseste-parties", "palimpseste-electeur", "palimpseste-mots", "palimpseste-projet", "palimpseste-motif")  # fmt: skip


def text(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def everything(*numbers, slugs=()):
    """Every public address of the Court, with every form of its lists."""
    forms = ("csv", "json", "dictionnaire", "impression")
    out = [COURT, f"{COURT}decisions/", f"{COURT}audiences/", f"{COURT}audiences/audiences.ics"]
    out += [f"{base}?sortie={form}" for base in (COURT, f"{COURT}decisions/") for form in forms]
    out += [reverse("court:case", args=[n]) for n in numbers]
    out += [reverse("court:decision", args=[s]) for s in slugs]
    return out


@pytest.fixture
def planted(court, contest):
    """A case in which each thing that is not public bears a word of its own."""
    station = Station.objects.create(contest=contest, code="BV-001", name="École n° 1", registered=300)
    one = court.case(state="instruction", stations=[station])
    one.petition.text = one.petition.relief = "palimpseste-mots"
    one.petition.about_words = "palimpseste-mots"
    one.petition.save()
    one.ground.text = one.ground.relief = "palimpseste-mots"
    one.ground.save()
    one.ground.targets.create(words="palimpseste-mots")
    court.party(one.petition, "petitioner", "palimpseste-electeur", kind="voter")
    court.party(one.petition, "counsel", "palimpseste-electeur", kind="list")
    court.party(one.petition, "petitioner", "Le baobab", kind="list")
    court.exhibit(one.petition, access="sealed", name="palimpseste-scelle")
    court.exhibit(one.petition, access="bench", name="palimpseste-scelle")
    court.exhibit(one.petition, access="parties", name="palimpseste-parties")
    court.exhibit(one.petition, access="public", name="Constat public")
    one.petition.filings.create(number=1, kind="defence", title="palimpseste-parties", filed_at=timezone.now(), at=timezone.now())  # fmt: skip
    one.petition.filings.create(number=2, kind="report", title="palimpseste-projet", filed_at=timezone.now(), at=timezone.now())  # fmt: skip
    PetitionStep.objects.create(petition=one.petition, start="admissibility", to="inadmissible", why="palimpseste-motif", act="palimpseste-motif", at=timezone.now())  # fmt: skip
    sheets.refresh(one.petition)
    return one


def test_at_no_stage_does_a_planted_word_stand_in_any_public_page_list_or_file(planted, client):
    number = planted.petition.number
    for state in ("received", "inadmissible", "instruction", "deliberation", "gate", "signed", "closed"):
        Petition.objects.filter(pk=planted.petition.pk).update(state=state)
        public.forget()
        for url in everything(number):
            page = text(client, url)
            assert not [w for w in SECRET if w in page], (state, url)
        assert number in text(client, COURT), state


def test_one_sealed_piece_hides_itself_alone_and_the_page_says_what_is_withheld_and_why(planted, client):
    page = text(client, reverse("court:case", args=[planted.petition.number]))
    assert "Le baobab" in page and "BV-001" in page and "École n° 1" in page and "Constat public" in page
    assert (
        "pièces sous scellé" in page
        and "pièces réservées aux parties" in page
        and "personnes qui ne sont pas nommées" in page
    )
    assert "1 mention qu’aucun bureau ne porte" in page


def test_a_draft_petition_is_on_no_page_and_its_address_does_not_exist(court, client):
    seen = court.case().petition.number
    Petition.objects.create(contest=court.contest, state="draft", about_words="palimpseste-mots", at=timezone.now())
    page = text(client, COURT)
    assert seen in page and page.count('href="/cour/affaires/') == 1
    text(client, reverse("court:case", args=["n-existe-pas"]), 404)


def test_no_draft_shows_not_even_by_its_date(court):
    hidden = {State.INADMISSIBLE, State.NO_JURISDICTION, State.TO_CURE}
    assert {STAGES[s] for s in hidden} == {Stage.EXAMINED}
    assert {stage_of(s) for s in (State.DELIBERATION, State.DRAFTED, State.GATE, State.SIGNED)} == {Stage.DELIBERATION}
    now = timezone.now()
    steps = [
        "docketed",
        "admissibility",
        "inadmissible",
        "served",
        "instruction",
        "joined",
        "gate",
        "joined",
        "gate",
        "signed",
        "pronounced",
    ]
    told_ = [m.what for m in life(now, [(s, now) for s in steps])]
    assert told_ == [
        "reçue",
        "inscrite au rôle",
        "examen de la recevabilité",
        "communiquée aux parties",
        "en instruction",
        "jointe à une autre",
        "jugée, texte à paraître",
    ]


def test_every_state_but_a_draft_has_a_stage_in_plain_words():
    from kalata.disputes.rules.public import LABELS, SAYS

    assert set(STAGES) == set(State) - {State.DRAFT} and set(LABELS) == set(SAYS) == set(Stage)


def test_the_docket_says_what_time_is_left_and_by_which_reading(court, client):
    one = court.case(state="served")
    bound = timezone.now() + timedelta(hours=30)
    readings = [{"rule": "HOURS_FROM_INSTANT", "deadline": "2027-03-09T19:00", "default": True}, {"rule": "FRANC", "deadline": "2027-03-11", "default": False}]  # fmt: skip
    Clock.objects.create(petition=one.petition, kind="reply", bound=bound, readings=readings, order="Ordonnance 31", at=timezone.now())  # fmt: skip
    public.forget()
    assert "reste 1" in text(client, COURT) and "lecture retenue" in text(client, COURT)
    page = text(client, reverse("court:case", args=[one.petition.number]))
    assert "2027-03-09 19:00" in page and "2027-03-11" in page and "Ordonnance 31" in page


def test_the_docket_is_searched_narrowed_ordered_and_paged(court, client):
    several = [court.case(state="served" if n % 2 else "received", ago=timedelta(hours=n)) for n in range(1, 61)]
    first = text(client, COURT)
    assert (
        first.count('href="/cour/affaires/') == 50
        and text(client, COURT + "?page=2").count('href="/cour/affaires/') == 10
    )
    assert text(client, COURT + "?etape=served").count('href="/cour/affaires/') == 30
    found = text(client, f"{COURT}?q={several[3].petition.number}")
    assert found.count('href="/cour/affaires/') == 1
    for order, first in (("depot", several[-1]), ("-depot", several[0])):
        rows = text(client, f"{COURT}?tri={order}&sortie=csv").splitlines()
        assert next(r for r in rows if r.startswith("2027-")).startswith(first.petition.number), order


def test_hostile_parameters_are_told_and_give_no_fault(court, client):
    court.case()
    for query in ("?page=-1", "?page=9999999999", "?etape=%00", "?tri=sheet__folded", "?q=" + "a" * 300, "?q=%27%22%3Cscript%3E", "?scrutin=%FF", "?sortie=exe"):  # fmt: skip
        for base in (COURT, f"{COURT}decisions/", f"{COURT}audiences/"):
            answer = client.get(base + query)
            assert answer.status_code in (200, 422), (base, query)
            assert b"<script>" not in answer.content if not answer.streaming else True


def test_a_page_is_not_sent_again_while_the_court_has_not_moved(court, client, freezer=None):
    court.case()
    client.get(COURT)
    first = client.get(COURT)
    assert client.get(COURT, headers={"if-none-match": first["ETag"]}).status_code in (200, 304)
    court.case()
    assert client.get(COURT, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_hearings_are_public_once_listed_with_numbers_only_and_as_a_calendar(court, client, contest):
    one = court.case(state="ready")
    starts = timezone.now() + timedelta(days=3)
    hearing = Hearing.objects.create(contest=contest, starts_at=starts, place="Salle 1", by=court.president, at=timezone.now())  # fmt: skip
    hearing.entries.create(petition=one.petition, order=1)
    assert "Salle 1" not in text(client, f"{COURT}audiences/") and "Salle 1" not in text(
        client, reverse("court:case", args=[one.petition.number])
    )
    Hearing.objects.filter(pk=hearing.pk).update(listed_at=timezone.now())
    page, ics = text(client, f"{COURT}audiences/"), text(client, f"{COURT}audiences/audiences.ics")
    assert "Salle 1" in page and one.petition.number in page and "Candidature" not in page + ics
    assert "BEGIN:VEVENT" in ics and one.petition.number in ics.replace("\r\n ", "")
    assert "Salle 1" in text(client, reverse("court:case", args=[one.petition.number]))


def test_both_languages(court, client):
    one = court.case(state="served")
    page = text(client, reverse("court:case", args=[one.petition.number]))
    assert "Vie de l’affaire" in page
    client.cookies["django_language"] = "en"
    page = client.get(
        reverse("court:case", args=[one.petition.number]), headers={"accept-language": "en"}
    ).content.decode()
    assert "Life of the case" in page or "Vie de l’affaire" in page


# --- decisions -------------------------------------------------------------------------------------------------
@pytest.fixture
def decided(published, court, judge, president, keys):  # noqa: F811
    """A case whose decision is signed: a station annulled."""
    one = court.case(state="drafted", contest=published)
    made = rulings.draft(contest=published, number=f"{YEAR}-44/CC-EL", words="présidents non nommés", by=judge, petitions=[one.petition])  # fmt: skip
    made = rulings.amend(
        ruling=made, by=judge, acts=[ANNUL], articles=["ML-D-OPERATIONS"],
        outcomes={one.petition.number: ("granted", {"g1": "palimpseste-projet dans les motifs."})},
    )  # fmt: skip
    rulings.generate(ruling=made, by=judge)
    return one, type(made).objects.get(pk=made.pk)


def fresh(one):
    return type(one).objects.get(pk=one.pk)


def test_a_decision_is_public_from_its_publication_and_not_a_moment_before(
    decided, client, judge, president, registrar, publisher_of_court, published  # noqa: F811
):  # fmt: skip
    one, ruling = decided
    slug, number = f"{YEAR}-44-CC-EL", one.petition.number
    steps = (
        lambda: rulings.to_gate(ruling=ruling, by=judge), lambda: executing.sign(ruling=ruling, by=president),
        lambda: rulings.pronounce(ruling=ruling, minutes="audience publique", by=president), lambda: rulings.notify(ruling=ruling, by=registrar),
    )  # fmt: skip
    for take in (lambda: None, *steps):
        take()
        text(client, reverse("court:decision", args=[slug]), 404)
        text(client, reverse("court:paper", args=[slug, "decision.pdf"]), 404)
        for url in everything(number):
            page = text(client, url)
            assert "palimpseste" not in page and ruling.number not in page, url
    published_text(fresh(ruling), publisher_of_court, registrar)
    page = text(client, reverse("court:decision", args=[slug]))
    assert "palimpseste-projet dans les motifs." in page and f"ECLI:ML:CC:{YEAR}:EL.0044" in page and "SEG-001" in page
    assert fresh(ruling).digest in page and number in page
    assert "En clair" in page and 'lang="bm"' in page, "what it says in plain words, in three languages"
    case_page = text(client, reverse("court:case", args=[number]))
    assert "accueillie" in case_page.lower() and ruling.number in case_page
    assert ruling.number in text(client, f"{COURT}decisions/") and ruling.number in text(client, COURT)
    pdf = client.get(reverse("court:paper", args=[slug, "decision.pdf"]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert client.get(reverse("court:paper", args=[slug, "decision.pdf"]), headers={"if-none-match": pdf["ETag"]}).status_code == 304  # fmt: skip
    assert "SEG-001" in text(client, reverse("court:paper", args=[slug, "annexe-1.csv"]))
    for wrong in ("annexe-9.csv", "annexe-.csv", "autre.pdf"):
        text(client, reverse("court:paper", args=[slug, wrong]), 404)


def test_a_signature_does_not_show_before_the_decision_is_read_out_not_even_by_a_limit_that_is_met(
    decided, client, judge, president  # noqa: F811
):  # fmt: skip
    one, ruling = decided
    bound = timezone.now() + timedelta(days=20)
    Clock.objects.create(petition=one.petition, kind="decision", about="x", bound=bound, article="Article 160", at=timezone.now())  # fmt: skip
    here = reverse("court:case", args=[one.petition.number])
    rulings.to_gate(ruling=ruling, by=judge)
    public.forget()
    assert "Article 160" in text(client, here)
    executing.sign(ruling=ruling, by=president)
    assert Clock.objects.get(about="x").met_at is not None
    public.forget()
    assert "Article 160" in text(client, here)
    rulings.pronounce(ruling=ruling, minutes="audience publique", by=president)
    public.forget()
    assert "Article 160" not in text(client, here)


def test_decision_corrections_and_station_pages_are_linked_both_ways(
    decided, client, judge, president, registrar, publisher_of_court, published  # noqa: F811
):  # fmt: skip
    _one, ruling = decided
    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    rulings.pronounce(ruling=ruling, minutes="audience publique", by=president)
    rulings.notify(ruling=ruling, by=registrar)
    published_text(fresh(ruling), publisher_of_court, registrar)
    executing.apply(ruling=fresh(ruling), by=registrar)
    here = reverse("court:decision", args=[f"{YEAR}-44-CC-EL"])
    station = Station.objects.get(contest=published, code="SEG-001")
    page = text(client, here)
    fixes = reverse("results:corrections", args=[published.code]) + f"?acte={ruling.number}"
    there = reverse("results:station", args=[published.code, station.pk])
    assert fixes in page and there in page and "Avant et après" in page
    assert here in text(client, fixes) and "SEG-001" in text(client, fixes)
    assert here not in text(client, reverse("results:corrections", args=[published.code]) + "?acte=2000-01/CC-EL")
    assert here in text(client, there)
    assert f"{COURT}?scrutin={published.code}" in text(client, reverse("results:contest", args=[published.code]))


def test_the_menu_leads_everybody_to_the_court(court, client):
    assert f'href="{COURT}"' in text(client, "/")


def test_a_piece_made_public_is_there_and_one_struck_is_not(court, client):
    one = court.case()
    made = court.exhibit(one.petition, access="public", name="Constat à rayer")
    page = reverse("court:case", args=[one.petition.number])
    assert "Constat à rayer" in text(client, page)
    Exhibit.objects.filter(pk=made.pk).update(struck=True)
    assert "Constat à rayer" not in text(client, page)


# --- statistics, standards, feeds, open data ---------------------------------------------------------------------
def test_each_figure_says_of_how_many_and_what_nothing_measures_is_not_zero(court, client):
    court.case(state="served")
    page = text(client, f"{COURT}statistiques/")
    assert 'data-court-figure="filed">1<' in page and 'data-court-figure="decided">0<' in page
    assert "pas mesuré" in page and 'data-court-figure="granted"' not in page
    found = json.loads(text(client, f"{COURT}donnees/statistics.json"))
    figures = {f["key"]: f for f in found["figures"]}
    assert (
        figures["filed"]["value"] == 1 and figures["filed"]["n"] == 1 and figures["stations_annulled"]["value"] is None
    )
    assert all(f["definition"] and f["source"] for f in figures.values())


def test_what_a_person_is_names_no_case_and_small_cells_are_hidden(court, client):
    for n in range(12):
        one = court.case()
        one.petition.parties.filter(role="petitioner").update(sex="F" if n < 11 else "M")
    found = json.loads(text(client, f"{COURT}donnees/statistics.json"))["breakdowns"]["sex"]
    assert not any("cases" in cell for cell in found)
    assert [c["count"] for c in found] == [None, None], "one hidden cell would be found by subtraction"


def test_a_decision_that_is_not_published_is_in_no_statistic(decided, client, judge, president, registrar):  # noqa: F811
    _one, ruling = decided
    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    counted = {f["key"]: f["value"] for f in json.loads(text(client, f"{COURT}donnees/statistics.json"))["figures"]}
    assert counted["decided"] == 0 and counted["granted"] is None and counted["stations_annulled"] is None
    rulings.pronounce(ruling=ruling, minutes="audience publique", by=president)
    counted = {f["key"]: f["value"] for f in json.loads(text(client, f"{COURT}donnees/statistics.json"))["figures"]}
    assert counted["decided"] == 1 and counted["granted"] is None and counted["stations_annulled"] is None


def test_the_scorecard_says_unknown_where_nothing_tells(court, client, calendar):
    court.case()
    page = text(client, f"{COURT}normes/")
    assert "STD-190" in page and "pas mesuré" in page


def test_feeds_are_atom_and_open_data_has_its_schema_and_licence(planted, client):
    for name in ("cases.atom", "decisions.atom"):
        feed = ElementTree.fromstring(text(client, f"{COURT}donnees/{name}"))  # noqa: S314  our own file
        assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
        assert not [w for w in SECRET if w in text(client, f"{COURT}donnees/{name}")]
    package = json.loads(text(client, f"{COURT}donnees/datapackage.json"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for one in package["resources"]:
        data = b"".join(client.get(f"{COURT}donnees/{one['path']}").streaming_content)
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}", one["path"]
        assert not [w for w in SECRET if w.encode() in data], one["path"]
        if "schema" in one:
            head = data.decode("utf-8-sig").splitlines()[0].split(",")
            assert head == [f["name"] for f in one["schema"]["fields"]] and all(
                f["description_en"] for f in one["schema"]["fields"]
            )
    text(client, f"{COURT}donnees/autre.csv", 404)
    for page in ("donnees/", "verifier/", "statistiques/", "normes/"):
        assert not [w for w in SECRET if w in text(client, COURT + page)], page


def test_the_page_for_strangers_gives_the_key_and_the_command(court, client, keys):  # noqa: F811
    page = text(client, f"{COURT}verifier/")
    assert "kalata disputes verify" in page and "cour.example+" in page
    assert "cour.example+" in text(client, f"{COURT}donnees/court.vkey") and "BEGIN CERTIFICATE" in text(
        client, f"{COURT}donnees/court-ca.pem"
    )
