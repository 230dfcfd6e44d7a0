"""A step of the first day of a house, as the rooms state it (`Room.first_day`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CONSOLE = "/mise-en-service/#console"
"""Where the page says the commands of who is at the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a first day, as records show it: no person ticks one. state: "", part, done; after: the steps it waits for.

    says: what is stated; tag: its word; who does it, when it was done; do, href: the next gesture; mine: it is this reader's.
    """

    place: int
    title: str
    says: str
    state: str = ""
    tag: str = ""
    who: str = ""
    when: Any = None
    do: str = ""
    href: str = ""
    mine: bool = False
    after: tuple[int, ...] = ()
    opens: tuple[str, ...] = ()
    """Rights of which one opens the page behind `href`; empty: everybody who sees the step may open it."""
    right: str = ""
    """The right that the next gesture asks for: who lacks it is shown no door that refuses."""
