"""The line of units above a unit: one range of an index holds all that lies in it, whatever the ids and the depth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.country.rules.lineage import DEEPEST, TooDeep, below, bounds, ids

some = st.lists(st.integers(1, 10**9 - 2), max_size=DEEPEST - 1)


def line(path) -> str:
    above = ""
    for pk in path:
        above = below(above, pk)
    return above


@given(some)
def test_a_line_gives_back_the_ids_it_was_made_of(path):
    assert ids(line(path)) == tuple(path)


@given(some, some)
def test_a_unit_lies_in_another_exactly_where_the_path_of_one_begins_the_line_of_the_other(place, other):
    for top in ([*other, 5], place[:3] or [5]):
        first, end = bounds(line(top[:-1]), top[-1])
        assert (first <= line(place) < end) == (place[: len(top)] == top)


def test_ids_that_begin_alike_are_not_one_another():
    first, end = bounds("", 1)
    assert not first <= line([10, 3]) < end
    assert first <= line([1]) < end
    assert first <= line([1, 10**9 - 2, 10**9 - 2]) < end


def test_twenty_levels_hold_and_the_twenty_first_is_refused():
    full = line([7] * DEEPEST)
    assert ids(full) == (7,) * DEEPEST
    with pytest.raises(TooDeep):
        below(full, 7)
    with pytest.raises(TooDeep):
        below("", 10**9 - 1)
