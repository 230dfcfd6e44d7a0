"""What the commands of dates share: a plan with its first day, its calendar, days given on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from kalata.planning.calendars import calendar_named
from kalata.planning.rules.calendars import Calendar
from kalata.planning.rules.faults import NoStart, PlanFault
from kalata.planning.rules.reading import Plan, plan_of

FOR_XML = "kalata.planning.rules.exchange.compare.answer"


def day_of(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise PlanFault(rows=[], field=option, value=text[:40], form="2027-04-18") from None


def opened(data: bytes, start: str | None, calendar: str) -> tuple[Plan, Calendar]:
    """A CSV plan and the calendar it is counted in.

    Raises: the faults of the file, PLN-111 where no first day is given.
    """
    plan = plan_of(data, day_of("--start", start))
    if plan.start is None:
        raise NoStart(rows=[], field="--start")
    return plan, calendar_named(calendar, plan.start)


def dated(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every command of dates takes."""
    for option in (
        click.option("--lang", type=click.Choice(["fr", "en"]), default="fr"),
        click.option("--json", "as_json", is_flag=True),
        click.option("--calendar", default="ml", show_default=True, help="a pack, none, or a JSON file"),
        click.option("--start", help="first day of the plan, YYYY-MM-DD"),
        click.argument("path", metavar="PLAN"),
    ):
        command = option(command)
    return command
