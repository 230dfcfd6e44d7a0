"""Which case first: time left, whether it could change the result, stakes; nothing is left for months unasked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.disputes.rules import triage
from kalata.disputes.rules.triage import Ceiling, Facts, Urgency

NOW = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)


def facts(key=1, *, hours=None, **more):
    more.setdefault("last_act", NOW)
    return Facts(
        key=key,
        received_at=NOW - timedelta(days=1),
        next=None if hours is None else NOW + timedelta(hours=hours),
        **more,
    )


def order(*cases):
    return [f.key for f in triage.ordered(cases, NOW)]


@pytest.mark.parametrize(
    ("hours", "urgency"),
    [
        (0, Urgency.PAST),
        (0.1, Urgency.HOURS),
        (4, Urgency.HOURS),
        (4.1, Urgency.DAY),
        (24, Urgency.DAY),
        (24.1, Urgency.LATER),
        (None, Urgency.NONE),
    ],
)
def test_how_near_a_limit_is(hours, urgency):
    assert triage.urgency(facts(hours=hours), NOW) is urgency


def test_a_limit_of_today_comes_before_any_stake():
    assert order(facts(1, hours=30, ceiling=Ceiling.COULD, votes=9_000), facts(2, hours=3, ceiling=Ceiling.CANNOT)) == [
        2,
        1,
    ]


def test_then_what_could_change_the_result_then_seats_then_votes():
    assert order(
        facts(1, hours=60, ceiling=Ceiling.CANNOT, votes=50_000),
        facts(2, hours=60, ceiling=Ceiling.UNKNOWN),
        facts(3, hours=60, ceiling=Ceiling.COULD, votes=10),
        facts(4, hours=60, ceiling=Ceiling.COULD, votes=5, seats=2),
    ) == [4, 3, 2, 1]  # fmt: skip


def test_a_case_that_nobody_has_touched_comes_up_and_says_since_when_and_with_whom():
    left = facts(1, hours=900, last_act=NOW - timedelta(days=90), held_by="juge rapporteur", ceiling=Ceiling.CANNOT)
    fresh = facts(2, hours=60, ceiling=Ceiling.COULD)
    assert order(fresh, left) == [1, 2]
    said = triage.silence(left, NOW).text("fr")
    assert "90" in said
    assert "juge rapporteur" in said


def test_silence_is_told_past_its_length_not_at_it():
    at = facts(last_act=NOW - triage.SILENCE)
    assert not triage.silent(at, NOW)
    assert triage.silent(facts(last_act=NOW - triage.SILENCE - timedelta(seconds=1)), NOW)


@pytest.mark.parametrize("how", [{"stayed": True}, {"open": False}])
def test_a_stayed_or_closed_case_is_not_silent(how):
    assert not triage.silent(facts(last_act=NOW - timedelta(days=90), **how), NOW)


def test_closed_cases_come_last():
    assert order(facts(1, hours=1, open=False), facts(2)) == [2, 1]


def test_the_reasons_are_said():
    said = [m.text("fr") for m in triage.words(facts(hours=2, could_join=3, ceiling=Ceiling.COULD), NOW)]
    assert said[0] == "moins de quatre heures"
    assert "3 autres" in said[-1]


@given(
    st.lists(st.tuples(st.integers(-50, 200), st.sampled_from(list(Ceiling)), st.integers(0, 9)), max_size=15),
    st.randoms(),
)
def test_the_order_does_not_depend_on_the_order_given(drawn, chance):
    cases = [facts(i, hours=h, ceiling=c, votes=v) for i, (h, c, v) in enumerate(drawn)]
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert triage.ordered(cases, NOW) == triage.ordered(shuffled, NOW)
