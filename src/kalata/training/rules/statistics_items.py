"""What the items of a test are worth: exact shares, reliability, discrimination, and what is odd in each.

p = right answers / n; D = p(top 27 %) - p(bottom 27 %); KR-20 = k/(k-1) (1 - sum p(1-p) / var(X)), var with divisor n;
r = correlation of the item with the rest of the test. Persons tied at the border of a group share its last places equally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

from kalata.text import gettext_noop as _
from kalata.training.rules.faults import NoKey, NotATable, TooFew
from kalata.training.rules.rows import Table, bad, code_in, once
from kalata.training.rules.statistics import correlation, feldt, wilson

FEWEST = 30
"""Persons: below, no figure is printed."""
FEW = 100
"""Persons: below, each share has its interval."""
WHO = ("person", "session", "form")
KEY = ("item", "key", "options", "critical", "topic", "level")
HARD, EASY, WEAK = Fraction(1, 5), Fraction(19, 20), Fraction(1, 5)


@dataclass(frozen=True, slots=True)
class Item:
    item: str
    key: str
    options: tuple[str, ...]


def keys_of(table: Table) -> dict[str, Item]:
    found: dict[str, Item] = {}
    seen: dict[object, int] = {}
    for row, cells in table.records():
        name = code_in(table, row, cells, "item", "Q01")
        once(table, seen, name, row, "item", name)
        options = tuple(o.strip() for o in cells["options"].split("|"))
        if len(options) < 2 or "" in options or len(set(options)) < len(options):
            raise bad(table, row, "options", cells["options"], "A|B|C|D")
        if cells["key"] not in options:
            raise bad(table, row, "key", cells["key"], "|".join(options))
        found[name] = Item(name, cells["key"], options)
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """chosen: for each person (row of the file), the option of each item; empty where none was chosen."""

    items: tuple[Item, ...]
    chosen: tuple[tuple[str, ...], ...]

    @property
    def scores(self) -> list[int]:
        return [sum(c == i.key for c, i in zip(row, self.items, strict=True)) for row in self.chosen]


def answers_of(table: Table, keys: Mapping[str, Item], key_file: str) -> Answers:
    """Raises: TRN-122 for an item without key, TRN-103 for one person twice on one form, TRN-102 for an option that is none."""
    names = sorted(title for title in table.header if title not in WHO)
    if not names:
        raise NotATable(file=table.name, row=1, field="Q01", why=_("il n’a aucune colonne de question"), form=", ".join((*WHO, "Q01")))  # fmt: skip
    for name in names:
        if name not in keys:
            raise NoKey(file=table.name, value=name[:60], key=key_file, field=name[:60], row=1)
    items = tuple(keys[name] for name in names)
    seen: dict[object, int] = {}
    rows = []
    for row, cells in table.records():
        person = code_in(table, row, cells, "person", "P001")
        once(table, seen, (person, cells["form"]), row, "person", f"{person} {cells['form']}".strip())
        for one in items:
            if cells[one.item] and cells[one.item] not in one.options:
                raise bad(table, row, one.item, cells[one.item], "|".join(one.options))
        rows.append(tuple(cells[one.item] for one in items))
    return Answers(items, tuple(rows))


def weights(scores: Sequence[int], size: int, top: bool) -> dict[int, Fraction]:
    """The part of a person of each total score in the top (or bottom) group of `size` places."""
    count, left, out = Counter(scores), size, {}
    for score in sorted(count, reverse=top):
        if left <= 0:
            break
        out[score] = min(Fraction(1), Fraction(left, count[score]))
        left -= count[score]
    return out


def analysis_of(answers: Answers, post: bool) -> dict[str, Any]:
    """The figures as the scripted interface prints them; below 30 persons none, and why."""
    n, k = len(answers.chosen), len(answers.items)
    out: dict[str, Any] = {"n": n, "k": k, "mean": None, "variance": None, "kr20": None, "sem": None, "interval": {"kr20": None}, "items": [], "refused": None}  # fmt: skip
    if n < FEWEST:
        return out | {"refused": TooFew(n=n, least=FEWEST).record()}
    scores = answers.scores
    mean = Fraction(sum(scores), n)
    variance = Fraction(sum(s * s for s in scores), n) - mean * mean
    size = (27 * n + 50) // 100
    groups = (weights(scores, size, True), weights(scores, size, False))
    figures = [item_of(answers, i, scores, groups, size, post) for i in range(k)]
    out |= {"mean": str(mean), "variance": str(variance), "items": [figure for _p, figure in figures]}
    if variance and k > 1:
        kr20 = Fraction(k, k - 1) * (1 - sum((p * (1 - p) for p, _f in figures), Fraction(0)) / variance)
        out |= {"kr20": str(kr20), "sem": sqrt(variance * (1 - kr20)), "interval": {"kr20": feldt(kr20, n, k)}}
    return out


Groups = tuple[Mapping[int, Fraction], Mapping[int, Fraction]]


def item_of(answers: Answers, at: int, scores: Sequence[int], groups: Groups, size: int, post: bool) -> tuple[Fraction, dict[str, Any]]:  # fmt: skip
    item, n = answers.items[at], len(scores)
    chosen = [row[at] for row in answers.chosen]
    met = Counter(zip(chosen, scores, strict=True))
    count = Counter(chosen)

    def share(option: str, group: Mapping[int, Fraction]) -> Fraction:
        return sum((met[option, score] * weight for score, weight in group.items()), Fraction(0)) / size

    shares = {o: (share(o, groups[0]), share(o, groups[1])) for o in item.options}
    hits = count[item.key]
    p, d = Fraction(hits, n), shares[item.key][0] - shares[item.key][1]
    rest = [s - (c == item.key) for s, c in zip(scores, chosen, strict=True)]
    r = correlation(n, sum(o for o, c in zip(rest, chosen, strict=True) if c == item.key), hits, sum(rest), hits, sum(o * o for o in rest))  # fmt: skip
    flags = (
        ("too_hard", p < HARD),
        ("too_easy", post and p > EASY),
        ("key_suspect", d < 0),
        ("weak", 0 <= d < WEAK),
        ("attracts_top", any(top > bottom for o, (top, bottom) in shares.items() if o != item.key)),
        ("dead_option", any(not count[o] for o in item.options)),
        ("no_variance", r is None),
    )
    figure: dict[str, Any] = {
        "item": item.item, "p": str(p), "d": str(d), "r": r, "omitted": count[""],
        "options": {o: {"top": str(top), "bottom": str(bottom), "all": count[o]} for o, (top, bottom) in shares.items()},
        "flags": [name for name, holds in flags if holds],
    }  # fmt: skip
    if n < FEW:
        figure["interval"] = {"p": wilson(hits, n)}
    return p, figure
