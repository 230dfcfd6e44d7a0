"""What one centre is sent, piece by piece, and how centres are parted into lots that one worker makes in turn. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kalata.training.rules.manuals.kept import Copies

KINDS = ("manual", "card", "poster")
"""Pieces that a centre is sent, in the order they are told."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a manual: its procedure, and the code that is printed on it."""

    code: str
    procedure: str
    version: str
    title: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that was made and kept. leaves: the pages of its file, to be printed for each copy."""

    role: str
    kind: str
    sha256: str
    leaves: int
    pages: tuple[Page, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A station of a centre. pk: of its row; registered None: not known."""

    pk: int
    code: str
    name: str
    registered: int | None


@dataclass(frozen=True, slots=True)
class Centre:
    """A voting centre as the list of stations names it ("": the stations of a place that names none).

    path: the ids of the units it lies in, from the top; within: their names, from its own up.
    """

    name: str
    unit: str
    path: tuple[int, ...]
    within: tuple[str, ...]
    stations: tuple[Place, ...]

    @property
    def key(self) -> int:
        """Its first station: what the paper of the centre is kept under."""
        return self.stations[0].pk


@dataclass(frozen=True, slots=True)
class Line:
    piece: Piece
    copies: int

    @property
    def leaves(self) -> int:
        return self.copies * self.piece.leaves


def in_turn(total: int, roles: Sequence[str]) -> dict[str, int]:
    """So many copies given to the roles one after the other, the first role first: 2 for two roles is one each."""
    return {role: total // len(roles) + (n < total % len(roles)) for n, role in enumerate(roles)}


def by_seats(total: int, seats: Mapping[str, int]) -> dict[str, int]:
    """So many copies shared out by seats, largest remainders first (ties by order): the sum is the total.

    17 cards for 1 president and 4 assessors in each of 3 stations: 3.4 and 13.6, thus 3 and 14.
    """
    whole = sum(seats.values())
    parts = {role: Fraction(total * n, whole) for role, n in seats.items()}
    out = {role: part.numerator // part.denominator for role, part in parts.items()}
    for role in sorted(parts, key=lambda r: -(parts[r] % 1))[: total - sum(out.values())]:
        out[role] += 1
    return out


def lines(pieces: Sequence[Piece], seats: Mapping[str, int], stations: int, sent: Copies) -> tuple[Line, ...]:
    """Each piece with its copies; their sums are those of the order (`kept.copies`).

    seats: the persons of one station by role, the head of the station first. Manuals and posters of a station go to
    its roles in turn; cards by seats, the reserve with them.
    """
    roles = list(seats)
    manuals, posters = (in_turn(n // stations, roles) for n in (sent.manuals, sent.posters))
    wanted = {
        "manual": {role: n * stations for role, n in manuals.items()},
        "card": by_seats(sent.cards, seats),
        "poster": {role: n * stations for role, n in posters.items()},
    }
    found = {(p.role, p.kind): p for p in pieces}
    return tuple(
        Line(found[role, kind], wanted[kind][role]) for role in roles for kind in KINDS if wanted[kind][role]
    )


def lots(centres: Sequence[Centre], most: int, depth: int = 0) -> Iterator[tuple[Centre, ...]]:
    """Centres parted by place, the largest that holds no more than `most`: a region, else its cercles, else their communes.

    A single place with more than `most` is parted as its list stands. Each centre is in one lot, in its order.
    """
    if len(centres) <= most:
        if centres:
            yield tuple(centres)
        return
    groups: dict[int | None, list[Centre]] = {}
    for one in centres:
        groups.setdefault(one.path[depth] if depth < len(one.path) else None, []).append(one)
    if set(groups) == {None}:
        for start in range(0, len(centres), most):
            yield tuple(centres[start : start + most])
        return
    for group in groups.values():
        yield from lots(group, most, depth + 1)


def shared_path(centres: Sequence[Centre]) -> tuple[int, ...]:
    """The units that all of these lie in, from the top."""
    first, *others = (c.path for c in centres)
    for path in others:
        first = tuple(a for a, b in zip(first, path, strict=False) if a == b)
    return first
