"""A long passphrase that everybody here would think of is refused; four unlinked words in any writing are not."""

import pytest

from kalata.people.rules.passphrase import guessable


@pytest.mark.parametrize(
    "text",
    [
        "kalata kalata kalata",
        "Election Mali 2027 !",
        "Élection présidentielle",
        "superviseur2027 superviseur",
        "mot de passe secret 2027",
        "azertyuiopazertyuiop",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
        "987654321098765432",
        "abcdefghijklmnopqrs",
        "aminata traore 1985",
    ],
)
def test_what_somebody_who_knows_the_house_tries_first_is_refused(text):
    assert guessable(text, ["Mali", "Aminata", "Traoré"])


@pytest.mark.parametrize(
    "text",
    [
        "quatre mots sans lien",
        "cinq mots vraiment sans lien",
        "tout petit en minuscules",
        "UNIQUEMENT DES MAJUSCULES",
        "ߞߊߟߊߕߊ ߓߊߡߊߣߊ ߖߌ",
        "chevre;lampe;pluie;dix",
        "x" * 3 + "qz7!kv#p2m&w9t$",
    ],
)
def test_no_kind_of_character_is_demanded_and_none_forbidden(text):
    assert not guessable(text, ["Mali"])


@pytest.mark.parametrize(("rest", "refused"), [("abdgkpv", True), ("abdgkpvz", False)])
def test_eight_letters_must_remain_once_the_expected_words_are_gone(rest, refused):
    assert guessable(f"kalata {rest} 2027", []) is refused
