"""The kinds of pieces that are made for a role: their names, who may take them, how many a centre needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from kalata.text import gettext_noop as _

KINDS: Mapping[str, str] = {
    "manual": _("manuel (A5)"), "card": _("carte de poche (A6)"), "poster": _("affiche (A3)"), "trainer": _("guide du formateur"),
    "slides": _("diapositives"), "audio": _("texte à enregistrer"), "quiz": _("épreuve et feuille de réponses"),
    "gift": _("questions (GIFT)"), "moodle": _("questions (Moodle XML)"), "scorm": _("questions (SCORM 1.2)"),
    "qti": _("questions (QTI 2.1)"), "manifest": _("inventaire des pièces"),
}  # fmt: skip
"""In the order they are shown."""
KEYED = frozenset({"quiz", "gift", "moodle", "scorm", "qti"})
"""Pieces that hold the questions of a paper: not for who only reads."""
PRINTED = ("manual", "card", "poster", "trainer")
"""Pieces that a print run may be of."""
MANIFEST = "manifest.json"
MEDIA: Mapping[str, str] = {
    "pdf": "application/pdf", "html": "text/html; charset=utf-8", "json": "application/json; charset=utf-8", "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "zip": "application/zip", "gift": "text/plain; charset=utf-8",
    "xml": "application/xml",
}  # fmt: skip


def format_of(path: str) -> str:
    """What the name of a piece ends with, without a dot."""
    return path.rpartition(".")[2]


def media_of(path: str) -> str:
    return MEDIA[format_of(path)]


def rank(kind: str, path: str) -> tuple[int, str]:
    """Where a piece stands among those of a role."""
    return list(KINDS).index(kind), path


@dataclass(frozen=True, slots=True)
class Copies:
    """What one centre is sent."""

    manuals: int
    cards: int
    posters: int


def copies(stations: int, *, staff: int, manuals: int, posters: int, reserve: int) -> Copies:
    """For so many stations of `staff` persons each: manuals and posters by station, a card a person, and the reserve.

    reserve: in per cent, on the persons of the centre and not of a station: 3 stations of 5 with 10 % need 17 cards,
    not 18. Rounded up, so that nobody of the reserve is without one.
    """
    return Copies(stations * manuals, ceil(Fraction(stations * staff * (100 + reserve), 100)), stations * posters)
