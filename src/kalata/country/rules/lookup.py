"""A place found by its name as people type it: with a letter wrong, in any of its spellings, or only begun.

`sound` brings the spellings of one name together (Wolofobougou, Ouolofobougou; Djenné, Jenne; Nyono, Niono), and a word
is then compared letter by letter. The nearest words win: where a name is met as it was typed, what only looks like it
is not shown. `transparency/site/assets/find.js` does the same in a browser; a test holds the two together. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

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
    """Names in rows. Built once; a question then looks only at the words that could be its own with a letter or two wrong."""

    def __init__(self, names: Iterable[str]) -> None:
        self.rows: dict[str, list[int]] = {}
        self.size = 0
        for row, name in enumerate(names):
            self.size = row + 1
            for word in dict.fromkeys(words(name)):
                self.rows.setdefault(word, []).append(row)
        known = sorted(word for word in self.rows if word.isalpha())
        self.known = known
        self.heard = sorted((sound(word), word) for word in known)
        self.sizes: dict[int, list[tuple[int, int, str, str]]] = {}
        for heard, word in self.heard:
            letters, pairs = marks(heard)
            self.sizes.setdefault(len(heard), []).append((letters, pairs, heard, word))

    def near(self, asked: str) -> dict[str, int]:
        """The known words nearest to a folded one, and those that it begins; empty: none."""
        asked = asked[:MOST]
        if not asked.isalpha():
            return {asked: 0} if asked in self.rows else {}
        heard = sound(asked)
        alike = [word for _heard, word in between(self.heard, (heard, ""), (after(heard), ""))]
        begun = between(self.known, asked, after(asked))
        found = {word: far for word in (*begun, *alike) if (far := cost(asked, word)) is not None and far < EDIT}
        if found:  # what is spelt otherwise or only begins comes before any wrong letter
            best = min(found.values())
            return {word: far for word, far in found.items() if far <= max(best, BEGUN)}
        for most in range(1, allowed(heard) + 1):
            if found := dict.fromkeys(self.wrong(heard, most), EDIT * most):
                return found
        return {}

    def wrong(self, heard: str, most: int) -> Iterator[str]:
        """The words within so many wrong letters of one that is heard.

        One wrong letter takes one letter away at most and brings one at most; of pairs of neighbours it takes three, and brings three.
        """
        letters, pairs = marks(heard)
        for size in range(len(heard) - most, len(heard) + most + 1):
            for theirs, their_pairs, other, word in self.sizes.get(size, ()):
                if (letters & ~theirs).bit_count() > most or (theirs & ~letters).bit_count() > most:
                    continue
                if (pairs & ~their_pairs).bit_count() > 3 * most:
                    continue
                if distance(heard, other, most) <= most:
                    yield word

    def says_much(self, word: str) -> bool:
        """False for what a fifth of all names hold (station, school) and for what tells one of many only (003, of)."""
        return word.isalpha() and len(word) > 2 and len(self.rows.get(word, ())) * 5 <= max(self.size, 50)

    def find(self, text: str) -> list[tuple[int, int]]:
        """(row, cost) of what answers most words of a question, the nearest first; empty: nothing comes near."""
        asked = list(dict.fromkeys(words(text[: 4 * MOST])))
        telling = [word for word in asked if self.says_much(word)]
        counts: dict[int, int] = {}
        costs: dict[int, int] = {}
        lost = answered = 0
        for word in telling:
            mine = self.held(self.near(word))
            answered += bool(mine)
            lost += 0 if mine else LOST
            for row, far in mine.items():
                counts[row] = counts.get(row, 0) + 1
                costs[row] = costs.get(row, 0) + far
        if telling and not answered:
            return []
        most = max(counts.values(), default=0)
        kept = [row for row, n in counts.items() if n == most] if telling else None
        counts = dict.fromkeys(kept or (), 0)
        for word in (w for w in asked if w not in telling):  # what many names hold only orders what the others found
            near = self.near(word)
            mine = self.held(near, kept)
            lost += 0 if near else LOST
            for row, far in mine.items():
                counts[row] = counts.get(row, 0) + 1
                costs[row] = costs.get(row, 0) + far
        most = max(counts.values(), default=0)
        found = [(row, costs[row] + lost) for row, n in counts.items() if n == most]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def held(self, near: dict[str, int], among: Sequence[int] | None = None) -> dict[int, int]:
        """Rows (of `among`, where it is given) that hold one of these words, with the least cost of those they hold."""
        out: dict[int, int] = {}
        within = None if among is None else set(among)
        for word, far in near.items():
            rows: Iterable[int] = self.rows[word]
            if among is not None and within is not None:  # the shorter of the two is gone through
                held = self.rows[word]
                rows = (r for r in among if holds(held, r)) if len(held) > 8 * len(among) else within.intersection(held)
            for row in rows:
                if out.get(row, far) >= far:
                    out[row] = far
        return out


def holds(rows: Sequence[int], row: int) -> bool:
    """Whether a row is among some that are in order."""
    at = bisect_left(rows, row)
    return at < len(rows) and rows[at] == row


def after(text: str) -> str:
    """What comes, in order, after all that begins with a text."""
    return f"{text}\U0010ffff"


def between(values: Sequence[Any], first: Any, last: Any) -> Sequence[Any]:
    """Of values in order, those from the first to before the last."""
    return values[bisect_left(values, first) : bisect_left(values, last)]


def marks(word: str) -> tuple[int, int]:
    """The letters of a word and its pairs of neighbours, each set as the bits of a number; two letters may share a bit."""
    letters = pairs = 0
    before = 0
    for c in word:
        n = ord(c) % 61
        letters |= 1 << n
        pairs |= 1 << ((before * 31 + n) % 509)
        before = n + 1
    return letters, pairs


def exact(found: Sequence[tuple[int, int]]) -> bool:
    """The best answer holds the words as they were typed, or begun."""
    return bool(found) and found[0][1] < EDIT
