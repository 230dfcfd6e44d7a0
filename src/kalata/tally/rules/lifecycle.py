"""The life of a station report: one table of transitions, one function that changes a state.

Every change is a row: from, to, who, under which right, when, why, with which document, chained by
hash. Persons are kept apart: two blind entries by two persons, arbitration by a third, a value
nobody typed approved by a fourth, review and validation by others again. There is no shortcut for
anybody. Source: field guide on results, sections 4 and 5; the peers' defects D1-D8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kalata import lifecycle as kernel
from kalata.refusals import Refused
from kalata.results.rules.boxes import Sheet, Standing
from kalata.results.rules.sheets import Line, differences, sheet_digest
from kalata.tally.rules.entry import settle, typed_by_somebody
from kalata.tally.rules.hands import Part, Past, clash, taken
from kalata.tally.rules.steps import CLAIMS as CLAIMS
from kalata.tally.rules.steps import COUNTED as COUNTED
from kalata.tally.rules.steps import DESKS as DESKS
from kalata.tally.rules.steps import NEED_LABELS as NEED_LABELS
from kalata.tally.rules.steps import PUBLIC as PUBLIC
from kalata.tally.rules.steps import STATE_LABELS as STATE_LABELS
from kalata.tally.rules.steps import STEP_PARTS as STEP_PARTS
from kalata.tally.rules.steps import STEPS as STEPS
from kalata.tally.rules.steps import TABLE as TABLE
from kalata.tally.rules.steps import WAY_LABELS as WAY_LABELS
from kalata.tally.rules.steps import WAYS as WAYS
from kalata.tally.rules.steps import Need as Need
from kalata.tally.rules.steps import S as S
from kalata.tally.rules.steps import State as State
from kalata.tally.rules.steps import Step as Step
from kalata.tally.rules.steps import Way as Way
from kalata.tally.rules.steps import way_of as way_of
from kalata.tally.rules.stops import AtItsDesk as AtItsDesk
from kalata.tally.rules.stops import Illegal as Illegal
from kalata.tally.rules.stops import Lacks as Lacks
from kalata.tally.rules.stops import NotHolder as NotHolder
from kalata.tally.rules.stops import NotYou as NotYou
from kalata.tally.rules.stops import Open as Open
from kalata.tally.rules.stops import OutsideSitting as OutsideSitting
from kalata.tally.rules.stops import Stale as Stale
from kalata.tally.rules.stops import Uncomputed as Uncomputed
from kalata.tally.rules.stops import WrongOutcome as WrongOutcome
from kalata.text import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Record:
    """Where one station report stands. hands: who holds which part of the present attempt (person ids).

    past: everybody who has seen or touched its figures since the first attempt of the first version.
    It only grows: a paper received, typed or opened again forgets nobody. answered: findings on the settled
    figures that review has answered, errors by two persons.
    """

    state: State = State.EXPECTED
    version: int = 1
    hands: Mapping[str, int] = field(default_factory=dict)
    past: Past = frozenset()
    holder: int | None = None
    held_until: datetime | None = None
    first: Sheet | None = None
    second: Sheet | None = None
    final: Sheet | None = None
    free: tuple[Line, ...] = ()
    approved: frozenset[Line] = frozenset()
    open_errors: frozenset[str] = frozenset()
    open_warnings: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    image: str = ""
    annulled: bool = False
    adjusted: bool = False
    last_hash: str = ""

    @property
    def counted(self) -> bool:
        return self.state in COUNTED and not self.annulled


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(kernel.Act):
    """What one person does at one moment. other: the second person, where two are needed.

    sitting: the open sitting of the commission, with its quorum, in which the act is done.
    errors, warnings: codes of findings of the registry, computed by the house on the sheet `on`.
    salt: drawn by the house for the row; a hash is shown to persons who may not read figures, and tells them nothing.
    seen: the hash of the paper the person had before the eyes; None where the house acts on what it has just read.
    """

    at: datetime
    image: str = ""
    sheet: Sheet | None = None
    choice: Mapping[Line, int | None] | None = None
    until: datetime | None = None
    errors: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    on: Sheet | None = None
    salt: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the chain: what is kept for ever. salt: without it, who sees the hash would try figures on it."""

    version: int
    start: State
    to: State
    by: int
    other: int | None
    right: str
    at: datetime
    reason: str
    document: str
    previous: str
    figures: str = ""
    """SHA-256 of the settled sheet, where there is one."""
    sitting: int | None = None
    salt: str = ""

    def hash(self) -> str:
        """SHA-256 (hex) of the row, of the figures it settles, of its salt, and of the hash before it."""
        parts = (
            self.previous, str(self.version), self.start.value, self.to.value, str(self.by), str(self.other or ""),
            self.right, self.at.isoformat(), self.reason, self.document, *([self.figures] if self.figures else ()),
            *(() if self.sitting is None else (f"sitting {self.sitting}",)), *((f"salt {self.salt}",) if self.salt else ()),
        )  # fmt: skip
        return hashlib.sha256("\x1f".join(part.replace("\x1f", " ") for part in parts).encode()).hexdigest()


