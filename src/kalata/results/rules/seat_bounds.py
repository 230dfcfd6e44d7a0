"""Can what is not settled still move a seat? The bounds of the proportional formulas.

Every formula here gives the seats to the largest of numbers attached to (list, seat), so that an allocation
stands as long as, for every list A that holds a seat and every other list B, the number of A's last seat is
larger than the number of B's next one:

    highest averages   v_A / d(s_A)  >  v_B / d(s_B + 1)
    largest remainders v_A / q − (s_A − 1)  >  v_B / q − s_B,  and  v_A / q − (s_A − 1) > 0
    quota, then averages: the averages hold, for the seats of whole quotas too (`average_holds`)

Against each pair all m papers are put where they hurt most; the threshold is tested with its base grown.
Highest averages are exact. With a quota the sets of lists near the threshold are tried one by one, and the
bound may be too cautious: a content that changes the outcome is then looked for, and `tight` tells whether
one was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from .bounds import Change, Missing, What, least
from .seats import Allocation, divisor, passes
from .systems import Formula, Threshold

MOST_NEAR = 8
"""Lists near the threshold whose subsets are tried (2^8); beyond, the bound gives up and says so."""

AVERAGES = frozenset({Formula.DHONDT, Formula.SAINTE_LAGUE, Formula.MODIFIED_SAINTE_LAGUE})


@dataclass(frozen=True, slots=True)
class House:
    """One constituency under its formula: sure votes, the seats to be proved, and the pool."""

    votes: Mapping[str, int]
    valid: int
    held: Mapping[str, int]
    seats: int
    formula: Formula
    threshold: Threshold | None
    quota_base: str
    papers: int

    @property
    def solo(self) -> bool:
        """One list, and every valid vote is its own: there is no elsewhere."""
        return len(self.votes) == 1 and self.valid == sum(self.votes.values())

    def surely_in(self, option: str, papers: int | None = None) -> bool:
        """Admitted whatever the pool says: every paper elsewhere."""
        n = 0 if self.solo else self.papers if papers is None else papers
        return self.threshold is None or passes(self.votes[option], self.valid + n, self.threshold)

    def maybe_in(self, option: str, papers: int | None = None) -> bool:
        """Admitted by some content of the pool: every paper here."""
        n = self.papers if papers is None else papers
        if self.votes[option] + n <= 0:
            return False
        return self.threshold is None or passes(self.votes[option] + n, self.valid + n, self.threshold)

    @property
    def holders(self) -> list[str]:
        return [o for o in self.votes if self.held[o]]

    def near(self, papers: int) -> list[str]:
        """Lists without a seat whose admission depends on so many papers."""
        there = [o for o in self.votes if not self.held[o]]
        return [o for o in there if self.maybe_in(o, papers) and not self.surely_in(o, papers)]


@dataclass(frozen=True, slots=True)
class Danger:
    """Lists that could gain a seat, from whom (under the threshold, or by a better claim), from how many papers on."""

    what: What
    options: tuple[str, ...]
    of: tuple[str, ...]
    papers: int | None
    tight: bool


def dangers(house: House, admitted: Sequence[str]) -> list[Danger]:
    """Everything that could move a seat, by list."""
    out = []
    for option in house.holders:
        if not house.surely_in(option):
            # papers elsewhere only enlarge the base
            n = least(lambda t, o=option: not passes(house.votes[o], house.valid + t, house.threshold), house.papers)  # type: ignore
            heirs = tuple(o for o in house.votes if o != option and house.maybe_in(o))
            # alone in the contest: only votes of no list, which are none of the pool's, could do it
            out.append(Danger(What.THRESHOLD, heirs, (option,), n, len(house.votes) > 1))
    if house.formula in AVERAGES:
        return out + list(by_average(house, admitted))
    return out + list(by_quota(house, admitted))


def by_average(house: House, admitted: Sequence[str]) -> Iterator[Danger]:
    for b in house.votes:
        if not house.maybe_in(b):
            continue
        nb, db = divisor(house.formula, house.held[b])
        losers = {}
        for a in house.holders:
            if a == b:
                continue
            na, da = divisor(house.formula, house.held[a] - 1)
            # v_A/d_A ≤ (v_B + t)/d_B, first t that makes it so
            over = house.votes[a] * da * nb
            n = max(0, -(-over // (na * db)) - house.votes[b])
            if n <= house.papers:
                losers[a] = n
        if losers:
            first = min(losers.values())
            enters = least(lambda t, o=b: house.maybe_in(o, t), house.papers)  # type: ignore[misc]
            n = max(first, enters or 0)
            yield Danger(What.SEAT if b in admitted else What.THRESHOLD, (b,), tuple(losers), n, True)


# --- quotas -----------------------------------------------------------------------------------------------
def quota_of(house: House, total: int) -> tuple[int, int]:
    """The quota as (numerator, denominator) for a total of votes."""
    if house.formula is Formula.DROOP_LR:
        return total // (house.seats + 1) + 1, 1
    return total, house.seats


def steps(house: House, total: int, papers: int) -> set[int]:
    """The numbers of papers among which the worst lies: the ends, and the last paper before a rounded quota grows."""
    out = {0, papers}
    if house.formula is Formula.DROOP_LR:
        period = house.seats + 1
        first = (house.seats - total) % period
        if first <= papers:
            out |= {first, first + (papers - first) // period * period}
    return out


def pair_holds(house: House, a: str, b: str, total: int, papers: int) -> bool:
    """Largest remainders: A keeps its last seat against B's next one, all t ≤ papers given to B."""
    apart = 1 + house.held[b] - house.held[a]
    for t in steps(house, total, papers):
        num, den = quota_of(house, total + t)
        if den * (house.votes[a] - house.votes[b] - t) + num * apart <= 0:
            return False
    return True


