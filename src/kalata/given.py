"""What the functions of a room give back to the house: lines and cards of the home page, what a search finds, codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the electoral cycle as the home page shows it. key: one of `ui.home.CYCLE`; state: "", part, now, done.

    progress: how far it really is, in percent; None: there is no measure of it.
    """

    key: str
    detail: str
    href: str = ""
    state: str = ""
    progress: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list of the home page: what waits for this person, or what there is to read.

    place: smaller comes first, whatever the room; an icon of the house, the sentence, where it leads, a detail.
    end, note: what stands at the right, a length of time or a count, and under it. election: the consultation it is
    about, where it is about one. do: the word of its button, where it is not "Commencer".
    """

    place: int
    icon: str
    says: str
    href: str
    detail: str = ""
    end: str = ""
    note: str = ""
    election: int | None = None
    do: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the home page: its word, its value, of what ("/ 24 416", " %"), where it leads, what there is to say of it.

    trend: how it came to be, from the oldest to now, in equal steps of time; empty: nobody can tell.
    """

    place: int
    label: str
    value: str
    of: str = ""
    href: str = ""
    note: str = ""
    trend: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A column of the home page: a template of the room, which reads `card`."""

    place: int
    template: str
    card: Mapping[str, Any]


def lines(place: int, title: str, shown: Sequence[Line]) -> Card:
    """A card that is a list of lines: a room that shows no more needs no template of its own."""
    return Card(place, "ui/_lines.html", {"id": f"card-{place}", "title": title, "lines": shown})


@dataclass(frozen=True, slots=True)
class Headline:
    """What the home page opens with: of which thing with a name, the sentence, where it leads."""

    of: Any
    says: Any
    href: str
    button: str


@dataclass(frozen=True, slots=True)
class AtHome:
    """What a room shows on the home page of this reader. reading: lines of the public's list of things to read.

    For who works here: figures with their trend, what is late, what is due soon, what is proved. aside: what waits, but
    not for this person, and why.
    """

    stages: Sequence[Stage] = ()
    cards: Sequence[Card] = ()
    reading: Sequence[Line] = ()
    headline: Headline | None = None
    exercise: bool = False
    figures: Sequence[Figure] = ()
    late: Sequence[Line] = ()
    soon: Sequence[Line] = ()
    proved: Sequence[Line] = ()
    aside: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that answers a search, which this person may open. rank: smaller is nearer."""

    kind: str
    title: str
    href: str
    rank: int = 100


@dataclass(frozen=True, slots=True)
class Codes:
    """What a room can print beside refusals: checks (code, level, formula, remedy), problems of a file (code, says, remedy)."""

    checks: Sequence[Any] = ()
    problems: Sequence[tuple[str, str, str]] = field(default=())
