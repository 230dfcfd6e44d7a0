"""Declarations of interest met with a case: each hit is said to a person, who decides; none decides by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kalata.text import fold


@dataclass(frozen=True, slots=True)
class Interest:
    """What a member declared: a name, or a place as the path of ids from the country down."""

    number: int
    member: str
    name: str = ""
    place: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    number: int
    member: str
    matched: str


def alike(declared: str, name: str) -> bool:
    """True where all words of one name are in the other, whatever their order and accents.

    >>> alike("Parti de l’Épi", "PARTI DE L'EPI (liste)"), alike("Épi", "Épices")
    (True, False)
    """
    first, second = ({w.strip("().,;:") for w in fold(text).split()} - {""} for text in (declared, name))
    return bool(first and second) and (first <= second or second <= first)


def hits(interests: Iterable[Interest], names: Iterable[str], places: Mapping[tuple[int, ...], str]) -> list[Hit]:
    """Declarations that meet a party by its name, or a place at or under the one declared. places: path -> its name."""
    names = list(names)
    out = []
    for one in interests:
        if one.name:
            out += [Hit(one.number, one.member, name) for name in names if alike(one.name, name)]
        if one.place:
            n = len(one.place)
            out += [Hit(one.number, one.member, said) for path, said in places.items() if path[:n] == one.place]
    return list(dict.fromkeys(out))
