"""Bringing results in, deciding, publishing: each act once, with what it refuses."""

import pytest
from django.db import IntegrityError, transaction

from kalata.country.models import Contest, Station
from kalata.evidence import store
from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.rules.approval import Decision, NoReason, SamePerson
from kalata.refusals import Forbidden, Refused
from kalata.results.models import Import, StationReport
from kalata.results.numeric import reading
from kalata.results.queries import board
from kalata.results.rules.boxes import Standing
from kalata.results.rules.outcome import Status
from kalata.results.services import committing, importing, second_round
from kalata.results.services import contests as services
from tests import court
from tests.conftest import HEADER, PROFILE, ROWS, bring, csv_of, make_person, second_round_of

pytestmark = pytest.mark.django_db


def codes(one):
    return [p["code"] for p in one.report["problems"]]


def test_a_good_file_is_counted_and_its_totals_are_those_of_the_file(counted):
    found = board.board(counted)
    assert found.total.counted == 4 and found.votes == {"Le baobab": 300, "La pirogue": 310, "La calebasse": 143}
    assert (
        found.total.valid == 753
        and found.outcome.status is Status.RUNOFF
        and found.outcome.options == ("La pirogue", "Le baobab")
    )


def test_every_area_level_has_its_totals(counted):
    found = board.board(counted)
    names = {found.frame.units[u].name: a.votes for u, a in found.areas.items()}
    assert names["Ségou"] in ([130, 200, 80], [90, 150, 50]) and names["San"] == [40, 50, 30]


def test_nothing_is_stored_before_the_commit(contest, supervisor):
    one = bring(contest, supervisor, commit=False)
    assert one.state == "checked" and one.report["counts"]["new"] == 4
    assert StationReport.objects.count() == 0 and Station.objects.count() == 0 and contest.revision == 0


def test_the_same_file_twice_is_one_import(counted, supervisor):
    before = counted.revision
    one = bring(counted, supervisor, create="none")
    assert one.report["counts"] == {"new": 0, "changed": 0, "same": 4, "created": 0}
    assert StationReport.objects.count() == 4 and counted.revision == before


def test_a_correction_is_a_new_version_and_the_old_one_stays(counted, supervisor):
    rows = [ROWS[0].replace("100,60,35", "99,61,35"), *ROWS[1:]]
    one = bring(counted, supervisor, csv_of(rows), create="none", reason="erreur de saisie")
    assert one.report["counts"]["changed"] == 1
    old, new = StationReport.objects.filter(station__code="KAY-001").order_by("version")
    assert (old.current, new.current, new.version, new.reason) == (False, True, 2, "erreur de saisie")
    assert board.board(counted).votes["Le baobab"] == 299


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([ROWS[0].replace("KAY-001", "INCONNU")], "IMP-211"),
        ([ROWS[0].replace("Kayes,Kayes", "Kayes,Nulle-Part")], "IMP-210"),
        ([ROWS[0].replace("200,200", "-200,200")], "IMP-202"),
        ([ROWS[0], ROWS[0]], "IMP-206"),
    ],
)
def test_a_bad_row_refuses_the_whole_file_and_stores_nothing(counted, supervisor, rows, code):
    one = bring(counted, supervisor, csv_of(rows), create="none")
    assert one.state == "refused" and code in codes(one)
    assert StationReport.objects.count() == 4


def test_an_unknown_area_is_refused_even_when_stations_may_be_created(contest, supervisor):
    one = bring(contest, supervisor, csv_of([ROWS[0].replace("Kayes,Kayes", "Atlantide,Kayes")]))
    assert one.state == "refused" and codes(one) == ["IMP-210"] and one.report["problems"][0]["row"] == 2


def test_another_contests_file_is_refused(counted, supervisor):
    header = HEADER.replace("La calebasse", "Le puits")
    one = bring(
        counted,
        supervisor,
        csv_of(header=header),
        profile={**PROFILE, "options": ["Le baobab", "La pirogue", "Le puits"]},
        create="none",
    )
    assert one.state == "refused" and set(codes(one)) == {"IMP-212", "IMP-213"}


