"""`kalata plan level`: a schedule that the pools can hold, its bound and its gap."""

from __future__ import annotations

import re
import sys
import time
from datetime import date
from fractions import Fraction
from pathlib import PurePath
from typing import Any

import click

from kalata.planning.calendars import calendar_named
from kalata.planning.commands import inputs, plans
from kalata.planning.levelling import Answer, level
from kalata.planning.levelling_plans import Levelled, level_plan
from kalata.planning.rules.calendars import no_holidays
from kalata.planning.rules.faults import NeedAbovePool, NoStart
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_plan import NoResources, Yard, pools_of, yard_of
from kalata.planning.rules.levelling_project import Project, project_of
from kalata.planning.rules.reading import plan_of
from kalata.text import Message, decimal_string
from kalata.text import gettext_noop as _

DEFAULT_LIMIT = 30.0
MOST_SECONDS = 24 * 3600.0


@click.command("level")
@click.argument("file")
@click.option(
    "--time-limit", type=click.FloatRange(1, MOST_SECONDS), default=DEFAULT_LIMIT, show_default=True, help="seconds"
)
@click.option("--seed", type=click.IntRange(0, (1 << 31) - 1), default=1, show_default=True)
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="cores to use; those present if not given")
@click.option("--pools", "pools_path", help="for a plan CSV: pool, from, to, capacity")
@click.option("--start", help="for a plan CSV: its first day, YYYY-MM-DD")
@click.option("--calendar", default="ml", show_default=True, help="for a plan CSV: a pack, none, or a JSON file")
@click.option("--windows", type=click.Choice(["apply", "ignore"]), default="apply", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def command(
    file: str, time_limit: float, seed: int, workers: int | None, pools_path: str | None, start: str | None, calendar: str,
    windows: str, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """The shortest schedule found that pools can hold (.rcp, .sm, plan CSV). Exit status 2 when a need is above its pool."""
    begun = time.monotonic()
    text = inputs.text_of(file)
    name = PurePath(file).stem if file != "-" else "-"
    if is_plan(file, text):
        yard = yard_at(text, pools_path, start, calendar, windows == "apply", lang)
        levelled = level_plan(yard, limit=time_limit, seed=seed, workers=workers, begun=begun)
        if as_json:
            inputs.emit(plan_data(name, yard, levelled))
        else:
            plan_told(yard, levelled, lang)
        sys.exit(1 if levelled.status == "infeasible" else 0)
    project = project_of(text, name, PurePath(file).suffix.lower())
    answer = level(project, limit=time_limit, seed=seed, workers=workers, begun=begun)
    if as_json:
        inputs.emit(data_of(project, answer))
    else:
        told(project, answer, lang)
    sys.exit(2 if answer.status == "infeasible" else 0)


def is_plan(file: str, text: str) -> bool:
    """A plan CSV, by its name or by its heading."""
    return file.lower().endswith(".csv") or "dur_likely" in text[:4_000].split("\n", 1)[0]


def yard_at(text: str, pools_path: str | None, start: str | None, calendar: str, windows: bool, lang: str) -> Yard:
    plan = plan_of(text, plans.day_of("--start", start))
    if pools_path is None:
        raise NoResources(rows=[], field="--pools")
    pools_text = inputs.text_of(pools_path)
    if plan.start is None:
        if re.search(r"\d{4}-\d\d-\d\d", pools_text):
            raise NoStart(rows=[], field="--start")
        click.echo(Message(MONDAY).text(lang), err=True)
    cal = calendar_named(calendar, plan.start) if plan.start else no_holidays(NO_START)
    return yard_of(plan, cal, pools_of(pools_text, cal.start), windows)


NO_START = date(2001, 1, 1)
"""A Monday: the first day of a plan that says none."""


def gap_of(end: int, bound: int) -> dict[str, Any]:
    gap = Fraction(end - bound, end) if end else Fraction(0)
    return {
        "makespan": end,
        "lower_bound": bound,
        "gap": decimal_string(gap, 6).rstrip("0").rstrip(".") or "0",
        "gap_exact": str(gap),
    }


def plan_data(name: str, yard: Yard, found: Levelled) -> dict[str, Any]:
    out: dict[str, Any] = {"instance": name, "status": found.status}
    if found.status == "infeasible":
        out |= {
            "reason": Message(NOWHERE, {"id": found.nowhere}).both(),
            "makespan": None,
            "lower_bound": None,
            "gap": None,
            "starts": [],
        }
    else:
        out |= gap_of(found.schedule.end, found.lower_bound) | {
            "starts": list(found.schedule.starts),
            "finishes": list(found.schedule.finishes),
        }
        out["ids"] = [a.id for a in yard.net.plan.activities]
    out |= {"start": yard.calendar.start.isoformat() if yard.calendar.start != NO_START else None}
    return out | {
        "seconds": round(found.seconds, 2),
        "engine": found.engine,
        "overloads_before": [overload_data(o) for o in found.before],
    }


def plan_told(yard: Yard, found: Levelled, lang: str) -> None:
    if found.status == "infeasible":
        click.echo(Message(NOWHERE, {"id": found.nowhere}).text(lang), err=True)
        return
    sentence = PLAN_OPTIMAL if found.status == "optimal" else PLAN_FEASIBLE
    click.echo(Message(sentence, {"n": found.schedule.end, "bound": found.lower_bound}).text(lang))
    for a, first, after in zip(yard.net.plan.activities, found.schedule.starts, found.schedule.finishes, strict=True):
        click.echo(f"{a.id:<8} {first:>6} {after:>6}")
    for one in found.before:
        click.echo(f"  {one.pool:12} {one.first:5} – {one.after:5}  +{one.over}", err=True)


def data_of(project: Project, answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"instance": project.name, "status": answer.status}
    if answer.status == "infeasible":
        refusal = above(project, answer)
        found |= {"reason": refusal.record(), "error": refusal.record(), "makespan": None, "lower_bound": None, "gap": None, "starts": []}  # fmt: skip
    else:
        found |= gap_of(answer.makespan, answer.lower_bound) | {"starts": list(answer.starts)}
    return found | {
        "seconds": round(answer.seconds, 2),
        "engine": answer.engine,
        "overloads_before": [overload_data(o) for o in answer.overloads],
    }


def overload_data(one: Overload) -> dict[str, Any]:
    return {"pool": one.pool, "from": one.first, "to": one.after, "over": one.over}


def above(project: Project, answer: Answer) -> NeedAbovePool:
    job, pool = answer.too_needy[0]
    return NeedAbovePool(
        row=job + 1, value=str(job + 1), need=project.needs[job][pool], pool=project.pools[pool],
        capacity=project.capacities[pool], jobs=[job + 1 for job, _pool in answer.too_needy],
    )  # fmt: skip


def told(project: Project, answer: Answer, lang: str) -> None:
    if answer.status == "infeasible":
        refusal = above(project, answer)
        click.echo(f"{refusal.code}  {refusal.message.text(lang)}\n        {refusal.how.text(lang)}", err=True)
        return
    sentence = OPTIMAL if answer.status == "optimal" else FEASIBLE
    click.echo(Message(sentence, {"name": project.name, "n": answer.makespan, "bound": answer.lower_bound}).text(lang))
    if answer.engine == "scheme" and answer.status != "optimal":
        click.echo(Message(ALONE).text(lang), err=True)
    for one in answer.overloads:
        click.echo(f"  {one.pool:12} {one.first:5} – {one.after:5}  +{one.over}", err=True)


NOWHERE = _("« %(id)s » ne tient nulle part : ses réserves ne suffisent sur aucune suite de jours.")
PLAN_OPTIMAL = _("Plan : fin au jour %(n)d, et aucune fin n’est plus tôt avec ces réserves.")
PLAN_FEASIBLE = _("Plan : fin au jour %(n)d ; aucune fin n’est possible avant le jour %(bound)d.")
MONDAY = _("Sans --start, le premier jour du plan est compté comme un lundi, sans jour férié.")
OPTIMAL = _("%(name)s : %(n)d {n:jour|jours}, et aucun ordonnancement n’est plus court.")
FEASIBLE = _("%(name)s : %(n)d {n:jour|jours} ; aucun ordonnancement ne peut tenir en moins de %(bound)d.")
ALONE = _("Le solveur (extra « planning ») n’est pas installé : le schéma a répondu seul, avec sa propre borne.")
