"""Who may do what where: a mandate is a role on a territory, perhaps for one contest.

Permission is a pair: `may` answers for one thing, `reach` gives the territories that a query
may show. Both read the same mandates, so a page and its list cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role held now. territory: path of unit ids from the top, () for the whole country."""

    rights: frozenset[str]
    territory: tuple[int, ...] = ()
    contest: int | None = None
    starts: date | None = None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


def covers(territory: tuple[int, ...], place: tuple[int, ...]) -> bool:
    """True where `place` lies inside `territory` (a region covers its cercles, never the reverse)."""
    return place[: len(territory)] == territory


def may(
    mandates: Iterable[Mandate], right: str, day: date, *, place: tuple[int, ...] = (), contest: int | None = None
) -> bool:
    """True where some mandate in force gives `right` over `place` for `contest`.

    place () is the whole country: only a national mandate covers it.
    """
    return any(
        right in m.rights
        and m.holds(day)
        and covers(m.territory, place)
        and (m.contest is None or m.contest == contest)
        for m in mandates
    )


def reach(mandates: Iterable[Mandate], right: str, day: date, *, contest: int | None = None) -> list[tuple[int, ...]]:
    """The territories over which `right` is held; [()] is everywhere, [] nowhere."""
    found = {
        m.territory
        for m in mandates
        if right in m.rights and m.holds(day) and (m.contest is None or m.contest == contest)
    }
    return [()] if () in found else sorted(found)


def clash(rights: Iterable[str], desk: frozenset[str]) -> bool:
    """True where one person would both manage accounts and hold a desk (never allowed)."""
    held = set(rights)
    return "people.manage" in held and bool(held & desk)


def parted(rights: Iterable[str], apart: Iterable[frozenset[str]]) -> list[tuple[str, str]]:
    """Pairs of these rights that one person never holds, in order."""
    held = set(rights)
    return sorted(tuple(sorted(pair)) for pair in apart if pair <= held)  # type: ignore[misc]
