"""Life cycles: the states of a record, the steps between them, and what must come with each step.

A room writes one table a record kind, one line a step, as a jurist reads it. The kernel answers the same questions
for every table: what leads on from here (`ways_out`), what stops this act (`may`), let it pass (`apply`). It knows no
database: `kalata.states` writes the state, what changes with it and the act that tells it, all or nothing.
Why no library: docs/decisions/0019-life-cycles.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.text import translate

S = TypeVar("S", bound=StrEnum)


# --- what stops a step ------------------------------------------------------------------------
class NotFromHere(Refused):
    """A step that the table does not have, or that another right takes."""

    code = "LIF-101"
    says = _("« %(start)s » ne peut pas devenir « %(to)s ».")
    remedy = _("Rouvrez la page : elle offre ce qui peut s’y faire. Rien n’a été enregistré.")
    sentences = frozenset({"start", "to"})


class Lacking(Refused):
    """Something that the table asks for is not there."""

    code = "LIF-102"
    says = _("Ce passage demande %(need)s.")
    remedy = _("Complétez la demande et recommencez. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"need"})


class Overtaken(Refused):
    """What was on the screen, or read before writing, is no longer what stands there."""

    code = "LIF-103"
    says = _("Cette fiche a changé pendant que vous la lisiez : elle est maintenant « %(state)s ».")
    remedy = _("Rouvrez-la et relisez-la avant d’agir. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class NobodyDoes(Refused):
    """A step that follows from the facts, or one that the house does not take by itself."""

    code = "LIF-104"
    says = _("Le passage à « %(to)s » ne se fait pas ainsi : il revient à %(hand)s.")
    remedy = _("Rouvrez la page : elle offre ce qui peut s’y faire. Rien n’a été enregistré.")
    sentences = frozenset({"to", "hand"})


class OtherPerson(Lacking):
    """The same person twice where the table wants two."""

    code = "LIF-105"
    remedy = _("Remettez cet acte à une autre personne. Rien n’a été enregistré.")
    status = 403


# --- what is acted on, and the act ------------------------------------------------------------
class Stands(Protocol):
    """Where a record stands. hands: person ids by the part they hold; last_hash: of what a page showed."""

    @property
    def state(self) -> Any: ...
    @property
    def hands(self) -> Mapping[str, int]: ...
    @property
    def last_hash(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand(Generic[S]):
    """A record of which the rules need no more than this; a room adds the facts that its needs ask for."""

    state: S
    hands: Mapping[str, int] = field(default_factory=dict)
    last_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one person does. by: 0 for the house. other: the second person. sitting: the open sitting it is done in.

    seen: the hash of what the person had before the eyes; None where the house acts on what it has just read.
    """

    by: int = 0
    right: str = ""
    reason: str = ""
    document: str = ""
    other: int | None = None
    sitting: int | None = None
    seen: str | None = None


# --- the table --------------------------------------------------------------------------------
class Needed(Protocol):
    """Something a step asks for, with its words and its refusal; `REASON`, `DOCUMENT` and the others below, or a room's own."""

    @property
    def label(self) -> str: ...
    def lacking(self, stand: Any, act: Any, step: Any) -> Refused | None: ...


@dataclass(frozen=True, slots=True)
class Need:
    """A need that is met or not. refused: what is said where it is not."""

    name: str
    label: str
    met: Callable[[Any, Any], bool]
    refused: Callable[[Any, Any], Refused]

    def lacking(self, stand: Any, act: Any, step: Any) -> Refused | None:
        return None if self.met(stand, act) else self.refused(stand, act)


def need(
    name: str, label: str, met: Callable[[Any, Any], bool], refused: Callable[[Any, Any], Refused] | None = None
) -> Need:
    return Need(name, label, met, refused or (lambda stand, act: Lacking(need=label)))