def test_a_profile_that_names_an_absent_column_is_refused_at_once(contest, supervisor):
    one = importing.upload(contest=contest, name="f.csv", content=iter([csv_of()]), by=supervisor)
    with pytest.raises(Refused) as caught:
        importing.set_mapping(one=one, profile={**PROFILE, "station": ["mesa"]}, create="none", by=supervisor)
    assert caught.value.code == "IMP-102"


def test_a_file_that_cannot_be_read_leaves_no_import_behind(contest, supervisor):
    before = set(store.folder().iterdir())
    with pytest.raises(Refused):
        importing.upload(contest=contest, name="x.csv", content=iter([b"%PDF-1.7"]), by=supervisor)
    assert Import.objects.count() == 0 and set(store.folder().iterdir()) - before <= {store.folder() / ".lock"}


def test_a_list_of_stations_makes_the_register_and_results_must_then_fit_it(contest, supervisor):
    register = b"region,cercle,bureau,inscrits\nKayes,Kayes,KAY-001,400\nKayes,Kita,KIT-001,350\n"
    bring(
        contest,
        supervisor,
        register,
        profile={"station": ["bureau"], "areas": ["region", "cercle"], "figures": {"registered": "inscrits"}},
    )
    assert Station.objects.count() == 2 and StationReport.objects.count() == 0
    one = bring(contest, supervisor, csv_of(), create="none")
    assert one.state == "refused" and set(codes(one)) == {"IMP-211"}
    assert bring(contest, supervisor, csv_of(ROWS[:1]), create="none").state == "committed"
    found = board.board(contest)
    assert (found.total.counted, found.total.missing, found.total.registered_missing) == (1, 1, 350)


def test_while_a_missing_station_could_change_the_outcome_nothing_is_decided(contest, supervisor):
    rows = [*ROWS, "Gao,Gao,GAO-001,400,,,,,,,"]
    bring(contest, supervisor, csv_of(rows))
    found = board.board(contest)
    assert (
        found.outcome.status is Status.UNDETERMINED
        and found.outcome.on_counted is Status.RUNOFF
        and found.total.registered_missing == 400
    )


def test_the_register_and_the_report_may_differ_and_it_is_E10(counted, supervisor):
    bring(counted, supervisor, csv_of([ROWS[0].replace(",400,", ",401,"), *ROWS[1:]]), create="none")
    assert board.board(counted).flags["E10"].sum() == 1


def importing_as_checked(one):
    one.state = "checked"
    return one


def test_a_regional_coordinator_imports_his_region_only(contest, supervisor):
    from kalata.country.models import Unit

    bring(
        contest,
        supervisor,
        b"region,cercle,bureau,inscrits\n" + b"".join(",".join(r.split(",")[:4]).encode() + b"\n" for r in ROWS),
        profile={"station": ["bureau"], "areas": ["region", "cercle"], "figures": {"registered": "inscrits"}},
    )
    regional = make_person("segou", "coordination-region", Unit.objects.get(code="ML-SEG", geography__code="ml-2015"))
    assert bring(contest, regional, csv_of(ROWS[2:]), create="none").state == "committed"
    beyond = bring(contest, regional, csv_of(ROWS), create="none")
    assert beyond.state == "refused"
    assert [(p["code"], p["value"]) for p in beyond.report["problems"]] == [
        ("IMP-215", "KAY-001"),
        ("IMP-215", "KIT-001"),
    ]
    assert beyond.report["counts"] == {"new": 0, "changed": 0, "same": 0, "created": 2}
    with pytest.raises(reading.BadFile):
        committing.commit(importing_as_checked(beyond), by=regional)
    assert StationReport.objects.count() == 2


