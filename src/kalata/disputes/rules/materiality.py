"""Could it have changed the result? Margins, the effect of acts, the smallest set, prices, irregular ballots.

Every doctrine gets its numbers; none is chosen here. Pure and exact: what is not proved says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kalata.results.records import outcomes_record
from kalata.results.records import share as share_record
from kalata.results.rules.boxes import Box, Standing
from kalata.results.rules.outcome import Outcome
from kalata.text import Message
from kalata.text import gettext_noop as _

from . import acts as reading
from . import deductions as taking
from .effect import Recomputation, applied
from .effect import same as same_outcomes
from .election import Election
from .margins import margins_of
from .minimal import Found, smallest
from .places import Place, Variable

CANNOT = _("Aucune annulation parmi ces bureaux ne peut changer l’issue.")
CAN = _("Une annulation parmi ces bureaux peut changer l’issue.")
MAY = _("Rien ne prouve qu’aucune annulation parmi ces bureaux ne puisse changer l’issue.")


@dataclass(eq=False)
class Weighing:
    """A case weighed. contested: stations that may be annulled; irregular: station -> ballots; acts: worked out, None without any."""

    election: Election
    contested: Sequence[int]
    acts: reading.Plan | None = None
    irregular: Mapping[int, int] = field(default_factory=dict)
    ignored: Sequence[int] = ()
    with_irregular: bool = False

    @cached_property
    def places(self) -> list[Place]:
        pools: dict[int, list[int]] = {}
        for i in self.contested:
            pools.setdefault(self.election.place(i), []).append(i)
        return [Place(self.election, at, pools.get(at, [])) for at in range(len(self.election.sums))]

    # --- the smallest set -----------------------------------------------------------------------------------
    @cached_property
    def found(self) -> list[Found]:
        return [smallest(place) for place in self.places]

    @cached_property
    def minimal(self) -> dict[str, Any] | None:
        """The smallest set of all places: another outcome in one of them is another outcome."""
        return self.pick(self.found)

    def pick(self, found: Sequence[Found]) -> dict[str, Any] | None:
        known = [(f.size, at) for at, f in enumerate(found) if f.chosen is not None]
        if not known:
            open_ = [f.at_least for f in found if not f.exact]
            return self.told({}, exact=False, at_least=min(open_)) if open_ else None
        size, at = min(known)
        doubt = [f.at_least for f in found if not f.exact and f.at_least < size]
        return self.told({at: found[at]}, exact=not doubt, at_least=min(doubt, default=size))

    def told(self, chosen: Mapping[int, Found], *, exact: bool, at_least: int) -> dict[str, Any]:
        stations = sorted(self.places[at].pool[k] for at, f in chosen.items() for k in f.chosen or ())
        out: dict[str, Any] = {"stations": len(stations), "set": [list(self.election.keys[i]) for i in stations]}
        if not chosen:
            out = {"stations": None, "set": None, "outcome": None}
        else:
            out |= self.after(stations)
        return out | {"exact": exact} | ({} if exact else {"at_least": at_least})

    def after(self, stations: Sequence[int]) -> dict[str, Any]:
        """The outcome when these stations are annulled."""
        plan = reading.Plan(standing=dict.fromkeys(stations, int(Standing.ANNULLED)))
        outcome, parts = applied(self.election, plan).outcome_records()
        return {"outcome": outcome, **({"constituencies": parts} if parts else {})}

    @cached_property
    def minimal_decided(self) -> dict[str, Any] | None:
        """The smallest set that gives another outcome, and one that is decided everywhere."""
        found = [f if f.outcome is not None and f.exact and p.decided(f.outcome) else smallest(p, decided=True) for p, f in zip(self.places, self.found, strict=True)]  # fmt: skip
        open_ = [at for at, place in enumerate(self.places) if place.open]
        if not open_:
            return self.pick(found)
        if any(found[at].chosen is None for at in open_):
            if all(found[at].exact for at in open_ if found[at].chosen is None):
                return None
            return self.told({}, exact=False, at_least=sum(max(found[at].at_least, 1) for at in open_))
        exact = all(found[at].exact for at in open_)
        least = sum(found[at].size if found[at].exact else found[at].at_least for at in open_)
        return self.told({at: found[at] for at in open_}, exact=exact, at_least=least)

    @cached_property
    def ceiling(self) -> dict[str, Any]:
        least = self.minimal
        if least is None:
            return {"can_change": False, "exact": True, **Message(CANNOT).both()}
        if least["stations"] is None:
            return {"can_change": True, "exact": False, **Message(MAY).both()}
        return {"can_change": True, "exact": True, **Message(CAN).both()}

    # --- acts -------------------------------------------------------------------------------------------------
    @cached_property
    def applied(self) -> Recomputation | None:
        return (
            None
            if self.acts is None
            else Recomputation("", self.election, applied(self.election, self.acts), self.acts)
        )

    @property
    def effect(self) -> dict[str, Any] | None:
        done = self.applied
        if done is None:
            return None
        outcome, parts = done.after.outcome_records()
        electors = self.electors(done.annulled)
        total = self.electors([i for i, s in enumerate(self.election.standing) if s != Standing.MISSING])
        return {
            "outcome": outcome,
            "constituencies": parts,
            "same": same_outcomes(self.election, done.after),
            "annulled_stations": len(done.annulled),
            "annulled_votes": done.annulled_votes,
            "registered": electors,
            "registered_share": None if electors is None or not total else share_record(electors, total),
        }

    def electors(self, stations: Sequence[int]) -> int | None:
        """Registered electors of stations; None where the forms do not give them."""
        if Box.REGISTERED not in self.election.boxes:
            return None
        column = self.election.figures[self.election.boxes.index(Box.REGISTERED)]
        return sum(max(column[i], 0) for i in stations)

    # --- irregular ballots --------------------------------------------------------------------------------------
    def at(self, place: Place) -> dict[int, int]:
        return {i: n for i, n in self.irregular.items() if self.election.place(i) == place.at}

    @cached_property
    def readings(self) -> dict[str, Any]:
        touched = [(place, self.at(place)) for place in self.places]
        touched = [(place, found) for place, found in touched if found]
        every = [taking.every_attribution(place, found) for place, found in touched]
        any_: dict[str, Any] = {"same": all(e.same for e in every)}
        if not any_["same"] and not any(e.exact for e in every if not e.same):
            any_["exact"] = False
        out = {
            "leader": self.reading([(p, taking.leader(p, found)) for p, found in touched]),
            "each": self.reading([(p, taking.each(p, found)) for p, found in touched]),
            "proportional": self.reading([(p, taking.proportional(p, found)) for p, found in touched]),
        }
        robust = any_["same"] and all(r is None or r["same"] for r in out.values())
        return {"any": any_, "readings": out, "robust": robust}

    def reading(self, taken: Sequence[tuple[Place, dict[Variable, Any] | None]]) -> dict[str, Any] | None:
        """What one way to take the ballots away gives; None where it does not say from whom."""
        found: dict[int, tuple[Outcome, dict[Variable, Any]]] = {}
        for place, votes in taken:
            if votes is None:
                return None
            found[place.at] = (place.less(votes), votes)
        same = all(self.places[at].same(outcome) for at, (outcome, _votes) in found.items())
        out: dict[str, Any] = {"same": same}
        records = {p.at: p.record(*found[p.at]) if p.at in found else p.record(p.found) for p in self.places}
        if not self.election.local:
            return out | {"outcome": records[0]}
        outcomes = {p.code or "": found[p.at][0] if p.at in found else p.found for p in self.places}
        votes_ = {p.code or "": dict(p.totals.votes) for p in self.places}
        valid = {p.code or "": p.totals.valid for p in self.places}
        whole, _parts = outcomes_record(outcomes, votes_, valid, self.election.system)
        return out | {"outcome": whole, "constituencies": [{"constituency": p.code, "outcome": records[p.at]} for p in self.places]}  # fmt: skip

    # --- told ---------------------------------------------------------------------------------------------------
    @property
    def wrong(self) -> bool:
        """Is the outcome in force a tie or undetermined, or do the acts change it?"""
        return self.election.undecided or (
            self.applied is not None and not same_outcomes(self.election, self.applied.after)
        )

    def prices(self) -> Iterator[dict[str, Any]]:
        for place in self.places:
            yield from taking.deductions_of(place)

    def record(self) -> dict[str, Any]:
        """The document of `kalata disputes materiality --json`."""
        outcome, parts = self.election.outcome_records()
        out: dict[str, Any] = {
            "contest": self.election.contest,
            "annulled_keeps": [b.value for b in self.election.keeps],
            "outcome": outcome,
            "constituencies": parts,
            "contested": len(self.contested),
            "margins": [m for place in self.places for m in margins_of(place)],
        }
        if self.applied is not None:
            out["effect"] = self.effect
        out |= {"minimal": self.minimal, "minimal_decided": self.minimal_decided, "ceiling": self.ceiling}
        out["deductions"] = list(self.prices())
        if self.with_irregular:
            out["irregular"] = self.readings
        if self.ignored:
            out["ignored"] = [list(self.election.keys[i]) for i in self.ignored]
        return out


# --- reading a case -------------------------------------------------------------------------------------------
def weigh(election: Election, case: Mapping[str, Any]) -> Weighing:
    """Weigh a case: `annulled_keeps`, `contested`, `acts`, `irregular`; its other keys are not read.

    A contested station that is annulled already, or missing, cannot be annulled: it is left aside and listed.

    Raises: acts.Faulty (DIS-501 … DIS-507) with every fault.
    """
    faults: list[reading.Faulty] = []
    keeps = reading.keeps_of(case.get("annulled_keeps"), election.keeps, faults)
    election = election if keeps == election.keeps else election.with_(keeps=keeps)
    plan = reading.plan(election, case["acts"]) if case.get("acts") else reading.Plan()
    contested, ignored = contested_of(election, case.get("contested", "all"), faults)
    irregular = irregular_of(election, case.get("irregular"), faults)
    plan.faults[:0] = faults
    plan.must_hold()
    acts = plan if case.get("acts") else None
    return Weighing(election, contested, acts, irregular, ignored, case.get("irregular") is not None)


def contested_of(election: Election, given: object, faults: list[reading.Faulty]) -> tuple[list[int], list[int]]:
    """(the counted stations contested, those that are not counted)."""
    if given is None or given == "all":
        return [i for i, s in enumerate(election.standing) if s == Standing.COUNTED], []
    if not isinstance(given, list | tuple):
        faults.append(reading.NoAct(field="contested", value=given, expected='"all", [["S01"], …]'))
        return [], []
    found: set[int] = set()
    for key in given:
        at = election.find(key)
        if at is None:
            faults.append(reading.NoStation(station=key, field="contested", value=key))
        else:
            found.add(at)
    counted = [i for i in sorted(found) if election.standing[i] == Standing.COUNTED]
    return counted, sorted(found - set(counted))


def irregular_of(election: Election, given: object, faults: list[reading.Faulty]) -> dict[int, int]:
    """Station -> irregular ballots; no more than the votes found there."""
    out: dict[int, int] = {}
    if given is None:
        return out
    if not isinstance(given, list | tuple):
        faults.append(reading.NoAct(field="irregular", value=given, expected='[{station: ["S01"], votes: 12}]'))
        return out
    for row in given:
        if not isinstance(row, Mapping):
            faults.append(reading.NoAct(field="irregular", value=row, expected='{station: ["S01"], votes: 12}'))
            continue
        at, n = election.find(row.get("station")), row.get("votes")
        where: dict[str, Any] = {"station": row.get("station"), "field": "irregular"}
        if at is None:
            faults.append(reading.NoStation(**where, value=row.get("station")))
        elif at in out:
            faults.append(reading.TouchedTwice(**where, value="irregular"))
        elif election.standing[at] != Standing.COUNTED:
            state = Standing(election.standing[at]).name.lower()
            faults.append(reading.NothingThere(**where, value=state, expected="counted"))
        elif not reading.whole(n) or n > (most := sum(max(c[at], 0) for c in election.votes)):  # type: ignore[operator]
            faults.append(reading.NoBox(**where, value=n, expected=">= 0" if not reading.whole(n) else f"<= {most}"))
        else:
            out[at] = n  # type: ignore[assignment]
    return out
