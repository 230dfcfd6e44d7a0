"""Who can still win, with what is missing and what is contested: secured, possible or excluded. Pure, exact.

A missing station can hold any votes up to the voters it lists (m is their sum over all of them); a contested
report can fall. The bounds are sufficient, never necessary: "possible" may be too cautious, "secured" and
"excluded" are certain. Source: field guide on results, section 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kalata.text import gettext_noop as _


class Prospect(StrEnum):
    SECURED = "secured"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"


PROSPECT_LABELS: Mapping[Prospect, str] = {
    Prospect.SECURED: _("acquis"),
    Prospect.POSSIBLE: _("possible"),
    Prospect.EXCLUDED: _("exclu"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may still change: `missing` voters (None: not known), and the votes of each contested report."""

    missing: int | None = 0
    contested: Sequence[Mapping[str, int]] = ()

    def lost(self, a: str, b: str) -> int:
        """r_ab: by how much the lead of a over b shrinks at worst if contested reports fall."""
        return sum(max(0, report.get(a, 0) - report.get(b, 0)) for report in self.contested)


def surely_ahead(a: str, b: str, votes: Mapping[str, int], doubt: Doubt) -> bool:
    """a stays ahead of b whatever is missing says and whichever contested reports fall."""
    if doubt.missing is None:
        return False
    return votes[a] - votes[b] - doubt.lost(a, b) > doubt.missing


def among_first(
    option: str, places: int, votes: Mapping[str, int], doubt: Doubt, *, by_share: bool = False
) -> Prospect:
    """Does this option end among the first `places`? 1: wins a plurality or a second round; 2: goes to it.

    by_share: a share of a base opens the door too, of which no bound is known: nobody is then excluded by rank.
    """
    others = [o for o in votes if o != option]
    above = sum(surely_ahead(o, option, votes, doubt) for o in others)
    below = sum(surely_ahead(option, o, votes, doubt) for o in others)
    if above >= places:
        return Prospect.POSSIBLE if by_share else Prospect.EXCLUDED
    return Prospect.SECURED if len(others) - below < places else Prospect.POSSIBLE


def majority(
    option: str,
    votes: Mapping[str, int],
    base: int,
    share: Fraction,
    strict: bool,
    doubt: Doubt,
    grows: int | None = None,
) -> Prospect:
    """Does this option reach `share` of the base (more than, if strict)?

    base: valid votes, voters or registered electors. grows: by how much what is missing enlarges it; by as many
    as could vote, when None.
    Worst case: every missing vote goes elsewhere and every contested report good for it falls.
    Best case: every missing vote is its own and every contested report bad for it falls.
    """
    if doubt.missing is None:
        return Prospect.POSSIBLE
    num, den = share.numerator, share.denominator
    grows = doubt.missing if grows is None else grows
    lead = den * votes[option] - num * base
    swings = [den * r.get(option, 0) - num * sum(r.values()) for r in doubt.contested]
    worst = lead - sum(max(0, s) for s in swings) - num * grows
    best = lead + sum(max(0, -s) for s in swings) + den * doubt.missing - num * grows
    if worst > 0 or (worst == 0 and not strict):
        return Prospect.SECURED
    if best < 0 or (best == 0 and strict):
        return Prospect.EXCLUDED
    return Prospect.POSSIBLE
