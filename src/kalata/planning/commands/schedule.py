"""`kalata plan schedule`: dates, floats, what each date comes from, the anchors of the law. Pure."""

from __future__ import annotations

import sys

import click

from kalata import rooms
from kalata.planning.commands import inputs, plans
from kalata.planning.rules.findings import findings_of
from kalata.planning.rules.scheduling import Schedule, record, scheduled


@click.command()
@plans.dated
@click.option("--j1", help="polling day, first round: anchors are then bounds")
@click.option("--j2", help="polling day, second round; else counted from the activity it follows")
@click.option("--windows", type=click.Choice(["apply", "ignore"]), default="apply", show_default=True)
@click.option("--target", default="", help="the activity whose driving chain is asked; else the end of the plan")
def schedule(
    path: str, start: str | None, calendar: str, as_json: bool, lang: str, j1: str | None, j2: str | None, windows: str, target: str
) -> None:  # fmt: skip
    """Dates, total and free float, critical path. Exit status 1 when an anchor is missed."""
    data = inputs.bytes_of(path)
    if plans.is_xml(path, data):
        inputs.emit(rooms.load(plans.FOR_XML)(data))
        return
    plan, cal = plans.opened(data, start, calendar)
    found = scheduled(
        plan, cal, windows=windows == "apply", j1=plans.day_of("--j1", j1), j2=plans.day_of("--j2", j2), target=target
    )
    if as_json:
        inputs.emit(record(found))
    else:
        told(found, lang)
    sys.exit(1 if any(one.missed for one in found.anchors) else 0)


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
