"""`kalata plan schedule`: dates, floats, what each date comes from, the anchors of the law. Pure."""

from __future__ import annotations

import sys

import click

from kalata import rooms
from kalata.planning.commands import inputs, plans
from kalata.planning.rules.explaining import why_date, why_not_critical
from kalata.planning.rules.faults import NoTarget
from kalata.planning.rules.findings import findings_of
from kalata.planning.rules.scheduling import Schedule, record, scheduled
from kalata.planning.rules.tables import is_xml


@click.command()
@plans.dated
@click.option("--j1", help="polling day, first round: anchors are then bounds")
@click.option("--j2", help="polling day, second round; else counted from the activity it follows")
@click.option("--windows", type=click.Choice(["apply", "ignore"]), default="apply", show_default=True)
@click.option("--target", default="", help="the activity whose driving chain is asked; else the end of the plan")
@click.option("--why", default="", help="activities whose date is explained, parted by commas")
def schedule(
    path: str, start: str | None, calendar: str, as_json: bool, lang: str, j1: str | None, j2: str | None, windows: str, target: str,
    why: str,
) -> None:  # fmt: skip
    """Dates, total and free float, critical path. Exit status 1 when an anchor is missed."""
    data = inputs.bytes_of(path)
    if is_xml(path, data):
        inputs.emit(rooms.load(plans.FOR_XML)(data))
        return
    plan, cal = plans.opened(data, start, calendar)
    found = scheduled(
        plan, cal, windows=windows == "apply", j1=plans.day_of("--j1", j1), j2=plans.day_of("--j2", j2), target=target
    )
    asked = places_of(found, why)
    if as_json:
        inputs.emit(record(found) | ({"why": [why_record(found, i) for i in asked]} if asked else {}))
    else:
        told(found, lang)
        for i in asked:
            click.echo(f"{why_date(found, i).sentence.text(lang)} {why_not_critical(found, i).sentence.text(lang)}")
    sys.exit(1 if any(one.missed for one in found.anchors) else 0)


def places_of(s: Schedule, names: str) -> list[int]:
    places = s.plan.places
    asked = [n.strip() for n in names.split(",") if n.strip()]
    if lost := next((n for n in asked if n not in places), ""):
        raise NoTarget(value=lost[:60], rows=[])
    return [places[n] for n in asked]


def why_record(s: Schedule, i: int) -> dict[str, object]:
    return {"id": s.plan.activities[i].id, "date": why_date(s, i).record(), "critical": why_not_critical(s, i).record()}


def told(s: Schedule, lang: str) -> None:
    """The same, for a person at a terminal."""
    cal = s.calendar
    for i, a in enumerate(s.plan.activities):
        first, end = cal.day(s.early.start[i]), cal.day(max(s.early.start[i], s.early.finish[i] - 1))
        mark = "*" if s.critical(i) else " "
        click.echo(f"{mark} {a.id:<8} {first}  {end}  {s.total[i]:>5} {a.unit.value}  {a.name(lang)}")
    click.echo(" → ".join(s.plan.activities[i].id for i in s.chain))
    for one in s.anchors:
        click.echo(f"{'!' if one.missed else ' '} {one.id:<8} {one.anchor.text:<16} {cal.day(one.required)}  {cal.day(one.scheduled)}  {one.margin:+d}")  # fmt: skip
    for finding in findings_of(s):
        click.echo(f"{finding[lang]}", err=True)
