"""Every norm of a pack read once; chains that turn on themselves; the version in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kalata.refusals import Refused
from kalata.text import Named

from .definition import BadDefinition, NoLength
from .norms import (
    EACH,
    LAST,
    Circular,
    EventRef,
    EventType,
    Law,
    Norm,
    NoSource,
    Record,
    UnknownEvent,
    event_types,
    norm_from,
)


@dataclass(frozen=True, slots=True)
class Lawbook:
    """Every norm of a pack, read once."""

    norms: tuple[Norm, ...]
    events: Mapping[str, EventType]
    texts: Mapping[str, Record]
    rules: Mapping[str, Record]

    def get(self, id_: str) -> Norm | None:
        return next((n for n in self.norms if n.id == id_), None)

    def of(self, family: str) -> tuple[Norm, ...]:
        return tuple(n for n in self.norms if n.concerns(family))

    def families(self) -> list[str]:
        return sorted({f for n in self.norms for f in n.families if f != "all"})

    def text_name(self, law: str) -> Named:
        text = self.texts.get(law, {})
        return Named(str(text.get("title_fr") or law), str(text.get("title_en") or ""))


def law_of(sections: Mapping[str, Sequence[Record]]) -> Law:
    rules = {
        str(r["id"]): count for r in sections.get("counting_rules", ()) if isinstance(count := r.get("count"), Mapping)
    }
    texts = {str(r["id"]): r for r in sections.get("texts", ())}
    return Law(rules, event_types(sections.get("event_types", ())), texts)


def lawbook(sections: Mapping[str, Sequence[Record]]) -> Lawbook:
    """The norms of a pack's sections, or the first refusal; circular chains are refused (DL-103)."""
    law = law_of(sections)
    norms = tuple(norm_from(r, law) for r in sections.get("deadlines", ()))
    if found := circle(norms):
        raise Circular(record=found[0], field="event", chain=" → ".join(found))
    return Lawbook(norms, law.events, law.texts, law.rules)


def problems(sections: Mapping[str, Sequence[Record]]) -> Iterator[Refused]:
    """Everything wrong in the deadlines of a pack: for `kalata pack check`."""
    law = law_of(sections)
    norms = []
    for record in sections.get("deadlines", ()):
        try:
            norms.append(norm_from(record, law))
        except (BadDefinition, NoLength, UnknownEvent) as refused:
            yield refused
        except NoSource:
            continue  # every section says this in its own words
    if found := circle(norms):
        yield Circular(record=found[0], field="event", chain=" → ".join(found))


def circle(norms: Sequence[Norm]) -> list[str]:
    """A chain of norms that comes back to its start: each counts from what the one before fixes."""
    fixes: dict[tuple[str, str], list[Norm]] = {}
    for n in norms:
        if n.defines and n.binding and isinstance(n.event, EventRef):
            fixes.setdefault((n.defines.type, n.defines.round), []).append(n)

    def meets(a: EventRef, key: tuple[str, str]) -> bool:
        loose = {EACH, LAST, ""}
        return a.type == key[0] and (a.round == key[1] or (a.round in loose and key[1] in loose))

    white, grey, done = 0, 1, 2
    colour: dict[str, int] = {}

    def visit(norm: Norm, path: list[str]) -> list[str]:
        colour[norm.id] = grey
        assert isinstance(norm.event, EventRef)
        for key, before in fixes.items():
            if not meets(norm.event, key):
                continue
            for other in before:
                state = colour.get(other.id, white)
                if state == grey:
                    chain = [*path, norm.id]
                    return [*chain[chain.index(other.id) :], other.id]
                if state == white and (found := visit(other, [*path, norm.id])):
                    return found
        colour[norm.id] = done
        return []

    for same in fixes.values():
        for norm in same:
            if colour.get(norm.id, white) == white and (found := visit(norm, [])):
                return found
    return []


@dataclass(frozen=True, slots=True)
class Versions:
    """The norms on one subject at one day: exactly one, a gap, or an overlap."""

    chosen: Norm | None
    in_force: tuple[Norm, ...]

    @property
    def gap(self) -> bool:
        return self.chosen is None

    @property
    def overlap(self) -> bool:
        return len(self.in_force) > 1


def version_at(norms: Iterable[Norm], subject: str, day: date) -> Versions:
    """Which norm of a subject holds on a day. In an overlap the higher rank, then the later text."""
    found = [n for n in norms if n.subject == subject and n.in_force(day)]
    found.sort(key=lambda n: (-n.rank, -(n.valid[0] or date.min).toordinal(), n.id))
    return Versions(found[0] if found else None, tuple(found))
