"""Where knowledge is lost from one level of the cascade to the next: by level, by branch, by topic.

p = right answers / answers. Those of one session are not apart (same trainers, same day): its interval counts sessions,
var(p) = S/(S-1) sum over sessions (right - p answers)² / answers². A drop is named where it is above 10 points and could
hardly be chance: its lower bound, taken as strictly as the number of drops looked at asks (Bonferroni), is above zero.
A branch has few sessions: how much more sessions differ than single answers would is measured over all branches together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Any

from kalata.training.rules.rows import Table, bad, code_in, once
from kalata.training.rules.statistics import t_quantile

COLUMNS = ("level", "branch", "session", "person", "item", "correct")
"""And `topic`, where the items have one."""
DROP = Fraction(1, 10)
DOUBT = 0.025
"""Chance of one drop named of all that are looked at, where nothing was lost."""


@dataclass(frozen=True, slots=True)
class Answer:
    level: str
    branch: str
    session: str
    topic: str
    person: str
    right: int


@dataclass(frozen=True, slots=True)
class Share:
    """sessions: (right, answers) of each."""

    sessions: tuple[tuple[int, int], ...]
    persons: int

    @property
    def n(self) -> int:
        return sum(n for _r, n in self.sessions)

    @property
    def p(self) -> Fraction:
        return Fraction(sum(r for r, _n in self.sessions), self.n)

    @property
    def variance(self) -> Fraction | None:
        """Of p; None with one session, which says nothing of others."""
        s = len(self.sessions)
        if s < 2:
            return None
        return Fraction(s, s - 1) * sum(((r - self.p * n) ** 2 for r, n in self.sessions), Fraction(0)) / self.n**2

    def interval(self) -> list[float] | None:
        if self.variance is None:
            return None
        half = t_quantile(0.975, len(self.sessions) - 1) * sqrt(self.variance)
        return [max(0.0, float(self.p) - half), min(1.0, float(self.p) + half)]


def answers_of(table: Table) -> list[Answer]:
    """Raises: TRN-102 for a cell that is none, TRN-103 for an item twice for one person in one session."""
    out = []
    seen: dict[object, int] = {}
    for row, cells in table.records():
        level, session = code_in(table, row, cells, "level", "L2"), code_in(table, row, cells, "session", "S01")
        person, item = code_in(table, row, cells, "person", "P001"), code_in(table, row, cells, "item", "Q01")
        if cells["correct"] not in ("0", "1"):
            raise bad(table, row, "correct", cells["correct"], "0 | 1")
        once(table, seen, (level, session, person, item), row, "item", f"{person} {item}")
        out.append(Answer(level, cells["branch"], session, cells.get("topic", ""), person, int(cells["correct"])))
    return out


def share_of(answers: Iterable[Answer]) -> Share | None:
    met: dict[str, list[int]] = {}
    persons = set()
    for a in answers:
        one = met.setdefault(a.session, [0, 0])
        one[0] += a.right
        one[1] += 1
        persons.add(a.person)
    return Share(tuple((met[s][0], met[s][1]) for s in sorted(met)), len(persons)) if met else None


def in_order(levels: Iterable[str]) -> list[str]:
    """L1, L2 … L10: numbers as numbers."""
    return sorted(levels, key=lambda name: ([int(n) for n in re.findall(r"[0-9]{1,9}", name)], name))


@dataclass(frozen=True, slots=True)
class Unlike:
    """How many times more sessions differ than single answers would (never less than once), and on how many sessions that rests."""

    factor: Fraction
    degrees: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One level against the next: all of it, one branch or one topic."""

    above: str
    below: str
    branch: str | None
    topic: str | None
    upper: Share
    lower: Share

    @property
    def drop(self) -> Fraction:
        return self.upper.p - self.lower.p

    def bounds(self, unlike: Unlike, share: float) -> list[float] | None:
        """[low, high] of the drop; None where no branch has two sessions, which alone tell how sessions differ."""
        if not unlike.degrees:
            return None
        n, m = self.upper.n, self.lower.n
        p = (self.upper.p * n + self.lower.p * m) / (n + m)
        half = t_quantile(share, unlike.degrees) * sqrt(unlike.factor * p * (1 - p) * (Fraction(1, n) + Fraction(1, m)))
        return [float(self.drop) - half, float(self.drop) + half]

    def record(self, bounds: list[float] | None) -> dict[str, Any]:
        return {
            "from": self.above, "to": self.below, "branch": self.branch, "topic": self.topic, "p_from": str(self.upper.p),
            "p_to": str(self.lower.p), "drop": str(self.drop), "interval": bounds,
        }  # fmt: skip


def unlike_of(answers: Iterable[Answer]) -> Unlike:
    """factor = sum (right - p answers)² / sum answers p (1 - p) (1 - answers / all), over the sessions of each level and branch."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    for a in answers:
        groups.setdefault((a.level, a.branch), []).append(a)
    seen = expected = Fraction(0)
    degrees = 0
    for key in sorted(groups):
        share = share_of(groups[key])
        if share is None or len(share.sessions) < 2:
            continue
        p, every = share.p, share.n
        degrees += len(share.sessions) - 1
        seen += sum(((r - p * n) ** 2 for r, n in share.sessions), Fraction(0))
        expected += p * (1 - p) * (every - Fraction(sum(n * n for _r, n in share.sessions), every))
    return Unlike(max(Fraction(1), seen / expected) if expected else Fraction(1), degrees)


def compared(answers: Sequence[Answer]) -> list[Compared]:
    """Every level with the next; a branch that the level above does not know is held against all of that level."""
    levels = in_order({a.level for a in answers})
    by_level = {level: [a for a in answers if a.level == level] for level in levels}
    out = []
    for above, below in pairwise(levels):
        upper, lower = by_level[above], by_level[below]
        known = {a.branch for a in upper}
        pairs: list[tuple[str | None, str | None, list[Answer], list[Answer]]] = [(None, None, upper, lower)]
        for branch in sorted({a.branch for a in lower} - {""}):
            own = [a for a in upper if a.branch == branch] if branch in known else upper
            pairs.append((branch, None, own, [a for a in lower if a.branch == branch]))
        for topic in sorted({a.topic for a in lower} - {""}):
            pairs.append((None, topic, [a for a in upper if a.topic == topic], [a for a in lower if a.topic == topic]))
        for of_branch, of_topic, one, other in pairs:
            here, there = share_of(one), share_of(other)
            if here and there:
                out.append(Compared(above, below, of_branch, of_topic, here, there))
    return out


def dilution_of(table: Table) -> dict[str, Any]:
    """drops: above 10 points and more than chance. uncertain: above 10 points, and chance may have made it."""
    answers = answers_of(table)
    levels = []
    for level in in_order({a.level for a in answers}):
        share = share_of(a for a in answers if a.level == level)
        assert share is not None
        levels.append({"level": level, "n": share.n, "persons": share.persons, "sessions": len(share.sessions), "p": str(share.p), "interval": share.interval()})  # fmt: skip
    looked, unlike = compared(answers), unlike_of(answers)
    strict = 1 - DOUBT / max(1, len(looked))
    drops: list[dict[str, Any]] = []
    uncertain: list[dict[str, Any]] = []
    for one in looked:
        if one.drop > DROP:
            bounds = one.bounds(unlike, strict)
            (drops if bounds and bounds[0] > 0 else uncertain).append(one.record(bounds))
    return {"levels": levels, "drops": drops, "uncertain": uncertain, "compared": len(looked)}
