"""What a legal calendar is made of: what is known, each norm dated, checked, and what contradicts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zlib import crc32

from kalata.text import Message
from kalata.text import gettext_noop as _

from .dayoff import NO_DAYS_OFF, DaysOff
from .derogations import Derogation
from .moments import Deadline, Judged, judge
from .norms import Norm, Other
from .steps import Counting, Kind, Reading

EventKey = tuple[str, int]
"""(event type, round); round 0 where rounds do not matter."""


VOTE = "VOTE"
"""The event every calendar turns around; packs name it so."""


class Standing(StrEnum):
    ACTUAL = "actual"
    PLANNED = "planned"
    LEGAL = "legal"  # follows from a norm, at its limit
    OBSERVED = "observed"  # what earlier elections showed; never a duty


STANDING_LABELS: Mapping[Standing, str] = {
    Standing.ACTUAL: _("constaté"),
    Standing.PLANNED: _("prévu"),
    Standing.LEGAL: _("au terme légal"),
    Standing.OBSERVED: _("indicatif, d’après les scrutins passés"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event is, from `early` to `late`; `by`: the norm that fixes it."""

    early: date | datetime
    late: date | datetime
    standing: Standing
    by: str = ""

    @property
    def single(self) -> bool:
        return self.early == self.late


@dataclass(frozen=True, slots=True)
class Act:
    """One of many acts of a kind: a petition filed, a notification to one party."""

    type: str
    round: int
    party: str
    moment: date | datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of one contest. law_date: read the texts as of that day, not as of each event."""

    rounds: int = 1
    tz: str = "Africa/Bamako"
    events: Mapping[EventKey, Moment] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    derogations: tuple[Derogation, ...] = ()
    days_off: DaysOff = NO_DAYS_OFF
    law_date: date | None = None
    year: int | None = None


class State(StrEnum):
    DATED = "dated"
    INDICATIVE = "indicative"
    WAITING = "waiting"
    GAP = "gap"
    EACH_ACT = "each_act"


class Kept(StrEnum):
    KEPT = "kept"
    BREACHED = "breached"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class NormReading:
    """One reading of a norm: the pack's own first, then those that others hold."""

    counting: Counting
    early: Reading
    late: Reading
    why: object = None
    confidence: str = ""

    @property
    def earliest(self) -> Deadline:
        return self.early.earliest

    @property
    def latest(self) -> Deadline:
        return self.late.latest

    @property
    def sure(self) -> bool:
        return self.earliest == self.latest

    def judged(self, received: date | datetime) -> Judged:
        return judge(received, self.earliest, self.latest)


@dataclass(frozen=True, slots=True)
class Check:
    """What the norm asks against what happened: kept, breached by so many days, or still open."""

    kept: Kept
    days: int = 0
    fact: Moment | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One norm in one round (and for one party), with everything a reader needs to trust it."""

    norm: Norm
    round: int
    state: State
    key: str
    party: str = ""
    trigger: Moment | None = None
    readings: tuple[NormReading, ...] = ()
    derogation: Derogation | None = None
    check: Check = Check(Kept.OPEN)
    warnings: tuple[Message, ...] = ()
    indication: Moment | None = None  # from what was observed; never a duty
    awaited: tuple[Other, ...] = ()  # readings that count from another event, whose date is not known

    @property
    def limit(self) -> Deadline | None:
        """The date that holds: the derogation's, else the earliest of the pack's own reading."""
        if self.derogation and self.derogation.value:
            return self.derogation.value
        return self.readings[0].earliest if self.readings else None

    @property
    def latest(self) -> Deadline | None:
        if self.derogation and self.derogation.value:
            return self.derogation.value
        return self.readings[0].latest if self.readings else None

    @property
    def computed(self) -> Deadline | None:
        return self.readings[0].earliest if self.readings else None

    @property
    def opens(self) -> Deadline | None:
        return self.readings[0].early.opens if self.readings else None

    @property
    def alternatives(self) -> tuple[NormReading, ...]:
        """Readings that give another date than the pack's own."""
        own = self.readings[0] if self.readings else None
        return tuple(r for r in self.readings[1:] if own and (r.earliest, r.latest) != (own.earliest, own.latest))

    @property
    def unverified(self) -> bool:
        return not self.norm.verified

    @property
    def awaits_record(self) -> bool:
        """A duty whose act must be seen to be believed: past its limit unseen, it is late."""
        return self.norm.binding and self.norm.defines is not None and self.norm.consequence == "breach"

    @property
    def listed(self) -> Deadline | None:
        """The date under which it is listed: a window is found where it opens, all else at its limit."""
        if self.opens and self.norm.counting and self.norm.counting.kind is Kind.WINDOW:
            return self.opens
        return self.limit

    @property
    def sort_key(self) -> tuple[int, datetime, str]:
        moment = self.listed
        far = datetime.max.replace(tzinfo=None)
        return (0 if moment else 1, moment.instant.replace(tzinfo=None) if moment else far, self.key)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Several norms in force on one subject, that do not say the same: the higher rank is used."""

    subject: str
    round: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LegalCalendar:
    lines: tuple[Line, ...]
    conflicts: tuple[Conflict, ...]
    lapsed: tuple[Norm, ...]
    moments: Mapping[EventKey, Moment]
    seen: frozenset[EventKey] = frozenset()  # events that took place, or that a later one implies

    def done(self, line: Line) -> bool:
        """True where the event the norm asks for has been seen, or one that comes after it has."""
        return (key := defined(line.norm, line.round)) is not None and key in self.seen

    def get(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)


def defined(norm: Norm, round_: int) -> EventKey | None:
    """The event a norm fixes when it is read in a round."""
    if norm.defines is None:
        return None
    named = norm.defines.round
    return norm.defines.type, int(named) if named.isdigit() else round_ if named else 0


def line_key(norm: Norm, round_: int, party: str = "") -> str:
    """Stable name of a line: what feeds, alerts and derogations refer to."""
    tail = f".{re.sub(r'[^A-Za-z0-9]+', '-', party)}-{crc32(party.encode()):08x}" if party else ""
    return f"{norm.id}{f'.{round_}' if round_ else ''}{tail}"
