"""An MS Project file as a plan of whole days: our own columns again where it carries them, what it says where it does not.

What somebody changed in MS Project stands above the columns the file was given: a duration, a link, a name, progress.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kalata.planning.rules.exchange import mspdi
from kalata.planning.rules.exchange.lost import Lost
from kalata.planning.rules.exchange.msp_fields import FORMATS, REST, TENTHS, TYPES, unpacked
from kalata.planning.rules.exchange.mspdi import MspLink, Project, Task
from kalata.planning.rules.exchange.nets import net_of
from kalata.planning.rules.exchange.worktime import moment_of
from kalata.planning.rules.plan import Activity, Plan
from kalata.planning.rules.reading import activity_of, cells_of, plan_of_rows

PLAIN = ("id", "phase", "activity_fr", "type", "dur_likely", "dur_unit", "predecessors", "percent_complete", "actual_start", "actual_finish")  # fmt: skip
"""The columns of a plan that other people made."""
ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
NAMES = {number: name for name, number in TYPES.items()}


def names_of(root: Any) -> dict[int, str]:
    """Text field -> the column it carries, in the order of the file."""
    return {
        mspdi.number(one, "FieldID"): mspdi.text(one, "Alias")
        for one in mspdi.listed(root, "ExtendedAttributes", "ExtendedAttribute")
        if mspdi.text(one, "Alias")
    }


def values_of(element: Any) -> dict[int, str]:
    found = {}
    for one in element.iterfind(mspdi.tag(element, "ExtendedAttribute")):
        value = one.find(mspdi.tag(one, "Value"))
        if value is not None:
            found[mspdi.number(one, "FieldID")] = value.text or ""
    return found


class Reader:
    def __init__(self, tree: Any) -> None:
        self.root = tree.getroot()
        self.project: Project = mspdi.project_of(tree)
        self.net = net_of(self.project)
        self.elements = {mspdi.text(e, "UID"): e for e in mspdi.listed(self.root, "Tasks", "Task")}
        self.lost: list[Lost] = []
        fields = names_of(self.root)
        self.fields = fields if {"id", "dur_likely", "dur_unit"} <= set(fields.values()) else {}
        self.leaves = [t for t in self.project.tasks if t.uid in self.net.before and t.level > 0]
        self.kept = {t.uid: unpacked(self.fields, values_of(self.elements[t.uid])) for t in self.leaves}
        self.ids = self.named()

    def plan(self) -> Plan:
        rows = []
        for t in self.leaves:
            row = self.own(t) if self.kept[t.uid].get("id") else self.foreign(t)
            rows.append((mspdi.row_of(self.elements[t.uid]), row))
        return plan_of_rows(self.header([row for _n, row in rows]), rows, self.start())

    def start(self) -> date | None:
        return moment_of(self.project.start).date() if self.project.start is not None else None

    def header(self, rows: list[dict[str, str]]) -> list[str]:
        header = [name for name in self.fields.values() if name != REST]
        for row in rows:
            header += [name for name in row if name not in header and (row[name] or not self.fields)]
        return header or list(PLAIN)

    def named(self) -> dict[str, str]:
        """The identifier of each task: its own, its code in the structure where that is one and no other's, T and its number."""
        found: dict[str, str] = {}
        codes = [mspdi.text(self.elements[t.uid], "WBS") for t in self.leaves]
        for t, code in zip(self.leaves, codes, strict=True):
            own = self.kept[t.uid].get("id", "")
            usable = ID.fullmatch(code) and codes.count(code) == 1
            found[t.uid] = own or (code if usable else f"T{t.uid}")
        return found

    # --- a task that carries our columns
    def own(self, t: Task) -> dict[str, str]:
        row = dict(self.kept[t.uid])
        was: Activity = activity_of(mspdi.row_of(self.elements[t.uid]), row)
        if t.duration is not None and t.duration != was.likely * 8 * 3600:
            row |= self.three(t, was)
        if sorted(map(self.link_key, t.links)) != sorted(self.said_links(was)):
            row["predecessors"] = self.predecessors(t)
        if t.name and t.name not in {was.name("fr"), was.name("en")}:
            row["activity_fr"] = t.name
        if t.percent != (was.percent_complete or 0):
            row["percent_complete"] = str(t.percent)
        return row

    def three(self, t: Task, was: Activity) -> dict[str, str]:
        """A new likely duration; the two others give way where they must."""
        likely = self.days(t, was.unit.value)
        low, high = min(was.optimistic, likely), max(was.pessimistic, likely)
        return {"dur_optimistic": str(low), "dur_likely": str(likely), "dur_pessimistic": str(high)}

    def link_key(self, link: MspLink) -> tuple[str, int, int, int]:
        return self.ids.get(link.pred, link.pred), link.type, link.lag, link.format if link.lag else 0

    def said_links(self, was: Activity) -> list[tuple[str, int, int, int]]:
        return [
            (
                k.pred,
                TYPES[k.type.value],
                k.lag.n * TENTHS[k.lag.unit.value],
                FORMATS[k.lag.unit.value] if k.lag.n else 0,
            )
            for k in was.links
        ]

    # --- a task that others made
    def foreign(self, t: Task) -> dict[str, str]:
        unit = "cd" if t.elapsed else "wd"
        one = self.ids[t.uid]
        for field, given in (
            ("constraint", t.constraint != 0),
            ("deadline", t.deadline is not None),
            ("calendar", t.calendar not in {"", "-1", "0"}),
            ("manual", t.manual),
            ("inactive", not t.active),
            ("resources", any(a.resource != mspdi.NOBODY for a in self.project.assignments.get(t.uid, ()))),
        ):
            if given:
                self.lost.append((one, field))
        top = self.net.lineage(t.uid)
        phases = [self.net.tasks[u].name for u in top[1:] if self.net.tasks[u].level > 0]
        return {
            "id": one,
            "phase": phases[-1] if phases else "",
            "activity_fr": t.name,
            "type": "milestone" if not t.duration else "task",
            "dur_likely": str(self.days(t, unit)),
            "dur_unit": unit,
            "predecessors": self.predecessors(t),
            "percent_complete": str(t.percent) if t.percent else "",
            "actual_start": moment_of(t.actual_start).date().isoformat() if t.actual_start is not None else "",
            "actual_finish": moment_of(t.actual_finish).date().isoformat() if t.actual_finish is not None else "",
        }

    def days(self, t: Task, unit: str) -> int:
        """The duration in whole days, half up; what is cut off is told."""
        day = 86_400 if t.elapsed else self.project.minutes_per_day * 60
        given = t.duration or 0
        if given % day:
            self.lost.append((self.ids[t.uid], "dur_likely"))
        return (2 * given + day) // (2 * day) or int(given > 0)

    def predecessors(self, t: Task) -> str:
        out = []
        held = [(link.pred, link) for link in t.links] if self.net.before[t.uid] == [] else self.net.before[t.uid]
        for pred, link in held:
            if pred not in self.net.tasks:
                self.lost.append((self.ids[t.uid], "predecessors"))
                continue
            leaves = [u for u in self.net.below(pred) if u in self.ids]
            if len(leaves) > 1 and link.type in {2, 3}:  # from the first of many: nothing says which
                self.lost.append((self.ids[t.uid], "predecessors"))
            out += [self.written(t, self.ids[u], link) for u in leaves]
        return ";".join(dict.fromkeys(out))

    def written(self, t: Task, pred: str, link: MspLink) -> str:
        kind = NAMES[link.type]
        unit = "%" if link.percent else "ed" if link.elapsed else "wd"
        step = 1 if link.percent else 14_400 if link.elapsed else self.project.minutes_per_day * 10
        if link.lag % step or (link.percent and link.elapsed):
            self.lost.append((self.ids[t.uid], "predecessors"))
        n = (2 * link.lag + step) // (2 * step)
        if not n:
            return pred if kind == "FS" else f"{pred}:{kind}"
        return f"{pred}:{kind}{n:+d}{unit}"


def plan_of_tree(tree: Any) -> tuple[Plan, list[Lost]]:
    """The plan, and what of the file it cannot hold."""
    reader = Reader(tree)
    return reader.plan(), reader.lost


def rows(path: str) -> dict[str, Any]:
    """The same as plain values, for a bounded child."""
    with open(path, "rb") as file:
        plan, lost = plan_of_tree(mspdi.tree_of(file.read()))
    return {"header": list(plan.header), "rows": [[a.row, cells_of(a)] for a in plan.activities], "lost": lost}