LONGEST_REASON, LONGEST_DOCUMENT = 400, 300
"""What a row keeps of the words given: the hash is of what is kept."""


def allowed_from(state: State) -> list[State]:
    """Where a report may go from a state, in table order."""
    return [s.to for s in STEPS if s.start is state]


def apply(record: Record, to: State, act: Act) -> tuple[Record, Row]:
    """The one function that changes a state. Returns the new record and the row to keep.

    Raises: RES-410 not in the table, RES-411 something is lacking, RES-412 the same person twice,
    RES-413 held by somebody else, RES-414 the figures say otherwise, RES-415 findings are open,
    RES-416 changed meanwhile, RES-417 not this way, RES-418 findings not of these figures, RES-464 the commission
    outside a sitting.
    """
    kernel.apply(REPORT, record, to, act)
    part = STEP_PARTS.get((record.state, to))
    past = record.past | {(p, part) for p in (act.by, act.other) if p and part}
    after = CHANGES.get((record.state, to), moved)(record, to, act)
    row = Row(
        record.version, record.state, to, act.by, act.other, act.right, act.at, act.reason.strip()[:LONGEST_REASON],
        act.document.strip()[:LONGEST_DOCUMENT], record.last_hash, sheet_digest(after.final) if after.final else "", act.sitting, act.salt,
    )  # fmt: skip
    return replace(after, past=past, last_hash=row.hash()), row


def recounted(old: Record, new: Record) -> bool:
    """True where a step changes what is counted: a version rests on such a passage, and on the last of them."""
    return old.counted != new.counted or (new.counted and old.final != new.final)


def standing_of(record: Record) -> Standing:
    """What the version of a record is worth."""
    return Standing.COUNTED if record.counted else Standing.ANNULLED if record.annulled else Standing.MISSING


Change = Callable[[Record, State, Act], Record]


def held(record: Record, act: Act, step: Step[State]) -> Refused | None:
    """Only the holder acts on a claimed paper; after expiry anybody of the desk may give it back (RES-413)."""
    if record.state not in CLAIMS or record.holder == act.by:
        return None
    back = step.to in (State.SCANNED, State.FIRST_ENTERED, State.DIFFERENT) and act.sheet is None
    if back and record.held_until is not None and act.at >= record.held_until:
        return None
    return NotHolder(until=f"{record.held_until:%H:%M}" if record.held_until else "–")


def kept_apart(record: Record, act: Act, step: Step[State]) -> Refused | None:
    """RES-412: one of those who do this had another part of this paper before."""
    pair = (step.start, step.to)
    part = STEP_PARTS.get(pair)
    wiped = pair == (S.INCIDENT, S.RECEIVED) and record.first is not None
    for person in {p for p in (act.by, act.other) if p}:
        if wiped and (had := taken(record.past, person, Part.OPENED, Part.TYPED)):
            return NotYou(part=had.label)  # whoever stopped an entry made by another does not wipe it too
        if part is not None and (had := clash(record.past, person, part)):
            return NotYou(part=had.label)
    return None


def illegal(table: kernel.Table[State], record: kernel.Stands, to: State) -> Refused:
    allowed = ", ".join(STATE_LABELS[s] for s in allowed_from(record.state)) or "–"
    return Illegal(start=STATE_LABELS[record.state], to=STATE_LABELS[to], allowed=allowed)


def other_way(table: kernel.Table[State], record: kernel.Stands, to: State) -> Refused:
    """A step of the house that a person takes, or one of a person that the house takes."""
    if (way := WAYS[record.state, to]) is Way.HOUSE:
        return AtItsDesk(to=STATE_LABELS[to], way=WAY_LABELS[way])
    return Illegal(start=STATE_LABELS[record.state], to=STATE_LABELS[to], allowed=WAY_LABELS[way])


