"""No real name in a moot case: the words of a case against the names that the registers of the house hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kalata.text import fold, nfc
from kalata.text import gettext_noop as _

WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
LEAST = 4
"""Letters under which a single word is no name by itself: « Bah », « Ba » are words of many texts."""
PERSON, PARTY, PLACE = "person", "party", "place"
KINDS = {PERSON: _("personne ou candidat"), PARTY: _("parti ou liste"), PLACE: _("lieu")}
COMMON = frozenset(
    [
        "nord",
        "est",
        "ouest",
        "centre",
        "ville",
        "commune",
        "cercle",
        "region",
        "district",
        "fleuve",
        "rive",
        "gauche",
        "droite",
        "mali",
        "bamako",
        "cour",
        "parti",
        "liste",
        "union",
        "front",
        "alliance",
        "mouvement",
        "rassemblement",
        "election",
        "presidence",
        "president",
        "candidat",
        "oui",
        "non",
        "annee",
        "paix",
        "espoir",
        "avenir",
    ]
)
"""Words that names share with plain speech: alone they name nobody. The country and its capital are where the Court sits."""


@dataclass(frozen=True, slots=True)
class Leak:
    field: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Word:
    """said: without accents; kept: with them; first: of a sentence, where any word has a capital."""

    said: str
    kept: str
    capital: bool
    first: bool


def parts_of(text: str) -> list[Word]:
    return [
        Word(fold(m[0]), nfc(m[0]).casefold(), m[0][0].isupper(), not text[: m.start()].rstrip(" \u00a0\u202f«“") or text[: m.start()].rstrip(" \u00a0\u202f«“")[-1:] in ".!?:")
        for m in WORD.finditer(text)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Names by their first word: whole names, and surnames alone."""

    by_first: Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]

    def found(self, text: str) -> Iterator[tuple[str, str]]:
        """(name, kind) of each name that a text holds, written with capitals as names are."""
        said = parts_of(text)
        for at, word in enumerate(said):
            if not word.capital:
                continue
            for key, name, kind in self.by_first.get(word.said, ()):
                if tuple(w.said for w in said[at : at + len(key)]) != key:
                    continue
                if word.first and kind == PLACE and len(key) == 1 and nfc(name).casefold() != word.kept:
                    continue  # « Dire » begins a sentence; « Diré » is a town
                yield name, kind


def names_of(rows: Iterable[tuple[str, str]]) -> Names:
    """rows: (name, kind). Of a person, the whole name and the last word alone; of a party or place, the whole."""
    out: dict[str, set[tuple[tuple[str, ...], str, str]]] = {}
    for name, kind in rows:
        key = tuple(fold(w) for w in WORD.findall(name))
        keys = {key} | ({key[-1:], key[::-1]} if kind == PERSON and len(key) > 1 else set())
        for one in keys:
            if one and not set(one) <= COMMON and (len(one) > 1 or len(one[0]) >= LEAST):
                out.setdefault(one[0], set()).add((one, name, kind))
    return Names({k: tuple(sorted(v)) for k, v in out.items()})


def leaks(texts: Iterable[tuple[str, str]], names: Names) -> list[Leak]:
    return [Leak(field, name, kind) for field, text in texts for name, kind in names.found(text)]


@lru_cache(maxsize=4)
def kept(rows: tuple[tuple[str, str], ...]) -> Names:
    return names_of(rows)
