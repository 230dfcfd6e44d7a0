"""The one door to a kept file: its class is asked each time, and the room of its record; then its fingerprint.

A room says who may read the files of its records:

    @guarded("calendar")
    def may_read(person, key, sha256): ...   # returns, or raises what its page would raise

A record of a kind that no room guards is read by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalata.evidence import kinds, queries, store
from kalata.evidence.rules.access import Access, Damaged, NoSuchPiece, asks_the_room
from kalata.ledger.services import read_of_personal_data

Guard = Callable[[Any, str, str], None]
GUARDS: dict[str, Guard] = {}


def guarded(kind: str) -> Callable[[Guard], Guard]:
    """Declare who may read the files of records "kind:key"."""

    def keep(guard: Guard) -> Guard:
        GUARDS[kind] = guard
        return guard

    return keep


@dataclass(frozen=True, slots=True)
class Opened:
    """A sound content that this person may read."""

    path: Path
    sha256: str
    media: str
    ours: bool


def opened(*, sha256: str, subject: str, by: Any) -> Opened:
    """A content as kept in a record, for this person (or nobody signed in).

    Raises: EVD-404 not joined to it, EVD-103 sealed, EVD-106 damaged, what the room of the record raises.
    """
    kind, _colon, key = subject.partition(":")
    custody = queries.in_force(sha256, subject)
    access = Access(custody.access)
    if asks_the_room(access):
        if kind not in GUARDS:
            raise NoSuchPiece
        GUARDS[kind](by, key, sha256)
    content = custody.content
    found = store.sound(sha256, content.place)
    if found is None:
        raise Damaged(sha=sha256[:12])
    if access is Access.PERSONAL:
        read_of_personal_data(by=by, kind=kinds.READ_EVIDENCE, subject=subject)
    return Opened(found, sha256, content.media, content.ours)
