"""`kalata plan convert IN OUT`: a plan from one form of file to another; what does not go with it is named. Pure."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kalata.planning.commands import inputs, plans
from kalata.planning.rules.exchange import lost, msp_in, mspdi
from kalata.planning.rules.exchange.lost import Lost
from kalata.planning.rules.faults import AnotherForm
from kalata.planning.rules.plan import Plan
from kalata.planning.rules.reading import plan_of, plan_of_rows
from kalata.planning.uploads import from_workbook, kind_of
from kalata.planning.writing import Written
from kalata.text import Message
from kalata.text import gettext_noop as _

WRITTEN = (".csv", ".xml", ".xlsx", ".ics", ".tjp")
LARGEST_XML = 64 << 20


def read(path: str, data: bytes, start: str | None) -> tuple[Plan, list[Lost]]:
    """The plan of a file, and what of the file a plan cannot hold."""
    first = plans.day_of("--start", start)
    kind = kind_of(path, data)
    if kind == ".xml":
        plan, missing = msp_in.plan_of_tree(mspdi.tree_of(data))
        return (Plan(plan.activities, plan.header, first) if first else plan), missing
    if kind == ".xlsx":
        header, rows = from_workbook(path, data)
        return plan_of_rows(header, rows, first), []
    return plan_of(data, first), []


def converted(path: str, out: str, *, start: str | None, calendar: str, lang: str) -> tuple[bytes, list[Lost]]:
    to = Path(out).suffix.lower()
    if to not in WRITTEN:
        raise AnotherForm(why=Message(_("on n’écrit pas les fichiers « %(kind)s »"), {"kind": to or out}), file=out)
    data = inputs.bytes_of(path)
    if to == ".xml" and kind_of(path, data) == ".xml":
        tree = mspdi.tree_of(data)
        mspdi.project_of(tree)
        return mspdi.written(tree), []
    plan, missing = read(path, data, start)
    make: Callable[[], tuple[bytes, list[Lost]]] = getattr(Written(plan, calendar, Path(path).stem, lang), to[1:])
    made, more = make()
    return made, [*missing, *more]


def keep(out: str, data: bytes) -> None:
    """The whole file or none."""
    place = Path(out)
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError as error:
        why = Message(_("« %(file)s » ne peut pas être écrit : %(why)s"), {"file": out, "why": error.strerror or str(error)})  # fmt: skip
        raise AnotherForm(why=why, file=out) from None


@click.command()
@click.argument("source", metavar="IN")
@click.argument("out", metavar="OUT")
@click.option("--start", help="first day of the plan, YYYY-MM-DD")
@click.option("--calendar", default="ml", show_default=True, help="a pack, none, or a JSON file")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
@click.option("--json", "as_json", is_flag=True)
def convert(source: str, out: str, start: str | None, calendar: str, lang: str, as_json: bool) -> None:
    """From csv, xml (MS Project) or xlsx to csv, xml, xlsx, ics or tjp. Nothing is dropped in silence."""
    made, missing = converted(source, out, start=start, calendar=calendar, lang=lang)
    keep(out, made)
    for field, n in lost.counts(missing):
        click.echo(Message(_("%(field)s : ne tient pas dans ce format pour %(n)s {n:activité|activités}"), {"field": field, "n": n}).text(lang), err=True)  # fmt: skip
    if as_json:
        answer: dict[str, Any] = {"written": out, "lost": lost.records(missing)}
        inputs.emit(answer)
    else:
        click.echo(out)
