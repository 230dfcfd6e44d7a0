"""What a count is made of: the rule, its quantities, each step of the trace, the limit it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from kalata.text import Message
from kalata.text import gettext_noop as _

from .moments import Deadline, Edge


class Kind(StrEnum):
    OFFSET = "offset"
    NTH_WEEKDAY = "nth_weekday"
    WEEKDAY_OF_PERIOD = "weekday_of_period"
    WINDOW = "window"
    RANGE = "range"
    NESTED = "nested"
    ON = "on"


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Roll(StrEnum):
    NONE = "none"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days that do not run (both included). restarts: the count begins anew after `last`."""

    first: date
    last: date
    restarts: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Counting:
    """A counting rule with its quantities. n: how many `unit`; before: counted backwards.

    skip: weekdays (0 Monday) that do not count; skip_holidays; skip_up_to: the filter applies only
    to limits of at most that many days (Kenya, Constitution art. 259(6)).
    """

    kind: Kind = Kind.OFFSET
    n: int = 0
    unit: Unit = Unit.DAY
    before: bool = False
    includes_start: bool = False
    clear: bool = False
    clamp_then_clear: bool = True
    skip: frozenset[int] = frozenset()
    skip_holidays: bool = False
    skip_up_to: int | None = None
    roll: Roll = Roll.NONE
    weekday: int | None = None
    month: int | None = None
    window: tuple[tuple[int, int], tuple[int, int]] | None = None
    most: int = 0  # RANGE: from `most` to `n` units
    distance: int = 0  # days more, for far places
    edge: Edge = Edge.END
    at: time | None = None
    parts: tuple[Counting, ...] = ()

    @property
    def by_clock(self) -> bool:
        return self.kind is Kind.OFFSET and self.unit in (Unit.HOUR, Unit.MINUTE)

    @property
    def needs_days_off(self) -> bool:
        return self.skip_holidays or self.roll is not Roll.NONE or any(p.needs_days_off for p in self.parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation. args: what a machine needs to do it again."""

    code: str
    message: Message
    args: Mapping[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return STEP_LABELS.get(self.code, self.code)

    def data(self) -> dict[str, object]:
        return {"code": self.code, **self.args, **self.message.both()}


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit, the window's opening where there is one, the steps that led to it, and warnings."""

    deadline: Deadline
    opens: Deadline | None
    steps: tuple[Step, ...]
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A limit under every calendar the estimates allow. earliest == latest where all is sure."""

    deadline: Deadline
    earliest: Deadline
    latest: Deadline
    opens: Deadline | None
    steps: tuple[Step, ...]
    warnings: tuple[Message, ...]
    holidays: str = ""

    @property
    def sure(self) -> bool:
        return self.earliest == self.latest


QUANTITIES: Mapping[Unit, tuple[str, str]] = {
    Unit.MINUTE: (_("une minute"), _("%(n)d minutes")),
    Unit.HOUR: (_("une heure"), _("%(n)d heures")),
    Unit.DAY: (_("un jour"), _("%(n)d jours")),
    Unit.WORKING_DAY: (_("un jour ouvré"), _("%(n)d jours ouvrés")),
    Unit.WEEK: (_("une semaine"), _("%(n)d semaines")),
    Unit.MONTH: (_("un mois"), _("%(n)d mois")),
    Unit.YEAR: (_("un an"), _("%(n)d ans")),
}
WEEKDAY_WORDS = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))
MONTH_WORDS = (
    _("janvier"), _("février"), _("mars"), _("avril"), _("mai"), _("juin"), _("juillet"), _("août"),
    _("septembre"), _("octobre"), _("novembre"), _("décembre"),
)  # fmt: skip


ORDINALS: Mapping[int, str] = {
    1: _("premier"),
    2: _("deuxième"),
    3: _("troisième"),
    4: _("quatrième"),
    5: _("cinquième"),
    6: _("sixième"),
    7: _("septième"),
    8: _("huitième"),
    9: _("neuvième"),
    10: _("dixième"),
}
STEP_LABELS: Mapping[str, str] = {
    "TRIGGER": _("Départ"),
    "START_EXCLUDED": _("Premier jour"),
    "START_INCLUDED": _("Premier jour"),
    "HOUR_UNKNOWN": _("Heure"),
    "SKIP": _("Jours sautés"),
    "ADD": _("Décompte"),
    "FIX": _("Date"),
    "RANGE": _("Intervalle"),
    "CLAMP": _("Fin de mois"),
    "CLEAR_DAY": _("Jour franc"),
    "DISTANCE": _("Distance"),
    "SUSPEND": _("Suspension"),
    "INTERRUPT": _("Interruption"),
    "ROLL": _("Report"),
    "NO_ROLL": _("Sans report"),
    "CUTOFF": _("Heure"),
    "ESTIMATED_HOLIDAY": _("Fête estimée"),
    "WAITING": _("Attente"),
    "BASIS": _("Texte"),
    "CONFIDENCE": _("Confiance"),
    "OTHER_READING": _("Autre lecture"),
    "OVERRIDE": _("Dérogation"),
    "CONSEQUENCE": _("Conséquence"),
}
"""What a step is about, in a word, for people; its code is for programs."""


def ordinal(n: int) -> Message:
    """« deuxième », "second"; beyond ten, the number."""
    return Message(ORDINALS[n]) if n in ORDINALS else Message(_("%(n)de"), {"n": n})


def quantity(n: int, unit: Unit) -> Message:
    """« 5 jours », "5 days"."""
    one, many = QUANTITIES[unit]
    return Message(one) if n == 1 else Message(many, {"n": n})