def remainder_holds(house: House, a: str, total: int, papers: int) -> bool:
    """A's last seat rests on a whole quota or a remainder: there is one, all papers given to others."""
    num, den = quota_of(house, total + papers)
    return den * house.votes[a] > num * (house.held[a] - 1)


def average_holds(house: House, a: str, b: str, papers: int) -> bool:
    """Quota then averages: A's last seat has a higher average than B's next one, all papers given to B.

    A seat of a whole quota needs no other test: its average is a quota at least, and only a list that reaches one
    whole quota more has such an average for its next seat.
    """
    return house.votes[a] * (house.held[b] + 1) > (house.votes[b] + papers) * house.held[a]


def broken(house: House, inside: Sequence[str], papers: int) -> dict[str, set[str]]:
    """With these lists admitted: challenger -> lists that could lose a seat to it."""
    total = house.valid if house.quota_base == "valid" else sum(house.votes[o] for o in inside)
    alone = len(inside) == 1 and (house.solo or house.quota_base != "valid")
    out: dict[str, set[str]] = {}
    holders = [o for o in house.holders if o in inside]
    if house.formula is Formula.QUOTA_HIGHEST_AVERAGE:
        if alone:
            return out
        for a in holders:
            for b in inside:
                if a != b and not average_holds(house, a, b, papers):
                    out.setdefault(b, set()).add(a)
        return out
    if alone:
        # every seat is its own; with a rounded quota a remainder may still be lacking: never when 2T > n² − 1
        if house.formula is Formula.DROOP_LR and 2 * total <= house.seats**2 - 1:
            out |= {o: {o} for o in holders}
        return out
    for a in holders:
        if not remainder_holds(house, a, total, papers):
            out.setdefault(a, set()).add(a)
        for b in inside:
            if a != b and house.votes[b] + papers > 0 and not pair_holds(house, a, b, total, papers):
                out.setdefault(b, set()).add(a)
    return out


def by_quota(house: House, admitted: Sequence[str]) -> Iterator[Danger]:
    """A holder stands in every set that is tried: that it may fall under the threshold is a danger of its own."""
    near = house.near(house.papers)
    if len(near) > MOST_NEAR:
        yield Danger(What.THRESHOLD, tuple(near), tuple(house.holders), None, False)
        return

    def with_papers(n: int) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        near = house.near(n)
        core = [o for o in house.votes if house.held[o] or house.surely_in(o, n)]
        for extra in (e for size in range(len(near) + 1) for e in combinations(near, size)):
            for option, of in broken(house, [*core, *extra], n).items():
                found.setdefault(option, set()).update(of)
        return found

    for option, of in with_papers(house.papers).items():
        n = least(lambda t, o=option: o in with_papers(t), house.papers)  # type: ignore[misc]
        what = What.SEAT if option in admitted else What.THRESHOLD
        yield Danger(what, (option,), tuple(o for o in house.votes if o in of), n, False)


# --- the whole ---------------------------------------------------------------------------------------------
def seat_changes(
    house: House, share: Allocation, missing: Missing, same: Callable[[Mapping[str, int]], bool]
) -> tuple[Change, ...]:
    """How the seats could still change. same: does this content of the pool (papers by list) give them again?"""
    if not any(house.maybe_in(o) for o in house.votes):
        return ()  # no list can reach the threshold, with or without the pool: every seat stays open
    if share.ties:
        tied = tuple(dict.fromkeys(o for tie in share.ties for o in tie.options))
        found = [Danger(What.TIE, (o,), (), 1, False) for o in tied] or [
            Danger(What.THRESHOLD, (o,), (), None, False) for o in house.votes if house.maybe_in(o)
        ]
        if house.formula in AVERAGES:
            found = [Danger(d.what, d.options, d.of, d.papers, d.what is What.TIE) for d in found]
    else:
        found = dangers(house, share.admitted)
    witnessed = any(d.tight for d in found) or any(not same(fill) for fill in fills(house, found))
    return tuple(Change(d.what, d.options, d.of, d.papers, missing.ways, d.tight or witnessed) for d in found)


def fills(house: House, found: Sequence[Danger]) -> Iterator[dict[str, int]]:
    """Contents worth trying: each list alone with few, some or all papers."""
    m = house.papers
    if not found:
        return
    yield {}
    for option in house.votes:
        counts = {m, m // 2, *(d.papers + k for d in found if d.papers is not None for k in (-1, 0, 1))}
        for n in sorted(c for c in counts | steps(house, house.valid, m) if 0 < c <= m):
            yield {option: n}
