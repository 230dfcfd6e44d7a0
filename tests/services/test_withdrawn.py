"""A contest that was public and is withdrawn: what everybody read last stays the reference of every act on it."""

import pytest
from django.db import DatabaseError, transaction

from kalata.country import freezing
from kalata.country import services as country
from kalata.country.models import Contest, Geography, Station
from kalata.people import approving
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.results.queries import board as boards
from kalata.results.queries import public_ledger
from kalata.results.rules.boxes import Standing
from kalata.results.rules.public_ledger import Kind
from kalata.results.services import announcing, corrections
from kalata.results.services import contests as services
from kalata.tally.rules.lifecycle import State as S
from kalata.tally.services import reports as tally
from tests import court
from tests.conftest import ROWS, bring, csv_of, make_person
from tests.services.test_centre import published as paper_published
from tests.services.test_centre import publishers  # noqa: F401
from tests.services.test_public_ledger import house_key, sequenced  # noqa: F401
from tests.services.test_tally import GOOD, desk, entered, register, scanned, validated  # noqa: F401

pytestmark = pytest.mark.django_db
MORE = "Kayes,Kayes,KAY-001,400,200,200,5,195,101,59,35"
MOST = "Kayes,Kayes,KAY-001,400,200,200,5,195,120,40,35"


def again(contest):
    return Contest.objects.get(pk=contest.pk)


def approved(asked, by):
    return people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


@pytest.fixture
def withdrawn(published, supervisor, publisher):
    """Four stations that everybody read (300, 310, 143), taken back from the public."""
    approved(services.ask_withdrawal(contest=published, reason="vérification", by=supervisor), publisher)
    return again(published)


def correction(contest, by, row=MORE, reason="voix mal reportée"):
    bring(again(contest), by, csv_of([row, *ROWS[1:]]), name=f"{reason}.csv", reason=reason)
    return Approval.objects.get(kind="results.correction", reason=reason)


def republished(contest, supervisor, publisher, reason="remise en ligne"):
    approved(services.ask_publication(contest=again(contest), reason=reason, by=supervisor), publisher)
    return public_ledger.book(again(contest)).lines


def agrees(contest):
    """Whether the log, once all is in it, says what the database says."""
    sequenced(again(contest))
    return announcing.difference(again(contest)) == []


def shown(asked):
    return {r.label: (r.before, r.after) for r in approving.picture_of(asked).effect.rows}


# --- its own reason, its own row ----------------------------------------------------------------------------
def test_a_correction_made_while_withdrawn_is_told_with_its_own_reason_and_not_the_republication_s(withdrawn, supervisor, publisher):  # noqa: F811  # fmt: skip
    asked = correction(withdrawn, supervisor)
    approved(asked, publisher)
    assert public_ledger.book(again(withdrawn)).lines == ()  # nothing of it is public before the contest is
    (line,) = republished(withdrawn, supervisor, publisher)
    assert (line.kind, line.key[1], line.why.words, line.why.approval) == (
        Kind.CORRECTED, "KAY-001", "voix mal reportée", asked.pk,
    )  # fmt: skip
    entries = [e for e in sequenced(again(withdrawn)) if e["kind"] == "revision"]
    assert [(e["station"], e["approval"]) for e in entries] == [("KAY-001", asked.pk)]
    assert agrees(withdrawn)


def test_two_corrections_of_two_stations_are_two_rows_each_under_its_own_act(withdrawn, supervisor, publisher, registrar, judge):  # fmt: skip
    one = correction(withdrawn, supervisor)
    approved(one, publisher)
    station = Station.objects.get(code="SAN-001")
    two = court.decide(station, Standing.ANNULLED, signer=judge, by=registrar, words="arrêt 7")
    lines = republished(withdrawn, supervisor, publisher)
    assert [(x.key[1], x.kind, x.why.words, x.why.approval, x.why.act) for x in lines] == [
        ("KAY-001", Kind.CORRECTED, "voix mal reportée", one.pk, ""),
        ("SAN-001", Kind.ANNULLED, "arrêt 7", 0, two.number),
    ]
    assert len({x.notice for x in lines}) == 2 and agrees(withdrawn)


def test_two_corrections_of_one_station_are_one_row_from_what_was_read_with_both_reasons(withdrawn, supervisor, publisher):  # fmt: skip
    approved(correction(withdrawn, supervisor), publisher)
    last = correction(withdrawn, supervisor, MOST, "original relu")
    approved(last, publisher)
    (line,) = republished(withdrawn, supervisor, publisher)
    assert line.why.words == "voix mal reportée ; original relu" and line.why.approval == last.pk
    assert [(c.list, c.old, c.new) for c in line.changes] == [(1, 100, 120), (2, 60, 40)]  # 101 was never public


def test_a_correction_undone_before_the_republication_makes_no_row(withdrawn, supervisor, publisher):
    approved(correction(withdrawn, supervisor), publisher)
    approved(correction(withdrawn, supervisor, ROWS[0], "erreur sur l’erreur"), publisher)
    assert republished(withdrawn, supervisor, publisher) == ()
    assert agrees(withdrawn)


