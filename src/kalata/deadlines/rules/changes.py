"""What a change moves: two calendars side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .lines import Kept, LegalCalendar, Line


@dataclass(frozen=True, slots=True)
class Moved:
    """One line that a change touches: its date before and after, and whether it breaks or heals."""

    key: str
    before: Line | None
    after: Line | None

    @property
    def breaks(self) -> bool:
        was = self.before.check.kept if self.before else Kept.OPEN
        return self.after is not None and self.after.check.kept is Kept.BREACHED and was is not Kept.BREACHED

    @property
    def heals(self) -> bool:
        was = self.before.check.kept if self.before else Kept.OPEN
        return was is Kept.BREACHED and (self.after is None or self.after.check.kept is not Kept.BREACHED)


def compare(before: LegalCalendar, after: LegalCalendar) -> list[Moved]:
    """What a change moves: lines whose date, state or check differ. Same calendars: nothing."""
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}

    def look(line: Line | None) -> object:
        return line and (line.limit, line.latest, line.opens, line.state, line.check.kept, line.check.days)

    keys: Sequence[str] = [*new, *(k for k in old if k not in new)]
    return [Moved(k, old.get(k), new.get(k)) for k in keys if look(old.get(k)) != look(new.get(k))]
