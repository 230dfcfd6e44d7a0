"""Can the Court sit, and what does its vote give: the crisis of 2020 as a test, and each boundary of the quorum."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import kalata
from kalata.disputes.rules.bench import (
    CastingVote,
    Court,
    NoAbstention,
    NoQuorum,
    NotAllowed,
    NotInPack,
    NotPresent,
    Seat,
    TooManyVotes,
    Why,
    can_sit,
    court_of,
    open_ballot,
    secret_ballot,
    vacancies,
    warnings,
)

DAY = date(2020, 7, 20)
LAW = {"A": 3, "B": 3, "C": 3}
COURT = Court("X", 9, 5, LAW, replacement_days=30)
NINE = tuple(Seat(f"j{n}", "ABC"[(n - 1) // 3], date(2015, 1, 1), president=n == 1) for n in range(1, 10))


def mali():
    from pathlib import Path

    records = yaml.safe_load((Path(kalata.__file__).parent / "packs/ml/institutions.yaml").read_text())["records"]
    return court_of(next(r for r in records if r["id"] == "ML-COUR"))


def without(*members, until=date(2020, 6, 1)):
    return tuple(replace(s, until=until) if s.member in members else s for s in NINE)


def test_the_law_of_the_court_comes_from_the_pack_with_its_article():
    court = mali()
    assert (court.members, court.quorum, court.abstention, court.casting_vote) == (9, 5, False, True)
    assert court.secret_ballot and court.replacement_days == 30 and not court.recusal and court.self_recusal
    assert "24" in court.article("quorum") and sum(court.seats.values()) == 9


@pytest.mark.parametrize("record", [{"id": "X"}, {"id": "X", "members": 9}, {"id": "X", "members": 3, "details": {"quorum": {"present_min": 4}}}])  # fmt: skip
def test_a_court_without_quorum_in_its_pack_is_refused_and_given_none_by_default(record):
    with pytest.raises(NotInPack):
        court_of(record)


def test_june_2020_one_death_and_four_resignations_leave_four_of_nine_below_a_quorum_of_five():
    found = can_sit(mali(), [replace(s, authority="") for s in without("j2", "j3", "j4", "j5", "j6")], DAY)
    assert len(found.sitting) == 4 and not found.can and found.spare == -1
    with pytest.raises(NoQuorum) as refused:
        found.demand()
    assert refused.value.params["present"] == 4 and refused.value.params["quorum"] == 5


def test_at_the_quorum_it_sits_and_says_that_one_more_absence_stops_it():
    found = can_sit(COURT, without("j6", "j7", "j8", "j9"), DAY)
    assert found.can and found.spare == 0
    assert "une absence de plus" in warnings(found, DAY)[0].text("fr")


def test_absent_recused_and_undecided_members_do_not_sit_and_the_warning_comes_before_the_assignment():
    out = {"j1": Why.ABSENT, "j2": Why.RECUSED, "j3": Why.UNDECIDED, "j4": Why.CONFLICT, "j5": Why.ASIDE}
    found = can_sit(COURT, NINE, DAY, kept_out=out)
    said = [m.text("fr") for m in warnings(found, DAY)]
    assert found.sitting == ("j6", "j7", "j8", "j9") and not found.can
    assert any("ne peut pas siéger" in s for s in said) and any("j3" in s for s in said)
    assert any("prépondérante" in s for s in said)


def test_a_member_sits_on_the_last_day_of_his_function_and_not_the_day_after():
    last = replace(NINE[0], until=DAY)
    assert can_sit(COURT, [last], DAY).sitting == ("j1",)
    assert can_sit(COURT, [last], DAY + timedelta(days=1)).sitting == ()


def test_a_seat_is_vacant_for_the_authority_that_fills_it_and_the_clock_runs_thirty_days():
    (one,) = vacancies(COURT, without("j4"), DAY)
    assert (one.authority, one.left, one.due) == ("B", "j4", date(2020, 7, 1))
    assert not one.late(date(2020, 7, 1)) and one.late(date(2020, 7, 2))


def test_a_seat_filled_again_is_no_vacancy():
    assert vacancies(COURT, [*without("j4"), Seat("j10", "B", date(2020, 7, 10))], DAY) == ()


def test_a_seat_never_filled_is_vacant_without_a_clock():
    found = vacancies(COURT, NINE[:8], DAY)
    assert [(v.authority, v.since, v.due) for v in found] == [("C", None, None)]


def test_five_to_four_carries_and_four_to_five_does_not():
    found = can_sit(COURT, NINE, DAY)
    votes = {f"j{n}": n <= 5 for n in range(1, 10)}
    assert open_ballot(found, votes).carried and not open_ballot(found, votes | {"j1": False}).carried


def test_equal_voices_are_settled_by_the_president_present():
    eight = can_sit(COURT, NINE[:8], DAY)
    votes = {f"j{n}": n <= 4 for n in range(1, 9)}
    found = open_ballot(eight, votes)
    assert (found.ayes, found.noes, found.casting, found.carried) == (4, 4, True, True)
    with pytest.raises(CastingVote):
        open_ballot(can_sit(COURT, NINE[1:], DAY), {f"j{n}": n <= 5 for n in range(2, 10)})


def test_nobody_abstains_where_the_law_forbids_it_and_may_where_it_does_not():
    found = can_sit(COURT, NINE, DAY)
    with pytest.raises(NoAbstention):
        open_ballot(found, {f"j{n}": True for n in range(1, 9)})
    free = can_sit(replace(COURT, abstention=True), NINE, DAY)
    assert open_ballot(free, {"j1": True, "j2": None}).abstained == 8


def test_who_does_not_sit_does_not_vote_and_nobody_votes_twice():
    found = can_sit(COURT, NINE, DAY, kept_out={"j9": Why.RECUSED})
    with pytest.raises(NotPresent):
        open_ballot(found, {"j9": True})
    with pytest.raises(TooManyVotes):
        secret_ballot(found, 5, 4)


def test_a_secret_ballot_is_a_count_and_its_equality_wants_the_prevailing_voice_said():
    found = can_sit(COURT, NINE[:8], DAY)
    with pytest.raises(CastingVote):
        secret_ballot(found, 4, 4)
    assert secret_ballot(found, 4, 4, casting=False).carried is False
    with pytest.raises(CastingVote):
        secret_ballot(found, 5, 3, casting=True)
    with pytest.raises(NotAllowed):
        secret_ballot(can_sit(replace(COURT, secret_ballot=False), NINE, DAY), 5, 4)


def test_below_the_quorum_nothing_is_voted():
    with pytest.raises(NoQuorum):
        open_ballot(can_sit(COURT, NINE[:4], DAY), {"j1": True})


@given(
    st.lists(st.booleans(), min_size=9, max_size=9),
    st.sets(st.sampled_from([f"j{n}" for n in range(2, 10)]), max_size=4),
)
def test_a_vote_is_carried_by_more_ayes_or_by_the_president_on_equal_voices_and_never_else(voices, gone):
    found = can_sit(COURT, NINE, DAY, kept_out=dict.fromkeys(gone, Why.ABSENT))
    votes = {m: voices[int(m[1:]) - 1] for m in found.sitting}
    got = open_ballot(found, votes)
    assert got.ayes + got.noes == len(found.sitting)
    assert got.carried is (got.ayes > got.noes or (got.ayes == got.noes and voices[0]))
    assert got.casting is (got.ayes == got.noes)
