"""The answer of `plan schedule` on an MS Project file: each task computed, what the file holds, every difference named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalata.planning.rules.exchange import mspdi, slack
from kalata.planning.rules.exchange.minutes import Dates, Scheduler, scheduled
from kalata.planning.rules.exchange.mspdi import Task
from kalata.planning.rules.exchange.worktime import moment_of
from kalata.text import Message
from kalata.text import gettext_noop as _

MINUTE = 60
TYPES = ("FF", "FS", "SF", "SS")
CONSTRAINTS = ("ASAP", "ALAP", "MSO", "MFO", "SNET", "SNLT", "FNET", "FNLT")


def said(second: int) -> str:
    return moment_of(second).isoformat(timespec="seconds")


def same(one: int, other: int) -> bool:
    """Equal to the minute, which is as fine as the file says it."""
    return abs(one - other) < MINUTE


def because(scheduler: Scheduler, task: Task, at: Dates) -> Message:
    """What the computed date rests on, and so what the stored one does not follow."""
    kind = at.held[0]
    if kind == "link":
        pred = scheduler.dates[at.held[1]]
        held = {"pred": at.held[1], "type": TYPES[int(at.held[2])], "start": said(pred.early_start), "finish": said(pred.early_finish)}  # fmt: skip
        return Message(_("la liaison %(type)s depuis %(pred)s (du %(start)s au %(finish)s), son délai et les calendriers donnent cette date ; la date enregistrée ne la suit pas"), held)  # fmt: skip
    if kind == "constraint":
        of = scheduler.net.tasks[at.held[1]]
        when = said(of.constraint_date) if of.constraint_date is not None else ""
        return Message(_("la contrainte %(what)s du %(when)s donne cette date ; la date enregistrée ne la suit pas"), {"what": CONSTRAINTS[of.constraint], "when": when})  # fmt: skip
    if kind == "actual":
        return Message(_("commencée le %(when)s : le travail qui reste, à partir de sa reprise, finit à cette date"), {"when": said(at.early_start)})  # fmt: skip
    if kind == "below":
        return Message(_("tâche récapitulative : du premier début à la dernière fin de ses tâches"), {})
    if kind == "late":
        return Message(_("aussi tard que possible : la date vient de ce qui la suit, ou de la fin du projet"), {})
    if kind in {"manual", "external", "elsewhere", "above"}:
        return Message(_("dates tenues à la main ou d’un autre fichier"), {})
    return Message(_("rien ne la retient : elle commence avec le projet (%(when)s), dans ses calendriers"), {"when": said(scheduler.anchor)})  # fmt: skip


def row(scheduler: Scheduler, task: Task, at: Dates) -> dict[str, Any]:
    stored = None if task.start is None or task.finish is None else {"start": said(task.start), "finish": said(task.finish)}  # fmt: skip
    return {
        "uid": task.uid,
        "name": task.name,
        "start": said(at.start),
        "finish": said(at.finish),
        "total_slack": at.total,
        "free_slack": at.free,
        "critical": slack.critical(scheduler, task.uid),
        "manual": task.manual,
        "summary": task.summary,
        "stored": stored,
        "agrees": None if stored is None else same(at.start, task.start or 0) and same(at.finish, task.finish or 0),
    }


def differences(scheduler: Scheduler, task: Task, at: Dates) -> list[dict[str, Any]]:
    out = []
    for field, stored, computed in (("start", task.start, at.start), ("finish", task.finish, at.finish)):
        if task.start is None or task.finish is None or stored is None or same(stored, computed):
            continue
        why = because(scheduler, task, at)
        out.append(
            {
                "uid": task.uid,
                "field": field,
                "stored": said(stored),
                "computed": said(computed),
                "because": why.text("fr"),
                "because_en": why.text("en"),
            }
        )
    return out


def answer(raw: bytes) -> Mapping[str, Any]:
    """`tasks` and `differences` as the scripted interface gives them; refused where the file is no MSPDI."""
    project = mspdi.project_of(mspdi.tree_of(raw))
    scheduler, dates = scheduled(project)
    slack.fill(scheduler)
    tasks = [row(scheduler, t, dates[t.uid]) for t in project.tasks]
    found = [d for t in project.tasks for d in differences(scheduler, t, dates[t.uid])]
    compared = [t for t in tasks if t["agrees"] is not None]
    return {
        "start": said(min((dates[t.uid].start for t in project.tasks), default=scheduler.anchor)),
        "finish": said(max((dates[t.uid].finish for t in project.tasks), default=scheduler.anchor)),
        "tasks": tasks,
        "differences": found,
        "compared": len(compared),
        "agree": sum(bool(t["agrees"]) for t in compared),
    }
