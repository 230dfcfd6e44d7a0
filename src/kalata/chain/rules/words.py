"""How words are folded so that spellings of one name meet: accents, case, and the ways a sound is written. Pure.

Ségou, Segu; Tombouctou, Tombuctu; Niafunké, Niafounke; Djenné, Jenne; Coulibaly, Kulibali are one each. A sound is
written beside the words under a prefix that no word has, so that one full-text index holds both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kalata.text import fold

WORD = re.compile(r"[a-z0-9]+")
MOST_WORDS, MOST_LENGTH = 8, 40
SOUND = "zz"
"""What begins a sound in the index."""

SOUNDS = (
    (re.compile(r"ph"), r"f"),
    (re.compile(r"gn|ny"), r"n"),
    (re.compile(r"ou|oo"), r"u"),
    (re.compile(r"dj|dy"), r"j"),
    (re.compile(r"th"), r"t"),
    (re.compile(r"tch|ch|sh"), r"s"),
    (re.compile(r"qu|q|ck|c"), r"k"),
    (re.compile(r"ai|ei|ay|ey"), r"e"),
    (re.compile(r"ss|z"), r"s"),
    (re.compile(r"y"), r"i"),
    (re.compile(r"w"), r"u"),
    (re.compile(r"h"), r""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=.{3})e$"), r""),
)
"""In this order; the last takes the doubled letters and a silent final e away."""


def folded(*texts: str) -> list[str]:
    return WORD.findall(fold(" ".join(texts)))


def sound(word: str) -> str:
    """The skeleton of a word as it is heard; a number is its own."""
    if any(c.isdigit() for c in word):
        return word
    for pattern, by in SOUNDS:
        word = pattern.sub(by, word)
    return word


def indexed(texts: Iterable[str]) -> str:
    """What is written in the index for these texts: their words, then their sounds, each once."""
    words = list(dict.fromkeys(folded(*texts)))
    sounds = dict.fromkeys(f"{SOUND}{heard}" for w in words if len(heard := sound(w)) > 1 and not heard[0].isdigit())
    return " ".join([*words, *sounds])


def asked(text: str) -> list[tuple[str, str]]:
    """(word, its sound) of what is searched, each once; a sound too short to mean anything is "". No word: nothing is found."""
    words = dict.fromkeys(w[:MOST_LENGTH] for w in folded(text))
    out = []
    for word in list(words)[:MOST_WORDS]:
        heard = sound(word)
        out.append((word, f"{SOUND}{heard}" if len(heard) > 2 and not heard[0].isdigit() else ""))
    return out
