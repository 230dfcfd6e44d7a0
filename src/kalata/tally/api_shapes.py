"""What the API takes and gives. What it takes is exact: a count is a whole number within its bounds, never `1.0`,
`true` or `"12"`; a key is there once; a field that is not of the shape is refused (API-422)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from kalata import plain
from kalata.tally.models import Paper

MOST_COUNT = 99_999


def shown_text(text: str) -> str:
    if hidden := plain.hidden(text, lines=True):
        raise ValueError(f"hidden character {hidden}")
    return text


def digits(value: object) -> object:
    """A number in an address or as a key is written in plain digits."""
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            raise ValueError("a whole number in plain digits")
        return int(value)
    return value


Count = Annotated[int, Field(ge=0, le=MOST_COUNT, strict=True)]
Ident = Annotated[int, BeforeValidator(digits), Field(ge=1, le=2**62, strict=True)]
Word = Annotated[str, Field(max_length=120), AfterValidator(shown_text)]
Words = Annotated[str, Field(max_length=400), AfterValidator(shown_text)]
Figures = Annotated[dict[Word, Count | None], Field(max_length=400)]
Many = Annotated[list[Word], Field(max_length=2_000)]


class Given(Schema):
    model_config = ConfigDict(strict=True, extra="forbid")


class PaperOut(Schema):
    id: int
    station: str
    part: str
    state: str
    version: int
    serial: int
    errors: list[str]
    warnings: list[str]
    image: str
    hash: str
    since: datetime | None


class PassageOut(Schema):
    version: int
    start: str
    to: str
    at: datetime
    right: str
    reason: str
    document: str
    sitting_id: int | None
    previous: str
    hash: str


class PaperWhole(PaperOut):
    figures: dict[str, int | None] | None
    passages: list[PassageOut]
    intact: bool


class Claimed(PaperOut):
    rank: int
    lines: list[str]
    held_until: datetime | None


class Code(Given):
    code: Annotated[str, Field(max_length=250), AfterValidator(shown_text)]
    reason: Words = ""


class Lines(Given):
    """Figures by line: boxes of the form and c1, c2 ... in ballot order; null: empty on the paper.

    seen: the `hash` of the paper when it was taken.
    """

    lines: Figures
    seen: Word


class Move(Given):
    """seen: the `hash` of the paper that was read, "" where nothing had happened to it (RES-416).

    sitting: the open sitting in which the commission acts.
    """

    to: Word
    seen: Word
    reason: Words = ""
    document: Words = ""
    sitting: Ident | None = None


class CopyIn(Given):
    station: Annotated[str, Field(max_length=250), AfterValidator(shown_text)]
    source: Word
    lines: Figures
    legible: bool = True


class BagIn(Given):
    code: Word
    kind: Word = "envelope"
    seals: Many
    stations: Many = []
    place: Word = ""


class HandIn(Given):
    giver: Word
    receiver: Word
    place: Word
    seals: Many
    condition: Words = ""


class OpenIn(Given):
    found: Many
    seals: Many
    witness: Word
    condition: Words = ""


class ValidateIn(Given):
    """papers: {paper id: the hash it showed}."""

    papers: Annotated[dict[Ident, Word], Field(max_length=2_000)]


class BatchIn(Given):
    document: Words
    note: Words = ""


def shown(paper: Paper) -> dict[str, Any]:
    return {
        "id": paper.pk, "station": paper.station.code, "part": paper.station.part, "state": paper.state,
        "version": paper.version, "serial": paper.serial, "errors": paper.errors, "warnings": paper.warnings,
        "image": paper.image, "hash": paper.last_hash, "since": paper.since,
    }  # fmt: skip
