"""Can the norms be met together? The reference case, its variants, and a slow plain search beside."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kalata.deadlines.rules.definition import BadDefinition
from kalata.deadlines.rules.feasibility import Bound, Problem, sentence, solve
from kalata.deadlines.rules.graph import DAY_MINUTES as D
from kalata.deadlines.rules.graph import Edge
from kalata.deadlines.rules.norm_file import BadNormFile, problem_from
from kalata.deadlines.rules.norms import Circular, UnknownEvent

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "round2.yaml"
SIX = (
    Bound("provisional", "J1", "PROV", None, 5 * D, rank=4),
    Bound("counting", "J1", "PROV", 2 * D, None),
    Bound("petitions", "PROV", "FINAL", 2 * D, None),
    Bound("final", "J1", "FINAL", None, 12 * D),
    Bound("constitution", "FINAL", "J2", 21 * D, 21 * D, rank=6),
    Bound("art152", "J1", "J2", 14 * D, 14 * D, rank=4),
)
FOUR = {"counting", "petitions", "constitution", "art152"}
ORDER = tuple(Edge(b, a, 0) for a, b in (("J1", "PROV"), ("PROV", "FINAL"), ("FINAL", "J2")))


def without(*ids: str) -> tuple[Bound, ...]:
    return tuple(b for b in SIX if b.id not in ids)


# --- the reference case -------------------------------------------------------------------
def test_article_152_against_the_Constitution_is_its_four_norms_and_11_days() -> None:
    answer = solve(Problem(SIX))
    assert not answer.feasible
    assert (set(answer.conflict), answer.shortfall_days) == (FOUR, 11)


@pytest.mark.parametrize("id_", sorted(FOUR))
def test_removing_any_of_the_four_makes_it_feasible(id_) -> None:
    assert solve(Problem(without(id_))).feasible


@pytest.mark.parametrize("id_", ["provisional", "final"])
def test_removing_one_of_the_two_others_does_not(id_) -> None:
    answer = solve(Problem(without(id_)))
    assert (set(answer.conflict), answer.shortfall_days) == (FOUR, 11)


def test_with_the_order_of_things_the_core_is_the_two_texts_and_the_full_shortfall_stays_11() -> None:
    answer = solve(Problem(SIX, ORDER))
    assert set(answer.conflict) == {"constitution", "art152"}
    assert answer.conflicts[0].lacks == 7 * D
    assert answer.shortfall_days == 11
    needs = {r.bound.id: (r.days, r.new_length()) for r in answer.relaxations}
    assert needs == {"art152": (11, 25), "constitution": (11, 10)}


def test_the_cheapest_change_is_the_law_not_the_Constitution() -> None:
    answer = solve(Problem(SIX, ORDER))
    assert [r.bound.id for r in answer.relaxations] == ["art152", "constitution"]
    said = " ".join(m.text("fr") for m in sentence(answer, Problem(SIX, ORDER)))
    assert "Il manque 11 jours" in said and "25 jours" in said


def test_a_change_that_would_need_a_negative_length_is_said_to_be_absurd() -> None:
    answer = solve(Problem(SIX))
    absurd = {r.bound.id for r in answer.relaxations if r.absurd}
    assert absurd == {"counting", "petitions"}
    assert answer.relaxations[0].bound.id == "art152"


def test_the_third_Sunday_reading_lacks_5_days_and_7_once_Sundays_are_obeyed() -> None:
    sunday = tuple(replace(b, least=15 * D, most=21 * D, weekday=6) if b.id == "constitution" else b for b in SIX)
    answer = solve(Problem(sunday, ORDER, weekdays={"J1": 6}))
    law = next(r for r in answer.relaxations if r.bound.id == "art152")
    assert (law.days, law.lattice_days, law.new_length()) == (5, 7, 21)


def test_a_feasible_calendar_gives_the_window_of_every_event() -> None:
    answer = solve(Problem(without("art152"), ORDER))
    days = {w.event: (w.earliest // D, w.latest // D) for w in answer.windows}
    assert days == {"J1": (0, 0), "PROV": (2, 5), "FINAL": (4, 12), "J2": (25, 33)}


def test_a_fixed_polling_day_gives_dates() -> None:
    day = date(2027, 2, 28).toordinal()
    answer = solve(Problem(without("art152"), ORDER, fixed={"J1": day}, weekdays={"J2": 6}))
    window = next(w for w in answer.windows if w.event == "J2")
    assert [date.fromordinal(m // D) for m in (window.earliest, window.latest)] == [
        date(2027, 3, 28),
        date(2027, 3, 28),
    ]


def test_two_weekdays_that_cannot_meet_are_a_conflict_without_missing_days() -> None:
    bounds = (Bound("sunday", "A", "B", 0, 3 * D, 6), Bound("six days", "A", "B", 1 * D, 6 * D))
    answer = solve(Problem(bounds, weekdays={"A": 6}))
    assert not answer.feasible and set(answer.conflict) == {"sunday", "six days"}


def test_every_independent_conflict_is_listed() -> None:
    other = (Bound("x", "A", "B", 5 * D, None), Bound("y", "A", "B", None, 2 * D))
    answer = solve(Problem((*SIX, *other)))
    assert [set(c.norms) for c in answer.conflicts] == [FOUR, {"x", "y"}] or [
        set(c.norms) for c in answer.conflicts
    ] == [{"x", "y"}, FOUR]
    assert not any(r.suffices for r in answer.relaxations)
    assert "plusieurs" in " ".join(m.text("fr") for m in sentence(answer, Problem((*SIX, *other))))


def test_hours_and_days_are_held_together_to_the_minute() -> None:
    bounds = (
        Bound("48 h", "PROV", "FINAL", 48 * 60, None),
        Bound("2 days less a minute", "PROV", "FINAL", None, 2 * D - 1),
    )
    answer = solve(Problem(bounds))
    assert answer.conflicts[0].lacks == 1 and answer.shortfall_days == 1


# --- against a slow plain search ----------------------------------------------------------
NODES = ("A", "B", "C")
small = st.lists(
    st.tuples(
        st.sampled_from(list(itertools.permutations(NODES, 2))),
        st.integers(-4, 6),
        st.integers(0, 5),
        st.sampled_from([None, None, 0, 3, 6]),
    ),
    min_size=1,
    max_size=5,
)


def plain(bounds, start: int):
    """Every placing of B and C within 40 days of A, which stands on `start`."""
    found = []
    for b, c in itertools.product(range(-40, 41), repeat=2):
        x = {"A": 0, "B": b, "C": c}
        if all(
            (o.least is None or x[o.end] - x[o.start] >= o.least // D)
            and (o.most is None or x[o.end] - x[o.start] <= o.most // D)
            and (o.weekday is None or (x[o.end] + start) % 7 == o.weekday)
            for o in bounds
        ):
            found.append(x)
    return found


@given(small, st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_the_answer_and_the_windows_are_those_of_a_plain_search(raw, start) -> None:
    bounds = tuple(
        Bound(f"n{i}", u, v, lo * D, (lo + more) * D, weekday) for i, ((u, v), lo, more, weekday) in enumerate(raw)
    )
    problem = Problem(bounds, weekdays={"A": start})
    answer, placed = solve(problem), plain(bounds, start)
    assert answer.feasible == bool(placed)
    if placed:
        for w in answer.windows:
            seen = sorted({x[w.event] for x in placed})
            if w.earliest is not None and seen[0] > -25:
                assert w.earliest // D == seen[0], w
            if w.latest is not None and seen[-1] < 25:
                assert w.latest // D == seen[-1], w
    else:
        core = [b for b in bounds if b.id in answer.conflict]
        assert not plain(core, start)
        for b in core:
            rest = [c for c in core if c is not b]
            assert plain(rest, start), "the conflict is not minimal"


@given(small)
@settings(max_examples=200, deadline=None)
def test_giving_the_shortfall_makes_it_feasible_and_one_day_less_does_not(raw) -> None:
    bounds = tuple(Bound(f"n{i}", u, v, lo * D, (lo + more) * D) for i, ((u, v), lo, more, _w) in enumerate(raw))
    answer = solve(Problem(bounds))
    for r in answer.relaxations:
        if not r.suffices or r.need == 0:
            continue

        def changed(minutes: int, r=r) -> tuple[Bound, ...]:
            b = r.bound
            new = replace(b, most=b.most + minutes) if r.longer else replace(b, least=b.least - minutes)
            return tuple(new if x.id == b.id else x for x in bounds)

        assert solve(Problem(changed(r.need))).feasible
        assert not solve(Problem(changed(r.need - 1))).feasible


# --- the file -----------------------------------------------------------------------------
def test_the_example_of_the_documentation_is_the_reference_case() -> None:
    answer = solve(problem_from(yaml.safe_load(EXAMPLE.read_text())))
    assert set(answer.conflict) == {"counting-2", "petitions-2", "constitution-21", "art-152"}
    assert answer.shortfall_days == 11


def test_a_norm_may_be_written_in_three_ways() -> None:
    same = [
        {"norms": [{"id": "a", "from": "J1", "to": "P", "max": 5}]},
        {"norms": [{"id": "a", "event": "J1", "direction": "after", "offset": 5, "op": "latest", "defines": "P"}]},
        {"norms": [{"id": "a", "u": "J1", "v": "P", "w": 5}]},
        [{"id": "a", "trigger": "J1", "then": "P", "latest": 120, "unit": "hours"}],
    ]
    assert {(b.start, b.end, b.least, b.most) for s in same for b in problem_from(s).bounds} == {
        ("J1", "P", None, 5 * D)
    }


def test_a_norm_may_be_said_in_a_sentence() -> None:
    said = ["P <= J1 + 5", "P >= J1 + 48 h", "J2 = final-results+21", "DECREE <= J1-60 d", "P >= J1"]
    bounds = [problem_from([{"id": "a", "says": text}]).bounds[0] for text in said]
    assert [(b.start, b.end, b.least, b.most) for b in bounds] == [
        ("J1", "P", None, 5 * D),
        ("J1", "P", 2 * D, None),
        ("final-results", "J2", 21 * D, 21 * D),
        ("J1", "DECREE", None, -60 * D),
        ("J1", "P", 0, None),
    ]
    with pytest.raises(BadDefinition):
        problem_from([{"id": "a", "says": "P before J1"}])


def test_what_nobody_can_change_is_not_in_the_conflict() -> None:
    data = [
        {"id": "order", "says": "P >= J1", "structural": True},
        {"id": "law", "says": "P <= J1 - 1"},
    ]
    answer = solve(problem_from(data))
    assert (answer.conflict, answer.shortfall_days) == (("law",), 1)


def test_before_counts_backwards() -> None:
    data = [{"id": "a", "event": "J1", "direction": "before", "offset": 60, "op": "at_least", "defines": "DECREE"}]
    bound = problem_from(data).bounds[0]
    assert (bound.start, bound.end, bound.least, bound.most) == ("J1", "DECREE", None, -60 * D)


def test_the_nth_weekday_bounds_the_distance_and_fixes_the_day() -> None:
    bound = problem_from([{"id": "a", "from": "F", "to": "J2", "nth_weekday": {"weekday": "sunday", "n": 3}}]).bounds[0]
    assert (bound.least, bound.most, bound.weekday) == (15 * D, 21 * D, 6)


@pytest.mark.parametrize(
    "data, refusal, record, field",
    [
        ({"events": ["J1"], "norms": [{"id": "a", "from": "J1", "to": "X", "max": 5}]}, UnknownEvent, "a", "to"),
        ([{"id": "a", "from": "J1", "to": "J1", "max": 5}], Circular, "a", "to"),
        ([{"id": "a", "from": "J1", "max": 5}], BadNormFile, "a", "to"),
        ([{"id": "a", "from": "J1", "to": "P"}], BadNormFile, "a", "min"),
        ([{"id": "a", "from": "J1", "to": "P", "max": "five"}], BadDefinition, "a", "max"),
        ([{"id": "a", "from": "J1", "to": "P", "max": 5, "unit": "moons"}], BadDefinition, "a", "unit"),
        ([{"id": "a", "from": "J1", "to": "P", "min": 5, "max": 2}], BadDefinition, "a", "max"),
        ([{"id": "a", "from": "J1", "to": "P", "max": 5}] * 2, BadNormFile, "a", "id"),
        ({"norms": []}, BadNormFile, "–", "norms"),
        ("nothing", BadNormFile, "–", "norms"),
        (
            {"events": {"J1": {"date": "soon"}}, "norms": [{"id": "a", "from": "J1", "to": "P", "max": 5}]},
            BadDefinition,
            "J1",
            "date",
        ),
        (
            {"events": ["J1", "P"], "order": ["J1", "Q"], "norms": [{"id": "a", "from": "J1", "to": "P", "max": 5}]},
            UnknownEvent,
            "order",
            "order",
        ),
    ],
)
def test_a_bad_file_is_refused_with_record_and_field(data, refusal, record, field) -> None:
    with pytest.raises(refusal) as refused:
        problem_from(data)
    assert (refused.value.params["record"], refused.value.params["field"]) == (record, field)
