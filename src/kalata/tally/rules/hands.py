"""Who has had a paper: on one paper a person keeps one desk, for ever, and never types or settles twice.

The set of past hands only grows. It is asked at every later step: of the next attempt, of the next
version, of a paper received, recalled or opened again. Anybody who holds the right may ask a recall;
who did so takes no other part afterwards. The table `results_hand` refuses the same (RES-412).
Source: field guide on results, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kalata.text import gettext_noop as _


class Part(StrEnum):
    """What one person did with one paper."""

    OPENED = "opened"  # took it to type it, and saw its image
    TYPED = "typed"
    STOPPED = "stopped"  # took it to type it a second time, and sent it to incident: the first entry fell
    SAW = "saw"  # took it to arbitrate, and saw both entries
    SETTLED = "settled"  # chose, or set both entries aside
    VISA = "visa"
    REVIEW = "review"
    COMMISSION = "commission"
    PUBLICATION = "publication"
    RECALL = "recall"
    COPY = "copy"  # typed the copy of an agent of this station
    COURT = "court"
    READ = "read"  # saw agreed figures of this paper, being also a clerk

    @property
    def desk(self) -> str:
        return DESKS[self]

    @property
    def label(self) -> str:
        return LABELS[self]


DESKS: Mapping[Part, str] = {
    Part.OPENED: "entry",
    Part.TYPED: "entry",
    Part.STOPPED: "entry",
    Part.SAW: "arbitration",
    Part.SETTLED: "arbitration",
    **{p: p.value for p in Part if p not in ("opened", "typed", "stopped", "saw", "settled")},
}
LABELS: Mapping[Part, str] = {
    Part.OPENED: _("saisie"),
    Part.TYPED: _("saisie"),
    Part.STOPPED: _("saisie"),
    Part.SAW: _("arbitrage"),
    Part.SETTLED: _("arbitrage"),
    Part.VISA: _("double visa"),
    Part.REVIEW: _("contrôle"),
    Part.COMMISSION: _("commission"),
    Part.PUBLICATION: _("publication"),
    Part.RECALL: _("rappel"),
    Part.COPY: _("copie d’un délégué"),
    Part.COURT: _("juridiction"),
    Part.READ: _("lecture de ses chiffres"),
}
ONCE = frozenset({Part.TYPED, Part.STOPPED, Part.SETTLED})
"""Done once in the life of a paper: after it, not even the same desk again."""
FREE = frozenset({Part.RECALL, Part.READ})
"""Open to anybody with the right, whatever they had before."""

Past = frozenset[tuple[int, Part]]
"""(person, part), since the first attempt of the first version."""


def stops(had: Part, part: Part) -> bool:
    """True where a person who had `had` may not take `part`."""
    if part in FREE:
        return False
    if had is Part.READ:
        return part.desk == "entry"
    return had.desk != part.desk or had in ONCE


def clash(past: Past, person: int, part: Part) -> Part | None:
    """The earlier part that keeps this person from this one; None where nothing does."""
    return next((had for who, had in sorted(past) if who == person and stops(had, part)), None)


def taken(past: Past, person: int, *parts: Part) -> Part | None:
    """One of these parts that this person has had; None where none."""
    return next((had for who, had in sorted(past) if who == person and had in parts), None)
