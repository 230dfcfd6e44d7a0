"""What is said of activities while they are done: who said it, what is late, what was earned. Nothing is said for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from kalata.planning.rules.cost_money import half_up


@dataclass(frozen=True, slots=True)
class Said:
    """One saying. unit: the territory it is about; "": the whole country."""

    pk: int
    code: str
    unit: str
    on: date
    percent: int
    started: date | None = None
    finished: date | None = None
    blocked: str = ""
    note: str = ""
    evidence: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    code: str
    name: str
    start: date
    last: date
    evidence: bool = False


@dataclass(slots=True)
class Standing:
    """An activity and what was last said of it: for the country, and by territory. days: how late it is."""

    planned: Planned
    said: Said | None = None
    parts: list[Said] = field(default_factory=list)
    days: int = 0
    late_to: str = ""
    """start, finish, or "": not late."""
    ahead: date | None = None
    """The last day that what was said makes likely; None: not computed."""

    @property
    def slips(self) -> int:
        """Days by which that is later than the approved version says."""
        return (self.ahead - self.planned.last).days if self.ahead else 0

    @property
    def code(self) -> str:
        return self.planned.code

    @property
    def done(self) -> bool:
        return self.said is not None and self.said.percent == 100

    @property
    def blocked(self) -> list[Said]:
        if self.done:
            return []
        return [one for one in (self.said, *self.parts) if one and one.blocked and one.percent < 100]

    @property
    def begun(self) -> bool:
        return any(one.percent or one.started for one in (self.said, *self.parts) if one)


def standings(planned: Iterable[Planned], said: Iterable[Said], today: date) -> list[Standing]:
    """In the plan's order. The last saying of each activity counts, for the country and for each territory."""
    last: dict[tuple[str, str], Said] = {}
    for one in sorted(said, key=lambda s: (s.on, s.pk)):
        last[one.code, one.unit] = one
    parts: dict[str, list[Said]] = {}
    for (code, unit), one in last.items():
        if unit:
            parts.setdefault(code, []).append(one)
    out = []
    for p in planned:
        row = Standing(p, last.get((p.code, "")), sorted(parts.get(p.code, ()), key=lambda s: s.unit))
        if not row.done and p.last < today:
            row.days, row.late_to = (today - p.last).days, "finish"
        elif not row.done and p.start < today and not row.begun:
            row.days, row.late_to = (today - p.start).days, "start"
        out.append(row)
    return out


@dataclass(frozen=True, slots=True)
class Earned:
    """In francs. at: what the whole plan costs; planned: what was to be earned before today; earned: what is. spi: None
    where nothing was to be earned yet. silent: priced activities that should have begun and of which nobody said anything."""

    at: int
    planned: int
    earned: int
    silent: int

    @property
    def gap(self) -> int:
        return self.earned - self.planned

    @property
    def spi(self) -> Fraction | None:
        return Fraction(self.earned, self.planned) if self.planned else None


def earned_of(found: Sequence[Standing], francs: Mapping[str, int], today: date) -> Earned:
    """Planned value: each activity's francs, evenly over its planned days, up to yesterday evening. Earned value: its
    francs times the percent said for the whole country; what nobody said earns nothing."""
    planned = earned = Fraction(0)
    silent = 0
    for one in found:
        amount = francs.get(one.code, 0)
        if not amount:
            continue
        whole = max((one.planned.last - one.planned.start).days + 1, 1)
        gone = min(max((today - one.planned.start).days, 0), whole)
        planned += Fraction(amount * gone, whole)
        earned += Fraction(amount * one.said.percent, 100) if one.said else 0
        silent += one.said is None and gone > 0
    return Earned(sum(francs.get(one.code, 0) for one in found), half_up(planned), half_up(earned), silent)