def test_publication_needs_two_different_persons(counted, supervisor, publisher):
    approval = services.ask_publication(contest=counted, reason="tout est là", by=supervisor)
    with pytest.raises(SamePerson):
        people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=supervisor)
    assert Contest.objects.get(pk=counted.pk).published_at is None
    people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=publisher)
    assert Contest.objects.get(pk=counted.pk).published_at is not None


def test_an_officer_of_another_contest_cannot_approve(counted, supervisor, pack_version):
    from kalata.country import services as country

    other = country.create_contest(
        election=counted.election, code="autre", name_fr="Autre", system={"kind": "plurality"}, boxes=[], options=[]
    )
    officer = make_person("autre", "publication", contest=other)
    approval = services.ask_publication(contest=counted, reason="tout est là", by=supervisor)
    with pytest.raises(Forbidden):
        people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=officer)
    same = make_person("meme", "publication", contest=counted)
    people.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=same)


def test_the_database_too_refuses_an_approval_by_the_asker(counted, supervisor):
    approval = services.ask_publication(contest=counted, reason="tout est là", by=supervisor)
    approval.state, approval.decided_by = "approved", supervisor
    with pytest.raises(IntegrityError), transaction.atomic():
        approval.save()


def test_the_database_too_refuses_two_current_versions(counted):
    report = StationReport.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        StationReport.objects.create(
            contest=counted, station=report.station, version=9, sheet=report.sheet, at=report.at
        )


def test_a_request_without_a_reason_is_refused(counted, supervisor):
    with pytest.raises(NoReason):
        services.ask_publication(contest=counted, reason="  ", by=supervisor)


def test_correcting_published_figures_waits_for_a_second_person(published, supervisor, publisher):
    rows = [ROWS[0].replace("100,60,35", "99,61,35"), *ROWS[1:]]
    one = bring(published, supervisor, csv_of(rows), create="none", reason="rectification")
    assert one.state == "waiting" and board.board(published).votes["Le baobab"] == 300
    from kalata.people.models import Approval

    people.decide_approval(approval_id=Approval.objects.get(state="waiting").pk, to=Decision.APPROVED, by=publisher)
    one.refresh_from_db()
    published.refresh_from_db()
    assert one.state == "committed" and board.board(published).votes["Le baobab"] == 299


def test_an_annulment_needs_two_members_and_keeps_the_figures(counted, registrar, judge):
    station = Station.objects.get(code="SEG-001")
    court.decide(station, Standing.ANNULLED, signer=judge, by=registrar)
    counted.refresh_from_db()
    found = board.board(counted)
    assert (found.total.counted, found.total.annulled, found.votes["La pirogue"]) == (3, 1, 160)
    versions = list(station.reports.order_by("version"))
    assert [v.standing for v in versions] == [0, 1] and bytes(versions[0].sheet) == bytes(versions[1].sheet)


def test_who_holds_no_right_is_refused_in_the_service(counted, outsider, auditor):
    for person in (outsider, auditor):
        with pytest.raises(Forbidden):
            services.ask_publication(contest=counted, reason="x", by=person)
        with pytest.raises(Forbidden):
            importing.upload(contest=counted, name="f.csv", content=iter([csv_of()]), by=person)