REASON = need("reason", _("un motif"), lambda stand, act: bool(act.reason.strip()))
DOCUMENT = need("document", _("un document"), lambda stand, act: bool(act.document.strip()))
OTHER = need("other", _("une seconde personne"), lambda stand, act: act.other not in (None, act.by))
SITTING = need("sitting", _("une séance ouverte"), lambda stand, act: act.sitting is not None)
SEEN = need("seen", _("la page lue"), lambda stand, act: act.seen is not None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A need that looks at the whole: what stops this act on this record at this step, or nothing."""

    label: str
    lacking: Callable[[Any, Any, Any], Refused | None]


def other_than(part: str, label: str, refused: Callable[[Any, Any], Refused] | None = None) -> Need:
    """Whoever acts is not the person who holds this part of the record."""
    said = refused or (lambda stand, act: OtherPerson(need=label))
    return need(f"other than {part}", label, lambda stand, act: act.by != stand.hands.get(part), said)


class Hand(StrEnum):
    """Who takes a step."""

    PERSON = "person"
    HOUSE = "house"  # it follows from the facts, and the ledger tells it
    EITHER = "either"
    DERIVED = "derived"  # it is computed again whenever the rows it follows from change; their own acts tell it


HAND_LABELS: Mapping[Hand, str] = {
    Hand.PERSON: _("une personne"),
    Hand.HOUSE: _("la maison, d’après les faits"),
    Hand.EITHER: _("une personne, ou la maison"),
    Hand.DERIVED: _("la maison, qui le recalcule"),
}


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """One allowed change: the right it takes, what must come with it, who takes it."""

    start: S
    to: S
    right: str = ""
    needs: frozenset[Any] = frozenset()
    hand: Hand = Hand.PERSON


def step(start: S, to: S, right: str = "", *needs: Needed, hand: Hand = Hand.PERSON) -> Step[S]:
    return Step(start, to, right, frozenset(needs), hand)


Refuse = Callable[[Any, Any, Any], Refused]
"""(table, where the record stands, state asked for) -> what is said."""


def not_from_here(table: Table[Any], stand: Stands, to: Any) -> Refused:
    return NotFromHere(start=table.labels[stand.state], to=table.labels.get(to, str(to)[:12]))


def overtaken(table: Table[Any], stand: Stands, to: Any) -> Refused:
    return Overtaken(state=table.labels[stand.state])


def nobody_does(table: Table[Any], stand: Stands, to: Any) -> Refused:
    return NobodyDoes(to=table.labels[to], hand=HAND_LABELS[table.moves[stand.state, to].hand])


@dataclass(frozen=True)
class Table(Generic[S]):
    """The life of one kind of record.

    name: of its page in docs/states. row: "app.Model", and the field that holds the state. dated: two states told by
    a date, empty at first. starts: how a record is born; ends: where it may stay for ever. needs: in the order in
    which they are asked. always: asked of every step. right: words for a right that is not the table's to name.
    """

    name: str
    title: str
    row: str
    states: type[S]
    labels: Mapping[S, str]
    starts: tuple[S, ...]
    ends: frozenset[S]
    steps: tuple[Step[S], ...]
    needs: tuple[Needed, ...] = ()
    always: tuple[Needed, ...] = ()
    field: str = "state"
    dated: bool = False
    right: str = ""
    notes: tuple[str, ...] = ()
    illegal: Refuse = not_from_here
    stale: Refuse = overtaken
    by_hand: Refuse = nobody_does

    @cached_property
    def moves(self) -> Mapping[tuple[S, S], Step[S]]:
        return {(s.start, s.to): s for s in self.steps}

    @cached_property
    def asked(self) -> Mapping[tuple[S, S], tuple[Needed, ...]]:
        """What each step asks for, in order."""
        return {(s.start, s.to): (*(n for n in self.needs if n in s.needs), *self.always) for s in self.steps}


def ways_out(table: Table[S], state: S) -> list[Step[S]]:
    """What leads on from a state, in table order."""
    return [s for s in table.steps if s.start is state]


def apply(table: Table[S], stand: Stands, to: S, act: Act) -> Step[S]:
    """The step, with all it needs; what stops it is raised. Whoever calls it changes the state, nobody else does."""
    step = table.moves.get((stand.state, to))
    if step is None or act.right != step.right:
        raise table.illegal(table, stand, to)
    if act.seen is not None and act.seen != stand.last_hash:
        raise table.stale(table, stand, to)
    if (step.hand in (Hand.HOUSE, Hand.DERIVED) and act.by) or (step.hand is Hand.PERSON and not act.by):
        raise table.by_hand(table, stand, to)
    for one in table.asked[stand.state, to]:
        if refused := one.lacking(stand, act, step):
            raise refused
    return step


def may(table: Table[S], stand: Stands, to: S, act: Act) -> Refused | None:
    """What stops this act; None where nothing does."""
    try:
        apply(table, stand, to, act)
    except Refused as refused:
        return refused
    return None


# --- tables that hold -------------------------------------------------------------------------
def reached(steps: Iterable[Step[S]], starts: Iterable[S], back: bool = False) -> set[S]:
    """Every state that these steps lead to from `starts`; back: every state that leads to them."""
    pairs = [(s.to, s.start) if back else (s.start, s.to) for s in steps]
    found = set(starts)
    while more := {to for start, to in pairs if start in found} - found:
        found |= more
    return found


def faults(table: Table[S]) -> list[str]:
    """What is wrong with a table, in words; empty: every state is reached and none is a trap."""
    states = set(table.states)
    found = [f"{s} has no label" for s in table.states if s not in table.labels]
    found += [] if table.starts else ["no state to begin with"]
    found += [f"{s.start} > {s.to} twice" for i, s in enumerate(table.steps) if (s.start, s.to) in {(o.start, o.to) for o in table.steps[:i]}]  # fmt: skip
    found += [f"{s} is never reached" for s in sorted(states - reached(table.steps, table.starts))]
    found += [f"{s} is a trap: no way to an end" for s in sorted(states - reached(table.steps, table.ends, back=True))]
    asked = {n for s in table.steps for n in s.needs}
    found += [f"« {n.label} » is asked by no step" for n in table.needs if n not in asked]
    found += [f"« {n.label} » has no place in the order of needs" for n in asked if n not in table.needs]
    if table.dated and (len(states) != 2 or len(table.starts) != 1):
        found.append("a date tells two states, the first of them without it")
    return found


TABLES: dict[str, Table[Any]] = {}
"""Every life cycle of the loaded rooms, by name."""


def declare(table: Table[S]) -> Table[S]:
    """Keep a table of the house; ValueError where it does not hold."""
    if wrong := faults(table):
        raise ValueError(f"{table.name}: {'; '.join(wrong)}")
    TABLES[table.name] = table
    return table


# --- drawn ------------------------------------------------------------------------------------
def drawing(table: Table[Any], lang: str = "") -> str:
    """The table as a Mermaid state diagram; lang: with the labels of that language, else with the codes that are kept."""
    lines = ["stateDiagram-v2"]
    if lang:
        lines += [f'    state "{translate(table.labels[s], lang)}" as {node(s)}' for s in table.states]
    lines += [f"    [*] --> {node(s)}" for s in table.starts]
    for s in table.steps:
        said = s.right.rpartition(".")[2] or ("" if s.hand is Hand.PERSON else s.hand.value)
        lines.append(f"    {node(s.start)} --> {node(s.to)}{f': {said}' if said else ''}")
    return "\n".join(lines + [f"    {node(s)} --> [*]" for s in table.states if s in table.ends])


def node(state: StrEnum) -> str:
    return state.value or "none"


HEADS = (_("de"), _("à"), _("qui"), _("droit"), _("demande"))
ALWAYS = _("À chaque passage :")
BEGINS = _("Commence par :")
RESTS = _("Peut en rester là :")
KEPT = _("Gardé dans :")


def listing(table: Table[Any], lang: str) -> str:
    """The table in words: one line a step."""
    say = lambda text: translate(text, lang)  # noqa: E731
    named = lambda states: ", ".join(f"*{say(table.labels[s])}*" for s in table.states if s in states)  # noqa: E731
    out = [
        f"{say(BEGINS)} {named(table.starts)}. {say(RESTS)} {named(table.ends)}. {say(KEPT)} `{table.row}.{table.field}`.",
        "", f"| {' | '.join(map(say, HEADS))} |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for s in table.steps:
        needs = ", ".join(say(n.label) for n in table.needs if n in s.needs) or "–"
        right = f"`{s.right}`" if s.right else say(table.right) if s.hand is Hand.PERSON and table.right else "–"
        cells = (say(table.labels[s.start]), say(table.labels[s.to]), say(HAND_LABELS[s.hand]), right, needs)
        out.append(f"| {' | '.join(cells)} |")
    if table.always:
        out += ["", f"{say(ALWAYS)} {' ; '.join(say(n.label) for n in table.always)}."]
    return "\n".join([*out, *(f"\n{say(note)}" for note in table.notes)])