def test_a_report_recalled_while_withdrawn_is_told_under_the_recall(register, desk, publishers, supervisor, publisher):  # noqa: F811  # fmt: skip
    paper = paper_published(register, desk, publishers)
    approved(services.ask_withdrawal(contest=again(register), reason="vérification", by=supervisor), publisher)
    asked = tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="sceau rompu", document="acte 9", by=desk["f"])
    approved(asked, make_person("commission-2", "commission"))
    (line,) = republished(register, supervisor, publisher)
    assert (line.kind, line.why.words, line.why.act, line.why.approval) == (
        Kind.RECALLED, "sceau rompu", "acte 9", asked.pk,
    )  # fmt: skip
    assert line.why.authority == "commission" and agrees(register)


def test_a_contest_published_again_as_it_was_tells_nothing_new(withdrawn, supervisor, publisher):
    sequenced(withdrawn)
    before = len(sequenced(withdrawn))
    assert republished(withdrawn, supervisor, publisher) == () and len(sequenced(again(withdrawn))) == before


# --- its effect ---------------------------------------------------------------------------------------------
def test_the_effect_of_a_correction_is_drawn_against_what_everybody_read_last(withdrawn, supervisor):
    asked = correction(withdrawn, supervisor)
    assert shown(asked) == {"La pirogue": (310, 309), "Le baobab": (300, 301), "La calebasse": (143, 143)}
    notes = [str(n) for n in approving.picture_of(asked).effect.notes]
    assert any(n.startswith("Scrutin retiré : « avant » est ce que tous ont lu en dernier") for n in notes)


def test_so_is_the_effect_of_the_publication_itself(withdrawn, supervisor, publisher):
    approved(correction(withdrawn, supervisor, MOST), publisher)
    picture = approving.picture_of(services.ask_publication(contest=again(withdrawn), reason="r", by=supervisor))
    assert {r.label: (r.before, r.after) for r in picture.effect.rows}["Le baobab"] == (300, 320)
    assert not picture.effect.calm and "Premiers chiffres" not in str(picture.effect.says)
    assert any("1 bureau a changé depuis le retrait" in str(n) for n in picture.effect.notes)


def test_what_was_read_last_does_not_depend_on_the_clock(withdrawn, supervisor, publisher, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    yesterday = timezone.now() - timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: yesterday)
    approved(correction(withdrawn, supervisor), publisher)
    asked = correction(withdrawn, supervisor, MOST, "original relu")
    assert shown(asked)["Le baobab"] == (300, 320)


def test_the_page_of_the_public_is_still_empty_of_it(client, withdrawn, supervisor, publisher):
    approved(correction(withdrawn, supervisor), publisher)
    boards.forget()
    assert (
        client.get("/resultats/pres/").status_code == 404
        and client.get("/resultats/pres/corrections/").status_code == 404
    )


# --- what gives figures their meaning -------------------------------------------------------------------------
@pytest.fixture
def seats_read(pack_version, supervisor, publisher):
    """Deputies of one constituency of five seats that everybody read, taken back."""
    election = country.create_election(
        code="dep", name_fr="Législatives", name_en="", pack=pack_version, geography=Geography.objects.get(code="ml-2015"),
        polling_day=None,
    )  # fmt: skip
    contest = country.create_contest(
        election=election, code="deputes", name_fr="Députés", system=dict(pack_version.pack.engine_systems()["ML-DEP"]),
        boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        options=[{"name": n} for n in ("Le baobab", "La pirogue", "La calebasse")], expected_stations=1,
    )  # fmt: skip
    country.set_constituencies(contest=contest, rows=[{"code": "ML-KAY", "name": "Kayes", "seats": 5}])
    bring(contest, supervisor, csv_of(["Kayes,Kayes,K1,400,200,200,0,200,120,60,20"]))
    approved(services.ask_publication(contest=again(contest), reason="r", by=supervisor), publisher)
    approved(services.ask_withdrawal(contest=again(contest), reason="r", by=supervisor), publisher)
    return again(contest)


def test_seats_that_were_read_stay_frozen_for_two_persons_while_withdrawn(sign_in, seats_read, supervisor):
    rows = [{"code": "ML-KAY", "name": "Kayes", "seats": 1}]
    with pytest.raises(freezing.ContestLocked):
        corrections.ask_constituencies(contest=seats_read, rows=rows, reason="loi", by=supervisor)
    page = sign_in(supervisor).get("/resultats/gerer/deputes/").content.decode()
    assert 'value="constituencies"' not in page and "même si le scrutin est retiré" in page
    with pytest.raises(DatabaseError, match="CON-101"), transaction.atomic():
        seats_read.constituencies.update(seats=1)


def test_a_request_from_before_the_publication_moves_no_seat_while_withdrawn(pack_version, supervisor, publisher, request):  # fmt: skip
    contest = request.getfixturevalue("contest")
    country.set_constituencies(contest=contest, rows=[{"code": "ML-KAY", "name": "Kayes", "seats": 5}])
    bring(contest, supervisor)
    rows = [{"code": "ML-KAY", "name": "Kayes", "seats": 1}]
    asked = corrections.ask_constituencies(contest=again(contest), rows=rows, reason="loi", by=supervisor)
    approved(services.ask_publication(contest=again(contest), reason="r", by=supervisor), publisher)
    approved(services.ask_withdrawal(contest=again(contest), reason="r", by=supervisor), publisher)
    with pytest.raises(freezing.ContestLocked):
        approved(asked, publisher)
    assert contest.constituencies.get().seats == 5


def test_the_number_of_stations_expected_stays_too(seats_read, supervisor):
    with pytest.raises(freezing.ContestLocked):
        country.update_contest(contest=seats_read, by=supervisor, expected_stations=9)
