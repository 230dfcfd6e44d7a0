"""What is told of a paper to who holds it: which version it is, and whether another took its place. Pure.

Nothing of what it says, of whom it is about or of who signed: a stranger learns only of the paper in his hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kalata.documents.rules.content import PAGE, page_code
from kalata.text import gettext_noop as _


class Verdict(StrEnum):
    """What the register answers."""

    UNKNOWN = "unknown"
    REFERENCE = "reference"
    OTHER = "other"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"


SAYS = {
    Verdict.UNKNOWN: _("Aucun document émis ne porte cette référence ou cette empreinte."),
    Verdict.REFERENCE: _("Cette référence est au registre. Pour savoir quelle version vous tenez, donnez aussi l’empreinte du bas de page."),
    Verdict.OTHER: _("Cette référence est au registre, mais aucune de ses versions ne porte cette empreinte : relisez-la. Si elle est bien celle du papier, il n’est pas celui qui a été émis."),
    Verdict.IN_FORCE: _("Ce papier est la version en vigueur."),
    Verdict.SUPERSEDED: _("Ce papier a été émis, mais une version plus récente l’a remplacé."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """One version as the register has it."""

    reference: str
    version: int
    digest: str
    sha256: str
    pages: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """held: the version in the hand of who asks, None where that is not known; latest: the one in force; page: of a page
    code, the number of the page."""

    verdict: Verdict
    held: Issued | None = None
    latest: Issued | None = None
    page: int | None = None


def fingerprint(typed: str) -> str:
    """The figures 0-9 a-f of what was typed, without spaces; "" where there is anything else or fewer than a page code has."""
    clean = re.sub(r"[\s\-]", "", typed).lower()
    return clean if re.fullmatch(r"[0-9a-f]*", clean) and PAGE <= len(clean) <= 64 else ""


def page_of(one: Issued, code: str) -> int | None:
    """The page of this version that bears the code."""
    return next((n for n in range(1, one.pages + 1) if page_code(one.digest, n) == code), None)


def answer(versions: Sequence[Issued], typed: str) -> Answer:
    """The answer, of the versions of one reference and a fingerprint typed (of the paper, of a page, of the file; "": none)."""
    if not versions:
        return Answer(Verdict.UNKNOWN)
    latest = max(versions, key=lambda one: one.version)
    if not typed.strip():
        return Answer(Verdict.REFERENCE, latest=latest)
    code = fingerprint(typed)
    for one in versions if code else ():
        page = page_of(one, code) if len(code) == PAGE else None
        if page or one.digest.startswith(code) or one.sha256.startswith(code):
            verdict = Verdict.IN_FORCE if one is latest else Verdict.SUPERSEDED
            return Answer(verdict, held=one, latest=latest, page=page)
    return Answer(Verdict.OTHER, latest=latest)
