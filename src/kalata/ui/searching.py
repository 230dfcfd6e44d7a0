"""What a search finds: every room is asked, and shows only what this person may open."""

from __future__ import annotations

from typing import Any

from kalata import rooms
from kalata.rooms import Hit

MOST = 50


def found(person: Any, text: str) -> list[Hit]:
    """The nearest first, then by title."""
    hits = [hit for room in rooms.every() if room.search for hit in rooms.load(room.search)(person, text)]
    return sorted(hits, key=lambda hit: (hit.rank, hit.title))[:MOST]
