"""The margin at every boundary of a place, in whole votes: at least zero where the side that holds it has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from kalata.results.rules.outcome import Status, majority_needed, ranking
from kalata.results.rules.systems import Kind, answers
from kalata.results.rules.verdicts import approval_of, base_of

from .places import Place

TWO_ROUNDS = (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY)


def margins_of(place: Place) -> list[dict[str, Any]]:
    """Every boundary that this rule draws here, in one order."""
    return [
        {"boundary": what, "constituency": place.code, "options": list(options), "margin": margin}
        for what, options, margin in boundaries(place)
    ]


def least(share: Fraction, base: int, strict: bool) -> int:
    """The smallest whole number that is at least (more than, where strict) a share of a base."""
    whole, rest = divmod(share.numerator * base, share.denominator)
    return whole + 1 if strict or rest else whole


def boundaries(place: Place) -> Iterator[tuple[str, Sequence[str], int]]:
    system, totals = place.election.system, place.totals
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        yield from referendum(place)
        return
    rank = ranking({o: v for o, v in totals.votes.items() if v or place.code is None})
    if not rank:
        return
    if system.kind is Kind.PROPORTIONAL:
        if system.threshold is not None:
            base = max(totals.valid, sum(totals.votes.values()))
            bar = least(system.threshold.share, base, system.threshold.strict)
            for option, count in totals.votes.items():
                yield "threshold", (option,), count - bar
        return
    if place.election.round == 1 and system.kind in TWO_ROUNDS:
        yield from first_round(place, rank)
        return
    if len(rank) > 1:
        yield "rank", (rank[0][0], rank[1][0]), rank[0][1] - rank[1][1]


def first_round(place: Place, rank: Sequence[tuple[str, int]]) -> Iterator[tuple[str, Sequence[str], int]]:
    system, totals = place.election.system, place.totals
    base = base_of(totals, system)
    first = rank[0][1]
    elected = False
    if base is not None:
        needed = majority_needed(base, system)
        elected = first >= needed
        yield "majority", [o for o, v in rank if v == first], first - needed
    if not elected and place.found.on_counted is not Status.ELECTED and len(rank) > system.qualify:
        inside, outside = rank[system.qualify - 1], rank[system.qualify]
        yield "qualification", (inside[0], outside[0]), inside[1] - outside[1]
    if system.qualify_at is not None:
        whole = totals.registered if system.qualify_at.base == "registered" else totals.valid
        if whole is not None:
            bar = least(system.qualify_at.share, whole, False)
            for option, count in totals.votes.items():
                yield "qualification_share", (option,), count - bar


def referendum(place: Place) -> Iterator[tuple[str, Sequence[str], int]]:
    system, totals = place.election.system, place.totals
    yes, no = answers(system, tuple(totals.votes))
    yield "adoption", (yes, no), totals.votes[yes] - totals.votes[no]
    approval = approval_of(system, totals)
    if approval is not None and base_of(totals, system) is not None:
        yield "approval", (yes,), totals.votes[yes] - least(approval.share, approval.size, approval.strict)
    if system.turnout_quorum is not None and totals.voters is not None and totals.registered is not None:
        yield "quorum", (yes, no), totals.voters - least(system.turnout_quorum, totals.registered, False)
