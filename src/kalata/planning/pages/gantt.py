"""A schedule as the rows of a table and the bars of a drawing: a thousand units wide, whatever the days shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from kalata.planning.queries.schedule import Dates
from kalata.planning.rules.anchoring import T0, Held
from kalata.planning.rules.chances import Odd, odd
from kalata.planning.rules.sheet import Cells

WIDE = 1_000
NARROW = 130
"""Two names of months nearer than this would be written over each other."""
SPANS: Mapping[str, int] = {"day": 42, "week": 98, "month": 366, "quarter": 0}
"""Days shown at each scale; 0: the whole plan."""


@dataclass(frozen=True, slots=True)
class Scale:
    """first: the first day shown; after: the day after the last one."""

    first: date
    after: date

    @property
    def days(self) -> int:
        return max((self.after - self.first).days, 1)

    def x(self, day: date) -> float:
        return min(max((day - self.first).days, 0), self.days) * WIDE / self.days

    def inside(self, day: date) -> bool:
        return self.first <= day < self.after


@dataclass(frozen=True, slots=True)
class Tick:
    day: date
    x: float

    @property
    def place(self) -> str:
        return percent(self.x)


@dataclass(slots=True)
class Row:
    cells: Cells
    place: int
    start: date
    last: date
    spare: int
    critical: bool
    done: int = 0
    anchor: Held | None = None
    law: str = ""
    verified: bool = True
    bars: list[tuple[str, str, str]] = field(default_factory=list)
    """Class, place and width in percent."""
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    """Place in percent, from, to."""
    mark: float | None = None
    chosen: bool = False
    until: date | None = None
    """Its last day in nine draws out of ten, where the version was drawn."""
    chance: Odd | None = None

    @property
    def code(self) -> str:
        return self.cells["id"]

    @property
    def event(self) -> bool:
        return self.cells.get("type") in ("event", "milestone", "legal_deadline") and self.start == self.last

    @property
    def three(self) -> str:
        points = [self.cells.get(f"dur_{p}", "") for p in ("optimistic", "likely", "pessimistic")]
        return points[1] if len(set(points)) == 1 else " · ".join(points)

    @property
    def shown_mark(self) -> str:
        return "" if self.mark is None else percent(self.mark)


@dataclass(slots=True)
class Group:
    title: str
    rows: list[Row] = field(default_factory=list)


def scale_of(zoom: str, dates: Dates, around: date, start: date | None) -> Scale:
    """The days shown: the whole plan by quarter; else some weeks from a day on, or around one."""
    first, end = dates.schedule.calendar.start, dates.schedule.calendar.day(max(dates.schedule.finish, 1))
    wide = SPANS[zoom]
    if not wide:
        return Scale(first, end + timedelta(days=7))
    begin = start or max(first, around - timedelta(days=wide // 3))
    return Scale(begin, begin + timedelta(days=wide))


def ticks(scale: Scale) -> list[Tick]:
    """The first day of each month shown (of each quarter where there are many), with room for its name."""
    step = 3 if scale.days > 400 else 2 if scale.days > 200 else 1
    year, month = scale.first.year, scale.first.month
    out: list[Tick] = []
    while (day := date(year, month, 1)) < scale.after:
        if (month - 1) % step == 0 and (day >= scale.first or not out):
            x = scale.x(day)
            out.append(Tick(max(day, scale.first), x))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return out[1:] if len(out) > 1 and out[1].x - out[0].x < NARROW else out


def grid(found: Sequence[Tick], today: float | None, poll: float | None) -> list[tuple[str, str]]:
    """The lines behind every row, class and place in percent: months, today, polling day."""
    lines = [("gr", percent(t.x)) for t in found]
    return lines + [(css, percent(x)) for css, x in (("gt", today), ("gd", poll)) if x is not None]


def percent(x: float) -> str:
    return f"{x / 10:.2f}%"


def rows_of(dates: Dates, done: Mapping[str, int]) -> list[Row]:
    found = dates.schedule
    anchors = {one.id: one for one in found.anchors}
    return [
        Row(
            cells=cells, place=i, start=dates.start(i), last=dates.last(i), spare=found.total[i], critical=found.critical(i),
            done=done.get(cells["id"], 0), anchor=anchors.get(cells["id"]),
        )
        for i, cells in enumerate(dates.sheet)
    ]  # fmt: skip


def odds(rows: Iterable[Row], dates: Dates, figures: Mapping[str, Any]) -> None:
    """Give each row how far it may go, and its legal date its chance (durations alone)."""
    finish, n = figures["p90"], figures["draws"]
    chances = {one["id"]: odd(one["chance"], n) for one in figures["legal"]}
    for row in rows:
        if row.code in finish:
            row.until = dates.schedule.calendar.day(max(finish[row.code] - 1, 0))
        if row.anchor and row.anchor.anchor.text != T0:  # the plan's own first day: no text sets it
            row.chance = chances.get(row.code)


def drawn(rows: Sequence[Row], scale: Scale) -> None:
    """Give each row its bar, as the inside of an svg, and its mark where it lasts a day."""
    for row in rows:
        if row.event:
            row.mark = scale.x(row.start) if scale.inside(row.start) else None
            continue
        x, y = scale.x(row.start), scale.x(row.last + timedelta(days=1))
        if y <= x:
            continue
        wide = max(y - x, 2.0)
        if row.until and (late := scale.x(row.until + timedelta(days=1))) > y:
            row.bars.append(("gu", percent(y), percent(late - y)))
        row.bars.append((f"gb{' k' if row.critical else ''}", percent(x), percent(wide)))
        if row.done:
            row.bars.append(("gb d", percent(x), percent(wide * row.done / 100)))


def joined(rows: Sequence[Row], chain: Iterable[str], scale: Scale) -> None:
    """The driving chain as lines from the end of one bar down (or up) to the next, over the rows between."""
    at = {row.code: i for i, row in enumerate(rows)}
    codes = [c for c in chain if c in at]
    for one, other in pairwise(codes):
        i, j = at[one], at[other]
        x = scale.x(rows[i].last + timedelta(days=1))
        if not 0 < x < WIDE:
            continue
        low, high = min(i, j), max(i, j)
        rows[low].lines.append((percent(x), "16", "100%"))
        rows[high].lines.append((percent(x), "0", "16"))
        for k in range(low + 1, high):
            rows[k].lines.append((percent(x), "0", "100%"))


def grouped(rows: Iterable[Row], by: str) -> list[Group]:
    """In the order met: by phase, body or territory."""
    column = {"phase": "phase", "body": "responsible", "territory": "territory"}[by]
    found: dict[str, Group] = {}
    for row in rows:
        title = row.cells.get(column, "")
        found.setdefault(title, Group(title)).rows.append(row)
    return list(found.values())


def kept(rows: Iterable[Row], text: str, show: str) -> list[Row]:
    words = text.casefold().split()

    def fits(row: Row) -> bool:
        said = " ".join((row.code, row.cells.get("activity_fr", ""), row.cells.get("activity_en", ""), row.cells.get("responsible", ""))).casefold()  # fmt: skip
        asked = {"critical": row.critical, "legal": row.anchor is not None, "late": bool(row.anchor and row.anchor.missed), "open": row.done < 100}  # fmt: skip
        return all(w in said for w in words) and asked.get(show, True)

    return [row for row in rows if fits(row)]
