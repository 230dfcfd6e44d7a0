"""Materiality read slowly: every subset, every deduction, every attribution, under the plain rules of `small_elections`.

Nothing is taken from the product but the names of its kinds. A case is a system, stations of a few votes, and what is
contested; a world is the sum of the stations left.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from kalata.results.rules.systems import Kind, QualifyAt
from tests.rules import small_elections as small
from tests.rules.small_elections import Result, Station, World

TWO_ROUNDS = (Kind.TWO_ROUND_MAJORITY, Kind.LIST_TWO_ROUND_MAJORITY)


def result(election: small.Election, world: World) -> Result:
    """The plain result, with the share that opens a second round where there is one."""
    found = small.plain(election, world)
    at = election.system.qualify_at
    if at is None or found[0] not in ("runoff", "tie") or election.round > 1:
        return found
    votes = dict(zip(election.options, world, strict=False))
    whole = {"valid": sum(votes.values()), "registered": world[-1]}[at.base]
    by_share = frozenset(o for o, v in votes.items() if v and v >= at.share * whole)
    if found[0] == "tie" and len(found[2]) > 1 and found[1] == found[2] and max(votes.values()) > 0:  # type: ignore[arg-type]
        base = {"valid": sum(votes.values()), "voters": world[-2], "registered": world[-1]}[election.system.base]
        if small.enough(max(votes.values()), election.system.majority, base, election.system.majority_strict):
            return found  # a tie for the seat itself
    if found[0] == "tie" and not found[2] <= by_share:  # type: ignore[operator]
        return found
    return ("runoff", found[1] | by_share, frozenset(), ())  # type: ignore[operator]


def total(election: small.Election, gone: Sequence[int] = (), keeps: Sequence[str] = ()) -> World:
    out = [0] * (election.width + 2)
    for i, s in enumerate(election.stations):
        if i not in gone:
            line = (*s.votes, s.voters, s.registered)
        else:
            line = (*(0 for _v in s.votes), s.voters if "voters" in keeps else 0, s.registered if "registered" in keeps else 0)  # fmt: skip
        out = [a + b for a, b in zip(out, line, strict=True)]
    return tuple(out)


OPEN = ("tie", "undetermined")


@dataclass(frozen=True)
class Case:
    """contested: stations by place; irregular: station -> ballots."""

    election: small.Election
    contested: tuple[int, ...]
    keeps: tuple[str, ...]
    irregular: dict[int, int]

    def now(self) -> Result:
        return result(self.election, total(self.election))

    def least(self, decided: bool) -> int | None:
        """The smallest number of stations, by trying every subset."""
        now = self.now()
        for size in range(1, len(self.contested) + 1):
            for gone in combinations(self.contested, size):
                found = result(self.election, total(self.election, gone, self.keeps))
                if found != now and not (decided and found[0] in OPEN):
                    return size
        return None

    def price(self, option: int) -> int | None:
        """The fewest votes off one option, by trying each number."""
        now, world = self.now(), total(self.election)
        for d in range(1, world[option] + 1):
            less = tuple(v - d if j == option else v for j, v in enumerate(world))
            if result(self.election, less) != now:
                return d
        return None

    def attributions(self) -> Iterator[World]:
        """Every total that the irregular ballots may leave."""
        world = total(self.election)
        parts = []
        for at, ballots in self.irregular.items():
            votes = self.election.stations[at].votes
            every = product(*(range(v + 1) for v in votes))
            parts.append({line for line in every if sum(line) == ballots})
        for chosen in product(*parts):
            gone = [sum(line) for line in zip(*chosen, strict=True)] if chosen else [0] * self.election.width
            yield (*(v - g for v, g in zip(world, gone, strict=False)), *world[-2:])

    def same_under_any(self) -> bool:
        now = self.now()
        return all(result(self.election, world) == now for world in self.attributions())

    def proportional(self) -> Result:
        """The result with exact fractions taken off, in each station, as each option had its share."""
        world: list[Any] = list(total(self.election))
        for at, ballots in self.irregular.items():
            votes = self.election.stations[at].votes
            for j, v in enumerate(votes):
                if v:
                    world[j] -= Fraction(ballots * v, sum(votes))
        return result(self.election, tuple(world))

    # --- the same, as the product is given it ---------------------------------------------------------------
    def given(self) -> dict[str, Any]:
        s = self.election.system
        system: dict[str, Any] = {"kind": s.kind.value, "qualify": s.qualify, "base": s.base}
        system |= {"majority": str(s.majority), "majority_strict": s.majority_strict, "quota_base": s.quota_base}
        system |= {k: v for k, v in (("yes", s.yes), ("no", s.no), ("tie_rule", s.tie_rule), ("seats", self.election.seats)) if v}  # fmt: skip
        if s.formula:
            system["formula"] = s.formula.value
        if s.threshold:
            system["threshold"] = {"value": str(s.threshold.share), "op": ">" if s.threshold.strict else ">="}
        if s.turnout_quorum is not None:
            system["turnout_quorum"] = str(s.turnout_quorum)
        if s.qualify_at:
            system["qualify_at"] = {"share": str(s.qualify_at.share), "base": s.qualify_at.base}
        stations = [
            {"station": [f"S{i}"], "votes": list(x.votes), "figures": {"registered": x.registered, "voters": x.voters, "valid": sum(x.votes)},
             **({"constituency": "K"} if self.election.seats else {})}
            for i, x in enumerate(self.election.stations)
        ]  # fmt: skip
        contest = {"id": "r", "system": system, "round": self.election.round}
        return {
            "election": {"contest": contest, "options": list(self.election.options), "stations": stations},
            "contested": [[f"S{i}"] for i in self.contested],
            "annulled_keeps": list(self.keeps),
            "irregular": [{"station": [f"S{i}"], "votes": n} for i, n in self.irregular.items()],
        }


def case_at(chance: random.Random) -> Case:
    """A random case small enough to be read whole."""
    system = small.system_at(chance)
    if system.kind in TWO_ROUNDS and chance.random() < 0.5:
        at = QualifyAt(
            chance.choice([Fraction(1, 8), Fraction(1, 4), Fraction(1, 3)]), chance.choice(["valid", "registered"])
        )
        system = replace(system, qualify_at=at)
    width = 2 if system.kind is Kind.TWO_OPTION_MAJORITY else chance.choice([1, 2, 3, 3, 4, 5])
    top = chance.choice([2, 5, 9, 30])
    stations = tuple(station_at(chance, width, top) for _n in range(chance.randint(1, 7)))
    shares = system.kind in (Kind.PROPORTIONAL, Kind.LIST_PLURALITY, Kind.LIST_TWO_ROUND_MAJORITY)
    election = small.Election(system, stations, width, chance.randint(1, 6) if shares else None, chance.choice([1, 1, 1, 2]))  # fmt: skip
    contested = tuple(i for i in range(len(stations)) if chance.random() < 0.8)
    irregular = {i: min(chance.randint(0, 3), sum(s.votes)) for i, s in enumerate(stations) if chance.random() < 0.3}
    keeps = chance.choice([(), (), ("registered",), ("registered", "voters")])
    return Case(election, contested, keeps, dict(list(irregular.items())[:2]))


def station_at(chance: random.Random, width: int, top: int) -> Station:
    votes = tuple(chance.choice([0, chance.randint(0, top), chance.randint(0, top)]) for _o in range(width))
    voters = sum(votes) + chance.choice([0, 0, 2])
    return Station("counted", voters + chance.randint(0, 5), 0, votes, voters)
