"""The states of a case in the words of the guide of disputes, as scripts and archives write them."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.disputes.rules.steps import State

GUIDE: Mapping[State, str] = {
    State.DRAFT: "BROUILLON", State.RECEIVED: "RECU", State.DOCKETED: "ENROLE", State.TO_CURE: "A_REGULARISER",
    State.ADMISSIBILITY: "EN_RECEVABILITE", State.INADMISSIBLE: "PROJET_IRRECEVABLE", State.SERVED: "COMMUNIQUE",
    State.INSTRUCTION: "EN_INSTRUCTION", State.READY: "EN_ETAT", State.HEARING: "AUDIENCE",
    State.DELIBERATION: "DELIBERE", State.DRAFTED: "ARRETE_PROJET", State.GATE: "CONTROLE", State.SIGNED: "SIGNE",
    State.PRONOUNCED: "PRONONCE", State.NOTIFIED: "NOTIFIE", State.PUBLISHED: "PUBLIE", State.APPLIED: "EFFET",
    State.CLOSED: "CLOS", State.CORRECTION: "RECTIFICATION", State.JOINED: "JOINT", State.SEVERED: "DISJOINT",
    State.WITHDRAWN: "DESISTE", State.NO_JURISDICTION: "INCOMPETENT", State.STAYED: "SURSIS",
}  # fmt: skip


def code(state: str) -> str:
    return GUIDE[State(state)]


def state_of(word: str) -> State | None:
    """The state of a word of the guide, or of its own; None for another word."""
    for state, said in GUIDE.items():
        if word.strip().upper() == said or word.strip() == state.value:
            return state
    return None
