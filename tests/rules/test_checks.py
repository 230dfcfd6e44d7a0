"""The coded checks: one good sheet, one change, one consequence."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.results.numeric import screening, table
from kalata.results.numeric.table import Table
from kalata.results.rules.boxes import ABSENT, Box, Sheet, Standing
from kalata.results.rules.checks import CHECKS, findings
from kalata.results.rules.tabulation import Sum, tabulate

FORM = (Box.REGISTERED, Box.VOTERS, Box.BALLOTS, Box.NULL_BALLOTS, Box.VALID)
SHEET = Sheet(
    {Box.REGISTERED: 400, Box.VOTERS: 200, Box.BALLOTS: 200, Box.NULL_BALLOTS: 7, Box.VALID: 193}, (100, 60, 33)
)


def change(sheet=SHEET, votes=None, **boxes):
    return replace(sheet, boxes={**sheet.boxes, **{Box(k): v for k, v in boxes.items()}}, votes=votes or sheet.votes)


def codes(sheet, **more):
    return [f.code for f in findings(sheet, form=frozenset(FORM), **more)]


def test_a_good_sheet_has_no_finding():
    assert codes(SHEET) == []


def test_one_null_ballot_forgotten_is_E02_alone():
    assert codes(change(null_ballots=8)) == ["E02"]


def test_one_vote_too_many_is_E01_and_names_both_sides():
    found = findings(change(votes=(101, 60, 33)), form=frozenset(FORM))
    assert [f.code for f in found] == ["E01"]
    assert found[0].message.text("fr") == "Somme des voix 194, exprimés inscrits au PV 193 : écart 1."


def test_papers_without_signatures_are_E03():
    assert codes(change(voters=199)) == ["E03"]


def test_more_voters_than_registered_is_E04():
    assert codes(change(registered=150)) == ["E04"]


def test_additional_voters_are_allowed_where_the_form_has_them():
    sheet = change(registered=150, additional=60)
    assert [f.code for f in findings(sheet, form=frozenset((*FORM, Box.ADDITIONAL)))] == []


def test_an_empty_box_is_a_finding_and_not_a_zero():
    assert codes(change(null_ballots=None)) == ["E06"]


def test_a_register_that_differs_is_E10():
    assert codes(SHEET, register=401) == ["E10"]


def test_every_check_has_a_sentence_and_a_remedy_in_both_languages():
    from kalata.text import translate

    for check in CHECKS:
        for text in (check.formula, check.says, check.remedy):
            assert text and translate(text, "en") != text, check.code


box = st.one_of(st.none(), st.integers(0, 12_000))
sheets = st.builds(
    lambda bs, vs: Sheet(dict(zip(FORM, bs, strict=True)), tuple(vs)),
    st.tuples(*[box] * 5),
    st.tuples(*[st.one_of(st.none(), st.integers(0, 900))] * 3),
)


def as_table(items: list[tuple[Standing, Sheet]]) -> Table:
    def cell(v):
        return ABSENT if v is None else v

    return Table(
        keys=[(str(i),) for i in range(len(items))],
        paths=[("a",), ("b",)],
        area=np.array([i % 2 for i in range(len(items))], np.int64),
        boxes=FORM,
        figures=np.array([[cell(s.boxes[b]) for b in FORM] for _st, s in items], np.int64).reshape(len(items), 5),
        options=["x", "y", "z"],
        votes=np.array([[cell(v) for v in s.votes] for _st, s in items], np.int64).reshape(len(items), 3),
        standing=np.array([int(s) for s, _sh in items], np.int8),
        rows=np.arange(len(items), dtype=np.int64),
    )


@given(st.lists(sheets, min_size=1, max_size=12))
def test_columns_find_what_sheets_find(items):
    masks = screening.screen(as_table([(Standing.COUNTED, s) for s in items]))
    for i, sheet in enumerate(items):
        assert {c for c, m in masks.items() if m[i] and c.startswith("E")} == set(codes(sheet))


stations = st.lists(st.tuples(st.sampled_from(list(Standing)), sheets), max_size=20)


@given(stations)
def test_columns_add_up_to_what_the_definition_adds_up_to(items):
    plain = tabulate(items)
    fast = table.totals(as_table(items))
    assert (fast.counted, fast.annulled, fast.missing) == (plain.counted, plain.annulled, plain.missing)
    assert fast.votes == (plain.votes + [0] * 3)[:3]
    assert fast.boxes == {b: plain.boxes.get(b, 0) for b in FORM}


@given(stations, st.integers(0, 20))
def test_adding_up_communes_gives_what_adding_up_stations_gives(items, cut):
    halves = tabulate(items[:cut]) + tabulate(items[cut:])
    whole = tabulate(items)
    assert (halves.boxes, halves.votes, halves.counted) == (whole.boxes, whole.votes, whole.counted)


@given(stations)
def test_every_level_of_the_pyramid_has_the_same_total(items):
    found = table.pyramid(as_table(items))
    for level in found.levels:
        assert [sum(v) for v in zip(*(a.votes for a in level), strict=True)] == found.total.votes or not items
        assert sum(a.stations for a in level) == found.total.stations


@given(stations, st.randoms())
def test_the_order_of_the_stations_does_not_matter(items, chance):
    other = list(items)
    chance.shuffle(other)
    assert tabulate(items) == tabulate(other)


def warned(rows, code, **limits):
    """rows: (registered, voters, ballots, null, valid, votes)."""
    items = [(Standing.COUNTED, Sheet(dict(zip(FORM, r[:5], strict=True)), r[5])) for r in rows]
    t = as_table(items)
    t.area[:] = 0
    return screening.screen(t)[code].tolist()


USUAL = [(400, 150 + i, 150 + i, 3 + i % 3, 147 + i - i % 3, (80 + i, 40 - i % 3, 27)) for i in range(12)]


def test_W01_a_box_that_departs_from_the_signatures():
    assert warned([*USUAL, (400, 100, 120, 3, 117, (60, 40, 17))], "W01")[-1]


def test_W02_null_ballots_far_above_the_neighbours():
    assert warned([*USUAL, (400, 160, 160, 60, 100, (60, 20, 20))], "W02")[-1] and not any(warned(USUAL, "W02"))


def test_W03_nearly_everybody_voted():
    assert warned([*USUAL, (100, 96, 96, 1, 95, (60, 20, 15))], "W03")[-1]


@pytest.mark.parametrize(
    ("valid", "votes", "warns"),
    [(100, (94, 3, 3), False), (100, (95, 3, 2), True), (100, (96, 2, 2), True), (50, (48, 2, 0), True), (49, (49, 0, 0), False)],
)
def test_W04_in_columns_too_is_ninety_five_in_a_hundred_of_fifty_valid(valid, votes, warns):
    assert warned([*USUAL, (400, valid, valid, 0, valid, votes)], "W04")[-1] is warns


def test_W05_two_stations_with_the_same_figures_are_both_flagged():
    assert warned([*USUAL, USUAL[3]], "W05") == [i in (3, 12) for i in range(13)]


def test_W06_no_valid_vote():
    assert warned([*USUAL, (400, 0, 0, 0, 0, (0, 0, 0))], "W06")[-1]


@pytest.mark.parametrize("code", ["W01", "W02", "W03", "W04", "W05", "W06"])
def test_a_usual_place_raises_no_signal(code):
    assert not any(warned(USUAL, code))


def test_sum_starts_empty():
    assert Sum() == tabulate([])
