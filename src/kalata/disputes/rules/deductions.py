"""What votes taken off options do: the least that changes the outcome, and ballots known to be irregular, unknown for whom.

Votes and valid votes fall together; voters and registered electors do not. Fractions are exact. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kalata.results.rules.outcome import Outcome

from .conditions import Alternative, Limit, alternatives
from .places import PARTS, VALID, Place, Variable

SCANNED, SCANNED_OPEN = 20_000, 500
"""Numbers of votes tried one by one where no limit says where the outcome turns; fewer where stations are unsettled."""
WORLDS = 20_000
"""Distinct sums of attributions that are tried one by one."""


def off(option: int, votes: int) -> dict[Variable, Any]:
    """So many votes off one option and off the valid votes."""
    return {option: votes, VALID: votes, PARTS: votes}


# --- the price of another outcome ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Price:
    """The least number of votes off an option that gives another outcome, None where none does. exact: no smaller one does."""

    votes: int | None
    outcome: Outcome | None
    exact: bool = True


def price(place: Place, option: int, ways: Sequence[Alternative]) -> Price:
    """The smallest d for which d votes less for this option give another outcome."""
    most = place.line[option]
    spans = sorted(span for way in ways if (span := interval(way, option, most)) is not None)
    tried = 0
    done = 0
    for low, high in spans:
        low = max(low, done + 1)
        for d in range(low, high + 1):
            if tried > (SCANNED if place.clear else SCANNED_OPEN):
                return far(place, option, d, most)
            found = place.less(off(option, d))
            if not place.same(found):
                return Price(d, found)
            tried, done = tried + 1, d
    return Price(None, None)


def interval(way: Alternative, option: int, most: int) -> tuple[int, int] | None:
    """The numbers of votes, 1 to `most`, for which every limit of an alternative is met."""
    low, high = 1, most
    for limit in way:
        slope = sum(w for v, w in limit.weights if v in (option, VALID, PARTS))
        if slope > 0:
            low = max(low, -(-limit.need // slope))
        elif slope < 0:
            high = min(high, limit.need // slope)
        elif limit.need > 0:
            return None
    return (low, high) if low <= high else None


def far(place: Place, option: int, start: int, most: int) -> Price:
    """Somewhere beyond what was tried: a turn between two numbers, not proved to be the first."""
    low, step = start - 1, 1
    while low + step < most and place.same(place.less(off(option, low + step))):
        low, step = low + step, step * 2
    high = min(low + step, most)
    if place.same(place.less(off(option, high))):
        return Price(None, None, False)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if place.same(place.less(off(option, middle))) else (low, middle)
    return Price(high, place.less(off(option, high)), False)


def deductions_of(place: Place) -> Iterator[dict[str, Any]]:
    """For each option of a place, the price of another outcome."""
    ways = alternatives(place)
    for j, option in enumerate(place.totals.votes):
        found = price(place, j, ways)
        taken = off(j, found.votes or 0)
        outcome = None if found.outcome is None else place.record(found.outcome, taken)
        out = {"option": option, "constituency": place.code, "votes": found.votes, "outcome": outcome}
        yield out if found.exact else out | {"exact": False}


# --- irregular ballots --------------------------------------------------------------------------------------
Irregular = Mapping[int, int]
"""Station of the election -> ballots known to be irregular."""


def votes_at(place: Place, station: int) -> list[int]:
    return [max(column[station], 0) for column in place.election.votes]


@dataclass(frozen=True, slots=True)
class Any_:
    """Does every whole attribution give the same outcome? exact: False where it could not be proved."""

    same: bool
    exact: bool = True


def every_attribution(place: Place, irregular: Irregular) -> Any_:
    """Every way to take these ballots from the options of their stations, none below zero there."""
    total = sum(irregular.values())
    if not total:
        return Any_(True)
    stations = [(votes_at(place, at), n) for at, n in irregular.items() if n]
    open_ = False
    for way in alternatives(place):
        worst = [attribution(limit, stations, total) for limit in way]
        if any(brought < limit.need for limit, (brought, _taken) in zip(way, worst, strict=True)):
            continue
        for _brought, taken in worst or [attribution(Limit((), 0), stations, total)]:
            if not place.same(place.less({**taken, VALID: total, PARTS: total})):
                return Any_(False)
        open_ = True
    if not open_:
        return Any_(True)
    sums = sums_of(stations)
    if sums is None:
        return Any_(False, False)
    whole = ({**dict(enumerate(votes)), VALID: total, PARTS: total} for votes in sums)
    return Any_(all(place.same(place.less(taken)) for taken in whole))


def attribution(limit: Limit, stations: Sequence[tuple[list[int], int]], total: int) -> tuple[int, dict[Variable, int]]:
    """The attribution that brings most to a limit: in each station, off the options that weigh most first."""
    weights = dict(limit.weights)
    brought = total * (weights.get(VALID, 0) + weights.get(PARTS, 0))
    taken: dict[Variable, int] = {}
    for votes, ballots in stations:
        for option in sorted(range(len(votes)), key=lambda j: -weights.get(j, 0)):
            n = min(ballots, votes[option])
            ballots -= n
            brought += n * weights.get(option, 0)
            taken[option] = taken.get(option, 0) + n
    return brought, taken


def sums_of(stations: Sequence[tuple[list[int], int]]) -> set[tuple[int, ...]] | None:
    """Every total that the attributions may give; None where they are too many."""
    out: set[tuple[int, ...]] = {(0,) * len(stations[0][0])}
    for votes, ballots in stations:
        parts = compositions(votes, ballots)
        if parts is None or len(parts) * len(out) > 50 * WORLDS:
            return None
        out = {tuple(a + b for a, b in zip(one, part, strict=True)) for one in out for part in parts}
        if len(out) > WORLDS:
            return None
    return out


def compositions(votes: Sequence[int], ballots: int) -> list[tuple[int, ...]] | None:
    """Every way to take so many ballots from these votes; None where they are too many."""
    out: list[tuple[tuple[int, ...], int]] = [((), ballots)]
    room = sum(votes)
    for count in votes:
        room -= count
        out = [((*have, n), left - n) for have, left in out for n in range(max(left - room, 0), min(count, left) + 1)]
        if len(out) > WORLDS:
            return None
    return [have for have, left in out if not left]


def leader(place: Place, irregular: Irregular) -> dict[Variable, Any] | None:
    """Off the option that is first here, up to its votes in each station; None where two are first."""
    votes = list(place.totals.votes.values())
    first = [j for j, v in enumerate(votes) if v == max(votes)]
    if len(first) != 1:
        return None
    return off(first[0], sum(min(n, votes_at(place, at)[first[0]]) for at, n in irregular.items()))


def each(place: Place, irregular: Irregular) -> dict[Variable, Any]:
    """The same number off every option, up to its votes in each station."""
    taken: dict[Variable, Any] = {}
    for at, n in irregular.items():
        for j, votes in enumerate(votes_at(place, at)):
            taken[j] = taken.get(j, 0) + min(n, votes)
    whole = sum(taken.values())
    return taken | {VALID: whole, PARTS: whole}


def proportional(place: Place, irregular: Irregular) -> dict[Variable, Any]:
    """Off every option as it had its share of the votes of the station: exact fractions."""
    taken: dict[Variable, Any] = {}
    for at, n in irregular.items():
        votes = votes_at(place, at)
        whole = sum(votes)
        for j, count in enumerate(votes):
            if count and n:
                taken[j] = taken.get(j, 0) + Fraction(n * count, whole)
    total = sum(irregular.values())
    return taken | {VALID: total, PARTS: total}
