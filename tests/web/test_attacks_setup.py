"""What fixes the form or the list without being asked to: a copy before its time, a file under papers, a twin name."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from kalata import codes
from kalata.country import services as country
from kalata.country.models import Option, Station, Unit
from kalata.results.rules.boxes import Sheet, Standing
from kalata.results.services import corrections
from kalata.tally.models import Copy, Paper
from kalata.tally.services import copies
from kalata.tally.services import reports as tally
from tests import court
from tests.conftest import PROFILE, ROWS, bring, csv_of, make_person
from tests.services.test_tally import register  # noqa: F401

pytestmark = pytest.mark.django_db
FOUR = [{"name": n} for n in ("A", "B", "C", "D")]
TWINS = ["La pirogue.", "La-pirogue", "La  pirogue", "« La pirogue »", "LA PIROGUE", "Lapirogue"]


def agent_of_kayes():
    return make_person("deleg", "delegue", unit=Unit.objects.get(code="ML-KAY", geography__code="ml-2015"))


def copy_of(contest):
    return Sheet(dict.fromkeys(tally.boxes_of(contest)), (1, *[None] * (contest.options.count() - 1)))


# --- the copy of an agent --------------------------------------------------------------------------------
def test_a_copy_given_before_papers_are_expected_is_refused_and_freezes_nothing(contest, supervisor):
    kayes = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    Station.objects.create(contest=contest, code="KAY-001", unit=kayes, registered=400)
    with pytest.raises(copies.FormNotFinal):
        copies.hand_in(
            contest=contest, station="KAY-001", source="Liste A", sheet=copy_of(contest), by=agent_of_kayes()
        )
    rows = [{"station": "KAY-001", "c1": "1"}]
    with pytest.raises(copies.FormNotFinal):
        copies.import_copies(contest=contest, rows=rows, source="A", by=make_person("d2", "delegue"), lines=["c1"])
    country.set_options(contest=contest, options=FOUR, by=supervisor)
    assert contest.options.count() == 4 and not Copy.objects.exists()


def test_a_copy_is_taken_as_soon_as_papers_are_expected(register):  # noqa: F811
    copies.hand_in(contest=register, station="KAY-001", source="Liste A", sheet=copy_of(register), by=agent_of_kayes())
    assert Copy.objects.get().status == "waiting"


def test_a_copy_is_compared_with_figures_that_came_from_files(counted):
    copies.hand_in(contest=counted, station="KAY-001", source="Liste A", sheet=copy_of(counted), by=agent_of_kayes())
    assert Copy.objects.get().status == "differs"


def test_the_database_takes_no_copy_before_the_form(contest):
    station = Station.objects.create(contest=contest, code="KAY-001", registered=400)
    with pytest.raises(DatabaseError, match="RES-474"), transaction.atomic():
        Copy.objects.create(
            contest=contest,
            station=station,
            source="A",
            sheet=b"",
            at=timezone.now(),
            by=make_person("x"),
            status="waiting",
        )


# --- papers and files stay apart --------------------------------------------------------------------------
def filed_then_annulled(contest, supervisor, registrar, judge):
    bring(contest, supervisor, csv_of(ROWS[:1]))
    station = Station.objects.get(code="KAY-001")
    court.decide(station, Standing.ANNULLED, signer=judge, by=registrar)
    return station


def test_papers_do_not_open_over_files_because_a_decision_came_since(contest, supervisor, registrar, judge):
    station = filed_then_annulled(contest, supervisor, registrar, judge)
    with pytest.raises(tally.CountedFromFiles):
        tally.open_register(contest=contest, by=supervisor)
    assert not Paper.objects.exists()
    with pytest.raises(DatabaseError, match="RES-434"), transaction.atomic():
        Paper.objects.create(contest=contest, station=station, since=timezone.now())


def test_a_part_without_files_opens_beside_one_that_has(contest, supervisor, registrar, judge):
    filed_then_annulled(contest, supervisor, registrar, judge)
    Station.objects.filter(contest=contest).exclude(code="KAY-001").delete()
    abroad = Station.objects.create(contest=contest, code="PAR-001", part="advance", registered=10)
    with pytest.raises(DatabaseError, match="RES-434"), transaction.atomic():
        other = Station.objects.create(contest=contest, code="KAY-002", registered=10)
        Paper.objects.create(contest=contest, station=other, since=timezone.now())
    assert Paper.objects.create(contest=contest, station=abroad, since=timezone.now()).pk


# --- names and emblems that nobody tells apart --------------------------------------------------------------
@pytest.mark.parametrize("name", TWINS)
def test_no_correction_makes_a_twin_of_another_option(counted, supervisor, name):
    with pytest.raises(country.BadContest):
        corrections.ask_names(contest=counted, names={1: (name, "")}, reason="o", by=supervisor)


@pytest.mark.parametrize("name", TWINS)
def test_no_list_holds_two_names_told_apart_by_signs_only(contest, supervisor, name):
    with pytest.raises(codes.SameCode):
        country.set_options(contest=contest, options=[{"name": "La pirogue"}, {"name": name}], by=supervisor)
    with pytest.raises(codes.SameCode):
        country.set_options(contest=contest, options=[{"code": "1", "name": "La pirogue"}, {"code": "2", "name": name}])


@pytest.mark.parametrize("name", ["La pirogue 2", "Le pirogue", "La pirogué", "★", "☆"])
def test_a_letter_or_a_digit_tells_two_names_apart(contest, supervisor, name):
    country.set_options(contest=contest, options=[{"name": "La pirogue"}, {"name": name}, {"name": "+"}], by=supervisor)
    assert contest.options.count() == 3


def test_vowel_signs_of_other_scripts_tell_names_apart():
    assert codes.name_key("कि") != codes.name_key("कु")


def test_a_file_gives_no_contest_two_names_told_apart_by_signs_only(contest, supervisor):
    country.set_options(contest=contest, options=[])
    header = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,La pirogue,La-pirogue"
    names = ["La pirogue", "La-pirogue"]
    profile = {**PROFILE, "options": {"labels": {n: n for n in names}}}
    bring(contest, supervisor, csv_of([ROWS[0].rsplit(",", 1)[0]], header), profile=profile)
    assert contest.options.count() < 2  # refused, or read as one and said


def test_two_options_never_carry_one_emblem(counted, supervisor):
    for names in ({1: ("Le baobab", "e1"), 2: ("La pirogue", "E1")}, {1: ("Le baobab", "★"), 2: ("La pirogue", "★")}):
        with pytest.raises(country.BadContest):
            corrections.ask_names(contest=counted, names=names, reason="o", by=supervisor)
    with pytest.raises(DatabaseError, match="CON-102"), transaction.atomic():
        Option.objects.filter(contest=counted).update(emblem="e1")


def test_the_emblem_of_another_is_not_taken_even_in_exchange(contest, supervisor):
    options = [{"name": "A", "emblem": "e1"}, {"name": "B", "emblem": "e2"}, {"name": "C"}]
    country.set_options(contest=contest, options=options, by=supervisor)
    for names in ({3: ("C", "e1")}, {1: ("A", "e2"), 2: ("B", "e1")}):
        with pytest.raises(country.BadContest):
            corrections.ask_names(contest=contest, names=names, reason="o", by=supervisor)
    with pytest.raises(country.BadContest):
        country.set_options(contest=contest, options=[*options[:2], {"name": "C", "emblem": " e1"}], by=supervisor)
    corrections.ask_names(contest=contest, names={3: ("C", "e3")}, reason="o", by=supervisor)
