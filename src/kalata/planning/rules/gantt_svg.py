"""A Gantt chart drawn as SVG pages of an A3: names on the left, months above, a bar an activity, its float behind it.

Colour is never alone: what is critical has a thick edge, a milestone is a diamond, a limit of the law has its own line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from kalata.planning.rules.scheduling import Schedule

WIDE, HIGH = 1456, 700
"""Of a page, in the units of the drawing."""
NAMES, TOP, ROW = 340, 44, 13
PER_PAGE = (HIGH - TOP - 8) // ROW
INK, BAR, CRITICAL, FLOAT, GRID, PHASE, FEAST = "#1b2733", "#3d7ea6", "#a33a2c", "#c9d6df", "#d5dbe1", "#eef2f5", "#f6e3bd"
MOST_FLOAT = 400


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that is drawn from top to bottom: its offset and what it is called."""

    day: int
    name: str


def rows_of(schedule: Schedule) -> list[int | str]:
    """The phases, each before its activities, and the places of the activities."""
    out: list[int | str] = []
    phase = None
    for i, a in enumerate(schedule.plan.activities):
        if a.phase and a.phase != phase:
            out.append(a.phase)
            phase = a.phase
        out.append(i)
    return out


def pages(schedule: Schedule, marks: Sequence[Mark] = (), lang: str = "fr") -> list[str]:
    rows = rows_of(schedule)
    return [
        Drawing(schedule, marks, lang).page(rows[at : at + PER_PAGE]) for at in range(0, max(len(rows), 1), PER_PAGE)
    ]


class Drawing:
    def __init__(self, schedule: Schedule, marks: Sequence[Mark], lang: str) -> None:
        self.schedule, self.marks, self.lang = schedule, marks, lang
        last = max([schedule.finish, *(m.day + 1 for m in marks)], default=1)
        self.days = max(last + 5, 10)
        self.step = (WIDE - NAMES - 6) / self.days

    def x(self, day: float) -> float:
        return round(NAMES + day * self.step, 2)

    def page(self, rows: Sequence[int | str]) -> str:
        body = [*self.months(len(rows)), *self.feasts(len(rows)), *self.lines(rows), *self.limits(len(rows))]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" '
            f'font-family="DejaVu Sans" fill="{INK}">{"".join(body)}</svg>'
        )

    def months(self, rows: int) -> Iterator[str]:
        """A line at each first of a month; its name where there is room, the year at its head."""
        start = self.schedule.calendar.start
        bottom = TOP + rows * ROW
        first = date(start.year, start.month, 1)
        wide = self.step * 30 > 16
        while (offset := (first - start).days) < self.days:
            if offset >= 0:
                x = self.x(offset)
                yield f'<line x1="{x}" y1="{TOP - 14}" x2="{x}" y2="{bottom}" stroke="{GRID}" stroke-width="0.6"/>'
                if wide or first.month in {1, 4, 7, 10}:
                    yield f'<text x="{x + 2}" y="{TOP - 4}" font-size="7">{first.month:02}</text>'
            if first.month == 1 or (first.year, first.month) == (start.year, start.month):
                yield f'<text x="{self.x(max(offset, 0)) + 2}" y="{TOP - 18}" font-size="9" font-weight="bold">{first.year}</text>'
            first = (first + timedelta(days=32)).replace(day=1)

    def feasts(self, rows: int) -> Iterator[str]:
        """A pale band over the days of which one is a feast that the moon decides."""
        for feast in self.schedule.estimated:
            first, last = (self.schedule.calendar.offset(day) for day in (feast.first, feast.last))
            if 0 <= first < self.days:
                x, name = self.x(first), escape(f"{feast.name} : {feast.first} – {feast.last}")
                yield f'<rect x="{x}" y="{TOP}" width="{self.x(last + 1) - x:.2f}" height="{rows * ROW}" fill="{FEAST}"><title>{name}</title></rect>'

    def lines(self, rows: Sequence[int | str]) -> Iterator[str]:
        for n, row in enumerate(rows):
            y = TOP + n * ROW
            if isinstance(row, str):
                yield f'<rect x="0" y="{y}" width="{WIDE}" height="{ROW}" fill="{PHASE}"/>'
                yield f'<text x="3" y="{y + 9}" font-size="8" font-weight="bold">{escape(row)}</text>'
            else:
                yield from self.activity(row, y)

    def activity(self, i: int, y: float) -> Iterator[str]:
        s, a = self.schedule, self.schedule.plan.activities[i]
        start, finish = s.early.start[i], s.early.finish[i]
        own = s.calendar.own(a.columns.get("calendar", "").strip(), a.columns.get("territory", "").strip())
        mark = f" [{own.name}]" if own else ""
        name, most = a.name(self.lang), 72 - len(mark)
        name = (name if len(name) <= most else name[: most - 1] + "…") + mark
        yield f'<text x="3" y="{y + 9}" font-size="6.5">{escape(a.id)}</text>'
        yield f'<text x="30" y="{y + 9}" font-size="6.5">{escape(name)}</text>'
        yield f'<line x1="0" y1="{y + ROW}" x2="{WIDE}" y2="{y + ROW}" stroke="{GRID}" stroke-width="0.3"/>'
        critical = s.critical(i)
        colour = CRITICAL if critical else BAR
        if start == finish:
            x, middle = self.x(start), y + ROW / 2
            yield f'<path d="M{x} {middle - 4} L{x + 4} {middle} L{x} {middle + 4} L{x - 4} {middle} Z" fill="{colour}"/>'
            return
        late = s.late.finish[i]
        if late > finish:
            end = self.x(min(late, finish + MOST_FLOAT, self.days))
            yield f'<rect x="{self.x(finish)}" y="{y + 5}" width="{max(end - self.x(finish), 0):.2f}" height="3" fill="{FLOAT}"/>'
        edge = f' stroke="{INK}" stroke-width="0.9"' if critical else ""
        width = max((finish - start) * self.step, 0.8)
        yield f'<rect x="{self.x(start)}" y="{y + 2.5}" width="{width:.2f}" height="8" fill="{colour}"{edge}/>'

    def limits(self, rows: int) -> Iterator[str]:
        bottom = TOP + rows * ROW
        for mark in self.marks:
            x = self.x(mark.day)
            yield f'<line x1="{x}" y1="{TOP - 26}" x2="{x}" y2="{bottom}" stroke="{CRITICAL}" stroke-width="1" stroke-dasharray="3 2"/>'
            yield f'<text x="{x + 2}" y="{TOP - 29}" font-size="8" font-weight="bold" fill="{CRITICAL}">{escape(mark.name)}</text>'
