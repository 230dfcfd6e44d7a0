"""Identifiers with their letter, and words folded so that spellings meet."""

import pytest

from kalata.chain.rules import words
from kalata.chain.rules.verbs import BACK, SAYS, Verb
from kalata.identifiers import NotAnIdentifier, identifier, looks_like, parsed


def test_an_identifier_is_read_back_however_it_is_typed():
    made = identifier("BUR", 123)
    for typed in (
        made,
        made.lower(),
        made.replace("-", " "),
        made.replace("-", ""),
        f" {made} ",
        made.replace("-000", "-"),
    ):
        assert (parsed(typed).mark, parsed(typed).number) == ("BUR", 123)
    assert str(parsed(identifier("NRM", "ML-CONVENING"))) == identifier("NRM", "ML-CONVENING")
    assert identifier("ART", "ML-CONST-1992 art. 86-87, al. 2").startswith("ART-ML-CONST-1992-ART-86-87-AL-2-")


def test_every_wrong_digit_and_every_exchange_of_two_neighbours_is_told():
    made = identifier("BUR", 430_517)
    mark, digits, letter = made.split("-")
    for i, was in enumerate(digits):
        for digit in "0123456789":
            if digit != was:
                with pytest.raises(NotAnIdentifier):
                    parsed(f"{mark}-{digits[:i]}{digit}{digits[i + 1 :]}-{letter}")
    for i in range(len(digits) - 1):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        if swapped != digits:
            with pytest.raises(NotAnIdentifier):
                parsed(f"{mark}-{swapped}-{letter}")


@pytest.mark.parametrize(
    "typed", ["", "Bamako", "RES-104", "BUR-000123", "BUR--P", "x" * 5_000, "BUR-000123-P-P", "é" * 9]
)
def test_what_is_no_identifier_is_refused(typed):
    with pytest.raises(NotAnIdentifier, match="IDN-101"):
        parsed(typed)


def test_a_word_is_not_taken_for_a_mistyped_identifier():
    assert looks_like("BUR-000123-X") and not any(map(looks_like, ("Bamako", "RES-104", "1992", "Ségou 12")))


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Ségou", "segu"), ("Tombouctou", "tombuctu"), ("Niafunké", "niafounke"), ("Djenné", "jenne"), ("Coulibaly", "kulibali"),
     ("Kayes", "KAYES"), ("Diarra", "diara"), ("Nioro du Sahel", "sahel nioro"), ("Bɔrɔ", "boro")],
)  # fmt: skip
def test_spellings_of_one_name_meet(written, typed):
    held = words.indexed([written]).split()
    for word, heard in words.asked(typed):
        assert any(w.startswith(word) or (heard and w.startswith(heard)) for w in held), (held, word, heard)


def test_numbers_and_short_words_have_no_sound():
    assert words.asked("12 a 2013") == [("12", ""), ("a", ""), ("2013", "")]
    assert words.asked("!!") == []


def test_each_link_is_said_both_ways():
    assert set(SAYS) == set(BACK) == set(Verb)
