"""Until when a body decides on one petition: every reading of each limit, counted by the house's engine of legal time.

The limits are those that the remedies of its grounds name in the pack (`decision_limits`). An event that repeats at each
act (the filing of a petition) is the receipt of this one. Nothing is counted where the pack has no figure: the limit is
named, without a reading, and no check rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .clocks import Counted, Read
from .facts import Facts
from .remedies import Norms, Remedy


@dataclass(frozen=True, slots=True)
class Deciding:
    """One limit of a body on one petition. readings: none where no figure is known, or its event has not come."""

    limit: str
    readings: tuple[Read, ...] = ()

    @property
    def default(self) -> Read | None:
        return next((r for r in self.readings if r.default), None)


def limits_of(facts: Facts, norms: Norms) -> list[Deciding]:
    """Each limit once, in the order of the grounds."""
    own = filed(facts, norms)
    found: dict[str, Deciding] = {}
    for claim in facts.grounds:
        every = norms.remedies_for(facts.contest, claim.about)
        body = norms.body(facts.body)
        mine = tuple(one for one in every if one.body in (body.codes if body else (facts.body,)))
        for remedy in mine or every:
            for name in remedy.decision_limits:
                if name not in found:
                    found[name] = counted(own, remedy, name, norms)
    return list(found.values())


def filed(facts: Facts, norms: Norms) -> Facts:
    """The facts with the receipt of this petition as each event that repeats at every act."""
    acts = {(e.id, 0): facts.received for e in norms.book.events.values() if e.repeats == "act"}
    return replace(facts, events={**facts.events, **acts}, queue_since=None)


def counted(facts: Facts, remedy: Remedy, name: str, norms: Norms) -> Deciding:
    norm = norms.book.get(name)
    if norm is None:
        return Deciding(name)
    engine = Counted(facts, remedy, name, norms)
    norm, _in_force = engine.version(norm)
    return Deciding(name, tuple(engine.readings(norm)))
