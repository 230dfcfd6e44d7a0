"""Statistics and the scorecard: exact, drillable, small cells hidden; what is not known is unknown, never met."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.disputes.commands.law import norms_of
from kalata.disputes.rules.scorecard import scorecard
from kalata.disputes.rules.statistics import CaseFacts, breakdown, forecast, rank, statistics

START = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(n, **over):
    return CaseFacts(f"P{n:03}", START + n * HOUR, **over)


def decided(n, hours, **over):
    one = case(n, **over)
    return replace(one, decided=one.received + hours * HOUR)


@pytest.fixture(scope="module")
def ml():
    return norms_of("ml")


def test_every_figure_names_its_cases():
    cases = [
        decided(1, 10, outcome="granted", stations=2, votes=30, seats=1, hearing=True),
        decided(2, 20, outcome="rejected", on_form=True, hearing=False, joined=True),
        case(3, joined=True),
    ]
    found = statistics(cases).figures
    assert (found["filed"].value, found["decided"].value, found["decided"].of) == (3, 2, 3)
    assert found["granted"].value == Fraction(1, 2) and found["granted"].cases == ("P001",)
    assert found["dismissed_on_form"].value == 1 and found["dismissed_on_form"].of == 1
    assert found["joined"].value == Fraction(2, 3)
    assert (found["stations_annulled"].value, found["votes_moved"].value, found["seats_changed"].value) == (2, 30, 1)
    assert found["stations_annulled"].cases == ("P001",)
    assert statistics(cases).record()["figures"]["joined"]["value"] == {"fraction": "2/3", "decimal": "0.666667"}


def test_a_share_of_nothing_is_none_and_never_zero():
    found = statistics([case(1)]).figures
    assert found["granted"].value is found["in_time"].value is found["median_time"].value is None
    assert statistics([]).figures["filed"].value == 0


@pytest.mark.parametrize(
    ("n", "half", "nine"),
    [(1, 1, 1), (2, 1, 2), (3, 2, 3), (4, 2, 4), (9, 5, 9), (10, 5, 9), (11, 6, 10), (20, 10, 18)],
)
def test_median_and_nine_of_ten_by_nearest_rank(n, half, nine):
    values = [i * HOUR for i in range(1, n + 1)][::-1]
    assert rank(values, Fraction(1, 2)) == half * HOUR
    assert rank(values, Fraction(9, 10)) == nine * HOUR


def test_a_decision_at_the_end_of_its_limit_is_late():
    one = decided(1, 24)
    assert replace(one, limit=one.decided).in_time is False
    assert replace(one, limit=one.decided + timedelta(minutes=1)).in_time is True
    assert one.in_time is None


def sexes(*counts):
    keys = [k for k, n in zip("FMX", counts, strict=False) for _i in range(n)]
    return [case(i, sex=k) for i, k in enumerate(keys)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((10, 10), {"F": 10, "M": 10}),
        ((9, 20), {"F": None, "M": None}),
        ((9, 20, 15), {"F": None, "M": 20, "X": None}),
        ((9, 20, 3), {"F": None, "M": 20, "X": None}),
        ((9,), {"F": None}),
    ],
)
def test_fewer_than_ten_persons_are_hidden_and_cannot_be_found_by_subtraction(counts, shown):
    cells = breakdown(sexes(*counts), lambda c: [c.sex], personal=True)
    assert {c.key: c.count for c in cells} == shown
    assert all(not c.cases for c in cells if c.count is None)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=3))
def test_no_hidden_cell_is_the_only_one_hidden(counts):
    cells = breakdown(sexes(*counts), lambda c: [c.sex], personal=True)
    hidden = [c for c in cells if c.count is None]
    assert len(hidden) != 1 or len(cells) == 1
    assert all(c.count is None or c.count >= 10 for c in cells)


def test_what_is_no_person_is_counted_to_one():
    cells = breakdown([case(1, grounds=("stuffing", "stuffing")), case(2)], lambda c: c.grounds)
    assert [(c.key, c.count, c.cases) for c in cells] == [("stuffing", 1, ("P001",))]


# --- the queue ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arrivals", "a_day", "limit", "day", "worst", "left"),
    [
        ([4], 4, 1, 1, 4, 0),
        ([4], 3, 1, 2, 4, 1),
        ([85], 8, 11, 11, 85, 0),
        ([85], 8, 10, 11, 85, 5),
        ([0, 40, 45], 20, 4, 6, 65, 25),
        ([], 0, 3, 0, 0, 0),
        ([5], 0, 2, None, 5, 5),
    ],
)
def test_the_pile_is_cleared_on_a_day_that_can_be_counted(arrivals, a_day, limit, day, worst, left):
    found = forecast(arrivals, a_day, limit)
    assert (found.day, found.worst, found.left) == (day, worst, left)


@given(st.lists(st.integers(0, 20), max_size=8), st.integers(1, 9), st.integers(0, 30))
def test_more_judged_a_day_never_clears_later(arrivals, a_day, limit):
    slow, fast = forecast(arrivals, a_day, limit), forecast(arrivals, a_day + 1, limit)
    assert slow.day is not None and fast.day is not None
    assert fast.day <= slow.day and fast.left <= slow.left and fast.worst <= slow.worst
    assert slow.day >= -(-sum(arrivals) // a_day)


# --- the sheet ----------------------------------------------------------------------------------------
def sheet(ml, cases=(), contest="presidential", day=date(2026, 4, 20), **more):
    return scorecard(ml, contest, day, list(cases), **more)


def test_the_sheet_of_Mali_says_what_its_norms_say(ml):
    found = sheet(ml)
    states = {one.standard.basis.id: one.state for one in found.lines}
    assert states == {
        "STD-192": "not_met",  # 48 hours against the results are two days
        "STD-188": "met",
        "STD-186": "met",
        "STD-198": "met",
        "STD-084": "unknown",
        "STD-187": "unknown",  # the pack does not say whether a defect is cured
        "STD-191": "not_met",  # the elector of the 1992 Constitution is not in the organic law
        "STD-190": "met",
        "STD-007": "unknown",
        "STD-199": "unknown",
        "STD-204": "unknown",
        "STD-200": "met",
    }
    assert found.line("STD-192").found["filing_days"] == {"ML-COMPLAINT-OPERATIONS": 5, "ML-COMPLAINT-RESULTS": 2}
    assert all(one.record()["confidence"] for one in found.lines)


def test_a_referendum_without_a_known_limit_lacks_one(ml):
    assert sheet(ml, contest="referendum").line("STD-198").state == "not_met"
    assert "ML-D-REFERENDUM" in sheet(ml, contest="referendum").line("STD-198").found["without"]


def test_two_bodies_for_one_act_break_the_graph(ml):
    other = [replace(r, body="civil_judge") for r in ml.remedies if r.basis.id == "ML-D-RESULTS"]
    line = sheet(replace(ml, remedies=(*ml.remedies, *other))).line("STD-188")
    assert line.state == "not_met" and list(line.found["twice"]) == ["results/1"]


def test_the_last_body_must_be_a_court(ml):
    local = sheet(ml, contest="communal", day=date(2018, 1, 1)).line("STD-186")
    assert (local.state, local.found["last"]["results"]) == ("met", "administrative_court")
    assert sheet(ml, contest="communal").line("STD-186").state == "unknown"  # the law of 2016 was replaced
    bodies = tuple(replace(b, decides="commission") for b in ml.bodies)
    assert sheet(replace(ml, bodies=bodies)).line("STD-186").state == "not_met"


@pytest.mark.parametrize(
    ("curable", "state"),
    [
        ({}, "unknown"),
        (dict.fromkeys(("written", "signed", "dated", "certified"), True), "met"),
        ({"signed": False}, "not_met"),
    ],
)
def test_few_conditions_of_form_and_all_cured(ml, curable, state):
    rules = tuple(replace(r, curable=curable) if r.item == "form" else r for r in ml.rules)
    assert sheet(replace(ml, rules=rules)).line("STD-187").state == state


@pytest.mark.parametrize(("days", "state"), [(60, "met"), (61, "not_met")])
def test_disputes_are_settled_within_sixty_days(ml, days, state):
    assert sheet(ml, [decided(1, 24 * days)]).line("STD-204").state == state


def test_one_case_not_heard_or_not_public_is_named(ml):
    cases = [
        decided(1, 5, both_heard=True, public=True, reasoned=True),
        decided(2, 5, both_heard=False, public=True, reasoned=False),
        decided(3, 5),
    ]
    found = sheet(ml, cases)
    assert (found.line("STD-007").state, found.line("STD-199").state) == ("not_met", "not_met")
    assert found.line("STD-007").figure.cases == ("P001",) and found.line("STD-007").figure.of == 2
    assert sheet(ml, cases[:1]).line("STD-199").state == "met"


def test_decisions_come_before_the_next_step(ml):
    done = [decided(1, 24)]
    assert sheet(ml, done, next_step=date(2026, 4, 22)).line("STD-084").state == "met"
    assert sheet(ml, done, next_step=date(2026, 4, 21)).line("STD-084").state == "not_met"
    assert sheet(ml, [*done, case(2)], next_step=date(2026, 4, 22)).line("STD-084").state == "unknown"
    assert sheet(ml, done).line("STD-084").state == "unknown"


def test_indicators_that_nothing_here_measures_are_none(ml):
    found = sheet(ml, [decided(1, 5, rule_cited=True, on_form=False)], recusals=2)
    for name in ("edr.education", "edr.standard_set", "edr.criminal_funnel"):
        assert found.indicators[name] is None
    assert found.indicators["edr.rule_cited"].value == 1
    assert found.indicators["edr.dismissed_on_form"].value == 0
    assert found.indicators["edr.recusals"].value == 2
    assert len(found.indicators) == 11 and len(found.record()["seven"]) == 7


def test_a_pack_without_standards_has_an_empty_sheet(ml):
    assert sheet(replace(ml, standards={})).lines == ()
