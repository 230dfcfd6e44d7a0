"""What results asks of the rooms around a decision of the Court. It names none of them: each registers itself.

The room that follows papers moves them (`obey`); the room that keeps decisions says which digest a number has (`keep`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kalata.country.models import Contest
from kalata.results.rules.boxes import Standing


@dataclass(frozen=True, slots=True)
class Made:
    """What becomes of one station. other: its figures are not those that stood."""

    station: int
    standing: Standing
    sheet: bytes
    other: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """The decision, or the petition, under which papers move: its number, its hash, who signed, who carries it out."""

    number: str
    digest: str
    signed_by: int
    carried_by: int
    at: datetime


class Desk(Protocol):
    """The room of papers, as the Court needs it. Each answer is the rows that the act must tell the ledger."""

    def decided(self, contest: Contest, made: Sequence[Made], under: Under) -> Iterable[Any]:
        """Move these papers, and write the version of each."""
        ...

    def contested(self, contest: Contest, stations: Sequence[int], under: Under) -> Iterable[Any]:
        """Say of public papers that they are before the judge."""
        ...

    def dismissed(self, contest: Contest, stations: Sequence[int], under: Under) -> Iterable[Any]:
        """Say of contested papers that they no longer are."""
        ...


class Shelf(Protocol):
    """What everybody reads of the Court, as pages of results point to it."""

    def decisions(self, numbers: Iterable[str]) -> dict[str, str]:
        """Number -> page, of those that are published."""
        ...

    def proclamation(self, contest: str) -> str:
        """The proclamation of a contest; "" where there is none."""
        ...

    def docket(self, contest: str) -> str:
        """The cases of a contest; "" where there is none."""
        ...


_desk: list[Desk] = []
_signed: list[Callable[[str], str | None]] = []


def obey(desk: Desk) -> None:
    _desk[:] = [desk]


def desk() -> Desk | None:
    return _desk[0] if _desk else None


def keep(signed: Callable[[str], str | None]) -> None:
    """From now on this room says the digest of a signed decision by its number; None: it knows no such number."""
    _signed[:] = [signed]


def signed(number: str) -> str | None:
    """The digest of a signed decision; None where nobody keeps decisions, or none has this number."""
    return _signed[0](number) if _signed else None


_shelf: list[Shelf] = []


def show(shelf: Shelf) -> None:
    _shelf[:] = [shelf]


def pages_of(numbers: Iterable[str]) -> dict[str, str]:
    """Number -> public page of these decisions; a number that is none, or of one not published, is left out."""
    return _shelf[0].decisions(numbers) if _shelf else {}


def docket_of(contest: str) -> str:
    """The public docket of a contest; "" where there is none."""
    return _shelf[0].docket(contest) if _shelf else ""


def proclamation_of(contest: str) -> str:
    """The public page of the proclamation of a contest; "" where there is none."""
    return _shelf[0].proclamation(contest) if _shelf else ""
