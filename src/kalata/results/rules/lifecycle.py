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
from enum import StrEnum

from kalata.text import gettext_noop as _

from .boxes import Sheet
from .entry import Line, differences, settle, sheet_digest, typed_by_somebody
from .hands import Part, Past, clash, taken
from .stops import Illegal as Illegal
from .stops import Lacks as Lacks
from .stops import NotHolder as NotHolder
from .stops import NotYou as NotYou
from .stops import Open as Open
from .stops import OutsideSitting as OutsideSitting
from .stops import Stale as Stale
from .stops import WrongOutcome as WrongOutcome


class State(StrEnum):
    EXPECTED = "expected"
    MISSING = "missing"
    NO_VOTE = "no_vote"
    RECEIVED = "received"
    INCIDENT = "incident"
    SCANNED = "scanned"
    FIRST_ENTRY = "first_entry"
    FIRST_ENTERED = "first_entered"
    SECOND_ENTRY = "second_entry"
    MATCHED = "matched"
    DIFFERENT = "different"
    ARBITRATION = "arbitration"
    SECOND_VISA = "second_visa"
    UNDER_REVIEW = "under_review"
    CHECKED = "checked"
    VALIDATED = "validated"
    PUBLISHED = "published"
    RECALLED = "recalled"
    CONTESTED = "contested"
    ADJUSTED = "adjusted"
    ANNULLED = "annulled"
    SET_ASIDE = "set_aside"
    FINAL = "final"


STATE_LABELS: Mapping[State, str] = {
    State.EXPECTED: _("Attendu"),
    State.MISSING: _("Manquant"),
    State.NO_VOTE: _("Carence"),
    State.RECEIVED: _("Reçu"),
    State.INCIDENT: _("Incident"),
    State.SCANNED: _("Numérisé"),
    State.FIRST_ENTRY: _("Première saisie"),
    State.FIRST_ENTERED: _("Première saisie faite"),
    State.SECOND_ENTRY: _("Seconde saisie"),
    State.MATCHED: _("Concordant"),
    State.DIFFERENT: _("Divergent"),
    State.ARBITRATION: _("Arbitrage"),
    State.SECOND_VISA: _("Double visa"),
    State.UNDER_REVIEW: _("En examen"),
    State.CHECKED: _("Contrôlé"),
    State.VALIDATED: _("Validé"),
    State.PUBLISHED: _("Publié"),
    State.RECALLED: _("Rappelé"),
    State.CONTESTED: _("Contesté"),
    State.ADJUSTED: _("Rectifié"),
    State.ANNULLED: _("Annulé par la juridiction"),
    State.SET_ASIDE: _("Écarté"),
    State.FINAL: _("Définitif"),
}
COUNTED = frozenset({State.VALIDATED, State.PUBLISHED, State.CONTESTED, State.ADJUSTED, State.FINAL})
PUBLIC = frozenset({State.PUBLISHED, State.CONTESTED, State.ADJUSTED, State.ANNULLED, State.FINAL})
"""States whose figures everybody may read."""
"""States whose figures are in the totals (FINAL only where no court has annulled the record)."""


class Need(StrEnum):
    REASON = "reason"
    DOCUMENT = "document"
    IMAGE = "image"
    SHEET = "sheet"
    CHOICE = "choice"
    OTHER = "other"  # a second person approves
    SITTING = "sitting"  # an open sitting of the commission, with its quorum