def test_the_second_round_opens_with_those_who_qualified_on_the_same_stations(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    assert (
        [o.name for o in second.options.all()] == ["Le baobab", "La pirogue"]
        and second.stations.count() == 4
        and second.round == 2
    )


def test_the_second_round_does_not_open_while_the_first_is_undecided(contest, supervisor, publisher):
    bring(contest, supervisor, csv_of([*ROWS, "Gao,Gao,GAO-001,400,,,,,,,"]))
    asked = services.ask_publication(contest=contest, reason="partiel", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    contest.refresh_from_db()
    with pytest.raises(second_round.NotDecided):
        second_round.ask(contest=contest, code="pres-t2", polling_day=None, reason="r", by=supervisor)


def test_a_newcomer_in_the_second_round_is_E14(published, supervisor, publisher):
    from kalata.country import services as country

    second = second_round_of(published, supervisor, publisher)
    with pytest.raises(country.BadContest) as caught:
        country.set_options(contest=second, options=[{"name": "Le baobab"}, {"name": "Le puits"}], by=supervisor)
    assert "E14" in caught.value.params["why"]


def test_between_rounds_a_jump_in_voters_is_W07(published, supervisor, publisher):
    second = second_round_of(published, supervisor, publisher)
    header = "region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,Le baobab,La pirogue"
    rows = [
        "Kayes,Kayes,KAY-001,400,390,390,0,390,200,190",
        "Kayes,Kita,KIT-001,350,160,160,0,160,80,80",
        "Ségou,Ségou,SEG-001,500,300,300,0,300,100,200",
        "Ségou,San,SAN-001,300,120,120,0,120,60,60",
    ]
    bring(
        second,
        supervisor,
        csv_of(rows, header),
        profile={**PROFILE, "options": ["Le baobab", "La pirogue"]},
        create="none",
    )
    found = board.board(second)
    assert found.flags["W07"].tolist() == [True, False, False, False] and found.outcome.options == ("La pirogue",)


def test_two_contests_of_one_day_whose_voters_differ_are_W08(counted, supervisor):
    from kalata.country import services as country

    other = country.create_contest(
        election=counted.election,
        code="ref",
        name_fr="Référendum",
        system={"kind": "two_option_majority", "yes": "OUI", "no": "NON"},
        boxes=["registered", "voters", "valid"],
        options=[{"name": "OUI"}, {"name": "NON"}],
    )
    assert "W08" not in board.board(counted).flags
    rows = [
        "Kayes,Kayes,KAY-001,400,230,230,200,30",
        "Kayes,Kita,KIT-001,350,152,152,100,52",
        "Ségou,Ségou,SEG-001,500,300,300,100,200",
        "Ségou,San,SAN-001,300,120,120,60,60",
    ]
    bring(
        other,
        supervisor,
        csv_of(rows, "region,cercle,bureau,inscrits,votants,exprimes,OUI,NON"),
        profile={
            "station": ["bureau"],
            "areas": ["region", "cercle"],
            "figures": {"registered": "inscrits", "voters": "votants", "valid": "exprimes"},
            "options": ["OUI", "NON"],
        },
    )
    found = board.board(counted)
    assert dict(zip(found.frame.codes, found.flags["W08"].tolist(), strict=True)) == {
        "KAY-001": True,
        "KIT-001": False,
        "SEG-001": False,
        "SAN-001": False,
    }


def test_candidates_do_not_change_once_results_exist(counted, supervisor):
    from kalata.country import services as country

    with pytest.raises(country.ContestLocked):
        country.set_options(contest=counted, options=[{"name": "Un autre"}], by=supervisor)


def test_every_act_of_an_import_is_in_the_ledger_with_who_and_why(counted, supervisor):
    act = Act.objects.get(kind="import.committed")
    assert (
        act.actor == "superviseur"
        and act.reason == "essai"
        and act.after["new"] == 4
        and len(act.after["sha256"]) == 64
    )


def test_list_majority_by_constituency_is_decided_constituency_by_constituency(pack_version, supervisor):
    from kalata.country import services as country
    from kalata.country.models import Geography

    election = country.create_election(
        code="leg",
        name_fr="Législatives",
        name_en="",
        pack=pack_version,
        geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )
    contest = country.create_contest(
        election=election,
        code="deputes",
        name_fr="Députés",
        system=dict(pack_version.pack.engine_systems()["ML-DEP"]),
        boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        options=[{"name": n} for n in ("A", "B", "C")],
    )
    country.set_constituencies(
        contest=contest,
        rows=[
            {"code": "ML-KAY-KAYES", "name": "Kayes", "seats": 5},
            {"code": "ML-SEG-SEGOU", "name": "Ségou", "seats": 7},
        ],
    )
    header = HEADER.replace("Le baobab,La pirogue,La calebasse", "A,B,C")
    rows = ["Kayes,Kayes,K1,400,200,200,0,200,120,60,20", "Ségou,Ségou,S1,500,300,300,0,300,140,120,40"]
    bring(contest, supervisor, csv_of(rows, header), profile={**PROFILE, "options": ["A", "B", "C"]})
    found = board.board(contest)
    assert found.outcomes["ML-KAY-KAYES"].seats() == {"A": 5, "B": 0, "C": 0}
    assert found.outcomes["ML-SEG-SEGOU"].status is Status.RUNOFF and found.outcomes["ML-SEG-SEGOU"].options == (
        "A",
        "B",
    )
    assert found.seats() == {"A": 5, "B": 0, "C": 0}


def test_constituencies_set_after_the_stations_take_them_in(counted, supervisor, publisher):
    from kalata.country import services as country
    from kalata.results.services import corrections

    assert board.board(counted).groups == []
    rows = [{"code": "ML-SEG", "name": "Ségou", "seats": 2}, {"code": "ML-KAY-KAYES", "name": "Kayes", "seats": 1}]
    with pytest.raises(country.ContestLocked):
        country.set_constituencies(contest=counted, rows=rows, by=supervisor)
    asked = corrections.ask_constituencies(contest=counted, rows=rows, reason="oubliées", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    counted.refresh_from_db()
    found = board.board(counted)
    assert {g.path[0]: g.counted for g in found.groups} == {"ML-SEG": 2, "ML-KAY-KAYES": 1, "": 1}


def test_proportional_seats_are_shared_by_constituency_with_the_threshold(pack_version, supervisor):
    from kalata.country import services as country
    from kalata.country.models import Geography

    election = country.create_election(
        code="com",
        name_fr="Communales",
        name_en="",
        pack=pack_version,
        geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )
    contest = country.create_contest(
        election=election,
        code="conseil",
        name_fr="Conseil",
        system=dict(pack_version.pack.engine_systems()["ML-COM"]),
        boxes=["registered", "valid"],
        options=[{"name": n} for n in ("A", "B", "C")],
    )
    country.set_constituencies(contest=contest, rows=[{"code": "ML-KAY-KAYES", "name": "Kayes", "seats": 11}])
    bring(
        contest,
        supervisor,
        b"region,cercle,bureau,inscrits,exprimes,A,B,C\nKayes,Kayes,K1,1500,1000,600,370,30\n",
        profile={
            "station": ["bureau"],
            "areas": ["region", "cercle"],
            "figures": {"registered": "inscrits", "valid": "exprimes"},
            "options": ["A", "B", "C"],
        },
    )
    assert board.board(contest).seats() == {"A": 7, "B": 4, "C": 0}


def test_totals_from_the_database_are_those_of_the_definition(counted):
    from kalata.results.queries.store import sheet_of
    from kalata.results.rules.tabulation import tabulate

    boxes = board.board(counted).table.boxes
    plain = tabulate(
        (Standing(r.standing), sheet_of(r.sheet, boxes))
        for r in StationReport.objects.filter(contest=counted, current=True)
    )
    assert plain.votes == board.board(counted).total.votes and plain.boxes == board.board(counted).total.boxes


def test_a_second_file_by_the_same_hand_is_dry_run_over_the_stations_that_the_first_created(contest, supervisor):
    """As the demonstration brings its files: the contest was read before the first one, and is not read again."""
    for name, rows in (("un.csv", ROWS[:2]), ("deux.csv", ROWS)):
        one = importing.upload(contest=contest, name=name, content=[csv_of(rows)], by=supervisor)
        importing.set_mapping(one=one, profile=PROFILE, create="stations", by=supervisor)
        assert importing.dry_run(one).state == "checked"
        committing.ask_or_commit(one=one, reason="essai", by=supervisor)
    assert Station.objects.filter(contest=contest).count() == 4
