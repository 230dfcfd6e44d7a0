"""A map fills its frame, whatever part of the country it shows."""

from kalata.country.rules.drawn import ROOM, WIDTH, extent, fitted

SHAPES = {
    "a": {"d": "M100 100l50 0 0 50 -50 0z", "at": [125, 125], "area": 4},
    "b": {"d": "M150 100h50v50h-50z", "at": [175, 125], "area": 4},
    "c": {"d": "M900 900L901 900 901 901z", "at": [900, 900], "area": 4},
}


def test_the_extent_of_a_path_is_read_from_absolute_and_relative_steps_alike():
    assert extent(SHAPES["a"]["d"]) == (100, 100, 150, 150) and extent(SHAPES["b"]["d"]) == (150, 100, 200, 150)
    assert extent("M10 10l5 5zm1 1l2 2z") == (10, 10, 15, 15) and extent("") is None


def test_the_places_shown_take_the_whole_width_and_the_others_take_none():
    found = fitted(SHAPES, ["a", "b", "unknown"])
    assert found is not None and (found.width, found.height) == (WIDTH, 500)
    assert found.at == {"a": (250, 250), "b": (750, 250)} and found.transform == "scale(10) translate(-100 -100)"
    assert found.small == frozenset() and fitted(SHAPES, []) is None


def test_an_outline_without_room_for_its_value_has_it_in_a_tile():
    found = fitted(SHAPES, ["a", "b", "c"])
    assert found is not None and ROOM[0] > 50 * 1.2484 and found.small == {"a", "b", "c"}
