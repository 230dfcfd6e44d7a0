"""What is expected of a contest and is not a station of its table, and how it joins what is missing there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bounds import Missing, Through, Totals
from .profile import Absent


@dataclass(frozen=True, slots=True)
class Beside:
    """What is not a row of the table: stations expected and not listed, records known to be absent."""

    unlisted: int = 0
    absent: tuple[Absent, ...] = ()

    def ways(self, constituency: str | None) -> list[Through]:
        """What of it could vote here; a record that names no constituency may be of any."""
        out = [Through("unlisted", self.unlisted, None)] if self.unlisted and not self.absent else []
        for one in self.absent:
            if constituency is None or one.constituency in ("", constituency):
                out.append(Through("absent", one.stations, one.voters, (one.what,) if one.what else ()))
        return out


def with_beside(
    ways: Sequence[Through],
    voters: int | None,
    registered: int | None,
    beside: Beside,
    constituency: str | None,
    sure: Totals,
) -> Missing:
    """The stations that are rows, and what is not: their electors add up, unknown as soon as one of them is."""
    stations: int | None = sum(way.stations or 0 for way in ways)
    more = beside.ways(constituency)
    apart = beside.unlisted if beside.absent else 0  # the absent records say how many electors these are
    for way in more:
        voters = None if voters is None or way.registered is None else voters + way.registered
        registered = None if registered is None or way.registered is None else registered + way.registered
        if not apart:
            stations = None if stations is None or way.stations is None else stations + way.stations
    stations = stations if stations is None else stations + apart
    return Missing(stations, voters, registered, sure, (*ways, *more))
