"""A place is found by its name as people type it."""

import pytest

from kalata.country.rules import lookup
from kalata.country.rules.lookup import BEGUN, EDIT, SPELT, Places, cost, distance

NAMES = [
    "ML05-0101-014-004 Bureau 004 École de Komoguel I Mopti",
    "ML05-0101-014-005 Bureau 005 École de Komoguel I Mopti",
    "ML03-0101-022-003 Bureau 003 École de Wayerma I Sikasso",
    "ML09-0105-021-008 Bureau 008 Daoudabougou Bamako",
    "ML09-0101-001-001 Bureau 001 Wolofobougou Bamako",
    "ML04-0301-001-001 Bureau 001 Marché de Niono Ségou",
]
PLACES = Places(NAMES)


@pytest.mark.parametrize(
    ("asked", "word"),
    [("wolofobougou", "ouolofobougou"), ("djenne", "jenne"), ("nyono", "niono"), ("segou", "segu"), ("koutiala", "kutiala"), ("youwarou", "yuwaru")],
)  # fmt: skip
def test_the_spellings_of_one_name_are_one_name(asked, word):
    assert cost(asked, word) == SPELT


def test_a_letter_more_less_other_or_swapped_is_one_error_and_a_short_word_forgives_none():
    assert [distance("mopti", w, 2) for w in ("moptis", "mopi", "mobti", "mopit", "sikasso")] == [1, 1, 1, 1, 3]
    assert cost("mopit", "mopti") == EDIT and cost("goa", "gao") is None and cost("moptti", "mopti") == SPELT
    assert cost("komo", "komoguel") == BEGUN and cost("003", "004") is None


def test_the_nearest_words_win_and_every_telling_word_counts():
    assert [row for row, _far in PLACES.find("ecole de komogel")] == [0, 1]
    assert [row for row, _far in PLACES.find("komoguel 005")] == [1]
    assert [row for row, _far in PLACES.find("Ouolofobougou")] == [4]
    assert [row for row, _far in PLACES.find("nyono")] == [5]
    assert PLACES.find("mopti")[0][1] == 0 and {row for row, _far in PLACES.find("mopti")} == {0, 1}


def test_what_comes_near_nothing_finds_nothing_whatever_number_stands_beside_it():
    assert PLACES.find("xyzzy 003") == [] and PLACES.find("") == [] and PLACES.find("—") == []
    assert [row for row, _far in PLACES.find("003")] == [2]


def test_an_answer_says_whether_the_words_are_there_as_they_were_typed():
    assert lookup.exact(PLACES.find("sikasso")) and not lookup.exact(PLACES.find("sikaxo"))


def test_a_question_of_any_length_is_bounded():
    assert PLACES.find("mopti " * 10_000)[0][0] == 0 and PLACES.find("m" * 100_000) == []
