"""Days off that people write beside those of a pack: a decree that fixes a feast, a day that nobody works. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from kalata.planning.rules.calendars import Range
from kalata.text import gettext_noop as _

NEAR = 20
"""Days around an estimate within which a decree speaks of this very feast: the next of that name is 354 days away."""


class DayKind(StrEnum):
    DECREE = "decree"
    OFF = "off"


LABELS = {DayKind.DECREE: _("fête fixée par un décret"), DayKind.OFF: _("jour chômé")}


@dataclass(frozen=True, slots=True)
class Off:
    day: date
    kind: DayKind
    name: str
    flag: str = ""
    source: str = ""

    def told(self) -> str:
        """As the content of a version keeps it."""
        return " · ".join(x for x in (self.kind.value, self.name, self.flag, self.source) if x)


def fixes(one: Off, feast: Range) -> bool:
    """Whether a decree speaks of this estimated feast."""
    return one.kind is DayKind.DECREE and one.name == feast.name and feast.first - timedelta(NEAR) <= one.day <= feast.last + timedelta(NEAR)  # fmt: skip


def applied(sure: frozenset[date], feasts: Iterable[tuple[Range, date]], days: Sequence[Off]) -> tuple[frozenset[date], tuple[Range, ...]]:
    """Days off and what stays estimated. feasts: each range with its most likely day; one that a decree fixes is its day alone."""
    left = [(r, likely) for r, likely in feasts if not any(fixes(one, r) for one in days)]
    known = sure | {one.day for one in days}
    return known | {likely for _r, likely in left}, tuple(replace(r, likely=likely, sure=likely in known) for r, likely in left)
