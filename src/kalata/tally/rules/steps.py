"""The table of the life of a station report: its states, the steps between them, and how each step is taken.

How a step is taken follows from the table alone (`way_of`): nobody chooses it. Source: field guide on results,
sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.tally.rules.hands import Part
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


STEP_PARTS: Mapping[tuple[State, State], Part] = {
    (S.SCANNED, S.FIRST_ENTRY): Part.OPENED,
    (S.FIRST_ENTERED, S.SECOND_ENTRY): Part.OPENED,
    (S.FIRST_ENTRY, S.FIRST_ENTERED): Part.TYPED,
    (S.SECOND_ENTRY, S.INCIDENT): Part.STOPPED,
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


# --- how each step is taken -------------------------------------------------------------------
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
WAYS: Mapping[tuple[State, State], Way] = {
    (S.EXPECTED, S.RECEIVED): Way.ONE,
    (S.EXPECTED, S.MISSING): Way.SITTING,
    (S.MISSING, S.RECEIVED): Way.ONE,
    (S.MISSING, S.NO_VOTE): Way.SITTING,
    (S.NO_VOTE, S.RECEIVED): Way.ONE,
    (S.RECEIVED, S.SCANNED): Way.SCAN,
    (S.RECEIVED, S.INCIDENT): Way.ONE,
    (S.SCANNED, S.INCIDENT): Way.ONE,
    (S.INCIDENT, S.RECEIVED): Way.ONE,
    (S.INCIDENT, S.NO_VOTE): Way.SITTING,
    (S.INCIDENT, S.SET_ASIDE): Way.SITTING,
    (S.SCANNED, S.FIRST_ENTRY): Way.DESK,
    (S.FIRST_ENTRY, S.SCANNED): Way.DESK,
    (S.FIRST_ENTRY, S.INCIDENT): Way.ONE,
    (S.FIRST_ENTRY, S.FIRST_ENTERED): Way.DESK,
    (S.FIRST_ENTERED, S.SECOND_ENTRY): Way.DESK,
    (S.SECOND_ENTRY, S.FIRST_ENTERED): Way.DESK,
    (S.SECOND_ENTRY, S.INCIDENT): Way.ONE,
    (S.SECOND_ENTRY, S.MATCHED): Way.DESK,
    (S.SECOND_ENTRY, S.DIFFERENT): Way.DESK,
    (S.DIFFERENT, S.ARBITRATION): Way.DESK,
    (S.ARBITRATION, S.DIFFERENT): Way.DESK,
    (S.ARBITRATION, S.MATCHED): Way.DESK,
    (S.ARBITRATION, S.SCANNED): Way.ONE,
    (S.ARBITRATION, S.SECOND_VISA): Way.DESK,
    (S.SECOND_VISA, S.MATCHED): Way.VISA,
    (S.SECOND_VISA, S.DIFFERENT): Way.VISA,
    (S.MATCHED, S.CHECKED): Way.HOUSE,
    (S.MATCHED, S.UNDER_REVIEW): Way.HOUSE,
    (S.UNDER_REVIEW, S.CHECKED): Way.ONE,
    (S.UNDER_REVIEW, S.SCANNED): Way.ONE,
    (S.UNDER_REVIEW, S.SET_ASIDE): Way.SITTING,
    (S.CHECKED, S.UNDER_REVIEW): Way.SITTING,
    (S.CHECKED, S.VALIDATED): Way.VALIDATE,
    (S.VALIDATED, S.RECALLED): Way.SECOND,
    (S.VALIDATED, S.PUBLISHED): Way.BATCH,
    (S.PUBLISHED, S.RECALLED): Way.SECOND,
    (S.PUBLISHED, S.CONTESTED): Way.COURT,
    (S.PUBLISHED, S.FINAL): Way.COURT,
    (S.RECALLED, S.UNDER_REVIEW): Way.ONE,
    (S.RECALLED, S.RECEIVED): Way.ONE,
    (S.CONTESTED, S.PUBLISHED): Way.COURT,
    (S.CONTESTED, S.ADJUSTED): Way.COURT,
    (S.CONTESTED, S.ANNULLED): Way.SECOND,
    (S.ADJUSTED, S.FINAL): Way.COURT,
    (S.ANNULLED, S.FINAL): Way.COURT,
    (S.SET_ASIDE, S.RECALLED): Way.SECOND,
}
"""One way a step; `UNDER_REVIEW` to `CHECKED` takes two persons where errors are open (`way_of`)."""


def way_of(start: State, to: State, errors: bool = False) -> Way | None:
    """How a step is taken, from where the paper stands; None where the table has no such step."""
    if errors and (start, to) == (S.UNDER_REVIEW, S.CHECKED):
        return Way.SECOND
    return WAYS.get((start, to))
