"""MS Project's XML (MSPDI): a document kept as it came, elements unknown to us too, and what it says as values.

XML is read with entities off and within bounds: a document type, an entity, a depth or a size that no plan has ends
the reading (PLN-108). Instants are seconds (see `worktime`), durations seconds of work, lags tenths of a minute as
the file has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.parsers import expat

from lxml import etree

from kalata.planning.rules.exchange.calendars import Calendar, beside, calendars_of
from kalata.planning.rules.exchange.worktime import second_of
from kalata.planning.rules.faults import AnotherForm, BadDuration, BadLink, RepeatedId, UnknownActivity
from kalata.text import gettext_noop as _

MSP = "http://schemas.microsoft.com/project"
LARGEST = 64 * 1024 * 1024
DEEPEST, MOST_ELEMENTS, MOST_TASKS = 40, 4_000_000, 50_000
DURATION = re.compile(r"(-?)P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]+))?S)?)?")
ELAPSED = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
"""Formats of durations and lags counted on every hour of every day; +32: the same, estimated."""
PERCENT = frozenset({19, 20, 51, 52})
NOBODY = "-65535"
FORMATS = frozenset({*range(3, 13), 19, 20, 21, *range(35, 45), 51, 52, 53})


@dataclass(frozen=True, slots=True)
class MspLink:
    """type: 0 FF, 1 FS, 2 SF, 3 SS. lag: tenths of a minute; a percentage where the format is one."""

    pred: str
    type: int = 1
    lag: int = 0
    format: int = 7

    @property
    def elapsed(self) -> bool:
        return self.format in ELAPSED

    @property
    def percent(self) -> bool:
        return self.format in PERCENT


@dataclass(frozen=True, slots=True)
class Assignment:
    resource: str
    work: int
    units: float
    delay: int = 0
    """Of work, in tenths of a minute: its own and that of levelling; wait: of time that passes."""
    wait: int = 0
    contour: int = 0
    remaining: int = 0
    periods: tuple[tuple[int, int], ...] = ()
    """Spans that hold work, where the file keeps it period by period."""


@dataclass(frozen=True, slots=True)
class Task:
    uid: str
    name: str = ""
    level: int = 1
    summary: bool = False
    milestone: bool = False
    manual: bool = False
    active: bool = True
    external: bool = False
    duration: int | None = None
    elapsed: bool = False
    remaining: int | None = None
    fixed_duration: bool = False
    percent: int = 0
    constraint: int = 0
    constraint_date: int | None = None
    deadline: int | None = None
    calendar: str = ""
    ignores_resources: bool = False
    delay: int = 0
    """Levelling delay, tenths of a minute."""
    delay_elapsed: bool = True
    start: int | None = None
    finish: int | None = None
    manual_start: int | None = None
    manual_finish: int | None = None
    actual_start: int | None = None
    actual_finish: int | None = None
    stop: int | None = None
    resume: int | None = None
    total_slack: int | None = None
    free_slack: int | None = None
    links: tuple[MspLink, ...] = ()
    parent: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Project:
    tasks: tuple[Task, ...]
    calendars: dict[str, Calendar]
    calendar: str
    start: int | None
    finish: int | None
    from_start: bool = True
    start_time: int = 8 * 3600
    minutes_per_day: int = 480
    critical_limit: int = 0
    """Days."""
    open_ends_critical: bool = False
    honours: bool = True
    splits_in_progress: bool = True
    resources: dict[str, str] = field(default_factory=dict)
    """Resource -> its calendar, those that work; nobody is one of them: a task without people can be split too."""
    assignments: dict[str, tuple[Assignment, ...]] = field(default_factory=dict)


def refuse(why: str) -> AnotherForm:
    return AnotherForm(why=why, field="xml")


class Looked:
    """One pass that keeps nothing: what must not be there ends it before a tree is made."""

    def __init__(self) -> None:
        self.depth = self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.doctype
        self.parser.StartElementHandler = self.begins
        self.parser.EndElementHandler = self.ends

    def doctype(self, *_given: object) -> None:
        raise refuse(_("il porte un type de document ou des entités, qu’aucun plan n’a besoin de porter"))

    def begins(self, name: str, _attributes: object) -> None:
        self.depth += 1
        self.count += 1
        if self.count == 1:
            self.root(name)
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise refuse(_("il est plus profond ou plus long qu’aucun plan"))

    def ends(self, _name: str) -> None:
        self.depth -= 1

    @staticmethod
    def root(name: str) -> None:
        word = name.rpartition(":")[2]
        if word in {"APIBusinessObjects", "BusinessObjects"}:
            raise refuse(_("c’est une exportation Primavera, pas un XML de MS Project"))
        if word != "Project":
            raise refuse(_("sa racine n’est pas « Project » de MS Project"))


def tree_of(raw: bytes) -> Any:
    """The document as a tree that loses nothing, or AnotherForm."""
    if len(raw) > LARGEST:
        raise refuse(_("il est plus profond ou plus long qu’aucun plan"))
    if raw.lstrip()[:6] == b"ERMHDR":
        raise refuse(_("c’est une exportation Primavera, pas un XML de MS Project"))
    try:
        Looked().parser.Parse(raw, True)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False)
        tree = etree.ElementTree(etree.fromstring(raw, parser))
    except (expat.ExpatError, etree.XMLSyntaxError, LookupError, ValueError):
        raise refuse(_("ce n’est pas un XML lisible")) from None
    root = tree.getroot()
    space = etree.QName(root).namespace
    if space not in {MSP, None} or (space is None and root.find("Tasks") is None):
        raise refuse(_("sa racine n’est pas « Project » de MS Project"))
    return tree


def written(tree: Any) -> bytes:
    """The same document again: elements, order, text, comments."""
    info = tree.docinfo
    return bytes(
        etree.tostring(tree, xml_declaration=True, encoding=info.encoding or "UTF-8", standalone=info.standalone)
    )


def tag(element: Any, name: str) -> str:
    return beside(element, name)


def text(element: Any, name: str) -> str:
    found = element.find(tag(element, name))
    return (found.text or "").strip() if found is not None else ""


def number(element: Any, name: str, otherwise: int = 0) -> int:
    given = text(element, name)
    try:
        return round(float(given)) if given else otherwise
    except (ValueError, OverflowError):
        raise BadDuration(field=name, value=given[:60], rows=[row_of(element)]) from None


def row_of(element: Any) -> int:
    return int(element.sourceline or 0)


def flag(element: Any, name: str, *, otherwise: bool = False) -> bool:
    given = text(element, name).lower()
    return otherwise if not given else given in {"1", "true", "-1"}


def instant(element: Any, name: str) -> int | None:
    given = text(element, name)
    if not given or given.upper() == "NA":
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise BadDuration(field=name, value=given[:60], rows=[row_of(element)]) from None
    moment = moment.replace(tzinfo=None)
    return second_of(moment) if 1970 < moment.year < 2200 else None


def seconds(given: str) -> int | None:
    """A duration of ISO 8601 as MS Project writes it, in seconds."""
    if not given:
        return None
    met = DURATION.fullmatch(given)
    if met is None or len(given) > 40:
        return None
    sign, days, hours, minutes, secs, part = met.groups()
    total = int(days or 0) * 86_400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(secs or 0)
    total += 1 if part and part[0] >= "5" else 0
    return -total if sign else total


def span(element: Any, name: str) -> int | None:
    given = text(element, name)
    found = seconds(given)
    if (given and found is None) or (found is not None and (found < 0 or found > 500 * 366 * 86_400)):
        raise BadDuration(field=name, value=given[:60], rows=[row_of(element)])
    return found


def listed(root: Any, group: str, one: str) -> Iterator[Any]:
    place = root.find(tag(root, group))
    if place is not None:
        yield from place.iterfind(tag(root, one))


def links_of(element: Any) -> Iterator[MspLink]:
    for link in element.iterfind(tag(element, "PredecessorLink")):
        kind, form = number(link, "Type", 1), number(link, "LagFormat", 7)
        if kind not in range(4) or form not in FORMATS:
            raise BadLink(field="PredecessorLink", value=f"{kind}/{form}", rows=[row_of(link)])
        yield MspLink(text(link, "PredecessorUID"), kind, number(link, "LinkLag"), form)


def task_of(element: Any, parent: str) -> Task:
    form = number(element, "DurationFormat", 7)
    ended = instant(element, "ActualFinish")
    told = ended is None or number(element, "PercentComplete") >= 100  # an end of what is not done means nothing
    return Task(
        uid=text(element, "UID"),
        name=text(element, "Name"),
        level=number(element, "OutlineLevel", 1),
        summary=flag(element, "Summary"),
        milestone=flag(element, "Milestone"),
        manual=flag(element, "Manual"),
        active=flag(element, "Active", otherwise=True),
        external=flag(element, "ExternalTask"),
        duration=span(element, "Duration"),
        elapsed=form in ELAPSED,
        remaining=span(element, "RemainingDuration"),
        fixed_duration=number(element, "Type") == 1,
        percent=number(element, "PercentComplete"),
        constraint=number(element, "ConstraintType"),
        constraint_date=instant(element, "ConstraintDate"),
        deadline=instant(element, "Deadline"),
        calendar=text(element, "CalendarUID"),
        ignores_resources=flag(element, "IgnoreResourceCalendar"),
        delay=number(element, "LevelingDelay"),
        delay_elapsed=number(element, "LevelingDelayFormat", 8) in ELAPSED,
        start=instant(element, "Start"),
        finish=instant(element, "Finish"),
        manual_start=instant(element, "ManualStart"),
        manual_finish=instant(element, "ManualFinish"),
        actual_start=instant(element, "ActualStart") if told else None,
        actual_finish=ended if told else None,
        stop=instant(element, "Stop"),
        resume=instant(element, "Resume"),
        total_slack=number(element, "TotalSlack") if text(element, "TotalSlack") else None,
        free_slack=number(element, "FreeSlack") if text(element, "FreeSlack") else None,
        links=tuple(links_of(element)),
        parent=parent,
        row=row_of(element),
    )


def tasks_of(root: Any) -> Iterator[Task]:
    above: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for element in listed(root, "Tasks", "Task"):
        if flag(element, "IsNull") or not text(element, "UID"):
            continue
        level = number(element, "OutlineLevel", 1)
        while above and above[-1][0] >= level:
            above.pop()
        task = task_of(element, above[-1][1] if above else "")
        if task.uid in seen:
            raise RepeatedId(value=task.uid, rows=[seen[task.uid], row_of(element)])
        seen[task.uid] = row_of(element)
        above.append((level, task.uid))
        if len(seen) > MOST_TASKS:
            raise refuse(_("il est plus profond ou plus long qu’aucun plan"))
        yield task


def known_links(root: Any, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """Refuses a link to a task that is not there; a link across files names a project."""
    uids = {t.uid for t in tasks}
    for element in listed(root, "Tasks", "Task"):
        for link in element.iterfind(tag(element, "PredecessorLink")):
            uid = text(link, "PredecessorUID")
            if uid not in uids and not flag(link, "CrossProject") and not text(link, "CrossProjectName"):
                raise UnknownActivity(field="PredecessorUID", value=uid, rows=[row_of(link)])
    return tasks


def working_spans(element: Any) -> tuple[tuple[int, int], ...]:
    """Where the file keeps the work period by period: the periods that hold some."""
    spans = []
    for period in element.iterfind(tag(element, "TimephasedData")):
        if text(period, "Type") not in {"1", "2"} or not seconds(text(period, "Value")):
            continue
        begins, ends = instant(period, "Start"), instant(period, "Finish")
        if begins is not None and ends is not None and begins < ends:
            spans.append((begins, ends))
    return tuple(sorted(set(spans)))


def assignments_of(root: Any, working: dict[str, str]) -> dict[str, tuple[Assignment, ...]]:
    found: dict[str, list[Assignment]] = {}
    for element in listed(root, "Assignments", "Assignment"):
        resource, units = text(element, "ResourceUID"), text(element, "Units") or "1"
        if resource not in working:
            continue
        levelled = number(element, "LevelingDelay")
        passes = number(element, "LevelingDelayFormat", 7) in ELAPSED
        found.setdefault(text(element, "TaskUID"), []).append(
            Assignment(
                resource,
                (span(element, "Work") or 0) - (span(element, "OvertimeWork") or 0),
                float(units) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,12})?", units) else 1.0,
                number(element, "Delay") + (0 if passes else levelled),
                levelled if passes else 0,
                number(element, "WorkContour"),
                span(element, "RemainingWork") or 0,
                working_spans(element),
            )
        )
    return {uid: tuple(all_of) for uid, all_of in found.items()}


def clock(given: str, otherwise: int) -> int:
    met = re.fullmatch(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?.*", given)
    return int(met[1]) * 3600 + int(met[2]) * 60 + int(met[3] or 0) if met else otherwise


def project_of(tree: Any) -> Project:
    """What the document says, as values; refused where it cannot be understood."""
    root = tree.getroot()
    working = {NOBODY: "-1"} | {
        text(r, "UID"): text(r, "CalendarUID") or "-1"
        for r in listed(root, "Resources", "Resource")
        if text(r, "Type") in {"", "1"} and text(r, "UID")
    }
    return Project(
        tasks=known_links(root, tuple(tasks_of(root))),
        calendars=calendars_of(root),
        calendar=text(root, "CalendarUID"),
        start=instant(root, "StartDate"),
        finish=instant(root, "FinishDate"),
        from_start=flag(root, "ScheduleFromStart", otherwise=True),
        start_time=clock(text(root, "DefaultStartTime"), 8 * 3600),
        minutes_per_day=number(root, "MinutesPerDay", 480) or 480,
        critical_limit=number(root, "CriticalSlackLimit"),
        open_ends_critical=flag(root, "MultipleCriticalPaths"),
        honours=flag(root, "HonorConstraints", otherwise=True),
        splits_in_progress=flag(root, "SplitsInProgressTasks", otherwise=True),
        resources=working,
        assignments=assignments_of(root, working),
    )
