"""The life of a case, as an algebra: nothing is decided round the gate, nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.disputes.rules.numbers import ReceiptNumber
from kalata.disputes.rules.steps import (
    BACK,
    CASE,
    DECIDED,
    JOINABLE,
    STAYABLE,
    Case,
    DecisionNotServed,
    GateShut,
    LeadNotThere,
    Move,
    NotBack,
    NotServed,
    OneHand,
    State,
)
from kalata.lifecycle import may, reached, ways_out
from tests.sizes import size

S = State
LINE = (S.DRAFT, S.RECEIVED, S.DOCKETED, S.TO_CURE, S.ADMISSIBILITY, S.INADMISSIBLE, S.SERVED, S.INSTRUCTION, S.READY, S.HEARING,
        S.DELIBERATION, S.DRAFTED, S.GATE, S.SIGNED, S.PRONOUNCED, S.NOTIFIED, S.PUBLISHED, S.APPLIED, S.CLOSED)  # fmt: skip
SIDE = {S.JOINED, S.SEVERED, S.WITHDRAWN, S.NO_JURISDICTION, S.STAYED, S.CORRECTION}


def test_the_seventeen_states_of_the_guide_and_its_side_states_are_all_there():
    """State 15 of the guide is three: pronounced, served, published."""
    assert set(LINE) | SIDE == set(State)
    assert len(LINE) == 17 + 2


def test_no_way_leads_to_a_decision_round_the_gate():
    round_it = [s for s in CASE.steps if S.GATE not in (s.start, s.to)]
    assert not reached(round_it, CASE.starts) & set(DECIDED)


def test_no_way_leads_to_the_gate_round_the_bench():
    """A joined case comes with its lead, which deliberated."""
    round_it = [s for s in CASE.steps if s.start is not S.DELIBERATION]
    assert not reached([s for s in round_it if s.start is not S.JOINED], CASE.starts) & {S.DRAFTED, S.GATE, *DECIDED}


def test_nothing_goes_back_to_before_it_was_received():
    assert [s for s in CASE.steps if s.to is S.DRAFT] == []
    assert S.DRAFT not in CASE.ends and CASE.ends == {S.CLOSED}


SIGNS = Move(by=1, right="disputes.preside", document="2026-04/CC-EL")
AT_GATE = {"state": S.GATE, "passes": True}


@pytest.mark.parametrize(("said", "stopped"), [
    ({"passes": True}, None),
    ({"passes": False}, GateShut),
    ({"drafters": frozenset({1})}, OneHand),
    ({"drafters": frozenset({2, 3})}, None),
    ({"drafters": frozenset({1, 2, 3})}, OneHand),
])  # fmt: skip
def test_who_drafted_signs_nothing_and_nobody_signs_what_the_gate_refuses(said, stopped):
    assert type(may(CASE, Case(**{**AT_GATE, **said}), S.SIGNED, SIGNS)) is (stopped or type(None))


@pytest.mark.parametrize(("undelivered", "stopped"), [(0, None), (1, DecisionNotServed), (7, DecisionNotServed)])
@pytest.mark.parametrize("start", [S.APPLIED, S.CORRECTION])
def test_no_case_is_closed_while_its_decision_is_not_served(start, undelivered, stopped):
    right = CASE.moves[start, S.CLOSED].right
    one = may(CASE, Case(state=start, undelivered=undelivered), S.CLOSED, Move(by=1, right=right, document="d"))
    assert type(one) is (stopped or type(None))


def test_a_party_who_is_not_served_blocks_the_case():
    act = Move(by=1, right="disputes.registry")
    assert isinstance(may(CASE, Case(state=S.SERVED, unserved=1), S.INSTRUCTION, act), NotServed)
    assert may(CASE, Case(state=S.SERVED, unserved=0), S.INSTRUCTION, act) is None


def test_what_nobody_has_said_lets_nothing_pass():
    bare = Case(state=S.GATE)
    assert (bare.unserved, bare.undelivered, bare.voted, bare.passes) == (1, 1, False, False)


@pytest.mark.parametrize("away", [S.STAYED, S.SEVERED])
def test_a_case_goes_on_where_it_was_and_nowhere_further(away):
    places = STAYABLE if away is S.STAYED else JOINABLE
    for came in places:
        for to in places:
            right = CASE.moves[away, to].right
            act = Move(by=1, right=right, reason="repris")
            stopped = may(CASE, Case(state=away, came=frozenset({came})), to, act)
            assert type(stopped) is (type(None) if to is came else NotBack)
    assert BACK.label


@pytest.mark.parametrize(("lead", "there"), [(None, False), (S.GATE, True), (S.DRAFTED, False), (S.SIGNED, False)])
def test_a_joined_case_goes_to_the_gate_with_its_lead_alone(lead, there):
    stopped = may(CASE, Case(state=S.JOINED, lead=lead), S.GATE, Move())
    assert type(stopped) is (type(None) if there else LeadNotThere)


@given(st.data())
def test_whatever_walk_a_case_takes_it_passes_the_gate_before_it_is_decided(data):
    for _again in range(size(1, 5)):
        here, seen = S.DRAFT, []
        for _n in range(30):
            ways = ways_out(CASE, here)
            if not ways:
                break
            here = data.draw(st.sampled_from(ways)).to
            seen.append(here)
            assert here not in DECIDED or S.GATE in seen
            assert here is not S.DRAFT


@given(st.integers(2000, 2100), st.from_regex(r"[A-Z][A-Z0-9]{0,5}", fullmatch=True),
       st.from_regex(r"[A-Z][A-Z0-9]{1,7}", fullmatch=True), st.integers(1, 999_999))  # fmt: skip
def test_a_receipt_number_is_read_as_it_is_written(year, contest, counter, sequence):
    one = ReceiptNumber(year, contest, counter, sequence)
    assert ReceiptNumber.read(str(one)) == one


@pytest.mark.parametrize("text", ["", "2026-L1-BKO2-17", "2026-L1-BKO2-0000017", "26-L1-BKO2-000017", "2026-l1-BKO2-000017",
                                  "2026-L1-BKO2-000017 ", "2026-L1-B-000017", "2026-L1-BKO2-00001٧", "2026-L1-BKO2-000017\n"])  # fmt: skip
def test_what_is_no_receipt_number_is_not_read_as_one(text):
    assert ReceiptNumber.read(text) is None


def test_the_number_of_the_guide():
    assert str(ReceiptNumber(2026, "L1", "BKO2", 17)) == "2026-L1-BKO2-000017"
