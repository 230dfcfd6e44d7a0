"""Reading a count: what people and spreadsheets write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.tables.rules.numbers import Fault, Style, parse_count, style_of


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1453", 1453),
        (" 12 ", 12),
        ("", None),
        ("NA", None),
        ("1 453", 1453),
        ("1\u202f453", 1453),
        ("1453.0", 1453),
        ("1453,00", 1453),
        ("0", 0),
        ("007", 7),
    ],
)
def test_a_count_is_read_as_people_write_it(cell, value):
    assert parse_count(cell) == value


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("-3", Fault.NEGATIVE),
        ("−3", Fault.NEGATIVE),
        ("12.5", Fault.FRACTION),
        ("1,5", Fault.FRACTION),
        ("douze", Fault.NOT_A_NUMBER),
        ("1_000", Fault.NOT_A_NUMBER),
        ("12x", Fault.NOT_A_NUMBER),
        ("9" * 12, Fault.ABSURD),
        ("٣", Fault.NOT_A_NUMBER),
        ("1e3", Fault.NOT_A_NUMBER),
    ],
)
def test_what_is_not_a_count_has_its_code(cell, fault):
    assert parse_count(cell) is fault


def test_an_empty_box_is_not_zero():
    assert parse_count("") is None and parse_count("0") == 0


def test_a_column_that_groups_by_commas_is_read():
    style = style_of(["1,453", "12,000"])
    assert style == Style(",") and parse_count("1,453", style) == 1453


def test_a_column_that_mixes_separators_is_refused():
    style = style_of(["1,453", "1.453"])
    assert style.mixed and parse_count("1.453", style) is Fault.MIXED


def test_a_point_for_thousands_beside_a_point_for_decimals_is_mixed():
    assert style_of(["1.453", "1453.0"]).mixed


@given(st.integers(0, 10**8))
def test_writing_with_thin_spaces_then_reading_returns_the_number(n):
    from kalata.text import whole

    assert parse_count(whole(n, "fr")) == n
