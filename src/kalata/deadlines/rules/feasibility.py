"""Can these norms be met together? If not: which contradict each other, by how much, what to change.

`conflict` is deletion-minimal: take any of its norms away and the rest of it can hold. `shortfall`
is the full one: what the cheapest single change has to give when every other norm stays, so two
texts whose own cycle lacks 7 days may lack 11 once counting and petitions have their days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kalata.text import Message
from kalata.text import gettext_noop as _

from .dayoff import WEEKDAYS
from .graph import DAY_MINUTES, INFINITE, Edge, clash, contradiction, least, nodes_of, shortest
from .steps import Unit, quantity

ORIGIN = "@"
"""The node of absolute time, where some events have a fixed date."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One norm between two events: least <= x_to - x_from <= most, in minutes; None: no bound.

    weekday: `to` must fall on it (0 Monday). rank: 0 a working assumption ... 6 the Constitution.
    """

    id: str
    start: str
    end: str
    least: int | None = None
    most: int | None = None
    weekday: int | None = None
    label: object = ""
    rank: int = 0
    basis: object = ""
    rule: object = ""

    def edges(self) -> list[Edge]:
        out = []
        if self.most is not None:
            out.append(Edge(self.start, self.end, self.most, self.id))
        if self.least is not None:
            out.append(Edge(self.end, self.start, -self.least, self.id))
        return out


@dataclass(frozen=True, slots=True)
class Problem:
    """Norms and what nobody can change: the order of things, dates already fixed (day numbers)."""

    bounds: tuple[Bound, ...]
    order: tuple[Edge, ...] = ()
    fixed: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)

    def structure(self) -> list[Edge]:
        out = list(self.order)
        for node, day in self.fixed.items():
            out += [Edge(ORIGIN, node, day * DAY_MINUTES), Edge(node, ORIGIN, -day * DAY_MINUTES)]
        return out


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Changing one norm alone. need: minutes it must give; lattice_days: once weekdays are obeyed.

    suffices False: even without it the others contradict. absurd: it would need a negative length.
    """

    bound: Bound
    suffices: bool
    need: int = 0
    lattice_days: int | None = None
    longer: bool = True
    absurd: bool = False

    @property
    def days(self) -> int:
        return -(-self.need // DAY_MINUTES)

    def new_length(self) -> int | None:
        """The length in days the norm would need."""
        base = self.bound.most if self.longer else self.bound.least
        if base is None:
            return None
        gained = max(self.days, self.lattice_days or 0)
        return base // DAY_MINUTES + gained if self.longer else -(-base // DAY_MINUTES) - gained


@dataclass(frozen=True, slots=True)
class Window:
    """When an event can be: days (minutes) from the origin or from the reference event."""

    event: str
    earliest: int | None
    latest: int | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A deletion-minimal set of norms, and what its own cycle lacks, in minutes."""

    norms: tuple[str, ...]
    lacks: int


@dataclass(frozen=True, slots=True)
class Answer:
    feasible: bool
    conflicts: tuple[Conflict, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    windows: tuple[Window, ...] = ()
    reference: str = ""
    by_weekday: bool = False

    @property
    def conflict(self) -> tuple[str, ...]:
        return self.conflicts[0].norms if self.conflicts else ()

    @property
    def shortfall_days(self) -> int:
        """What the cheapest single change that suffices has to give; else the worst cycle's lack."""
        enough = [r for r in self.relaxations if r.suffices]
        if enough:
            return min(max(r.days, 0) or (r.lattice_days or 0) for r in enough)
        return max((-(-c.lacks // DAY_MINUTES) for c in self.conflicts), default=0)


def weekdays_of(problem: Problem, bounds: Sequence[Bound]) -> dict[str, int]:
    return {**{b.end: b.weekday for b in bounds if b.weekday is not None}, **problem.weekdays}


def weekday_clash(problem: Problem, bounds: Sequence[Bound]) -> list[str]:
    """Norms that ask two weekdays of one event, or another than the one it has."""
    asked: dict[str, Bound] = {}
    for b in bounds:
        if b.weekday is None:
            continue
        if problem.weekdays.get(b.end, b.weekday) != b.weekday:
            return [b.id]
        if b.end in asked and asked[b.end].weekday != b.weekday:
            return [asked[b.end].id, b.id]
        asked[b.end] = b
    return []


def impossible(problem: Problem, bounds: Sequence[Bound]) -> list[str] | None:
    """The norms on one contradiction (perhaps none: the order itself); None where all can hold."""
    edges = [*problem.structure(), *(e for b in bounds for e in b.edges())]
    if found := contradiction(edges):
        return list(dict.fromkeys(e.norm for e in found if e.norm))
    if apart := weekday_clash(problem, bounds):
        return apart
    weekdays = weekdays_of(problem, bounds)
    if not weekdays:
        return None
    # Day number 1 (0001-01-01) is a Monday: absolute time stands at 0 on a Sunday.
    norms = clash(edges, weekdays, ORIGIN if problem.fixed else "", 6)
    if norms is None:
        return None
    carriers = [b.id for b in bounds if b.weekday is not None and b.id not in norms]
    return [*norms, *carriers]


def minimal(problem: Problem, candidates: Sequence[Bound]) -> list[Bound]:
    """The candidates that cannot be spared: each is needed for the contradiction."""
    kept = list(candidates)
    for bound in list(candidates):
        rest = [b for b in kept if b is not bound]
        if impossible(problem, rest) is not None:
            kept = rest
    return kept


def solve(problem: Problem) -> Answer:
    """Feasible with the window of every event, or every minimal conflict and what each change costs."""
    by_id = {b.id: b for b in problem.bounds}
    conflicts: list[Conflict] = []
    left = list(problem.bounds)
    for _turn in range(20):
        found = impossible(problem, left)
        if found is None:
            break
        core = minimal(problem, [by_id[i] for i in found if i in by_id])
        if impossible(problem, core) is None:  # the weekday of a norm outside the chain was needed
            core = minimal(problem, left)
        ordered = [b for b in problem.bounds if b in core]
        conflicts.append(Conflict(tuple(b.id for b in ordered), lacking(problem, ordered)))
        if not core:
            break
        cheapest = min(core, key=lambda b: (b.rank, b.id))
        left = [b for b in left if b is not cheapest]
    if not conflicts:
        return Answer(True, windows=windows(problem), reference=reference_of(problem))
    involved = dict.fromkeys(i for c in conflicts for i in c.norms)
    relaxed = [relaxation(problem, by_id[i]) for i in involved]
    relaxed.sort(key=lambda r: (not r.suffices, r.absurd, r.bound.rank, r.need, r.bound.id))
    return Answer(False, tuple(conflicts), tuple(relaxed), by_weekday=all(c.lacks == 0 for c in conflicts))


def lacking(problem: Problem, core: Sequence[Bound]) -> int:
    """What the worst cycle of a minimal set lacks, in minutes; 0 where only weekdays clash."""
    cycle = contradiction([*problem.structure(), *(e for b in core for e in b.edges())])
    return -sum(e.w for e in cycle)


def relaxation(problem: Problem, bound: Bound) -> Relaxation:
    """Drop one norm: if the rest holds, its bound must give -(w + dist(v, u)), weekdays once more."""
    rest = [b for b in problem.bounds if b is not bound]
    if impossible(problem, rest) is not None:
        return Relaxation(bound, suffices=False)
    edges = [*problem.structure(), *(e for b in rest for e in b.edges())]
    need, longer = 0, True
    lattice: int | None = None
    weekdays = weekdays_of(problem, rest)
    if bound.weekday is not None and bound.end not in weekdays:
        weekdays = {**weekdays, bound.end: bound.weekday}  # the day of the week may stay when the length changes
    for edge in bound.edges():
        far = shortest(edges, edge.v).get(edge.u, INFINITE)  # x_u - x_v <= far, so x_v - x_u >= -far
        lack = -(edge.w + far) if far < INFINITE else 0
        on_days = least_gap(problem, edges, edge.u, edge.v, weekdays)
        days = -(-(on_days - edge.w) // DAY_MINUTES) if on_days is not None else None
        if lack > need or (need == 0 and days is not None and days > (lattice or 0)):
            need, longer = max(lack, need), edge.u == bound.start
            lattice = days if weekdays else None
    new = bound.least - need if not longer and bound.least is not None else 0
    return Relaxation(bound, True, need, lattice if lattice and lattice > 0 else None, longer, absurd=new < 0)


def least_gap(problem: Problem, edges: Sequence[Edge], u: str, v: str, weekdays: Mapping[str, int]) -> int | None:
    """The least x_v - x_u once weekdays are obeyed; over every weekday of u where it is free."""
    if not weekdays or u not in nodes_of(edges):
        return None
    if problem.fixed and u in problem.fixed:
        starts = [(problem.fixed[u] + 6) % 7]
    elif u in weekdays:
        starts = [weekdays[u]]
    else:
        starts = list(range(7))
    found = []
    for weekday in starts:
        low, _norms = least(edges, u, weekdays, weekday)
        if low is not None and v in low:
            found.append(low[v])
    return min(found) if found else None


def reference_of(problem: Problem) -> str:
    if problem.fixed:
        return ORIGIN
    return next(iter(problem.weekdays), problem.bounds[0].start if problem.bounds else "")


def windows(problem: Problem) -> tuple[Window, ...]:
    """Earliest and latest of every event from the reference; None where nothing bounds it."""
    reference = reference_of(problem)
    edges = [*problem.structure(), *(e for b in problem.bounds for e in b.edges())]
    late = shortest(edges, reference)
    early = shortest([Edge(e.v, e.u, e.w, e.norm) for e in edges], reference)
    weekdays = weekdays_of(problem, problem.bounds)
    start = 6 if reference == ORIGIN else weekdays.get(reference, 0)
    low: dict[str, int] = {}
    if weekdays and (reference == ORIGIN or reference in weekdays):
        low = least(edges, reference, weekdays, start)[0] or {}
        mirrored = [Edge(e.v, e.u, e.w, e.norm) for e in edges]
        flipped = least(mirrored, reference, {n: -d % 7 for n, d in weekdays.items()}, -start % 7)[0] or {}
        late = {n: min(late.get(n, INFINITE), -m) for n, m in flipped.items()} | {
            n: w for n, w in late.items() if n not in flipped
        }
    out = []
    for node in nodes_of(edges):
        if node == ORIGIN:
            continue
        first = low.get(node, -early[node] if node in early else None)
        out.append(Window(node, first, late.get(node)))
    return tuple(out)


def sentence(answer: Answer, problem: Problem) -> list[Message]:
    """The answer in words: what contradicts what, by how much, what to change first."""
    if answer.feasible:
        return [Message(_("Toutes ces normes peuvent être respectées ensemble."))]
    by_id = {b.id: b for b in problem.bounds}
    said = []
    for conflict in answer.conflicts:
        texts = [by_id[i] for i in conflict.norms if by_id[i].rank > 0]
        works = [by_id[i] for i in conflict.norms if by_id[i].rank == 0]
        if not conflict.norms:
            said.append(Message(_("Les dates fixées contredisent l’ordre des opérations.")))
        elif texts and works:
            said.append(
                Message(
                    _("Incompatibles : %(texts)s, compte tenu de %(works)s."),
                    {"texts": listed(texts), "works": listed(works)},
                )
            )
        else:
            said.append(Message(_("Incompatibles : %(texts)s."), {"texts": listed(texts or works)}))
    days = answer.shortfall_days
    if days:
        said.append(Message(_("Il manque %(length)s."), {"length": quantity(days, Unit.DAY)}))
    best = next((r for r in answer.relaxations if r.suffices and not r.absurd), None)
    if best is not None and (new := best.new_length()) is not None:
        values = {"norm": named(best.bound), "length": quantity(new, Unit.DAY)}
        said.append(
            Message(_("Le changement le moins coûteux : %(norm)s, à porter à %(length)s au moins."), values)
            if best.longer
            else Message(_("Le changement le moins coûteux : %(norm)s, à ramener à %(length)s au plus."), values)
        )
        if best.lattice_days and best.lattice_days > best.days:
            said.insert(
                -1,
                Message(_("En tenant compte du jour de la semaine, il en manque %(n)d."), {"n": best.lattice_days}),
            )
    elif best is None:
        said.append(Message(_("Aucun changement isolé ne suffit : il faut en changer plusieurs.")))
    return said


def named(bound: Bound) -> object:
    """« second tour » (Constitution, art. 33): what it asks and where it stands."""
    label = Message(_("« %(label)s »"), {"label": bound.label or bound.id})
    return Message("%(label)s (%(basis)s)", {"label": label, "basis": bound.basis}) if bound.basis else label


def listed(bounds: Sequence[Bound]) -> tuple[object, ...]:
    return tuple(named(b) for b in bounds)


WEEKDAY_NUMBERS: Mapping[str, int] = {name: i for i, name in enumerate(WEEKDAYS)}
