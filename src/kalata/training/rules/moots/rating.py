"""Two raters of the same work: Cohen's kappa as an exact fraction, plain and weighted, in words; what must be discussed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.moots.case import LEVELS, Criterion

LOW = Fraction(2, 5)
"""Under this, the two raters did not read the same rubric: the figure of Landis and Koch (1977), a convention, not law."""
APART = 2
"""Levels of difference from which two raters talk before anything is released."""
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """kappa None: chance alone explains everything (both gave one level throughout), there is nothing to divide by."""

    n: int
    same: int
    kappa: Fraction | None
    weighted: Fraction | None

    @property
    def low(self) -> bool:
        return self.weighted is not None and self.weighted < LOW

    def said(self) -> Message:
        if not self.n:
            return Message(_("Rien n’a encore été noté par les deux."))
        if self.weighted is None:
            return Message(
                _(
                    "Les deux notateurs ont donné partout le même niveau : l’accord ne se mesure pas sur si peu de variété."
                )
            )
        if self.low:
            return Message(
                _("Accord faible (kappa pondéré %(k)s, sous %(low)s) : les deux notateurs ne lisent pas la grille de la même façon. Revoyez la grille ensemble avant de vous fier aux notes."),
                {"k": self.weighted_text, "low": f"{LOW.numerator}/{LOW.denominator}"},
            )  # fmt: skip
        return Message(
            _("Accord suffisant (kappa pondéré %(k)s) : les deux notateurs lisent la grille de la même façon."),
            {"k": self.weighted_text},
        )

    @property
    def weighted_text(self) -> str:
        return "–" if self.weighted is None else f"{self.weighted.numerator}/{self.weighted.denominator}"


def cohen(pairs: Sequence[Pair], *, levels: int = LEVELS, linear: bool = False) -> Fraction | None:
    """1 - observed disagreement / that of chance; linear: a difference of k levels weighs k. None where chance leaves none.

    >>> cohen([(1, 1), (0, 0), (1, 0), (0, 0)], levels=2)
    Fraction(1, 2)
    """
    n = len(pairs)

    def cost(a: int, b: int) -> int:
        return abs(a - b) if linear else int(a != b)

    first, second = (Counter(p[k] for p in pairs) for k in (0, 1))
    chance = sum(first[a] * second[b] * cost(a, b) for a in range(levels) for b in range(levels))
    if not n or not chance:
        return None
    return 1 - Fraction(n * sum(cost(a, b) for a, b in pairs), chance)


def agreement(pairs: Sequence[Pair]) -> Agreement:
    return Agreement(len(pairs), sum(a == b for a, b in pairs), cohen(pairs), cohen(pairs, linear=True))


def apart(first: Mapping[str, int], second: Mapping[str, int]) -> list[str]:
    """Criteria on which two raters are two levels or more apart."""
    return [c for c in first if c in second and abs(first[c] - second[c]) >= APART]


def mark(
    first: Mapping[str, int], second: Mapping[str, int], agreed: Mapping[str, int], rubric: Sequence[Criterion]
) -> Fraction:
    """The share of the written part, 0 to 1: the agreed level where one was needed, else the mean of the two, by weight."""
    total = sum(c.weight for c in rubric)
    got = Fraction(0)
    for c in rubric:
        got += (Fraction(agreed[c.id]) if c.id in agreed else Fraction(first[c.id] + second[c.id], 2)) * c.weight
    return got / ((LEVELS - 1) * total) if total else Fraction(0)
