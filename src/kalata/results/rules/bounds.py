"""Can what is missing still change the outcome? Sufficient bounds, stated as such.

Of a missing station only the number of voters it could hold is known: its registered voters
(and those allowed beside the list). `m` is their sum. A result is *secured* when no possible
content of the missing stations could change it (field guide, results, section 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Secured(StrEnum):
    """What can be said of an outcome while records are missing."""

    YES = "secured"
    NO = "possible_change"
    UNKNOWN = "unknown"  # the number or the size of what is missing is not known


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not in the totals: stations, and the voters they could hold (None: not known)."""

    stations: int | None = 0
    voters: int | None = 0

    @property
    def nothing(self) -> bool:
        return self.stations == 0


def verdict(holds: bool, missing: Missing) -> Secured:
    if missing.nothing:
        return Secured.YES
    if missing.voters is None:
        return Secured.UNKNOWN
    return Secured.YES if holds else Secured.NO


def leader_secured(votes: Mapping[str, int], leader: str, missing: Missing) -> Secured:
    """Plurality and second round: c_1 − c_l > m for every other l."""
    m = missing.voters or 0
    return verdict(all(votes[leader] - v > m for o, v in votes.items() if o != leader), missing)


def majority_secured(count: int, base: int, share: Fraction, strict: bool, missing: Missing) -> Secured:
    """Elected in round 1 whatever is missing: the leader's votes against a base grown by m."""
    m = missing.voters or 0
    left, right = count * share.denominator, share.numerator * (base + m)
    return verdict(left > right if strict else left >= right, missing)


def no_majority_secured(count: int, base: int, share: Fraction, strict: bool, missing: Missing) -> Secured:
    """Nobody elected in round 1 even if every missing vote went to the leader."""
    m = missing.voters or 0
    left, right = (count + m) * share.denominator, share.numerator * (base + m)
    return verdict(not (left > right if strict else left >= right), missing)


def top_secured(votes: Mapping[str, int], qualified: tuple[str, ...], missing: Missing) -> Secured:
    """The qualified stay the same: c_x − c_l > m for every x inside and every l outside."""
    m = missing.voters or 0
    inside = min((votes[o] for o in qualified), default=0)
    return verdict(all(inside - v > m for o, v in votes.items() if o not in qualified), missing)


def seats_secured(votes: Mapping[str, int], seats: Mapping[str, int], missing: Missing) -> Secured:
    """Highest averages: for every holder A and every B, A/s_A > (B + m)/(s_B + 1)."""
    m = missing.voters or 0
    holds = all(
        votes[a] * (seats[b] + 1) > (votes[b] + m) * seats[a] for a in votes if seats[a] > 0 for b in votes if a != b
    )
    return verdict(holds, missing)