REPORT = kernel.declare(kernel.Table(
    name="station_report", title=_("La vie d’un procès-verbal"), row="tally.Paper",
    states=State, labels=STATE_LABELS, starts=(S.EXPECTED,), ends=frozenset({S.FINAL}), steps=STEPS,
    needs=(Need.SITTING, *(n for n in Need if n is not Need.SITTING)),
    always=(
        kernel.Rule(_("qui tient le papier, tant qu’une personne le tient"), held),
        kernel.Rule(_("une personne qui n’a tenu aucun autre poste sur ce procès-verbal"), kept_apart),
    ),
    notes=(_("Une personne ne tient qu’un poste sur un procès-verbal, pour toujours (RES-412) : qui l’a saisi, arbitré, visé, contrôlé, validé, publié, rappelé, ou a déposé la copie d’un délégué de ce bureau, est compté à toutes les étapes suivantes, dans toutes les versions ; une saisie et un arbitrage ne se font qu’une fois par personne. La règle : `tally/rules/hands.py` ; la table `results_hand` refuse la même chose. Tout ce que fait la commission nomme sa séance ouverte."),),
    illegal=illegal, stale=lambda table, record, to: Stale(to=STATE_LABELS[record.state]), by_hand=other_way,
))  # fmt: skip


def moved(record: Record, to: State, act: Act) -> Record:
    return replace(record, state=to, holder=None, held_until=None)


def received(record: Record, to: State, act: Act) -> Record:
    """A paper in hand again: whatever was typed from another paper is not carried over."""
    return replace(moved(record, to, act), hands={}, first=None, second=None, final=None, free=(), approved=frozenset(),
                   open_errors=frozenset(), open_warnings=frozenset(), answered=frozenset(), image="")  # fmt: skip


def scanned(record: Record, to: State, act: Act) -> Record:
    return replace(moved(record, to, act), image=act.image)


def claimed(record: Record, to: State, act: Act) -> Record:
    """Take the paper until `act.until`."""
    if act.until is None or act.until <= act.at:
        raise Lacks(need=_("une heure de fin, après laquelle il se libère"))
    return replace(record, state=to, holder=act.by, held_until=act.until)


def first_entered(record: Record, to: State, act: Act) -> Record:
    return replace(moved(record, to, act), first=act.sheet, hands={**record.hands, "first": act.by})


def second_entered(record: Record, to: State, act: Act) -> Record:
    """The state follows from the figures: equal on every line, or not (E08)."""
    assert record.first is not None and act.sheet is not None
    same = not differences(record.first, act.sheet)
    if same != (to is State.MATCHED):
        raise WrongOutcome(to=STATE_LABELS[State.MATCHED if same else State.DIFFERENT])
    after = replace(moved(record, to, act), second=act.sheet, hands={**record.hands, "second": act.by})
    return matched(after, act, act.sheet) if same else after


def matched(record: Record, act: Act, sheet: Sheet) -> Record:
    """The figures kept, with what the registry finds on them."""
    found_on(sheet, act)
    return replace(record, final=sheet, open_errors=act.errors, open_warnings=act.warnings, answered=frozenset())


def found_on(sheet: Sheet | None, act: Act) -> None:
    """Findings are of the very figures that are kept, or refused (RES-418)."""
    if sheet is None or act.on != sheet:
        raise Uncomputed


def arbitrated(record: Record, to: State, act: Act) -> Record:
    assert record.first is not None and record.second is not None and act.choice is not None
    done = settle(record.first, record.second, act.choice)
    if bool(done.free) != (to is State.SECOND_VISA):
        raise WrongOutcome(to=STATE_LABELS[State.SECOND_VISA if done.free else State.MATCHED])
    after = replace(moved(record, to, act), hands={**record.hands, "arbiter": act.by}, free=done.free)
    return matched(after, act, done.sheet)


def visa_given(record: Record, to: State, act: Act) -> Record:
    """The value is approved; what the registry finds on the sheet stays open, whatever was said of the value."""
    found_on(record.final, act)
    return replace(
        moved(record, to, act), hands={**record.hands, "visa": act.by}, approved=frozenset(record.free), free=(),
        open_errors=act.errors, open_warnings=act.warnings, answered=frozenset(),
    )  # fmt: skip


def visa_refused(record: Record, to: State, act: Act) -> Record:
    hands = {k: v for k, v in record.hands.items() if k != "arbiter"}
    return replace(moved(record, to, act), final=None, free=(), hands=hands)


def again(record: Record, to: State, act: Act) -> Record:
    """Both entries set aside: the paper is typed again, by whoever takes it, from the image."""
    if record.state is State.FIRST_ENTRY:
        return moved(record, to, act)
    return replace(moved(record, to, act), hands={}, first=None, second=None, final=None, free=(), approved=frozenset(),
                   open_errors=frozenset(), open_warnings=frozenset(), answered=frozenset())  # fmt: skip


def checked(record: Record, to: State, act: Act) -> Record:
    """Nothing found: checked. Something found: only review leads there, with a reason; errors with two persons."""
    if to is State.CHECKED and (record.open_errors or record.open_warnings):
        codes = sorted(record.open_errors | record.open_warnings)
        raise Open(n=len(codes), codes=", ".join(codes))
    return moved(record, to, act)


