"""What results asks of the room that follows papers. It names no paper: stations, and what everybody may know of theirs.

That room registers itself when it is ready (`follow`). Where nobody follows papers there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from kalata.country.models import Contest, Station
from kalata.results.rules.published import Turn


@dataclass(frozen=True, slots=True)
class Seen:
    """What the public log says of the paper of a station: whether its report is public, its image, the serial of its form."""

    public: bool
    image: str
    serial: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A passage of a paper, as the public may be told: under which right, by whom, with which document and reason.

    court: its judge decided; approval: the number of the act of two persons, 0 for none.
    """

    right: str
    by: int | None
    other: int | None
    document: str
    reason: str
    approval: int
    court: bool
    at: datetime


class Papers(Protocol):
    """Queries of one column of station ids (`followed`, `waiting`) stay queries: they are used inside others."""

    def exist(self, contest: Contest) -> bool:
        """True where the contest is counted from papers."""
        ...

    def parts(self, contest: Contest) -> set[str]:
        """Parts of the contest that are counted from papers."""
        ...

    def followed(self, contest: Contest) -> QuerySet[Any, Any]:
        """Stations that have a paper."""
        ...

    def waiting(self, contest: Contest) -> QuerySet[Any, Any]:
        """Stations whose report counts and is in no published batch yet."""
        ...

    def contested(self, contest: Contest) -> QuerySet[Any, Any]:
        """Stations whose report counts and is before the judge."""
        ...

    def taken_back(self, contest: Contest) -> Iterable[int]:
        """Stations whose report was published, and is not."""
        ...

    def turns(self, stations: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
        """Of those that have a paper: each passage, when and whether the report was public after it."""
        ...

    def mark(self) -> int:
        """Another number each time any paper has moved."""
        ...

    def causes(self, contest: Contest) -> Sequence[tuple[int, str]]:
        """Stations in order, and the code of `CAUSES` that says where their paper stands; none for public ones."""
        ...

    def seen(self, contest: Contest, stations: Sequence[int] | None) -> Mapping[int, Seen]:
        """What is told of the papers of these stations (None: all)."""
        ...

    def answers(self, stations: Sequence[int]) -> Iterable[tuple[int, datetime, str]]:
        """(station, when, reason) each time findings of its sheet were accepted, in order."""
        ...

    def passed(self, passages: Sequence[int]) -> Mapping[int, Passed]:
        """These passages, by their numbers, which versions keep."""
        ...

    def last_passed(self, station: int) -> Passed | None:
        """The last passage of the paper of a station."""
        ...

    def delays(self, contest: Contest) -> Sequence[float]:
        """Hours from the first reception of each paper to its first publication."""
        ...


class NoPapers:
    """A house in which nobody follows papers: every figure comes from files."""

    def exist(self, contest: Contest) -> bool:
        return False

    def parts(self, contest: Contest) -> set[str]:
        return set()

    def followed(self, contest: Contest) -> QuerySet[Any, Any]:
        return Station.objects.none().values("pk")

    def waiting(self, contest: Contest) -> QuerySet[Any, Any]:
        return Station.objects.none().values("pk")

    def contested(self, contest: Contest) -> QuerySet[Any, Any]:
        return Station.objects.none().values("pk")

    def taken_back(self, contest: Contest) -> Iterable[int]:
        return ()

    def turns(self, stations: Sequence[int]) -> Mapping[int, Sequence[Turn]]:
        return {}

    def mark(self) -> int:
        return 0

    def causes(self, contest: Contest) -> Sequence[tuple[int, str]]:
        return ()

    def seen(self, contest: Contest, stations: Sequence[int] | None) -> Mapping[int, Seen]:
        return {}

    def answers(self, stations: Sequence[int]) -> Iterable[tuple[int, datetime, str]]:
        return ()

    def passed(self, passages: Sequence[int]) -> Mapping[int, Passed]:
        return {}

    def last_passed(self, station: int) -> Passed | None:
        return None

    def delays(self, contest: Contest) -> Sequence[float]:
        return ()


_room: list[Papers] = [NoPapers()]


def follow(room: Papers) -> None:
    """From now on this room answers for papers."""
    _room[0] = room


def followed_by() -> Papers:
    return _room[0]
