"""`kalata plan print`: the operational plan with its budget, its Gantt on A3 or its calendar, as a PDF from a plan file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click

from kalata import rooms
from kalata.planning.calendars import calendar_named
from kalata.planning.commands import inputs, plans
from kalata.planning.commands.convert import keep, read
from kalata.planning.papers.told import Told
from kalata.planning.rules.cost import budget_of
from kalata.planning.rules.cost_drivers import drivers_of
from kalata.planning.rules.faults import AnotherForm, NoStart
from kalata.planning.rules.scheduling import scheduled
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

SETUP, PRINTED = "kalata.ready.setup_django", "kalata.planning.printing.printed"
"""Named, not imported: the other commands of a plan start without settings."""


@click.command("print")
@click.argument("source", metavar="PLAN")
@click.argument("out", metavar="OUT.pdf")
@click.option("--what", type=click.Choice(["book", "gantt", "calendar"]), default="book", show_default=True)
@click.option("--drivers", "drivers_path", help="CSV of drivers: the budget goes with the book")
@click.option("--start", help="first day of the plan, YYYY-MM-DD")
@click.option("--calendar", default="ml", show_default=True, help="a pack, none, or a JSON file")
@click.option("--j1", help="polling day, first round: legal anchors are then bounds")
@click.option("--j2", help="polling day, second round")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
@click.option("--json", "as_json", is_flag=True)
def print_(
    source: str, out: str, what: str, drivers_path: str | None, start: str | None, calendar: str, j1: str | None,
    j2: str | None, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """A paper of a plan file (csv, xml, xlsx), dated, with the hash of the file; in no register of the house."""
    if Path(out).suffix.lower() != ".pdf":
        raise AnotherForm(why=Message(_("on n’écrit pas les fichiers « %(kind)s »"), {"kind": Path(out).suffix or out}), file=out)  # fmt: skip
    data = inputs.bytes_of(source)
    plan, _lost = read(source, data, start)
    if plan.start is None:
        raise NoStart(rows=[], field="--start")
    polls = plans.day_of("--j1", j1), plans.day_of("--j2", j2)
    found = scheduled(plan, calendar_named(calendar, plan.start), j1=polls[0], j2=polls[1])
    budget = budget_of(plan, drivers_of(inputs.text_of(drivers_path))) if drivers_path else None
    told = Told(schedule=found, budget=budget, j1=polls[0], j2=polls[1], about=about(source, data, calendar, lang))
    rooms.load(SETUP)()
    keep(out, rooms.load(PRINTED)(told, what, lang, calendar if calendar.isalpha() and calendar != "none" else ""))
    if as_json:
        inputs.emit({"written": out, "what": what, "sha256": hashlib.sha256(data).hexdigest()})
    else:
        click.echo(out)


def about(source: str, data: bytes, calendar: str, lang: str) -> tuple[tuple[str, str], ...]:
    """What a reader checks the paper against: the file, its hash, the calendar; a file is nobody's approved version."""

    def say(text: str) -> str:
        return translate(text, lang)

    nobody = say(_("non approuvé : un fichier n’est la version de personne"))
    return (
        (say(_("Fichier")), f"{Path(source).name} · {nobody}"),
        (say(_("Empreinte du fichier (SHA-256)")), hashlib.sha256(data).hexdigest()),
        (say(_("Calendrier")), calendar),
    )
