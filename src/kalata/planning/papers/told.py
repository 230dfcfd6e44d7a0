"""A plan as its papers need it: values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kalata.planning.rules.cost import Budget
from kalata.planning.rules.scheduling import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A version as it is printed. about: pairs of a word and what stands there: version, state, who approved, hash."""

    schedule: Schedule
    budget: Budget | None = None
    j1: date | None = None
    j2: date | None = None
    about: Sequence[tuple[str, str]] = ()
