"""Elections small enough to try every content of what is not settled, and a slow, plain reading of each rule.

Nothing here is taken from the product but the names of its kinds: the rules are written again from the
definitions of the field guide, seat by seat and fraction by fraction, so that two readings can disagree.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product

from kalata.results.rules.bounds import Missing, Totals
from kalata.results.rules.outcome import Outcome, decide
from kalata.results.rules.systems import Formula, Kind, System, Threshold
from kalata.results.rules.verdicts import Order

World = tuple[int, ...]
"""Votes of each option, then voters, then registered electors."""


@dataclass(frozen=True)
class Station:
    """standing: counted, missing, rerun or contested. votes and voters: as counted (zero where not)."""

    standing: str
    registered: int
    additional: int = 0
    votes: tuple[int, ...] = ()
    voters: int = 0

    @property
    def room(self) -> int:
        return max(self.registered + self.additional, self.voters)


@dataclass(frozen=True)
class Election:
    system: System
    stations: tuple[Station, ...]
    width: int
    seats: int | None = None
    round: int = 1

    @property
    def options(self) -> tuple[str, ...]:
        return tuple("ABCDE"[: self.width])


# --- every content ---------------------------------------------------------------------------------------
@cache
def fillings(width: int, room: int, registered: int) -> frozenset[World]:
    """Every paper an open station may turn out to hold: votes, with the rest null, or fewer voters than room."""
    found = set()
    for votes in product(range(room + 1), repeat=width):
        for voters in range(sum(votes), room + 1):
            found.add((*votes, voters, registered))
    return frozenset(found)


def contents(station: Station, width: int) -> frozenset[World]:
    held = (*(station.votes or (0,) * width), station.voters, station.registered)
    if station.standing == "counted":
        return frozenset({held})
    anything = fillings(width, station.room, station.registered)
    if station.standing == "contested":  # dismissed, annulled, or voted again
        return anything | {held, (0,) * (width + 2)}
    return anything


def worlds(election: Election, thin: bool = False) -> frozenset[World]:
    """Every total that may come out. thin: voters and registered left at zero, where the rule reads neither."""
    sums: frozenset[World] = frozenset({(0,) * (election.width + 2)})
    for station in election.stations:
        more = contents(station, election.width)
        if thin:
            more = frozenset((*w[:-2], 0, 0) for w in more)
        sums = frozenset(tuple(a + b for a, b in zip(s, c, strict=True)) for s in sums for c in more)
    return sums


def counted(election: Election) -> World:
    total = [0] * (election.width + 2)
    for station in election.stations:
        if station.standing in ("counted", "contested"):
            total = [a + b for a, b in zip(total, (*station.votes, station.voters, station.registered), strict=True)]
    return tuple(total)


# --- the rules, read slowly ------------------------------------------------------------------------------
Result = tuple[object, ...]


def enough(part: int, share: Fraction, whole: int, strict: bool) -> bool:
    return part > share * whole if strict else part >= share * whole


def plain(election: Election, world: World) -> Result:
    """(what, who, tied, seats) that the rule gives on a total."""
    system = election.system
    votes = dict(zip(election.options, world, strict=False))
    valid, voters, registered = sum(votes.values()), world[-2], world[-1]
    nothing: Result = ("undetermined", frozenset(), frozenset(), ())
    if valid == 0:
        return nothing
    if system.kind is Kind.TWO_OPTION_MAJORITY:
        return plain_referendum(system, votes["A"], votes["B"], voters, registered)
    if system.kind is Kind.PROPORTIONAL:
        return plain_seats(system, votes, valid, election.seats or 0)
    top = max(votes.values())
    first = {o for o, v in votes.items() if v == top}
    rounds = system.kind in (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY)
    if rounds and election.round == 1:
        base = {"valid": valid, "voters": voters, "registered": registered}[system.base]
        if not enough(top, system.majority, base, system.majority_strict):
            running = {o: v for o, v in votes.items() if v}
            inside = {o for o, v in running.items() if sum(w >= v for w in running.values()) <= system.qualify}
            level = {v for o, v in running.items() if o not in inside}
            if len(inside) == min(system.qualify, len(running)):
                return ("runoff", frozenset(inside), frozenset(), ())
            tied = {o for o, v in running.items() if v == max(level)}
            return ("tie", frozenset(inside | tied), frozenset(tied), ())
    if len(first) > 1:
        return ("tie", frozenset(first), frozenset(first), ())
    bloc = ((next(iter(first)), election.seats),) if election.seats else ()
    return ("elected", frozenset(first), frozenset(), bloc)


def plain_referendum(system: System, yes: int, no: int, voters: int, registered: int) -> Result:
    rejected: Result = ("rejected", frozenset("B"), frozenset(), ())
    if system.turnout_quorum is not None and not enough(voters, system.turnout_quorum, registered, False):
        return rejected
    half = system.base == "valid" and system.majority == Fraction(1, 2)
    if not half:
        base = {"valid": yes + no, "voters": voters, "registered": registered}[system.base]
        if not enough(yes, system.majority, base, system.majority_strict):
            return rejected
    if yes == no and (system.majority != Fraction(1, 2) or system.majority_strict):
        if system.tie_rule == "rejected":
            return rejected
        return ("tie", frozenset("AB"), frozenset("AB"), ())
    return ("adopted", frozenset("A"), frozenset(), ()) if yes >= no else rejected


def plain_seats(system: System, votes: dict[str, int], valid: int, seats: int) -> Result:
    bar = system.threshold
    inside = {o: v for o, v in votes.items() if bar is None or enough(v, bar.share, valid, bar.strict)}
    if not any(inside.values()):
        return ("tie", frozenset(), frozenset(inside), (seats,))
    claims = claims_of(system, inside, valid, seats)
    claims.sort(key=lambda c: -c[0])
    held = dict.fromkeys(votes, 0)
    if len(claims) < seats:
        for _claim, o in claims:
            held[o] += 1
        tied, left = {o for o, v in inside.items() if v}, seats - len(claims)
    else:
        edge = claims[seats - 1][0]
        above = [o for c, o in claims if c > edge]
        level = [o for c, o in claims if c == edge]
        exact = len(above) + len(level) == seats
        for o in above + (level if exact else []):
            held[o] += 1
        tied, left = (set(), 0) if exact else (set(level), seats - len(above))
    given = tuple(sorted((o, n) for o, n in held.items() if n))
    return ("tie" if left else "seats", frozenset(held_by(held)), frozenset(tied), (given, left))


def held_by(held: dict[str, int]) -> set[str]:
    return {o for o, n in held.items() if n}


ALL = Fraction(10**9)
"""A claim nobody outbids: a seat of the quota, which comes before every average."""


def claims_of(system: System, inside: dict[str, int], valid: int, seats: int) -> list[tuple[Fraction, str]]:
    """The claim of every list on its 1st, 2nd, … seat; the seats go to the largest claims."""
    formula = system.formula
    whole = valid if system.quota_base == "valid" else sum(inside.values())
    out: list[tuple[Fraction, str]] = []
    for o, v in inside.items():
        if v == 0:
            continue
        for held in range(seats):
            if formula is Formula.DHONDT:
                claim = Fraction(v, held + 1)
            elif formula is Formula.SAINTE_LAGUE:
                claim = Fraction(v, 2 * held + 1)
            elif formula is Formula.MODIFIED_SAINTE_LAGUE:
                claim = Fraction(v, 2 * held + 1) if held else Fraction(5 * v, 7)
            elif formula is Formula.QUOTA_HIGHEST_AVERAGE:
                claim = ALL if v * seats >= (held + 1) * whole else Fraction(v, held + 1)
            else:
                quota = Fraction(whole, seats) if formula is Formula.HARE_LR else Fraction(whole // (seats + 1) + 1)
                claim = v / quota - held
                claim = min(claim, Fraction(1))  # a whole quota is a seat, however large the rest
                if claim <= 0:
                    continue
            out.append((claim, o))
    return out


# --- what the product says -------------------------------------------------------------------------------
def totals_of(election: Election, world: World) -> Totals:
    votes = dict(zip(election.options, world, strict=False))
    return Totals(votes, sum(votes.values()), world[-2], world[-1])


def missing_of(election: Election) -> Missing:
    """The pool as the product is told of it."""
    open_ = [s for s in election.stations if s.standing != "counted"]
    contested = any(s.standing == "contested" for s in open_)
    sure = counted(
        Election(election.system, tuple(s for s in election.stations if s.standing != "contested"), election.width)
    )
    return Missing(
        len(open_),
        sum(s.room for s in open_),
        sum(s.registered for s in open_),
        totals_of(election, sure) if contested else None,
    )


def said(election: Election, orders: tuple[Order, ...] = ()) -> Outcome:
    return decide(
        election.system,
        totals_of(election, counted(election)),
        missing=missing_of(election),
        seats=election.seats,
        round_=election.round,
        orders=orders,
    )


def result_of(found: Outcome) -> Result:
    """An outcome in the terms of the plain reading: what the counted figures give, held back or not."""
    status = (found.on_counted or found.status).value
    who, tied = frozenset(found.options), frozenset(found.tied if status == "tie" else ())
    if found.allocation is None:
        return (status, who, tied, ())
    given = tuple(sorted((o, n) for o, n in found.allocation.seats.items() if n))
    if status == "elected":
        return (status, who, tied, given)
    left = found.allocation.open_seats
    return (
        status,
        who,
        tied,
        (given, left) if given or status == "seats" else ((left,) if not who and nobody(found) else (given, left)),
    )


def nobody(found: Outcome) -> bool:
    """No list was admitted with a vote: every seat stays open."""
    assert found.allocation is not None
    return not any(found.allocation.seats.values()) and found.allocation.quota is None and not found.allocation.averages


# --- random small elections ------------------------------------------------------------------------------
SHARES = (Fraction(1, 2), Fraction(1, 3), Fraction(2, 5), Fraction(2, 3))


def system_at(chance: random.Random) -> System:
    kind = chance.choice([*Kind, Kind.PROPORTIONAL, Kind.PROPORTIONAL, Kind.TWO_OPTION_MAJORITY])
    if kind is Kind.PROPORTIONAL:
        bar = chance.choice([None, None, Fraction(1, 10), Fraction(1, 5), Fraction(1, 3)])
        return System(
            kind,
            formula=chance.choice(list(Formula)),
            threshold=None if bar is None else Threshold(bar, chance.random() < 0.5),
            quota_base=chance.choice(["admitted", "valid"]),
        )
    base = chance.choice(["valid", "valid", "voters", "registered"])
    strict, share = chance.random() < 0.7, chance.choice(SHARES)
    if kind is Kind.TWO_OPTION_MAJORITY:
        plainly = chance.random() < 0.5
        return System(
            kind,
            yes="A",
            no="B",
            majority=Fraction(1, 2) if plainly else share,
            majority_strict=strict,
            base="valid" if plainly else base,
            turnout_quorum=chance.choice([None, Fraction(1, 4), Fraction(1, 2)]),
            tie_rule=chance.choice([None, "rejected"]),
        )
    return System(kind, majority=share, majority_strict=strict, base=base, qualify=chance.choice([2, 2, 3]))


def station_at(chance: random.Random, width: int, standing: str, top: int) -> Station:
    if standing in ("missing", "rerun"):
        return Station(standing, chance.randint(0, 3), chance.choice([0, 0, 0, 1]))
    votes = tuple(chance.randint(0, top) for _o in range(width))
    voters = sum(votes) + chance.choice([0, 0, 1])
    return Station(standing, voters + chance.randint(0, 3), 0, votes, voters)


def election_at(chance: random.Random) -> Election:
    system = system_at(chance)
    width = 2 if system.kind is Kind.TWO_OPTION_MAJORITY else chance.choice([1, 2, 2, 3, 3, 3, 4])
    small = chance.random() < 0.4
    stations = [station_at(chance, width, "counted", 3 if small else 14) for _n in range(chance.randint(1, 2))]
    for _n in range(chance.randint(0, 2 if width < 4 else 1)):
        stations.append(station_at(chance, width, chance.choice(["missing", "rerun"]), 0))
    if chance.random() < 0.25:
        stations.append(station_at(chance, width, "contested", 1))
    shares = system.kind in (Kind.PROPORTIONAL, Kind.LIST_PLURALITY, Kind.LIST_TWO_ROUND_MAJORITY)
    return Election(
        system, tuple(stations), width, chance.randint(1, 5) if shares else None, chance.choice([1, 1, 1, 2])
    )


def reads_only_votes(system: System) -> bool:
    return system.base == "valid" and system.turnout_quorum is None


def other_results(election: Election, now: Result) -> Iterator[World]:
    """Contents that give another result than the counted figures."""
    for world in worlds(election, thin=reads_only_votes(election.system)):
        if plain(election, world) != now:
            yield world


def survey(seed: int, number: int) -> dict[str, int]:
    """What was said of random small elections and what is true of them; nothing is asserted here.

    false: said secured, and a content gives another outcome. cautious: said open, and none does. overstated:
    cautious, and the bound claimed to be tight. wrong: the verdict on the counted figures is not the plain one.
    """
    chance = random.Random(seed)
    seen = {"elections": number, "secured": 0, "false": 0, "open": 0, "cautious": 0, "overstated": 0, "wrong": 0}
    for _n in range(number):
        election = election_at(chance)
        found, now = said(election), plain(election, counted(election))
        seen["wrong"] += result_of(found) != now
        other = next(other_results(election, now), None)
        if found.on_counted is not None:
            seen["open"] += 1
            seen["cautious"] += other is None
            seen["overstated"] += other is None and any(change.tight for change in found.open)
        elif now[0] != "undetermined":
            seen["secured"] += 1
            seen["false"] += other is not None
    return seen
