"""The table of the life of a station report: its states, the steps between them, and how each step is taken.

How a step is taken follows from the table alone (`way_of`): nobody chooses it. Source: field guide on results,
sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from kalata.lifecycle import Hand
from kalata.lifecycle import Step as Step
from kalata.refusals import Refused
from kalata.tally.rules.hands import Part
from kalata.tally.rules.stops import Lacks, OutsideSitting
from kalata.text import gettext_noop as _


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
"""States whose figures are in the totals (FINAL only where no court has annulled the record)."""
PUBLIC = frozenset({State.PUBLISHED, State.CONTESTED, State.ADJUSTED, State.ANNULLED, State.FINAL})
"""States whose figures everybody may read."""


class Way(StrEnum):
    """Who does a step, and where."""

    ONE = "one"  # one person, with words
    SITTING = "sitting"  # the commission in its sitting, with words
    VALIDATE = "validate"  # the commission in its sitting, on figures computed again
    VISA = "visa"
    SCAN = "scan"
    SECOND = "second"  # asked by one person, carried out when another approves
    DESK = "desk"  # blind entry and arbitration: the desk sends figures
    HOUSE = "house"  # it follows from the figures, nobody does it
    BATCH = "batch"  # publication, by numbered batch
    COURT = "court"


WAY_LABELS: Mapping[Way, str] = {
    Way.ONE: _("c’est l’acte d’une seule personne, sur la page du procès-verbal"),
    Way.SITTING: _("la commission le fait en séance"),
    Way.VALIDATE: _("la commission valide en séance"),
    Way.VISA: _("une quatrième personne donne ou refuse son visa"),
    Way.SCAN: _("le poste de numérisation joint l’image"),
    Way.SECOND: _("une personne le demande, une seconde l’approuve"),
    Way.DESK: _("il se fait au poste de saisie ou d’arbitrage"),
    Way.HOUSE: _("il se déduit des chiffres, personne ne le fait"),
    Way.BATCH: _("la publication se fait par lot"),
    Way.COURT: _("c’est l’affaire de la juridiction"),
}


class Need(StrEnum):
    REASON = "reason"
    DOCUMENT = "document"
    IMAGE = "image"
    SHEET = "sheet"
    CHOICE = "choice"
    OTHER = "other"  # a second person approves
    SITTING = "sitting"  # an open sitting of the commission, with its quorum

    @property
    def label(self) -> str:
        return NEED_LABELS[self]

    def lacking(self, record: Any, act: Any, step: Any) -> Refused | None:
        """RES-464 the commission outside a sitting, RES-411 anything else."""
        if MET[self](act):
            return None
        return OutsideSitting() if self is Need.SITTING else Lacks(need=self.label)


NEED_LABELS: Mapping[Need, str] = {
    Need.REASON: _("un motif"),
    Need.DOCUMENT: _("un document"),
    Need.IMAGE: _("une image et son empreinte"),
    Need.SHEET: _("les chiffres"),
    Need.CHOICE: _("une valeur par ligne différente"),
    Need.OTHER: _("une seconde personne"),
    Need.SITTING: _("une séance ouverte de la commission"),
}


MET: Mapping[Need, Callable[[Any], bool]] = {
    Need.REASON: lambda act: bool(act.reason.strip()),
    Need.DOCUMENT: lambda act: bool(act.document.strip()),
    Need.IMAGE: lambda act: bool(act.image),
    Need.SHEET: lambda act: act.sheet is not None,
    Need.CHOICE: lambda act: act.choice is not None,
    Need.OTHER: lambda act: act.other is not None and act.other != act.by,
    Need.SITTING: lambda act: act.sitting is not None,
}
CLAIMS = frozenset({State.FIRST_ENTRY, State.SECOND_ENTRY, State.ARBITRATION})
"""States in which one person holds the paper; the hold expires and the house gives the paper back to its queue."""
Line = tuple[Step[State], Way, Part | None]


def line(start: State, to: State, right: str, way: Way, *needs: Need, part: Part | None = None) -> Line:
    """One line of the table. part: what it makes of whoever takes it; left out: what the right says (`PARTS`)."""
    hand = Hand.HOUSE if way is Way.HOUSE else Hand.EITHER if start in CLAIMS else Hand.PERSON
    return Step(start, to, right, frozenset(needs), hand), way, part or PARTS.get(right)


PARTS: Mapping[str, Part] = {
    "results.visa": Part.VISA,
    "results.review": Part.REVIEW,
    "results.commission": Part.COMMISSION,
    "results.publish": Part.PUBLICATION,
    "results.recall": Part.RECALL,
    "results.decide": Part.COURT,
}
"""The other rights touch the paper, not its figures, save where a line says so."""
R, D, I, F, C, O = Need.REASON, Need.DOCUMENT, Need.IMAGE, Need.SHEET, Need.CHOICE, Need.OTHER  # noqa: E741
Q = Need.SITTING
S = State
LINES: tuple[Line, ...] = (
    line(S.EXPECTED, S.RECEIVED, "results.receive", Way.ONE),
    line(S.RECEIVED, S.EXPECTED, "results.receive", Way.ONE, R),
    line(S.EXPECTED, S.MISSING, "results.commission", Way.SITTING, R, D, Q),
    line(S.MISSING, S.RECEIVED, "results.receive", Way.ONE),
    line(S.MISSING, S.NO_VOTE, "results.commission", Way.SITTING, R, D, Q),
    line(S.NO_VOTE, S.RECEIVED, "results.receive", Way.ONE, R),
    line(S.RECEIVED, S.SCANNED, "results.scan", Way.SCAN, I),
    line(S.RECEIVED, S.INCIDENT, "results.receive", Way.ONE, R),
    line(S.SCANNED, S.INCIDENT, "results.scan", Way.ONE, R),
    line(S.INCIDENT, S.RECEIVED, "results.receive", Way.ONE, R),
    line(S.INCIDENT, S.NO_VOTE, "results.commission", Way.SITTING, R, D, Q),
    line(S.INCIDENT, S.SET_ASIDE, "results.commission", Way.SITTING, R, D, Q),
    line(S.SCANNED, S.FIRST_ENTRY, "results.enter", Way.DESK, part=Part.OPENED),
    line(S.FIRST_ENTRY, S.SCANNED, "results.enter", Way.DESK),
    line(S.FIRST_ENTRY, S.INCIDENT, "results.enter", Way.ONE, R),
    line(S.FIRST_ENTRY, S.FIRST_ENTERED, "results.enter", Way.DESK, F, part=Part.TYPED),
    line(S.FIRST_ENTERED, S.SECOND_ENTRY, "results.enter", Way.DESK, part=Part.OPENED),
    line(S.SECOND_ENTRY, S.FIRST_ENTERED, "results.enter", Way.DESK),
    line(S.SECOND_ENTRY, S.INCIDENT, "results.enter", Way.ONE, R, part=Part.STOPPED),
    line(S.SECOND_ENTRY, S.MATCHED, "results.enter", Way.DESK, F, part=Part.TYPED),
    line(S.SECOND_ENTRY, S.DIFFERENT, "results.enter", Way.DESK, F, part=Part.TYPED),
    line(S.DIFFERENT, S.ARBITRATION, "results.arbitrate", Way.DESK, part=Part.SAW),
    line(S.ARBITRATION, S.DIFFERENT, "results.arbitrate", Way.DESK),
    line(S.ARBITRATION, S.MATCHED, "results.arbitrate", Way.DESK, C, part=Part.SETTLED),
    line(S.ARBITRATION, S.SCANNED, "results.arbitrate", Way.ONE, R, part=Part.SETTLED),
    line(S.ARBITRATION, S.SECOND_VISA, "results.arbitrate", Way.DESK, C, R, I, part=Part.SETTLED),
    line(S.SECOND_VISA, S.MATCHED, "results.visa", Way.VISA, R),
    line(S.SECOND_VISA, S.DIFFERENT, "results.visa", Way.VISA, R),
    line(S.MATCHED, S.CHECKED, "results.review", Way.HOUSE),
    line(S.MATCHED, S.UNDER_REVIEW, "results.review", Way.HOUSE),
    line(S.UNDER_REVIEW, S.CHECKED, "results.review", Way.ONE, R),
    line(S.UNDER_REVIEW, S.SCANNED, "results.review", Way.ONE, R),
    line(S.UNDER_REVIEW, S.SET_ASIDE, "results.commission", Way.SITTING, R, D, Q),
    line(S.CHECKED, S.UNDER_REVIEW, "results.commission", Way.SITTING, R, Q),
    line(S.CHECKED, S.VALIDATED, "results.commission", Way.VALIDATE, Q),
    line(S.VALIDATED, S.RECALLED, "results.recall", Way.SECOND, R, O),
    line(S.VALIDATED, S.PUBLISHED, "results.publish", Way.BATCH, D, O),
    line(S.PUBLISHED, S.RECALLED, "results.recall", Way.SECOND, R, D, O),
    line(S.PUBLISHED, S.CONTESTED, "results.contest", Way.COURT, D),
    line(S.PUBLISHED, S.FINAL, "results.proclaim", Way.COURT, D),
    line(S.RECALLED, S.UNDER_REVIEW, "results.recall", Way.ONE, R),
    line(S.RECALLED, S.RECEIVED, "results.recall", Way.ONE, R),
    line(S.CONTESTED, S.PUBLISHED, "results.decide", Way.COURT, D),
    line(S.CONTESTED, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.CONTESTED, S.ANNULLED, "results.decide", Way.COURT, D, R, O),
    line(S.PUBLISHED, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.PUBLISHED, S.ANNULLED, "results.decide", Way.COURT, D, R, O),
    line(S.ADJUSTED, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.ADJUSTED, S.ANNULLED, "results.decide", Way.COURT, D, R, O),
    line(S.ANNULLED, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.SET_ASIDE, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.RECALLED, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.MISSING, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.NO_VOTE, S.ADJUSTED, "results.decide", Way.COURT, D, R, F, O),
    line(S.ADJUSTED, S.FINAL, "results.proclaim", Way.COURT, D),
    line(S.ANNULLED, S.FINAL, "results.proclaim", Way.COURT, D),
    line(S.SET_ASIDE, S.RECALLED, "results.recall", Way.SECOND, R, O),
)  # fmt: skip
"""From, to, the right, the way it is taken, what must come with it, the part it makes of whoever takes it."""
STEPS: tuple[Step[State], ...] = tuple(one for one, _way, _part in LINES)
TABLE: Mapping[tuple[State, State], Step[State]] = {(s.start, s.to): s for s in STEPS}
DESKS = frozenset(s.right for s in STEPS)
WAYS: Mapping[tuple[State, State], Way] = {(s.start, s.to): way for s, way, _part in LINES}
"""One way a step; `UNDER_REVIEW` to `CHECKED` takes two persons where errors are open (`way_of`)."""
STEP_PARTS: Mapping[tuple[State, State], Part] = {(s.start, s.to): part for s, _way, part in LINES if part}
"""The part that a step gives to whoever takes it."""


def way_of(start: State, to: State, errors: bool = False) -> Way | None:
    """How a step is taken, from where the paper stands; None where the table has no such step."""
    if errors and (start, to) == (S.UNDER_REVIEW, S.CHECKED):
        return Way.SECOND
    return WAYS.get((start, to))
