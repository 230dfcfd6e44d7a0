"""How much a request may bring, by address: little everywhere, more where a file is expected. Pure.

Asked when the headers are in and before the body is read. A larger body is read only for a person
who is signed in, or a key, holding one of the rights named; everybody else gets WEB-101 at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kalata import rooms

MIB = 2**20
SMALL = MIB // 2
"""A form of every field of the house, several times over."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """The largest body that these addresses take, from a holder of one of these rights."""

    pattern: re.Pattern[str]
    largest: int
    rights: tuple[str, ...]


ROOMS: Sequence[Allowance] = tuple(
    Allowance(re.compile(one.pattern), one.mebibytes * MIB, one.rights) for room in rooms.every() for one in room.bodies
)
"""The first that matches holds; each room declares its own (`Room.bodies`)."""


def largest(path: str) -> tuple[int, tuple[str, ...]]:
    """(bytes, rights that open them) for an address; no rights: SMALL for everybody."""
    for one in ROOMS:
        if one.pattern.fullmatch(path):
            return one.largest, one.rights
    return SMALL, ()
