"""`kalata plan quality`: the fourteen points of DCMA. Pure."""

from __future__ import annotations

import sys

import click

from kalata import plain
from kalata.planning.commands import inputs, plans
from kalata.planning.rules.quality import Verdict, judged, limits_of, record


@click.command()
@plans.dated
@click.option("--limits", "limits", help="YAML of limits by code, with high_float_days and long_duration_days")
@click.option("--status-date", help="day of the report, YYYY-MM-DD")
def quality(
    path: str, start: str | None, calendar: str, as_json: bool, lang: str, limits: str | None, status_date: str | None
) -> None:
    """The 14 points by which a schedule is judged. Exit status 1 when one fails."""
    plan, cal = plans.opened(inputs.bytes_of(path), start, calendar)
    given = plain.yaml_of(inputs.text_of(limits), file=limits) if limits else None
    points = judged(plan, cal, limits_of(given), plans.day_of("--status-date", status_date))
    if as_json:
        inputs.emit(record(points))
    else:
        for point in points:
            said = point.record()
            click.echo(
                f"{point.n:>2} {point.verdict.value:<14} {said['share'] or '–':>9}  {said[lang]}  {' '.join(point.items[:12])}"
            )
    sys.exit(1 if any(p.verdict is Verdict.FAIL for p in points) else 0)
