"""Joinder is proposed on what cases share; the earliest leads; a paper of a group reaches each person once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.disputes.rules import joinder
from kalata.disputes.rules.joinder import Case, Member, Ties

START = datetime(2027, 3, 7, 8, 0, tzinfo=UTC)


def case(key, *, minutes=None, stations=(), grounds=(), about="results", where="K1", **more):
    at = START + timedelta(minutes=key if minutes is None else minutes)
    more.setdefault("contest", 1)
    return Case(
        key=key, number=f"2027-L1-BKO-{key:06}", received_at=at, about=about, constituency=where,
        stations=frozenset(stations), grounds=frozenset(grounds), **more,
    )  # fmt: skip


def keys(found):
    return [[c.key for c in p.cases] for p in found]


def test_same_constituency_and_same_act_are_proposed_the_earliest_first():
    [one] = joinder.proposals([case(2), case(1), case(3, where="K2")])
    assert ([c.key for c in one.cases], one.ties) == ([1, 2], (Ties.ACT,))
    assert one.lead.key == 1


def test_the_same_act_in_another_constituency_is_no_reason():
    assert joinder.proposals([case(1), case(2, where="K2")]) == []


def test_cases_that_share_stations_are_proposed_through_a_third_too():
    found = joinder.proposals([
        case(1, stations=["S1"], where="a"), case(2, stations=["S1", "S2"], where="b"), case(3, stations=["S2"], where="c"),
    ])  # fmt: skip
    assert keys(found) == [[1, 2, 3]]


def test_the_same_station_of_two_contests_is_two_stations():
    assert joinder.proposals([case(1, stations=["S"], where=""), case(2, stations=["S"], where="", contest=2)]) == []


def test_more_ties_come_first():
    found = joinder.proposals([
        case(1, stations=["S1"], grounds=["officers"]), case(2, stations=["S1"], grounds=["officers"]),
        case(3, where="K2"), case(4, where="K2"),
    ])  # fmt: skip
    assert keys(found) == [[1, 2], [3, 4]]
    assert found[0].ties == (Ties.STATIONS, Ties.ACT, Ties.GROUND)


def test_what_is_joined_decided_or_stayed_is_not_proposed_again():
    assert joinder.proposals([case(1), case(2, lead=1), case(3, open=False)]) == []


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ([case(1)], "DIS-211"),
        ([case(1), case(1)], "DIS-211"),
        ([case(1), case(2, contest=2)], "DIS-210"),
        ([case(1), case(2, open=False)], "DIS-210"),
        ([case(1), case(2, lead=9)], "DIS-210"),
    ],
)
def test_what_cannot_be_joined_is_refused_by_its_code(cases, code):
    with pytest.raises((joinder.NotTogether, joinder.Alone)) as refused:
        joinder.joined(cases)
    assert refused.value.code == code


def test_the_earliest_receipt_leads_whatever_the_order_they_are_ticked_in():
    lead, others = joinder.joined([case(3), case(1), case(2)])
    assert (lead.key, [c.key for c in others]) == (1, [2, 3])


def test_two_received_in_one_instant_are_told_apart_by_their_number():
    lead, _others = joinder.joined([case(2, minutes=0), case(1, minutes=0)])
    assert lead.key == 1


def test_a_paper_of_the_group_reaches_a_party_of_two_cases_once_and_its_author_never():
    group = [
        Member(1, 10, "Candidature n° 2", account=7), Member(2, 11, "candidature nº 2", account=7),
        Member(3, 10, "Autorité électorale"), Member(4, 11, "Autorité  Electorale"), Member(5, 11, "Candidature n° 5"),
    ]  # fmt: skip
    assert [[m.key for m in g] for g in joinder.reached(group, filed_by=1)] == [[3, 4], [5]]


def test_it_goes_to_those_chosen_alone():
    group = [Member(1, 10, "A"), Member(2, 10, "B"), Member(3, 11, "C")]
    assert [[m.key for m in g] for g in joinder.reached(group, chosen=[3])] == [[3]]
    assert joinder.reached(group, chosen=[]) == []


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 4)), max_size=25))
def test_whoever_is_reached_is_reached_once(parties):
    found = joinder.reached(Member(i, c, f"p{n}") for i, (c, n) in enumerate(parties))
    names = [g[0].name for g in found]
    assert len(names) == len(set(names)) == len({n for _c, n in parties})


@given(
    st.lists(
        st.tuples(st.sampled_from(["K1", "K2", ""]), st.sets(st.sampled_from("ABCDE")), st.booleans()),
        max_size=20,
    )
)
def test_every_proposal_may_be_joined_as_it_stands(drawn):
    cases = [case(i, where=k, stations=s, grounds=["g"], open=o) for i, (k, s, o) in enumerate(drawn)]
    for one in joinder.proposals(cases):
        lead, others = joinder.joined(one.cases)
        assert lead is one.lead
        assert len(others) == len(one.cases) - 1


def test_a_station_that_everybody_names_ties_nobody():
    many = [case(i, where="", stations=["S1"]) for i in range(joinder.STATION_ALONE + 1)]
    assert joinder.proposals(many) == []
    assert len(joinder.proposals(many[:-1])) == 1
