"""What may be told: each topic is declared once, in the `topics.py` of the room that tells it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of notice. icon, tone: as the house draws them. task: somebody has to do something, and says it is done.

    settles: the room itself says when it is done (an event is recorded); nobody then says so by hand.
    after, above: left undone that long, it is told to the holders of the right `above` over the same place.
    always: of one's own account; by letter at once whatever the person chose, and on every page until it is read.
    """

    code: str
    title: str
    icon: str = "clock"
    tone: str = "inf"
    task: bool = False
    settles: bool = False
    after: timedelta | None = None
    above: str = ""
    always: bool = False

    def escalates(self, at: datetime) -> datetime | None:
        """When a notice told at `at` goes up; None: never."""
        return at + self.after if self.task and self.after is not None and self.above else None


TOPICS: dict[str, Topic] = {}


def topic(code: str, title: str, **how: object) -> Topic:
    """Declare a topic; TypeError for a code that two rooms declare, or an escalation without its right or its delay."""
    if code in TOPICS:
        raise TypeError(f"{code} is declared twice")
    made = Topic(code, title, **how)  # type: ignore[arg-type]
    if bool(made.above) != (made.after is not None) or (made.above and not made.task):
        raise TypeError(f"{code}: an escalation is a task with a delay and a right")
    TOPICS[code] = made
    return made


def always_told() -> list[str]:
    """Codes of what is on every page until it is read, and by letter at once."""
    return [one.code for one in TOPICS.values() if one.always]


def topic_of(code: str) -> Topic:
    """The topic of a code; a plain one where its room is no longer in the house."""
    return TOPICS.get(code) or Topic(code, code)


@dataclass(frozen=True, slots=True)
class Desk:
    """Whoever holds `right` over a place (its units from the top; () the whole country), for a contest or for all."""

    right: str
    place: tuple[int, ...] = ()
    contest: int | None = None


def may_be_done(*, task: bool, settles: bool, done: bool) -> bool:
    """True where a person may say that what a notice asks is done."""
    return task and not settles and not done
