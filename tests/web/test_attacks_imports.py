"""Files brought in by a hostile hand: decisions undone, stations annulled alone, the set-up fixed by one row."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata.country import services as country
from kalata.country.models import Geography, Station, Unit
from kalata.people import approving
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.refusals import Refused
from kalata.results import import_limits
from kalata.results.models import Import, StationReport
from kalata.results.numeric.problems import SAYS as PROBLEMS
from kalata.results.queries import board as boards
from kalata.results.rules.boxes import Standing
from kalata.results.services import authority, committing
from kalata.results.services import contests as services
from tests import court
from tests.conftest import BOXES, HEADER, LISTS, PROFILE, ROWS, bring, csv_of, decide_on_screen, make_person
from tests.figures import spoken

pytestmark = [pytest.mark.django_db, pytest.mark.child]

STATUS = {**PROFILE, "status": {"column": "etat", "annulled": ["A"], "counted": ["C"], "missing": ["M"]}}
WHOLE = {"Le baobab": 300, "La pirogue": 310, "La calebasse": 143}
WITHOUT_SEG = {"Le baobab": 210, "La pirogue": 160, "La calebasse": 93}


def read_as(names):
    """Options whose names a person has read."""
    return {"labels": {n: n for n in names}}


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def votes(contest):
    boards.forget()
    return dict(boards.board(again(contest)).votes)


def codes_of(one):
    return {p["code"] for p in one.report["problems"]}


def decided(code, to, registrar, judge):
    return court.decide(Station.objects.get(code=code), to, signer=judge, by=registrar)


def with_states(states, rows=ROWS):
    return csv_of([f"{row},{state}" for row, state in zip(rows, states, strict=True)], HEADER + ",etat")


def region(pack_version):
    kayes = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    return make_person("kayco", "coordination-region", unit=kayes)


# --- decisions ------------------------------------------------------------------------------------------
def test_nobody_undoes_an_annulment_by_bringing_the_file_again(counted, supervisor, registrar, judge):
    act = decided("SEG-001", Standing.ANNULLED, registrar, judge)
    one = bring(again(counted), supervisor, csv_of(ROWS), name="same.csv")
    assert one.state == "refused" and codes_of(one) == {"IMP-218"}
    assert "SEG-001" in one.report["problems"][0]["fr"] and act.number in one.report["problems"][0]["fr"]
    assert votes(counted) == WITHOUT_SEG


def test_two_persons_do_not_undo_it_either_once_all_is_public(published, supervisor, registrar, judge):
    decided("SEG-001", Standing.ANNULLED, registrar, judge)
    one = bring(again(published), supervisor, csv_of(ROWS), name="same.csv")
    assert one.state == "refused" and not Approval.objects.filter(kind="results.correction").exists()
    assert votes(published) == WITHOUT_SEG


def test_a_decision_between_the_request_and_the_approval_stops_the_file(published, supervisor, publisher, registrar, judge):  # fmt: skip
    rows = [*ROWS[:2], "Ségou,Ségou,SEG-001,500,300,300,10,290,91,149,50", ROWS[3]]
    bring(again(published), supervisor, csv_of(rows), name="new.csv")
    asked = Approval.objects.get(kind="results.correction")
    decided("SEG-001", Standing.ANNULLED, registrar, judge)
    with pytest.raises(Refused):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert votes(published) == WITHOUT_SEG


def test_a_file_that_says_what_the_decision_says_passes_and_corrects_the_others(counted, supervisor, registrar, judge):
    decided("SEG-001", Standing.ANNULLED, registrar, judge)
    rows = ["Kayes,Kayes,KAY-001,400,200,200,5,195,101,59,35", *ROWS[1:]]
    one = bring(again(counted), supervisor, with_states("CCAC", rows), profile=STATUS, name="b.csv")
    assert one.state == "committed" and one.report["counts"]["same"] == 3
    assert votes(counted) == {"Le baobab": 211, "La pirogue": 159, "La calebasse": 93}


def test_a_station_restored_by_a_decision_is_not_annulled_again_by_a_file(counted, supervisor, registrar, judge):
    decided("SEG-001", Standing.ANNULLED, registrar, judge)
    decided("SEG-001", Standing.COUNTED, registrar, judge)
    one = bring(again(counted), supervisor, with_states("CCAC"), profile=STATUS, name="b.csv")
    assert one.state == "refused" and codes_of(one) == {"IMP-218"} and votes(counted) == WHOLE


# --- what a record is worth -----------------------------------------------------------------------------
@pytest.mark.parametrize(("state", "worth"), [("A", "Annulé"), ("M", "Manquant")])
def test_one_person_takes_no_station_out_by_a_column_of_states(counted, supervisor, publisher, state, worth):
    one = bring(again(counted), supervisor, with_states(f"CC{state}C"), profile=STATUS, name="s.csv")
    assert one.state == "waiting" and votes(counted) == WHOLE
    asked = Approval.objects.get(kind="results.correction")
    drawn = approving.picture_of(asked)
    assert f"1 bureau change d’état : de « Compté » à « {worth} »." in [str(t) for t in drawn.then]
    item = drawn.items[-1]
    assert (str(item.lines[0].before), str(item.lines[0].after)) == ("Compté", worth)
    assert ("La pirogue", 150, None) in [(x.label, x.before, x.after) for x in item.lines]
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert votes(counted) == WITHOUT_SEG


def test_the_page_of_the_import_says_why_two_persons_are_asked(sign_in, counted, supervisor):
    one = bring(again(counted), supervisor, with_states("CCAC"), profile=STATUS, name="s.csv", commit=False)
    page = sign_in(supervisor).get(f"/resultats/gerer/imports/{one.pk}/").content.decode()
    assert "change l’état de bureaux déjà comptés" in page and "Demander l’approbation" in page


def test_a_commit_that_skips_the_request_is_refused(counted, supervisor):
    one = bring(again(counted), supervisor, with_states("CCAC"), profile=STATUS, name="s.csv", commit=False)
    with pytest.raises(import_limits.StandingByTwo):
        committing.commit(again(one), by=supervisor)
    assert votes(counted) == WHOLE


def test_the_second_person_decides_it_on_the_screen(sign_in, client, counted, supervisor, publisher):
    bring(again(counted), supervisor, with_states("CCAC"), profile=STATUS, name="s.csv")
    asked = Approval.objects.get(kind="results.correction")
    here = f"/personnes/approbations/{asked.pk}/"
    page = sign_in(publisher).get(here).content.decode()
    assert "change d’état" in page and "Annulé" in page
    decide_on_screen(client, asked)
    assert votes(counted) == WITHOUT_SEG


def test_nobody_alone_brings_stations_annulled_by_a_first_file_before_anything_is_public(
    contest, supervisor, publisher
):
    one = bring(contest, supervisor, with_states("CCAC"), profile=STATUS)
    asked = Approval.objects.get(kind="results.correction")
    assert one.state == "waiting" and not StationReport.objects.exists()
    said = [str(t) for t in approving.picture_of(asked).then]
    assert "1 bureau change d’état : de « Manquant » à « Annulé »." in said
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    assert votes(contest) == WITHOUT_SEG


def test_a_first_file_that_skips_the_request_is_refused_and_so_is_its_row_by_the_database(contest, supervisor):
    one = bring(contest, supervisor, with_states("CCAC"), profile=STATUS, commit=False)
    with pytest.raises(import_limits.StandingByTwo):
        committing.commit(again(one), by=supervisor)
    first = bring(again(contest), supervisor, csv_of(ROWS[:1]))
    row = authority.Version(0, int(Standing.ANNULLED), b"", 0)
    row = replace(row, station=Station.objects.create(contest=contest, code="NEW-001", name="N").pk)
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        authority.write(contest=contest, rows=[row], authority=authority.by_import(first), reason="r")


def test_a_station_added_annulled_to_others_that_count_takes_two_persons(counted, supervisor):
    row = "Ségou,San,SAN-002,300,120,120,0,120,40,50,30,A"
    one = bring(again(counted), supervisor, csv_of([row], HEADER + ",etat"), profile=STATUS, name="n.csv")
    assert one.state == "waiting" and votes(counted) == WHOLE


def test_a_first_file_with_a_column_of_states_and_nothing_annulled_takes_one_person(contest, supervisor):
    one = bring(contest, supervisor, with_states("CCMC"), profile=STATUS)
    assert one.state == "committed" and votes(contest) == WITHOUT_SEG


# --- the figures of a station on which a decision bore ----------------------------------------------------
OTHER_SEG = [*ROWS[:2], "Ségou,Ségou,SEG-001,500,300,300,10,290,91,149,50", ROWS[3]]


def restored(registrar, judge):
    decided("SEG-001", Standing.ANNULLED, registrar, judge)
    return decided("SEG-001", Standing.COUNTED, registrar, judge)


def test_no_file_corrects_the_figures_of_a_station_restored_by_a_decision_and_the_database_agrees(counted, supervisor, registrar, judge):  # fmt: skip
    restored(registrar, judge)
    one = bring(again(counted), supervisor, csv_of(OTHER_SEG), name="c.csv")
    assert codes_of(one) == {"IMP-218"} and votes(counted) == WHOLE
    station, first = Station.objects.get(code="SEG-001"), Import.objects.order_by("pk").first()
    sheet = bytes(StationReport.objects.get(station=station, current=True).sheet)
    with pytest.raises(DatabaseError, match="RES-310"), transaction.atomic():
        authority.write_one(
            station=station, standing=Standing.COUNTED, sheet=sheet, authority=authority.by_import(first), reason="r"
        )  # fmt: skip


def test_the_refusal_of_a_file_over_a_decision_names_the_way_that_works(counted, supervisor, registrar, judge):
    decided("SEG-001", Standing.ANNULLED, registrar, judge)
    one = bring(again(counted), supervisor, csv_of(OTHER_SEG), name="c.csv")
    assert codes_of(one) == {"IMP-218"}
    how = PROBLEMS["IMP-218"][1]
    assert "une autre décision de la juridiction" in how
    one = bring(again(counted), supervisor, with_states("CCAC", OTHER_SEG), profile=STATUS, name="d.csv")
    assert codes_of(one) == {"IMP-218"}  # other figures under the state that the decision gave are refused too
    decided("SEG-001", Standing.COUNTED, registrar, judge)  # its state, by another decision
    assert votes(counted) == WHOLE


# --- the set-up -----------------------------------------------------------------------------------------
def empty_contest(pack_version, options=(), boxes=BOXES):
    election = country.create_election(
        code="e9", name_fr="E", name_en="", pack=pack_version, geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )  # fmt: skip
    return country.create_contest(
        election=election, code="leg", name_fr="L", system=dict(pack_version.pack.engine_systems()["ML-PRES"]),
        boxes=boxes, options=[{"name": n} for n in options],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("boxes", "options", "profile", "header", "row", "said"),
    [
        (BOXES, (), {"options": read_as(LISTS[::-1])}, HEADER, ROWS[0], "La calebasse"),
        (BOXES, (), {"options": read_as(LISTS[:1])}, HEADER, ROWS[0], "Le baobab"),
        ([], LISTS, {}, HEADER, ROWS[0], "valid"),
        (BOXES, LISTS, {"constituency": ["circo"], "seats": {"Z": 99}}, HEADER + ",circo", ROWS[0] + ",Z", "Z"),
    ],
    ids=["the order of the list", "a list of one", "the boxes", "a constituency of 99 seats"],
)  # fmt: skip
def test_one_row_of_a_region_fixes_nothing_for_the_country(pack_version, boxes, options, profile, header, row, said):
    contest = empty_contest(pack_version, options, boxes)
    one = bring(contest, region(pack_version), csv_of([row], header), profile={**PROFILE, **profile}, name="r.csv")
    assert one.state == "refused" and codes_of(one) == {"IMP-217"}
    assert any(f"« {said} »" in p["fr"] for p in one.report["problems"])
    contest = again(contest)
    assert [o.name for o in contest.options.all()] == list(options) and contest.boxes == boxes
    assert not contest.constituencies.exists() and not contest.stations.exists()
    names = [{"name": n} for n in ("A", "B")]
    country.set_options(contest=contest, options=names, by=make_person("sup", "superviseur"))


def test_a_constituency_comes_by_no_file_of_a_region_after_the_first_figure_either(counted, pack_version):
    row = "Kayes,Kayes,KAY-900,400,200,200,5,195,100,60,35,Z"
    profile = {**PROFILE, "constituency": ["circo"], "seats": {"Z": 99}}
    one = bring(again(counted), region(pack_version), csv_of([row], HEADER + ",circo"), profile=profile, name="g.csv")
    assert one.state == "refused" and codes_of(one) == {"IMP-217"} and not counted.constituencies.exists()


def test_a_region_brings_the_figures_of_its_stations_under_the_set_up_of_the_country(contest, pack_version):
    one = bring(contest, region(pack_version), csv_of(ROWS[:1]), name="r.csv")
    assert one.state == "committed" and votes(contest)["Le baobab"] == 100


def test_a_set_up_that_a_lost_mandate_showed_in_a_dry_run_is_not_stored(pack_version):
    contest, person = empty_contest(pack_version), make_person("sup", "superviseur")
    profile = {**PROFILE, "options": read_as(LISTS)}
    one = bring(contest, person, csv_of(ROWS), profile=profile, name="r.csv", commit=False)
    assert one.state == "checked"
    kayes = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    person.mandates.update(revoked_at=timezone.now())
    people.give_mandate(person=person, role="coordination-region", unit=kayes)
    with pytest.raises(Refused):
        committing.commit(again(one), by=type(person).objects.get(pk=person.pk))
    assert not contest.options.exists() and not StationReport.objects.exists()


def test_an_area_written_by_its_code_or_another_name_makes_no_second_area(contest, supervisor):
    before = Unit.objects.count()
    row = ROWS[0].replace("Kayes,Kayes", "ML-KAY,Kayes")
    one = bring(contest, supervisor, csv_of([row]), create="all", name="c.csv")
    assert one.state == "committed" and Unit.objects.count() == before
    assert Station.objects.get(code="KAY-001").unit.code == "ML-KAY-KAYES"


# --- what was never public ------------------------------------------------------------------------------
def test_nobody_outside_reads_a_version_replaced_before_the_publication(client, contest, supervisor, publisher):
    bring(contest, supervisor, csv_of(["Kayes,Kayes,KAY-001,400,200,200,5,195,11,149,35", *ROWS[1:]]), name="v1.csv")
    bring(again(contest), supervisor, csv_of(ROWS), name="v2.csv")
    asked = services.ask_publication(contest=again(contest), reason="r", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    station = Station.objects.get(code="KAY-001")
    page = client.get(f"/resultats/pres/bureaux/{station.pk}/")
    assert page.status_code == 200 and 149 not in spoken(page.content.decode())
