"""The decision that a place is ready: what may be said of each point, and the two persons who sign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.lifecycle import REASON, Table, declare, other_than, step
from kalata.planning.rules.rights import ENDORSE, PROGRESS
from kalata.text import gettext_noop as _

FURTHEST = 400
"""Days before polling day beyond which no board stands."""
ANSWERS: Mapping[str, str] = {"yes": _("oui"), "no": _("non"), "none": _("sans objet")}


class Ready(StrEnum):
    OPEN = "open"
    PROPOSED = "proposed"
    SIGNED = "signed"


ANOTHER = other_than("proposer", _("une autre personne que celle qui propose"))

READY = declare(Table(
    name="plan_readiness", title=_("La décision qu’un lieu est prêt"), row="planning.ReadyDecision", states=Ready,
    labels={Ready.OPEN: _("à dire"), Ready.PROPOSED: _("proposée"), Ready.SIGNED: _("signée")},
    starts=(Ready.OPEN,), ends=frozenset({Ready.OPEN, Ready.SIGNED}),
    steps=(
        step(Ready.OPEN, Ready.PROPOSED, PROGRESS),
        step(Ready.PROPOSED, Ready.OPEN, PROGRESS, REASON),
        step(Ready.PROPOSED, Ready.SIGNED, ENDORSE, ANOTHER),
        step(Ready.SIGNED, Ready.OPEN, ENDORSE, REASON),
    ),
    needs=(REASON, ANOTHER),
    notes=(_("« Prêt » ne se propose que si chaque point est dit oui, ou sans objet. Une réponse qui change reprend la proposition."), _("Ce que deux personnes ont signé, deux le rouvrent : l’une le demande, une autre le décide.")),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list. evidence: a yes names its proof."""

    code: str
    fr: str
    en: str
    days: tuple[int, ...]
    evidence: bool
    activity: str
    source: str
    confidence: str


def points_of(rows: Iterable[Mapping[str, str]]) -> list[Point]:
    return [
        Point(
            r["code"], r["fr"], r["en"], tuple(int(d) for d in r["days"].split(";")), r["evidence"] == "1", r.get("activity", ""),
            r["source"], r["confidence"],
        )
        for r in rows
    ]  # fmt: skip


def boards(points: Iterable[Point]) -> tuple[int, ...]:
    """The days before polling day on which something is asked, the furthest first: the boards of the pack."""
    return tuple(sorted({d for p in points for d in p.days if 0 < d <= FURTHEST}, reverse=True))


def nearest(days: Iterable[int], left: int | None) -> int:
    """The board to open first: the next one that falls due with so many days left; the first where no polling day is known."""
    every = list(days)
    due = [d for d in every if left is not None and d <= left]
    return due[0] if due else every[-1 if left is not None else 0]


def lacking(points: Iterable[Point], answers: Mapping[str, str]) -> list[str]:
    """The points that are not yes nor out of question: silent, or no."""
    return [p.code for p in points if answers.get(p.code) not in ("yes", "none")]
