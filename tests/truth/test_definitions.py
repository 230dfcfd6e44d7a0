"""The words of the read model: said once, explained in both languages, and equal to the docs."""

import random

import pytest

from kalata.results.rules.balance import BALANCES, Balance
from kalata.results.rules.coverage import CAUSES, DEFINITIONS, RECEIVED_CAUSES, Coverage, causes, unlisted_of
from kalata.results.rules.profile import Absent
from kalata.results.rules.published import both, numbers, turns
from kalata.tally.rules.causes import NOT_RECEIVED, STATES_OF
from kalata.tally.rules.lifecycle import PUBLIC, State
from kalata.text import translate
from tests.truth import definitions


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_docs_say_the_definitions_of_the_code(lang):
    assert definitions.FILES[lang].read_text(encoding="utf-8") == definitions.text(lang)


def test_every_word_is_defined_in_both_languages():
    assert set(Coverage().record()) <= set(DEFINITIONS) and "received" in DEFINITIONS
    for label, says in DEFINITIONS.values():
        assert translate(says, "en") != says and translate(label, "en") != label


def test_every_paper_that_is_not_public_has_one_cause_and_is_received_once_in_the_house():
    of = [s for states in STATES_OF.values() for s in states]
    assert sorted(of) == sorted(set(State) - PUBLIC) and len(of) == len(set(of))
    assert list(STATES_OF) == [code for code, _label, _received in CAUSES]
    for code, states in STATES_OF.items():
        assert (code in RECEIVED_CAUSES) == states.isdisjoint(NOT_RECEIVED)


def test_causes_add_up_to_what_gives_no_vote_whatever_the_house_says():
    chance = random.Random(4)
    for _i in range(300):
        recalled, unlisted = chance.randint(0, 3), chance.randint(0, 3)
        missing = recalled + unlisted + chance.randint(0, 9)
        found = Coverage(20 + missing, 15, 5, recalled, unlisted=unlisted, registered_away=None)
        absent = [Absent("x", chance.randint(0, unlisted))] if chance.random() < 0.5 else []
        silent = missing - recalled - unlisted
        waiting = chance.choice([[], [("desk", silent, 3)], [("away", silent + 1, 0)], [("desk", 1, 9), ("away", silent - 1, None)]])  # fmt: skip
        rows = causes(found, waiting, absent)
        assert sum(c.stations or 0 for c in rows) == found.gone == missing + 5


def test_stations_announced_or_absent_from_the_source_are_expected():
    assert unlisted_of(None, 10, []) == 0 and unlisted_of(9, 10, []) == 0 and unlisted_of(12, 10, []) == 2
    assert unlisted_of(None, 10, [Absent("x", 3), Absent("y", None)]) == 3
    assert unlisted_of(15, 10, [Absent("x", 3)]) == 5


def test_a_gap_is_split_into_parts_that_make_it_in_every_area():
    import numpy as np

    from kalata.results.numeric.coverage import balances_by_area
    from kalata.results.numeric.table import Table
    from kalata.results.rules.boxes import Box

    chance = np.random.default_rng(7)
    boxes = (Box.VOTERS, Box.BALLOTS, Box.NULL_BALLOTS, Box.VALID)
    paths, n = [("R",), ("R", "C"), ("S", "D")], 60
    figures = chance.integers(0, 12, (n, 4))
    figures[chance.random((n, 4)) < 0.2] = -1
    made = Table(
        [(str(i),) for i in range(n)], paths, chance.integers(0, 3, n), boxes, figures, ["A", "B"], chance.integers(0, 9, (n, 2)),
        chance.choice([0, 0, 1, 2], n).astype(np.int8), np.zeros(n, np.int64), keeps=(Box.VOTERS,),
    )  # fmt: skip
    found = balances_by_area(made)
    assert set(found) == {(), ("R",), ("S",), ("R", "C"), ("S", "D")}
    for rows in found.values():
        assert [b.rule for b in rows] == list(BALANCES)
        assert all(b.gap == b.left - b.right == b.more + b.less + b.empty for b in rows)
    for i in range(len(BALANCES)):
        assert found[()][i].gap == found["R",][i].gap + found["S",][i].gap


def test_a_gap_of_nought_made_of_two_opposite_gaps_is_told():
    made = Balance(BALANCES[0], 18, 18, 1, 2, 1, -2)
    assert made.gap == 0 and not made.even and len(made.sentences()) == 3
    assert Balance(BALANCES[0], 18, 18).sentences() == []


def test_versions_are_numbered_by_what_was_public():
    from datetime import UTC, datetime, timedelta

    day = datetime(2027, 2, 28, tzinfo=UTC)
    at = [day + timedelta(hours=h) for h in range(9)]
    public = [(at[2], None)]
    assert numbers([(at[0], 0), (at[1], 0), (at[3], 0)], public) == [0, 1, 2]
    assert numbers([(at[0], 0), (at[3], 2), (at[4], 0)], public) == [1, 0, 2]
    assert numbers([(at[0], 0), (at[2], 0)], public) == [0, 1]  # replaced at the very moment: it was never read
    assert turns([(at[0], True), (at[1], True), (at[2], False), (at[3], True)]) == [(at[0], at[2]), (at[3], None)]
    assert both([(at[0], at[4])], [(at[1], at[2]), (at[3], None)]) == [(at[1], at[2]), (at[3], at[4])]
    assert both([(at[0], at[1])], [(at[1], None)]) == []
