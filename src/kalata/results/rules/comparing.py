"""Two totals beside each other: this round and the one before, this election and the last of its kind. Pure.

Only shares are set against each other where the coverage differs: a total of half the stations is not less than a whole
one. What one of the two does not have is unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kalata.text import Named, decimal, fold, percent, translate
from kalata.text import gettext_noop as _


class Against(StrEnum):
    """What a total is compared with."""

    ROUND = "round"
    ELECTION = "election"
    ARCHIVE = "archive"


AGAINST_LABELS: Mapping[Against, str] = {
    Against.ROUND: _("autre tour du même scrutin"),
    Against.ELECTION: _("scrutin précédent de même nature"),
    Against.ARCHIVE: _("dernier scrutin de même nature dans les archives du pack"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One total. Fields are None where they are not known. votes: folded name of a candidate -> votes."""

    name: Named
    day: str
    link: str = ""
    counted: int | None = None
    expected: int | None = None
    registered: int | None = None
    voters: int | None = None
    null: int | None = None
    valid: int | None = None
    votes: Mapping[str, int] = field(default_factory=dict)
    source: str = ""
    unverified: bool = False

    @property
    def coverage(self) -> Fraction | None:
        return Fraction(self.counted, self.expected) if self.counted is not None and self.expected else None

    @property
    def turnout(self) -> Fraction | None:
        return Fraction(self.voters, self.registered) if self.voters is not None and self.registered else None

    @property
    def null_share(self) -> Fraction | None:
        return Fraction(self.null, self.voters) if self.null is not None and self.voters else None

    def share(self, name: str) -> Fraction | None:
        votes = self.votes.get(fold(name))
        return Fraction(votes, self.valid) if votes is not None and self.valid else None


@dataclass(frozen=True, slots=True)
class Line:
    """One share now and before. gap: in points of percentage; None where either is unknown."""

    label: str
    now: Fraction | None
    before: Fraction | None
    candidate: bool = False

    @property
    def gap(self) -> Fraction | None:
        return None if self.now is None or self.before is None else (self.now - self.before) * 100


@dataclass(frozen=True, slots=True)
class Comparison:
    against: Against
    before: Side
    lines: tuple[Line, ...]
    partial: bool

    @property
    def label(self) -> str:
        return AGAINST_LABELS[self.against]


def compared(now: Side, before: Side, names: list[str], against: Against) -> Comparison:
    """Turnout, null ballots, and each candidate who stood in both. partial: not all stations of both are counted."""
    lines = [Line(_("Participation"), now.turnout, before.turnout), Line(_("Bulletins nuls"), now.null_share, before.null_share)]  # fmt: skip
    lines += [Line(name, now.share(name), before.share(name), True) for name in names if fold(name) in before.votes]
    partial = any(side.coverage is not None and side.coverage < 1 for side in (now, before))
    return Comparison(against, before, tuple(line for line in lines if line.now is not None or line.before is not None), partial)  # fmt: skip


def points(gap: Fraction | None, lang: str) -> str:
    """A difference of shares in points, signed: +1,25."""
    if gap is None:
        return "–"
    return ("+" if gap > 0 else "") + decimal(gap, lang, 2)


def said(found: Iterable[Comparison], lang: str) -> list[dict[str, Any]]:
    """Comparisons in one language, for the public site, which keeps no address of the house."""
    out = []
    for one in found:
        note = translate(_("L’un des deux n’est pas complet : ces parts peuvent encore changer."), lang) if one.partial else ""  # fmt: skip
        lines = [
            (line.label if line.candidate else translate(line.label, lang), percent(line.now, lang), percent(line.before, lang), points(line.gap, lang))
            for line in one.lines
        ]  # fmt: skip
        label = translate(one.label, lang)
        out.append({"label": label[:1].upper() + label[1:], "name": one.before.name.text(lang), "link": "", "note": note, "lines": lines})  # fmt: skip
    return out