NEED_LABELS: Mapping[Need, str] = {
    Need.REASON: _("un motif"),
    Need.DOCUMENT: _("un document"),
    Need.IMAGE: _("une image et son empreinte"),
    Need.SHEET: _("les chiffres"),
    Need.CHOICE: _("une valeur par ligne différente"),
    Need.OTHER: _("une seconde personne"),
    Need.SITTING: _("une séance ouverte de la commission"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed change: the right it takes and what must come with it."""

    start: State
    to: State
    right: str
    needs: frozenset[Need] = frozenset()


R, D, I, F, C, O = Need.REASON, Need.DOCUMENT, Need.IMAGE, Need.SHEET, Need.CHOICE, Need.OTHER  # noqa: E741
Q = Need.SITTING
S = State


def step(start: State, to: State, right: str, *needs: Need) -> Step:
    return Step(start, to, right, frozenset(needs))


STEPS: tuple[Step, ...] = (
    step(S.EXPECTED, S.RECEIVED, "results.receive"),
    step(S.EXPECTED, S.MISSING, "results.commission", R, D, Q),
    step(S.MISSING, S.RECEIVED, "results.receive"),
    step(S.MISSING, S.NO_VOTE, "results.commission", R, D, Q),
    step(S.NO_VOTE, S.RECEIVED, "results.receive", R),
    step(S.RECEIVED, S.SCANNED, "results.scan", I),
    step(S.RECEIVED, S.INCIDENT, "results.receive", R),
    step(S.SCANNED, S.INCIDENT, "results.scan", R),
    step(S.INCIDENT, S.RECEIVED, "results.receive", R),
    step(S.INCIDENT, S.NO_VOTE, "results.commission", R, D, Q),
    step(S.INCIDENT, S.SET_ASIDE, "results.commission", R, D, Q),
    step(S.SCANNED, S.FIRST_ENTRY, "results.enter"),
    step(S.FIRST_ENTRY, S.SCANNED, "results.enter"),
    step(S.FIRST_ENTRY, S.INCIDENT, "results.enter", R),
    step(S.FIRST_ENTRY, S.FIRST_ENTERED, "results.enter", F),
    step(S.FIRST_ENTERED, S.SECOND_ENTRY, "results.enter"),
    step(S.SECOND_ENTRY, S.FIRST_ENTERED, "results.enter"),
    step(S.SECOND_ENTRY, S.INCIDENT, "results.enter", R),
    step(S.SECOND_ENTRY, S.MATCHED, "results.enter", F),
    step(S.SECOND_ENTRY, S.DIFFERENT, "results.enter", F),
    step(S.DIFFERENT, S.ARBITRATION, "results.arbitrate"),
    step(S.ARBITRATION, S.DIFFERENT, "results.arbitrate"),
    step(S.ARBITRATION, S.MATCHED, "results.arbitrate", C),
    step(S.ARBITRATION, S.SCANNED, "results.arbitrate", R),
    step(S.ARBITRATION, S.SECOND_VISA, "results.arbitrate", C, R, I),
    step(S.SECOND_VISA, S.MATCHED, "results.visa", R),
    step(S.SECOND_VISA, S.DIFFERENT, "results.visa", R),
    step(S.MATCHED, S.CHECKED, "results.review"),
    step(S.MATCHED, S.UNDER_REVIEW, "results.review"),
    step(S.UNDER_REVIEW, S.CHECKED, "results.review", R),
    step(S.UNDER_REVIEW, S.SCANNED, "results.review", R),
    step(S.UNDER_REVIEW, S.SET_ASIDE, "results.commission", R, D, Q),
    step(S.CHECKED, S.UNDER_REVIEW, "results.commission", R, Q),
    step(S.CHECKED, S.VALIDATED, "results.commission", Q),
    step(S.VALIDATED, S.RECALLED, "results.recall", R, O),
    step(S.VALIDATED, S.PUBLISHED, "results.publish", D, O),
    step(S.PUBLISHED, S.RECALLED, "results.recall", R, D, O),
    step(S.PUBLISHED, S.CONTESTED, "results.contest", D),
    step(S.PUBLISHED, S.FINAL, "results.proclaim", D),
    step(S.RECALLED, S.UNDER_REVIEW, "results.recall", R),
    step(S.RECALLED, S.RECEIVED, "results.recall", R),
    step(S.CONTESTED, S.PUBLISHED, "results.decide", D),
    step(S.CONTESTED, S.ADJUSTED, "results.decide", D, R, F, O),
    step(S.CONTESTED, S.ANNULLED, "results.decide", D, R, O),
    step(S.ADJUSTED, S.FINAL, "results.proclaim", D),
    step(S.ANNULLED, S.FINAL, "results.proclaim", D),
    step(S.SET_ASIDE, S.RECALLED, "results.recall", R, O),
)
TABLE: Mapping[tuple[State, State], Step] = {(s.start, s.to): s for s in STEPS}
DESKS = frozenset(s.right for s in STEPS)


@dataclass(frozen=True, slots=True)
class Record:
    """Where one station report stands. hands: who holds which part of the present attempt (person ids).

    past: everybody who has seen or touched its figures since the first attempt of the first version.
    It only grows: a paper received, typed or opened again forgets nobody.
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
    image: str = ""
    annulled: bool = False
    adjusted: bool = False
    last_hash: str = ""

    @property
    def counted(self) -> bool:
        return self.state in COUNTED and not self.annulled


@dataclass(frozen=True, slots=True)
class Act:
    """What one person does at one moment. other: the second person, where two are needed.

    sitting: the open sitting of the commission, with its quorum, in which the act is done.
    errors, warnings: codes of findings of the registry on the final sheet, computed by the caller.
    seen: the version and hash the person had before the eyes ("" skips the comparison).
    """

    by: int
    at: datetime
    right: str
    reason: str = ""
    document: str = ""
    image: str = ""
    sheet: Sheet | None = None
    choice: Mapping[Line, int | None] | None = None
    other: int | None = None
    sitting: int | None = None
    until: datetime | None = None
    errors: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the chain: what is kept for ever."""

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

    def hash(self) -> str:
        """SHA-256 (hex) of the row, of the figures it settles, and of the hash before it."""
        parts = (
            self.previous, str(self.version), self.start.value, self.to.value, str(self.by), str(self.other or ""),
            self.right, self.at.isoformat(), self.reason, self.document, *([self.figures] if self.figures else ()),
            *(() if self.sitting is None else (f"sitting {self.sitting}",)),
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
    RES-416 changed meanwhile, RES-464 the commission outside a sitting.
    """
    rule = TABLE.get((record.state, to))
    if rule is None or act.right != rule.right:
        allowed = ", ".join(STATE_LABELS[s] for s in allowed_from(record.state)) or "–"
        raise Illegal(start=STATE_LABELS[record.state], to=STATE_LABELS[to], allowed=allowed)
    if act.seen and act.seen != record.last_hash:
        raise Stale
    lacking(rule, act)
    held(record, to, act)
    past = counted_in(record, to, act)
    after = CHANGES.get((record.state, to), moved)(record, to, act)
    row = Row(
        record.version, record.state, to, act.by, act.other, act.right, act.at, act.reason.strip()[:LONGEST_REASON],
        act.document.strip()[:LONGEST_DOCUMENT], record.last_hash, sheet_digest(after.final) if after.final else "",
        act.sitting,
    )  # fmt: skip
    return replace(after, past=past, last_hash=row.hash()), row


def lacking(rule: Step, act: Act) -> None:
    have = {
        Need.REASON: bool(act.reason.strip()),
        Need.DOCUMENT: bool(act.document.strip()),
        Need.IMAGE: bool(act.image),
        Need.SHEET: act.sheet is not None,
        Need.CHOICE: act.choice is not None,
        Need.OTHER: act.other is not None and act.other != act.by,
        Need.SITTING: act.sitting is not None,
    }
    if Need.SITTING in rule.needs and not have[Need.SITTING]:
        raise OutsideSitting
    for need in Need:
        if need in rule.needs and not have[need]:
            raise Lacks(need=NEED_LABELS[need])


Change = Callable[[Record, State, Act], Record]
CLAIMS = frozenset({State.FIRST_ENTRY, State.SECOND_ENTRY, State.ARBITRATION})
"""States in which one person holds the paper; the hold expires and the paper goes back to its queue."""


def held(record: Record, to: State, act: Act) -> None:
    """Only the holder acts on a claimed paper; after expiry anybody of the desk may give it back."""
    if record.state not in CLAIMS or record.holder == act.by:
        return
    back = to in (State.SCANNED, State.FIRST_ENTERED, State.DIFFERENT) and act.sheet is None
    if back and record.held_until is not None and act.at >= record.held_until:
        return
    raise NotHolder(until=f"{record.held_until:%H:%M}" if record.held_until else "–")


STEP_PARTS: Mapping[tuple[State, State], Part] = {
    (S.SCANNED, S.FIRST_ENTRY): Part.OPENED,
    (S.FIRST_ENTERED, S.SECOND_ENTRY): Part.OPENED,
    (S.FIRST_ENTRY, S.FIRST_ENTERED): Part.TYPED,
    (S.SECOND_ENTRY, S.MATCHED): Part.TYPED,
    (S.SECOND_ENTRY, S.DIFFERENT): Part.TYPED,
    (S.DIFFERENT, S.ARBITRATION): Part.SAW,
    (S.ARBITRATION, S.MATCHED): Part.SETTLED,
    (S.ARBITRATION, S.SECOND_VISA): Part.SETTLED,
    (S.ARBITRATION, S.SCANNED): Part.SETTLED,
    **{(s.start, s.to): Part.VISA for s in STEPS if s.right == "results.visa"},
    **{(s.start, s.to): Part.REVIEW for s in STEPS if s.right == "results.review"},
    **{(s.start, s.to): Part.COMMISSION for s in STEPS if s.right == "results.commission"},
    **{(s.start, s.to): Part.PUBLICATION for s in STEPS if s.right == "results.publish"},
    **{(s.start, s.to): Part.RECALL for s in STEPS if s.right == "results.recall"},
    **{(s.start, s.to): Part.COURT for s in STEPS if s.right == "results.decide"},
}
"""The part that a step gives to whoever takes it; the others touch the paper, not its figures."""


def counted_in(record: Record, to: State, act: Act) -> Past:
    """Everybody who has had the paper once this act is done. RES-412: one of them had another part before."""
    part = STEP_PARTS.get((record.state, to))
    persons = {p for p in (act.by, act.other) if p}
    if (record.state, to) == (S.INCIDENT, S.RECEIVED) and record.first is not None:
        for person in persons:  # whoever stopped an entry made by another does not wipe it too
            if had := taken(record.past, person, Part.OPENED, Part.TYPED):
                raise NotYou(part=had.label)
    if part is None:
        return record.past
    for person in persons:
        if had := clash(record.past, person, part):
            raise NotYou(part=had.label)
    return record.past | {(person, part) for person in persons}


def moved(record: Record, to: State, act: Act) -> Record:
    return replace(record, state=to, holder=None, held_until=None)


def received(record: Record, to: State, act: Act) -> Record:
    """A paper in hand again: whatever was typed from another paper is not carried over."""
    return replace(moved(record, to, act), hands={}, first=None, second=None, final=None, free=(), approved=frozenset(),
                   open_errors=frozenset(), open_warnings=frozenset(), image="")  # fmt: skip


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
    return replace(record, final=sheet, open_errors=act.errors, open_warnings=act.warnings)


def arbitrated(record: Record, to: State, act: Act) -> Record:
    assert record.first is not None and record.second is not None and act.choice is not None
    done = settle(record.first, record.second, act.choice)
    if bool(done.free) != (to is State.SECOND_VISA):
        raise WrongOutcome(to=STATE_LABELS[State.SECOND_VISA if done.free else State.MATCHED])
    after = replace(moved(record, to, act), hands={**record.hands, "arbiter": act.by}, free=done.free)
    return matched(after, act, done.sheet)


def visa_given(record: Record, to: State, act: Act) -> Record:
    return replace(
        moved(record, to, act), hands={**record.hands, "visa": act.by}, approved=frozenset(record.free), free=(),
        open_errors=act.errors, open_warnings=act.warnings,
    )  # fmt: skip


def visa_refused(record: Record, to: State, act: Act) -> Record:
    hands = {k: v for k, v in record.hands.items() if k != "arbiter"}
    return replace(moved(record, to, act), final=None, free=(), hands=hands)


def again(record: Record, to: State, act: Act) -> Record:
    """Both entries set aside: the paper is typed again, by whoever takes it, from the image."""
    if record.state is State.FIRST_ENTRY:
        return moved(record, to, act)
    return replace(moved(record, to, act), hands={}, first=None, second=None, final=None, free=(), approved=frozenset(),
                   open_errors=frozenset(), open_warnings=frozenset())  # fmt: skip


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
        moved(record, to, act),
        hands={**record.hands, "reviewer": act.by},
        open_errors=frozenset(),
        open_warnings=frozenset(),
    )


def doubted(record: Record, to: State, act: Act) -> Record:
    """The commission sends a checked report back: it is answered like a finding."""
    return replace(moved(record, to, act), open_warnings=record.open_warnings | {"COMMISSION"})


def validated(record: Record, to: State, act: Act) -> Record:
    assert record.first is not None and record.second is not None and record.final is not None
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
    """A court's figures: a new version; the old ones stay beside them."""
    return replace(moved(record, to, act), version=record.version + 1, final=act.sheet, adjusted=True)


def annulled(record: Record, to: State, act: Act) -> Record:
    return replace(moved(record, to, act), annulled=True)


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
    (S.CONTESTED, S.ADJUSTED): adjusted,
    (S.CONTESTED, S.ANNULLED): annulled,
}
"""What changes with a state besides the state; `moved` where nothing does."""


def drawing() -> str:
    """The table as a Mermaid state diagram: docs/states is written from it, and a test keeps them equal."""
    lines = ["stateDiagram-v2", "    [*] --> expected"]
    lines += [f"    {s.start.value} --> {s.to.value}: {s.right.removeprefix('results.')}" for s in STEPS]
    return "\n".join([*lines, "    final --> [*]"])
