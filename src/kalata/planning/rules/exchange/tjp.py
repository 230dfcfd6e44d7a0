"""A plan as a TaskJuggler project (3.x): calendars, tasks, what each waits for, and every column as an attribute.

TaskJuggler has one kind of dependency, from an end of the predecessor to the start of the task, with a gap of zero or
more: a link to a finish, an advance and a percentage are written as the nearest start and told as lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.exchange.lost import Lost, cells
from kalata.planning.rules.plan import Activity, LagUnit, Link, LinkType, Plan, Unit

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NUMBERS = {"dur_optimistic": "DurOptimistic", "dur_likely": "DurLikely", "dur_pessimistic": "DurPessimistic"}
MOST_YEARS = 12


def quoted(text: str) -> str:
    """A string as every reader of the form takes it: no mark of its own inside, none undone at its end."""
    flat = " ".join(text.split("\n")).replace("\r", " ")
    flat += " " if flat.endswith("\\") else ""
    if '"' not in flat:
        return f'"{flat}"'
    return f"'{flat}'" if "'" not in flat else '"' + flat.replace('"', "”") + '"'


def changed(text: str) -> bool:
    """A text that a quoted string cannot hold to the sign."""
    return "\n" in text or "\r" in text or text.endswith("\\") or ('"' in text and "'" in text)


def attribute(column: str) -> str:
    """The name of the attribute of a column: a capital first, as own attributes must have."""
    if column in NUMBERS:
        return NUMBERS[column]
    return "".join(part[:1].upper() + part[1:] for part in "".join(c if c.isascii() and c.isalnum() else "_" for c in column).split("_")) or "Column"  # fmt: skip


def attributes(header: list[str]) -> dict[str, str]:
    """Column -> attribute, each once."""
    found: dict[str, str] = {}
    for column in header:
        name = base = attribute(column) if attribute(column)[0].isalpha() else f"C{attribute(column)}"
        n = 2
        while name in found.values():
            name, n = f"{base}{n}", n + 1
        found[column] = name
    return found


class Juggler:
    def __init__(self, plan: Plan, cal: Calendar, end: int, *, title: str, lang: str) -> None:
        self.plan, self.cal, self.lang, self.title = plan, cal, lang, title
        self.last = min(cal.day(end) + timedelta(days=365), cal.start + timedelta(days=MOST_YEARS * 366))
        self.header, self.rows = cells(plan)
        self.names = attributes([c for c in self.header if c not in {"id", "predecessors"}])
        self.lost: list[Lost] = []

    def text(self) -> str:
        return "\n".join([*self.head(), *self.flags(), *self.holidays(), *self.tasks()]) + "\n"

    def head(self) -> Iterator[str]:
        weeks = (self.last - self.cal.start).days // 7 + 1
        yield f"project plan {quoted(self.title or 'plan')} {self.cal.start} +{weeks}w {{"
        yield '  timezone "Etc/UTC"'
        yield '  timeformat "%Y-%m-%d"'
        yield "  dailyworkinghours 8"
        yield "  yearlyworkingdays 260"
        work = [d for n, d in enumerate(WEEKDAYS) if n in self.cal.weekdays]
        rest = [d for n, d in enumerate(WEEKDAYS) if n not in self.cal.weekdays]
        yield f"  workinghours {', '.join(work)} 8:00 - 12:00, 13:00 - 17:00"
        if rest and not {"sat", "sun"} >= set(rest):  # both are days of rest where nothing is said
            yield f"  workinghours {', '.join(rest)} off"
        yield "  extend task {"
        for column, name in self.names.items():
            yield f"    text {name} {quoted(column)}"
        yield "  }"
        yield "}"
        yield ""

    def flags(self) -> Iterator[str]:
        used = sorted({a.type.value for a in self.plan.activities})
        yield f"flags {', '.join(f'type_{flag}' for flag in used)}"
        yield ""

    def holidays(self) -> Iterator[str]:
        day = self.cal.start
        while day < self.last:
            if day.weekday() in self.cal.weekdays and not self.cal.works(self.cal.offset(day)):
                yield f"leaves holiday {quoted(str(day))} {day}"
            day += timedelta(days=1)
        yield ""

    def tasks(self) -> Iterator[str]:
        for a, row in zip(self.plan.activities, self.rows, strict=True):
            if self.cal.own(a.columns.get("calendar", "").strip(), a.columns.get("territory", "").strip()) is not None:
                self.lost.append((a.id, "calendar"))  # a length is counted by the project's own days
            yield f"task {a.id} {quoted(a.name(self.lang))} {{"
            yield f"  flags type_{a.type.value}"
            if not a.likely:
                yield "  milestone"
            elif a.unit is Unit.WORKING:
                yield f"  length {a.likely}d"
            else:
                yield f"  duration {a.likely}d"
            if waits := [self.depends(a, link) for link in a.links]:
                yield f"  depends {', '.join(waits)}"
            else:
                yield f"  start {self.cal.start}"
            for column, name in self.names.items():
                value = row.get(column, "")
                if value.strip():
                    yield f"  {name} {quoted(value)}"
                    if changed(value):
                        self.lost.append((a.id, column))
            yield "}"

    def depends(self, a: Activity, link: Link) -> str:
        days = link.lag.n
        if link.lag.unit is LagUnit.PERCENT:
            before = self.plan.by_id[link.pred]
            days = (2 * before.likely * link.lag.n + 100) // 200
        kept = link.type in {LinkType.FS, LinkType.SS} and link.lag.n >= 0 and link.lag.unit is not LagUnit.PERCENT
        if not kept:
            self.lost.append((a.id, "predecessors"))
        inside = ["onstart"] if link.type in {LinkType.SS, LinkType.SF} else []
        if days > 0:
            working = link.lag.unit is LagUnit.WORKING or (
                link.lag.unit is LagUnit.PERCENT and self.plan.by_id[link.pred].unit is Unit.WORKING
            )
            inside.append(f"{'gaplength' if working else 'gapduration'} {days}d")
        return f"{link.pred} {{ {' '.join(inside)} }}" if inside else link.pred


def juggled(plan: Plan, cal: Calendar, end: int, *, title: str = "", lang: str = "fr") -> tuple[bytes, list[Lost]]:
    """The project, and what it cannot hold. end: the offset of the plan's end."""
    juggler = Juggler(plan, cal, end, title=title, lang=lang)
    return juggler.text().encode(), juggler.lost
