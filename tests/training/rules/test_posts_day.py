"""The board of the morning, by hand: shares, quorum, head, silent stations; and the register's counts."""

import random
from fractions import Fraction

import pytest

from kalata.training.rules.independence import counted
from kalata.training.rules.posts import State, entitled, quorum_of, seats_of
from kalata.training.rules.posts_day import NotOnTheRoll, Place, board_of, on_the_roll, sealed_code

P, A, R, N = State.PRESENT, State.ABSENT, State.REPLACED, State.APPOINTED


def station(number, *states, region=1, seen=True):
    return [Place(number, region, s, head=i == 0, seen=seen) for i, s in enumerate(states)]


def test_the_share_counts_whoever_sits_there_a_replacement_too():
    board = board_of([*station(1, P, P, R, A, P), *station(2, P, P, P, P, P)], 3)
    assert (board.present, board.posts, board.share, board.absent) == (9, 10, Fraction(9, 10), 1)


def test_a_station_that_told_nothing_is_silent_and_counted_absent():
    board = board_of([*station(1, P, P, P, P, P), *station(2, N, N, N, N, N)], 3)
    assert (board.answered, board.silent, board.share) == (1, 1, Fraction(1, 2))


@pytest.mark.parametrize(("present", "alarm"), [(94, True), (95, False)])
def test_the_alarm_opens_below_the_threshold_and_not_at_it(present, alarm):
    places = [p for n in range(20) for p in station(n, *[P if n * 5 + i < present else A for i in range(5)])]
    assert board_of(places, 3).alarm(95) is alarm


def test_three_are_a_quorum_and_two_are_not():
    board = board_of([*station(1, P, P, P, A, A), *station(2, P, P, A, A, A)], 3)
    assert board.without_quorum == 1
    assert [s.number for s in board.worst] == [2]


def test_a_quorum_that_no_text_says_is_not_judged():
    assert board_of(station(1, P, A, A, A, A), 0).without_quorum == 0


def test_the_worst_come_first_no_quorum_and_no_head_then_no_quorum_then_no_head():
    board = board_of([*station(1, A, P, P, P, P), *station(2, P, P, A, A, A), *station(3, A, A, A, P, P)], 3)
    assert [s.number for s in board.worst] == [3, 2, 1]
    assert (board.without_quorum, board.without_head, board.both) == (2, 2, 1)


def test_who_came_after_the_hour_of_the_board_was_not_there_at_that_hour():
    assert board_of(station(1, P, P, P, P, P, seen=False), 3).present == 0


def test_a_place_left_to_the_texts_takes_any_proposal_and_a_named_one_its_own_alone():
    assert entitled("", "opposition")
    assert entitled("majority", "majority")
    assert not entitled("majority", "opposition")


def test_a_position_of_the_pack_becomes_its_places_with_who_proposes_each():
    assessor = {
        "key": "assessor",
        "seats": 4,
        "proposed_by": [{"by": "majority", "seats": 1}, {"by": "opposition", "seats": 1}],
    }
    assert [(s.code, s.side) for s in seats_of(assessor)] == [
        ("assessor-1", "majority"),
        ("assessor-2", "opposition"),
        ("assessor-3", ""),
        ("assessor-4", ""),
    ]
    assert quorum_of([{"quorum": 3}, {}]) == 3


@pytest.mark.parametrize(("number", "fits"), [(0, False), (1, True), (471, True), (472, False)])
def test_a_voter_of_a_station_has_a_number_of_its_list(number, fits):
    if fits:
        on_the_roll(number, 471)
    else:
        with pytest.raises(NotOnTheRoll):
            on_the_roll(number, 471)


def test_the_same_code_is_kept_otherwise_for_each_station_and_key():
    kept = {sealed_code(k, "c", s, "417026") for k in (b"a", b"b") for s in ("S1", "S2")}
    assert len(kept) == 4


def test_the_register_says_how_many_of_each_sort_a_month_and_nothing_else():
    found = counted([("2027-01", "pressure"), ("2027-02", "pressure"), ("2027-02", "pressure"), ("2027-02", "refused")])
    assert [(c.month, c.sort, c.n) for c in found] == [
        ("2027-02", "refused", 1),
        ("2027-02", "pressure", 2),
        ("2027-01", "pressure", 1),
    ]


def test_a_plain_count_of_a_thousand_stations_agrees():
    chance = random.Random(7)
    places = [p for n in range(1_000) for p in station(n, *[chance.choice((P, A, N, R)) for _ in range(5)])]
    board = board_of(places, 3)
    there = [[p for p in places[n * 5 : n * 5 + 5] if p.state in (P, R)] for n in range(1_000)]
    assert board.without_quorum == sum(1 for t in there if len(t) < 3)
    assert board.without_head == sum(1 for t in there if not any(p.head for p in t))
