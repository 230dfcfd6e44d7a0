"""What everybody reads of first instance: each case by its number, its body, its stage; once read out, its decision and outcome.

No party is named, whoever it is: what is brought there is mostly an elector's own place on a list. The words of a
petition, of a decision and of its reasons stay in the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from kalata.text import Named

from .offices import GRANTS, OUTCOMES
from .public import ABOUT, OTHER_ABOUT, Stage
from .statistics import rank

OVER = (Stage.DECIDED, Stage.PUBLISHED, Stage.CLOSED)
"""The decision is read out: its number and its outcome are everybody's."""


@dataclass(frozen=True, slots=True)
class FirstRow:
    """A case of an office. decided: when its decision was read out; limit: the end of the time to decide, where the law has
    one; appeal_of: the case whose decision it attacks; appeals: the cases that attack its own."""

    number: str
    office: str
    office_name: str
    body: str
    body_name: Named
    contest: str
    contest_name: Named
    about: str
    place: str
    received: datetime
    stage: Stage
    since: datetime
    limit: datetime | None = None
    decision: str = ""
    outcome: str = ""
    decided: datetime | None = None
    appeal_of: str = ""
    appeals: tuple[str, ...] = ()
    search: str = ""

    @property
    def about_label(self) -> str:
        return ABOUT.get(self.about, OTHER_ABOUT)

    @property
    def outcome_label(self) -> str:
        return OUTCOMES.get(self.outcome, self.outcome)

    @property
    def in_time(self) -> bool | None:
        """Read out before the end of its limit; None where there is no limit, or no decision yet."""
        return None if self.decided is None or self.limit is None else self.decided < self.limit


@dataclass(frozen=True, slots=True)
class Account:
    """The figures of one office. Of nothing, a share or a length of time is None, never zero."""

    office: str
    office_name: str
    body_name: Named
    received: int
    decided: int
    granted: int
    appealed: int
    median: timedelta | None
    in_time: Fraction | None
    of: int


def accounts(rows: Iterable[FirstRow]) -> list[Account]:
    """One account an office, the one with most cases first."""
    by: dict[str, list[FirstRow]] = {}
    for row in rows:
        by.setdefault(row.office, []).append(row)
    return sorted((account(some) for some in by.values()), key=lambda a: (-a.received, a.office))


def account(rows: Sequence[FirstRow]) -> Account:
    over = [r for r in rows if r.decided is not None]
    known = [r.in_time for r in over if r.in_time is not None]
    return Account(
        rows[0].office, rows[0].office_name, rows[0].body_name, len(rows), len(over), sum(r.outcome in GRANTS for r in over),
        sum(bool(r.appeals) for r in rows), rank([r.decided - r.received for r in over if r.decided], Fraction(1, 2)),
        Fraction(sum(known), len(known)) if known else None, len(known),
    )  # fmt: skip


def figures(rows: Sequence[FirstRow]) -> dict[str, int]:
    """The figures above the list."""
    over = sum(r.decided is not None for r in rows)
    return {
        "all": len(rows), "judged": over, "waiting": len(rows) - over, "offices": len({r.office for r in rows}),
        "appealed": sum(bool(r.appeals) for r in rows),
    }  # fmt: skip
