"""The door of the Court: what a signed decision writes, once and whole, and what is refused at it."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from kalata.country.models import Contest, Station
from kalata.ledger import answers
from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision as Decided
from kalata.refusals import Forbidden
from kalata.results import court as courts
from kalata.results.models import Contestation, Decision, Import, Proclamation, StationReport
from kalata.results.queries import board as boards
from kalata.results.queries import public_ledger, store
from kalata.results.rules import rulings as said
from kalata.results.rules.boxes import Box, Sheet, Standing
from kalata.results.rules.public_ledger import Kind
from kalata.results.rules.rulings import Order
from kalata.results.services import announcing, authority, rulings
from kalata.results.services import contests as services
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import State as S
from kalata.tally.services import reports as tally
from tests.conftest import ROWS, bring, csv_of
from tests.court import decide, ruling_of
from tests.services.test_centre import published as paper_published
from tests.services.test_centre import publishers  # noqa: F401
from tests.services.test_public_ledger import house_key, sequenced  # noqa: F401
from tests.services.test_tally import GOOD, desk, register, scanned  # noqa: F401

pytestmark = pytest.mark.django_db
A, C = Standing.ANNULLED, Standing.COUNTED
OTHER = replace(GOOD, votes=(99, 61, 35))


def again(one):
    return type(one).objects.get(pk=one.pk)


def versions(code):
    return list(StationReport.objects.filter(station__code=code).order_by("version"))


def carried(contest, ruling, by):
    return rulings.carry_out(contest=again(contest), ruling=ruling, by=by)


def votes(contest):
    return dict(boards.build(again(contest)).votes)


def sound(contest):
    """Nothing in force without its authority, nothing the ledger does not tell, nothing the log does not hold."""
    assert [str(u.refusal()) for u in authority.unproved(contest)] == []
    assert list(answers.faults()) == []
    if again(contest).published_at:
        sequenced(contest)
        assert announcing.difference(again(contest)) == []


# --- what it writes -----------------------------------------------------------------------------------------
def test_an_annulment_writes_version_totals_effect_ledger_and_a_line_of_the_log_that_says_court(published, judge, registrar):  # fmt: skip
    before = votes(published)
    made = carried(published, ruling_of("2027-01/CC-EL", [Order("SEG-001", "ANNUL_STATION", A)], judge), registrar)
    old, new = versions("SEG-001")
    assert (old.standing, new.standing, new.authority, new.proof, new.current) == (C, A, "ruling", made.digest, True)
    assert bytes(old.sheet) == bytes(new.sheet) and not old.current
    effect = made.effect
    assert effect.before["votes"] == before and effect.after["votes"] == votes(published) != before
    assert (effect.before["annulled"], effect.after["annulled"]) == (0, 1) and len(effect.after["order"]) == 3
    assert effect.before["outcomes"][""]["pair"] == ["Le baobab", "La pirogue"] or effect.before["outcomes"]
    told = Act.objects.get(kind="decision.carried_out")
    assert told.after["number"] == "2027-01/CC-EL"
    (line,) = public_ledger.book(again(published)).lines
    assert (line.kind, line.why.authority, line.why.act) == (Kind.ANNULLED, "court", "2027-01/CC-EL")
    assert [e["reason_code"] for e in sequenced(published) if e["kind"] in ("revision", "exclusion")] == [
        "court",
        "court",
    ]
    sound(published)


def test_a_correction_keeps_the_old_figures_beside_the_new_and_touches_those_boxes_alone(published, judge, registrar):
    was = store.sheet_of(versions("KAY-001")[0].sheet, authority.boxes_of(published))
    sheet = Sheet(was.boxes, (was.votes[0] - 3, was.votes[1] + 3, was.votes[2]))
    order = Order("KAY-001", "RECTIFY", C, sheet, before={"c1": was.votes[0], "c2": was.votes[1]})
    carried(published, ruling_of("2", [order], judge), registrar)
    old, new = (store.sheet_of(v.sheet, authority.boxes_of(published)) for v in versions("KAY-001"))
    assert old == was and new == sheet
    sound(published)


def test_a_before_that_is_not_in_force_is_refused_with_the_two_figures_and_nothing_is_written(published, judge, registrar):  # fmt: skip
    was = store.sheet_of(versions("KAY-001")[0].sheet, authority.boxes_of(published))
    orders = [
        Order("SEG-001", "ANNUL_STATION", A),
        Order("KAY-001", "RECTIFY", C, Sheet(was.boxes, (1, 2, 3)), before={"c1": was.votes[0] + 1}),
    ]
    with pytest.raises(said.NotInForce) as met:
        carried(published, ruling_of("3", orders, judge), registrar)
    assert met.value.params == {"station": "KAY-001", "field": "c1", "said": str(was.votes[0] + 1), "kept": str(was.votes[0])}  # fmt: skip
    assert not Decision.objects.exists() and len(versions("SEG-001")) == 1 and versions("SEG-001")[0].current


def test_two_decisions_on_one_station_follow_each_other_the_later_a_new_version(published, judge, registrar):
    decide(Station.objects.get(code="SEG-001"), A, signer=judge, by=registrar)
    decide(Station.objects.get(code="SEG-001"), C, signer=judge, by=registrar)
    decide(Station.objects.get(code="SEG-001"), A, signer=judge, by=registrar)
    assert [(v.version, v.standing, v.current) for v in versions("SEG-001")] == [
        (1, C, False), (2, A, False), (3, C, False), (4, A, True),
    ]  # fmt: skip
    sound(published)


def test_done_twice_is_refused_under_the_same_number_and_under_another_with_the_same_text(published, judge, registrar):
    ruling = ruling_of("4", [Order("SEG-001", "ANNUL_STATION", A)], judge)
    carried(published, ruling, registrar)
    for again_ in (ruling, replace(ruling, number="5")):
        with pytest.raises(said.AlreadyCarriedOut):
            carried(published, again_, registrar)
    with pytest.raises(said.NothingOrdered):
        carried(published, ruling_of("6", [Order("SEG-001", "ANNUL_STATION", A)], judge), registrar)
    assert len(versions("SEG-001")) == 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"number": " "}, said.NoDecision),
        ({"digest": ""}, said.NoDecision),
        ({"words": ""}, said.NoDecision),
        ({"orders": [Order("XXX-999", "ANNUL_STATION", A)]}, said.UnknownStations),
        ({"orders": [Order("SEG-001", "ANNUL_STATION", A)] * 2}, said.UnknownStations),
        ({"orders": [Order("SEG-001", "RESTORE", C)]}, said.NothingOrdered),
    ],
)
def test_what_is_lacking_is_refused_with_its_code_and_nothing_is_written(published, judge, registrar, change, refusal):
    ruling = replace(ruling_of("7", [Order("SEG-001", "ANNUL_STATION", A)], judge), **change)
    with pytest.raises(refusal):
        carried(published, ruling, registrar)
    assert not Decision.objects.exists() and StationReport.objects.count() == 4


def test_only_the_court_signs_and_carries_out_and_they_are_two_persons(published, judge, registrar, supervisor):
    ruling = ruling_of("8", [Order("SEG-001", "ANNUL_STATION", A)], judge)
    with pytest.raises(Forbidden):
        carried(published, ruling, supervisor)
    with pytest.raises(Forbidden):
        carried(published, replace(ruling, signed_by=supervisor.pk), registrar)
    with pytest.raises(said.OnePerson):
        carried(published, replace(ruling, signed_by=registrar.pk), registrar)


def test_a_number_whose_signed_text_is_another_is_refused_and_found_at_night(published, judge, registrar, monkeypatch):
    monkeypatch.setattr(courts, "_signed", [lambda number: "f" * 64])
    with pytest.raises(said.NoDecision):
        carried(published, ruling_of("9", [Order("SEG-001", "ANNUL_STATION", A)], judge), registrar)
    monkeypatch.setattr(courts, "_signed", [])
    carried(published, ruling_of("9", [Order("SEG-001", "ANNUL_STATION", A)], judge), registrar)
    assert authority.unproved(published) == []
    monkeypatch.setattr(courts, "_signed", [lambda number: "f" * 64])
    assert [u.station for u in authority.unproved(published)] == ["SEG-001"]


@pytest.mark.parametrize("place", ["lines", "written", "picture", "record", "tell"])
def test_stopped_anywhere_nothing_of_it_is_there_and_it_is_carried_out_afterwards(published, judge, registrar, monkeypatch, place):  # fmt: skip
    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    owner = {"record": rulings, "tell": announcing}.get(place, rulings)
    real, calls = getattr(owner, place), [0]

    def late(*args, **kwargs):
        done = real(*args, **kwargs)
        calls[0] += 1
        return killed() if place != "picture" or calls[0] == 2 else done

    monkeypatch.setattr(owner, place, late)
    ruling = ruling_of("10", [Order("SEG-001", "ANNUL_STATION", A)], judge, reruns=["SEG-001"])
    with pytest.raises(Killed):
        carried(published, ruling, registrar)
    assert not Decision.objects.exists() and len(versions("SEG-001")) == 1 and published.stations.count() == 4
    monkeypatch.undo()
    carried(published, ruling, registrar)
    assert len(versions("SEG-001")) == 2 and store.frame(again(published)).codes[-1] == "SEG-001-R1"


def test_a_file_says_nothing_of_what_the_court_decided(published, judge, registrar, supervisor):
    decide(Station.objects.get(code="SEG-001"), A, signer=judge, by=registrar, number="2027-05/CC-EL")
    one = bring(published, supervisor, csv_of([*ROWS[:2], ROWS[2].replace(",170,", ",171,"), ROWS[3]]), create="none")
    assert one.state == "refused" and Import.objects.count() == 2
    assert "2027-05/CC-EL" in str(one.report["problems"])


def test_requests_of_before_are_shown_and_refused(published, judge, registrar):
    station = Station.objects.get(code="SEG-001")
    asked = people.ask_approval(
        kind="results.standing", subject=f"station:pres/{station.code}", summary="Annuler",
        payload={"station": station.pk, "to": 1, "version": 1}, reason="r", by=registrar, contest=published.pk,
    )  # fmt: skip
    with pytest.raises(services.ByRuling):
        people.decide_approval(approval_id=asked.pk, to=Decided.APPROVED, by=judge)
    assert Approval.objects.get(pk=asked.pk).state == "waiting" and len(versions("SEG-001")) == 1


# --- contested, set aside, missing ---------------------------------------------------------------------------
def test_counted_and_missing_stations_are_contested_and_the_decision_ends_it(published, judge, registrar, supervisor):
    for code in ("SEG-001", "KAY-001"):
        rulings.contest_stations(contest=published, stations=[code], petition="2027-P-0001", by=registrar)
    assert len(store.contested(again(published))) == 2
    with pytest.raises(Forbidden):
        rulings.contest_stations(contest=published, stations=["SEG-001"], petition="x", by=supervisor)
    ruling = ruling_of("11", [Order("SEG-001", "ANNUL_STATION", A)], judge, petitions=["2027-P-0001"])
    carried(published, ruling, registrar)
    assert len(store.contested(again(published))) == 0
    assert set(Contestation.objects.values_list("decision", flat=True)) == {"11"}
    sound(published)


def test_a_record_set_aside_comes_back_with_its_figures(published, judge, registrar):
    station = Station.objects.get(code="SEG-001")
    decide(station, Standing.MISSING, signer=judge, by=registrar)
    assert votes(published)["La pirogue"] == 160
    decide(station, C, signer=judge, by=registrar)
    one, two, three = versions("SEG-001")
    assert bytes(one.sheet) == bytes(three.sheet) != bytes(two.sheet) and votes(published)["La pirogue"] == 310
    sound(published)


def test_a_missing_station_is_counted_with_the_figures_of_the_decision_and_refused_without(published, judge, registrar):
    away = Station.objects.create(contest=published, code="GAO-001", name="Gao", registered=400)
    Contest.objects.filter(pk=published.pk).update(register_revision=published.register_revision + 1)
    with pytest.raises(said.NoFiguresToCount):
        decide(away, C, signer=judge, by=registrar)
    sheet = Sheet(dict.fromkeys(authority.boxes_of(published), 10) | {Box.NULL_BALLOTS: 0}, (4, 3, 3))
    carried(published, ruling_of("12", [Order("GAO-001", "RESTORE", C, sheet)], judge), registrar)
    assert votes(published)["Le baobab"] == 304 and versions("GAO-001")[0].authority == "ruling"


# --- papers --------------------------------------------------------------------------------------------------
def test_a_paper_contested_then_annulled_then_counted_again_with_the_court_s_figures(register, desk, publishers, judge, registrar):  # noqa: F811  # fmt: skip
    paper = paper_published(register, desk, publishers)
    code = paper.station.code
    rulings.contest_stations(contest=again(register), stations=[code], petition="P-1", by=registrar)
    assert again(paper).state == S.CONTESTED
    carried(register, ruling_of("1", [Order(code, "ANNUL_STATION", A)], judge, petitions=["P-1"]), registrar)
    assert again(paper).state == S.ANNULLED and versions(code)[-1].authority == "ruling"
    sound(register)
    carried(register, ruling_of("2", [Order(code, "RECTIFY", C, OTHER)], judge), registrar)
    assert again(paper).state == S.ADJUSTED and votes(register)[next(iter(votes(register)))] == 99
    sound(register)
    carried(register, ruling_of("3", [Order(code, "ANNUL_STATION", A)], judge), registrar)
    assert again(paper).state == S.ANNULLED
    last = versions(code)[-1]
    assert store.sheet_of(last.sheet, authority.boxes_of(register)).votes == (99, 61, 35) and last.version == 4
    assert "court" in {e["reason_code"] for e in sequenced(register) if e["kind"] == "exclusion"}
    sound(register)


def test_a_petition_rejected_leaves_its_paper_public_as_it_was(register, desk, publishers, judge, registrar):  # noqa: F811
    paper = paper_published(register, desk, publishers)
    rulings.contest_stations(contest=again(register), stations=[paper.station.code], petition="P-1", by=registrar)
    carried(register, ruling_of("1", [], judge, petitions=["P-1"], words="requête rejetée"), registrar)
    assert again(paper).state == S.PUBLISHED and len(versions(paper.station.code)) == 1
    sound(register)


def test_the_court_acts_of_its_own_motion_on_a_paper_nobody_contested(register, desk, publishers, judge, registrar):  # noqa: F811
    paper = paper_published(register, desk, publishers)
    decide(paper.station, A, signer=judge, by=registrar)
    assert again(paper).state == S.ANNULLED
    with pytest.raises(Exception) as met:  # what the Court decided no desk takes back
        tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="r", by=desk["f"])
    assert met.value.code in ("RES-410", "PEO-101")
    sound(register)


def test_a_missing_paper_is_counted_with_the_court_s_figures_and_one_still_typed_is_not_the_court_s(
    register, desk, publishers, judge, registrar  # noqa: F811
):  # fmt: skip
    paper_published(register, desk, publishers)
    other = scanned(register, desk, "KAY-002")
    with pytest.raises(said.StillOnItsWay):
        carried(register, ruling_of("1", [Order("KAY-002", "RESTORE", C, OTHER)], judge), registrar)
    assert again(other).state == S.SCANNED and not Decision.objects.exists()
    lost = Paper.objects.filter(contest=register, state=S.EXPECTED).first()
    Paper.objects.filter(pk=lost.pk).update(state=S.MISSING)
    with pytest.raises(authority.FiguresDiffer):  # a state that no passage gives is not the Court's to build on
        carried(register, ruling_of("1", [Order(lost.station.code, "RESTORE", C, OTHER)], judge), registrar)


# --- the database --------------------------------------------------------------------------------------------
def test_the_database_keeps_a_decision_as_it_is_and_two_persons_behind_it(published, judge, registrar):
    made = decide(Station.objects.get(code="SEG-001"), A, signer=judge, by=registrar)
    for act in (
        lambda: Decision.objects.filter(pk=made.pk).update(number="autre"),
        lambda: made.lines.update(standing=0),
        lambda: made.lines.all().delete(),
        lambda: Decision.objects.create(
            contest=published,
            number="2",
            digest="0" * 64,
            acts=[],
            words="r",
            signed_by=judge,
            carried_by=judge,
            at=made.at,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- proclaimed ----------------------------------------------------------------------------------------------
def test_the_final_declaration_is_the_court_s_and_no_version_follows_it(published, judge, registrar, supervisor):
    with pytest.raises(announcing.FinalIsTheCourts):
        announcing.ask_declaration(contest=published, stage="final", content=b"x", act="a", by=supervisor)
    rulings.contest_stations(contest=published, stations=["SEG-001"], petition="P-1", by=registrar)
    said_ = {"number": "2027-10/CC-EL", "document": "d" * 64, "signed_by": judge.pk, "by": registrar}
    with pytest.raises(said.StillContested):
        rulings.proclaim(contest=published, **said_)
    carried(published, ruling_of("1", [], judge, petitions=["P-1"], words="rejet"), registrar)
    rulings.proclaim(contest=published, **said_)
    found = [e for e in sequenced(published) if e["kind"] == "declaration"]
    assert [(e["stage"], e["act"]) for e in found] == [("final", "2027-10/CC-EL")]
    with pytest.raises(said.Proclaimed):
        decide(Station.objects.get(code="SEG-001"), A, signer=judge, by=registrar)
    with pytest.raises(said.Proclaimed):
        rulings.proclaim(contest=published, **said_)
    row = StationReport.objects.get(station__code="SEG-001")
    with pytest.raises(DatabaseError, match="RES-346"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into results_stationreport (contest_id, station_id, version, current, standing, sheet, authority, proof, reason, at) select contest_id, station_id, 2, false, 1, sheet, 'ruling', proof, '', at from results_stationreport where id = %s", [row.pk])  # fmt: skip
    assert Proclamation.objects.get().figures == authority.public_digest(published)


def test_nobody_proclaims_alone_nor_without_the_right(published, judge, registrar, supervisor):
    said_ = {"number": "1", "document": "d" * 64}
    with pytest.raises(said.OnePerson):
        rulings.proclaim(contest=published, signed_by=judge.pk, by=judge, **said_)
    with pytest.raises(Forbidden):
        rulings.proclaim(contest=published, signed_by=judge.pk, by=supervisor, **said_)
    with pytest.raises(Forbidden):
        rulings.proclaim(contest=published, signed_by=supervisor.pk, by=registrar, **said_)


def test_stations_that_vote_again_are_a_part_of_their_own_and_both_are_kept(published, judge, registrar):
    ruling = ruling_of("1", [Order("SEG-001", "ANNUL_STATION", A)], judge, reruns=["SEG-001"])
    carried(published, ruling, registrar)
    fresh = Station.objects.get(code="SEG-001-R1")
    old = Station.objects.get(code="SEG-001")
    assert (fresh.part, fresh.registered, fresh.unit_id) == ("rerun-1", old.registered, old.unit_id)
    assert old.reports.count() == 2 and boards.build(again(published)).total.stations == 5