def reviewed(record: Record, to: State, act: Act) -> Record:
    if record.open_errors and act.other in (None, act.by):
        raise Lacks(need=NEED_LABELS[Need.OTHER])
    return replace(
        moved(record, to, act), hands={**record.hands, "reviewer": act.by}, open_errors=frozenset(), open_warnings=frozenset(),
        answered=record.answered | record.open_errors | record.open_warnings,
    )  # fmt: skip


def doubted(record: Record, to: State, act: Act) -> Record:
    """The commission sends a checked report back: it is answered like a finding, with whatever the registry finds by now."""
    found_on(record.final, act)
    return replace(
        moved(record, to, act),
        open_errors=record.open_errors | (act.errors - record.answered),
        open_warnings=record.open_warnings | (act.warnings - record.answered) | {"COMMISSION"},
    )


def validated(record: Record, to: State, act: Act) -> Record:
    """Only figures whose findings, computed again at this moment, have all been answered."""
    assert record.first is not None and record.second is not None and record.final is not None
    found_on(record.final, act)
    left = (record.open_errors | record.open_warnings | act.errors | act.warnings) - record.answered
    if left or record.open_errors or record.open_warnings:
        codes = sorted(left | record.open_errors | record.open_warnings)
        raise Open(n=len(codes), codes=", ".join(codes))
    if not record.adjusted and not typed_by_somebody(record.final, record.first, record.second, record.approved):
        raise WrongOutcome(to=STATE_LABELS[State.SECOND_VISA])
    return moved(record, to, act)


def reopened(record: Record, to: State, act: Act) -> Record:
    """A recall opens a new version, to be answered by two persons; the old one stays visible."""
    if record.final is None:  # set aside before any figure was agreed
        raise WrongOutcome(to=STATE_LABELS[State.RECEIVED])
    errors = record.open_errors | {"RECALL"}
    return replace(moved(record, to, act), version=record.version + 1, open_errors=errors)


def begun_again(record: Record, to: State, act: Act) -> Record:
    return replace(received(record, to, act), version=record.version + 1)


def adjusted(record: Record, to: State, act: Act) -> Record:
    """A court's figures: a new version; the old ones stay beside them, and what was found on them is its matter no more."""
    new = replace(moved(record, to, act), version=record.version + 1, final=act.sheet, adjusted=True, annulled=False)
    return replace(new, free=(), open_errors=frozenset(), open_warnings=frozenset())


def annulled(record: Record, to: State, act: Act) -> Record:
    return replace(moved(record, to, act), annulled=True)


RULED = tuple(s.start for s in STEPS if s.to is State.ADJUSTED)  # where a court's figures find a paper
CHANGES: Mapping[tuple[State, State], Change] = {
    (S.EXPECTED, S.RECEIVED): received,
    (S.MISSING, S.RECEIVED): received,
    (S.NO_VOTE, S.RECEIVED): received,
    (S.INCIDENT, S.RECEIVED): received,
    (S.RECALLED, S.RECEIVED): begun_again,
    (S.RECEIVED, S.SCANNED): scanned,
    (S.SCANNED, S.FIRST_ENTRY): claimed,
    (S.FIRST_ENTRY, S.SCANNED): again,
    (S.FIRST_ENTRY, S.FIRST_ENTERED): first_entered,
    (S.FIRST_ENTERED, S.SECOND_ENTRY): claimed,
    (S.SECOND_ENTRY, S.MATCHED): second_entered,
    (S.SECOND_ENTRY, S.DIFFERENT): second_entered,
    (S.DIFFERENT, S.ARBITRATION): claimed,
    (S.ARBITRATION, S.MATCHED): arbitrated,
    (S.ARBITRATION, S.SECOND_VISA): arbitrated,
    (S.ARBITRATION, S.SCANNED): again,
    (S.SECOND_VISA, S.MATCHED): visa_given,
    (S.SECOND_VISA, S.DIFFERENT): visa_refused,
    (S.MATCHED, S.CHECKED): checked,
    (S.UNDER_REVIEW, S.CHECKED): reviewed,
    (S.UNDER_REVIEW, S.SCANNED): again,
    (S.CHECKED, S.UNDER_REVIEW): doubted,
    (S.CHECKED, S.VALIDATED): validated,
    (S.RECALLED, S.UNDER_REVIEW): reopened,
    **{(s, S.ADJUSTED): adjusted for s in RULED},
    **{(s, S.ANNULLED): annulled for s in (S.CONTESTED, S.PUBLISHED, S.ADJUSTED)},
}
"""What changes with a state besides the state; `moved` where nothing does."""


def drawing() -> str:
    """The table as a Mermaid state diagram: docs/states is written from it, and a test keeps them equal."""
    return kernel.drawing(REPORT)
