"""A place is found by its name as people type it."""

import random

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


def brute(places, asked):
    """What `near` says, by trying every word."""
    found = {word: far for word in places.known if (far := cost(asked, word)) is not None}
    best = min(found.values(), default=0)
    return {word: far for word, far in found.items() if far <= max(best, BEGUN)}


def test_few_words_are_compared_letter_by_letter_and_none_that_comes_near_is_passed_over(monkeypatch):
    chance = random.Random(4)
    said = ("ba", "ma", "ko", "dou", "gou", "si", "ka", "sso", "ny", "ala", "fe", "ri", "to", "mo", "dia", "ouo", "dj", "kh", "ie", "c")
    places = Places(" ".join("".join(chance.choices(said, k=chance.randint(1, 4))) for _w in range(3)) for _n in range(400))
    asked = []
    for word in chance.sample(places.known, 60):
        at = chance.randrange(len(word))
        asked += [word, word[:at], word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :], f"z{word[1:]}"]
    expected = {word: brute(places, word) for word in asked if word}
    compared = []
    monkeypatch.setattr(lookup, "distance", lambda *a, real=distance: compared.append(a) or real(*a))
    assert {word: places.near(word) for word in expected} == expected
    assert len(compared) < len(expected) * len(places.known) / 20


def test_words_that_many_names_hold_order_what_the_others_found():
    places = Places([*(f"Bureau École {n:03} Mopti" for n in range(300)), "Bureau 007 Marché Sikasso", "Marché 008 Sikasso"])
    assert [row for row, _far in places.find("bureau sikasso 007")] == [300]
    assert [row for row, _far in places.find("sikasso ecole bureau")] == [300]
    assert len(places.find("bureau ecole")) == 300
