"""The boxes of a station report (procès-verbal) and what an empty one means.

A box that the form of a contest does not have does not exist for it. A box that exists and is
empty on the paper is `None` in rules and -1 in arrays (`ABSENT`): never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from kalata.text import gettext_noop as _

ABSENT = -1
"""How arrays and packed sheets write a box that is empty on the paper."""


class Box(StrEnum):
    """Every figure of a report that is not a vote. The letter is the one of the checks."""

    REGISTERED = "registered"  # I
    ADDITIONAL = "additional"  # A: voters allowed beside the list
    VOTERS = "voters"  # V: signatures
    PROXIES = "proxies"  # P
    BALLOTS = "ballots"  # U: papers in the box
    NULL_BALLOTS = "null_ballots"  # N
    BLANK_BALLOTS = "blank_ballots"  # B
    ANNULLED_VOTES = "annulled_votes"  # K: by the court only
    VALID = "valid"  # S
    RECEIVED = "received"  # R: ballot papers received
    UNUSED = "unused"  # X
    SPOILED = "spoiled"  # G
    SIGNATURES = "signatures"  # members of the bureau who signed
    WORDS_AGREE = "words_agree"  # 1: figures and words say the same everywhere, 0: they do not
    GAP_NOTED = "gap_noted"  # 1: the report itself explains the gap between box and signatures


MARKS = frozenset({Box.SIGNATURES, Box.WORDS_AGREE, Box.GAP_NOTED})
"""What is read on the paper beside the count. Typed twice like the rest; never part of a total."""

BOXES: tuple[Box, ...] = tuple(Box)
INDEX: Mapping[Box, int] = {box: place for place, box in enumerate(BOXES)}

LABELS: Mapping[Box, str] = {
    Box.REGISTERED: _("Inscrits"),
    Box.ADDITIONAL: _("Électeurs supplémentaires admis"),
    Box.VOTERS: _("Votants"),
    Box.PROXIES: _("Procurations"),
    Box.BALLOTS: _("Bulletins dans l’urne"),
    Box.NULL_BALLOTS: _("Bulletins nuls"),
    Box.BLANK_BALLOTS: _("Bulletins blancs"),
    Box.ANNULLED_VOTES: _("Suffrages annulés"),
    Box.VALID: _("Suffrages exprimés"),
    Box.RECEIVED: _("Bulletins reçus"),
    Box.UNUSED: _("Bulletins non utilisés"),
    Box.SPOILED: _("Bulletins détériorés"),
    Box.SIGNATURES: _("Signatures des membres du bureau"),
    Box.WORDS_AGREE: _("Chiffres et lettres concordent (1 oui, 0 non)"),
    Box.GAP_NOTED: _("Écart urne et signatures expliqué au PV (1 oui, 0 non)"),
}


class Standing(IntEnum):
    """What a station's record is worth for the totals."""

    COUNTED = 0
    ANNULLED = 1
    MISSING = 2


STANDING_LABELS: Mapping[Standing, str] = {
    Standing.COUNTED: _("Compté"),
    Standing.ANNULLED: _("Annulé"),
    Standing.MISSING: _("Manquant"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report as typed: boxes (None: empty on the paper) and votes in ballot order."""

    boxes: Mapping[Box, int | None] = field(default_factory=dict)
    votes: tuple[int | None, ...] = ()

    def __getattr__(self, name: str) -> int | None:  # sheet.valid, sheet.null_ballots
        try:
            return self.boxes.get(Box(name))
        except ValueError:
            raise AttributeError(name) from None
