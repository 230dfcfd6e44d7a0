"""A place found by its name as people type it: with a letter wrong, in any of its spellings, or only begun.

`sound` brings the spellings of one name together (Wolofobougou, Ouolofobougou; Djenné, Jenne; Nyono, Niono), and a word
is then compared letter by letter. The nearest words win: where a name is met as it was typed, what only looks like it
is not shown. `transparency/site/assets/find.js` does the same in a browser; a test holds the two together. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kalata.text import fold

WORD = re.compile(r"[^\W_]+")
SPELLINGS = (
    ("ou", "u"), ("ph", "f"), ("kh", "k"), ("ck", "k"), ("qu", "k"), ("dj", "j"), ("di(?=[aou])", "j"), ("gn", "ny"),
    ("gu(?=[ei])", "g"), ("c(?=[ei])", "s"), ("c", "k"), ("q", "k"), ("z", "s"), ("y", "i"), ("^u(?=[aeio])", "w"),
    ("([aeiou])u(?=[aeio])", r"\1w"), ("(.)h", r"\1"), (r"(.)\1+", r"\1"),
)  # fmt: skip
"""What is written in more than one way, in order: (a pattern, what it becomes). The patterns are those of JavaScript too:
the public site hands them to its search as they stand here."""
_RULES = tuple((re.compile(pattern), becomes) for pattern, becomes in SPELLINGS)
MOST = 40
"""Letters of a word, and four times as many words of a question, that are looked at."""
SPELT, BEGUN, EDIT, LOST = 1, 2, 3, 6
"""What a word costs that is spelt otherwise, that only begins, for each wrong letter, and one that nothing answers."""


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """A folded word as all its spellings are written here."""
    for pattern, becomes in _RULES:
        word = pattern.sub(becomes, word)
    return word


def words(text: str) -> list[str]:
    """The words of a name, folded."""
    return WORD.findall(fold(text))


def allowed(word: str) -> int:
    """Wrong letters that a word may have: none in a short one or in a number, two in a long one."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 7 else 2


def distance(a: str, b: str, most: int) -> int:
    """Letters added, left out, changed or swapped with their neighbour between two words; beyond `most`: most + 1."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i, *([0] * len(b))]
        for j, y in enumerate(b, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def cost(asked: str, word: str) -> int | None:
    """How far a word is from the one asked, both folded; None: another word."""
    if asked == word:
        return 0
    if word.startswith(asked):
        return BEGUN if len(asked) > 1 else None
    a, b = sound(asked), sound(word)
    if a == b:
        return SPELT
    if len(a) > 2 and b.startswith(a):
        return BEGUN
    most = allowed(a)
    found = distance(a, b, most) if most else 1
    return EDIT * found if found <= most else None


class Places:
    """Names in rows. Built once; a question then looks at the words that share pairs of letters with its own."""

    def __init__(self, names: Iterable[str]) -> None:
        self.rows: dict[str, list[int]] = {}
        self.size = 0
        for row, name in enumerate(names):
            self.size = row + 1
            for word in dict.fromkeys(words(name)):
                self.rows.setdefault(word, []).append(row)
        self.known = [word for word in self.rows if word.isalpha()]
        self.pairs: dict[str, list[int]] = {}
        for place, word in enumerate(self.known):
            for pair in pairs_of(sound(word)):
                self.pairs.setdefault(pair, []).append(place)

    def near(self, asked: str) -> dict[str, int]:
        """The known words nearest to a folded one, and those that it begins; empty: none."""
        asked = asked[:MOST]
        if not asked.isalpha():
            return {asked: 0} if asked in self.rows else {}
        heard = sound(asked)
        held = pairs_of(heard)
        shared: dict[int, int] = {}
        for pair in held:
            for place in self.pairs.get(pair, ()):
                shared[place] = shared.get(place, 0) + 1
        least = max(1, len(held) - 3 * allowed(heard))
        close = (self.known[place] for place, n in shared.items() if n >= least)
        found = {word: far for word in close if (far := cost(asked, word)) is not None}
        best = min(found.values(), default=0)
        return {word: far for word, far in found.items() if far <= max(best, BEGUN)}

    def says_much(self, word: str) -> bool:
        """False for what a fifth of all names hold (station, school) and for what tells one of many only (003, of)."""
        return word.isalpha() and len(word) > 2 and len(self.rows.get(word, ())) * 5 <= max(self.size, 50)

    def find(self, text: str) -> list[tuple[int, int]]:
        """(row, cost) of what answers most words of a question, the nearest first; empty: nothing comes near."""
        counts: dict[int, int] = {}
        costs: dict[int, int] = {}
        telling = answered = lost = 0
        for word in dict.fromkeys(words(text[: 4 * MOST])):
            mine: dict[int, int] = {}
            for near, far in self.near(word).items():
                for row in self.rows[near]:
                    if mine.get(row, far) >= far:
                        mine[row] = far
            weight = 100 if self.says_much(word) else 1
            telling += weight == 100
            answered += weight == 100 and bool(mine)
            lost += 0 if mine else LOST
            for row, far in mine.items():
                counts[row] = counts.get(row, 0) + weight
                costs[row] = costs.get(row, 0) + far
        if telling and not answered:
            return []
        most = max(counts.values(), default=0)
        found = [(row, costs[row] + lost) for row, n in counts.items() if n == most]
        return sorted(found, key=lambda one: (one[1], one[0]))


def pairs_of(word: str) -> set[str]:
    """The pairs of neighbouring letters of a word, with its beginning."""
    return {f"{a}{b}" for a, b in zip(f"^{word}", word, strict=False)}


def exact(found: Sequence[tuple[int, int]]) -> bool:
    """The best answer holds the words as they were typed, or begun."""
    return bool(found) and found[0][1] < EDIT
