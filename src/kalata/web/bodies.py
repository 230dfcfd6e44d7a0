"""How much a request may bring, by address: little everywhere, more where a file is expected. Pure.

Asked when the headers are in and before the body is read. A larger body is read only for a person
who is signed in, or a key, holding one of the rights named; everybody else gets WEB-101 at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MIB = 2**20
SMALL = MIB // 2
"""A form of every field of the house, several times over."""
TALLY = (
    "results.receive", "results.scan", "results.enter", "results.arbitrate", "results.visa", "results.review",
    "results.commission", "results.copy", "results.recall", "results.setup",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """The largest body that these addresses take, from a holder of one of these rights."""

    pattern: re.Pattern[str]
    largest: int
    rights: tuple[str, ...]


def room(pattern: str, mebibytes: int, *rights: str) -> Room:
    return Room(re.compile(pattern), mebibytes * MIB, rights)


ROOMS: Sequence[Room] = (
    room(r"/resultats/gerer/[^/]+/importer/", 210, "results.import"),
    room(r"/resultats/centralisation/[^/]+/numerisation/", 210, "results.scan"),
    room(r"/resultats/centralisation/[^/]+/copies/", 60, "results.copy", "results.read", "results.setup"),
    room(r"/resultats/centralisation/[^/]+/.+", 30, *TALLY),
    room(r"/api/.*/scans", 210, "results.scan"),
    room(r"/api/.+", 30, *TALLY),
    room(r"/pays/decoupages/([^/]+/)?", 60, "pack.manage"),
    room(r"/personnes/importer/", 5, "people.manage"),
    room(r"/echeances/[^/]+/(evenements|derogations)/([^/]+/)?", 30, "deadlines.record", "deadlines.derogate"),
    room(r"/preuves/[^/]+/usb", 5, "log.keys"),
)


def largest(path: str) -> tuple[int, tuple[str, ...]]:
    """(bytes, rights that open them) for an address; no rights: SMALL for everybody."""
    for one in ROOMS:
        if one.pattern.fullmatch(path):
            return one.largest, one.rights
    return SMALL, ()
