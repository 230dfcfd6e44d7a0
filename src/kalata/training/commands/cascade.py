"""`kalata training cascade`: a plan of all classes, or the rows that clash and the ways out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kalata import plain
from kalata.text import Message, whole
from kalata.training.cascading import Found, solved
from kalata.training.commands import inputs
from kalata.training.rules.cascade import Plan
from kalata.training.rules.cascade_reading import AREAS, PAIRS, names_of, plan_of
from kalata.training.rules.cascade_telling import FEASIBLE, record, sentence, warnings_of, way_record


@click.command()
@click.argument("path", metavar="PLAN.yaml")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="folder for calendar, rosters, per diem lists, print order, plan lines")  # fmt: skip
@click.option("--time-limit", type=click.FloatRange(1, 24 * 3600), default=60, show_default=True, help="seconds, where travel counts")  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def cascade(path: str, out: Path | None, time_limit: float, as_json: bool, lang: str) -> None:
    """A plan, or the rows that clash and the ways out. Exit status 1 when not all classes can be held."""
    found = solved(read(path), time_limit)
    if out:
        from kalata.training.cascade_files import write

        write(out, found.answer, lang)
    if as_json:
        inputs.emit(record(found.answer, found.ways, found.together))
    else:
        told(found, lang)
    sys.exit(0 if found.answer.feasible else 1)


def read(path: str) -> Plan:
    """The plan of a file, its tables beside it (where it comes from standard input: in the current folder)."""
    value = plain.yaml_of(inputs.text_of(path), file=path)
    beside = Path() if path == "-" else Path(path).parent
    areas, pairs = names_of(value, path)
    return plan_of(value, path, inputs.table(str(beside / areas), AREAS), inputs.table(str(beside / pairs), PAIRS))


def told(found: Found, lang: str) -> None:
    answer, plan = found.answer, found.answer.plan
    for warning in warnings_of(plan):
        click.echo(warning.text(lang), err=True)
    if answer.conflict is None:
        used = len({c.pair for c in answer.classes})
        click.echo(Message(FEASIBLE, {"classes": len(answer.classes), "days": len({c.first for c in answer.classes}), "used": used, "pairs": len(plan.pairs)}).text(lang))  # fmt: skip
    else:
        proved = answer.bound is None or answer.bound.proved
        click.echo(sentence(plan, answer.conflict, proved).text(lang))
        for other in answer.others:
            click.echo(sentence(plan, other).text(lang))
    for way in (*found.ways, *found.together):
        said = way_record(way)
        what = said.get("to") or " ".join(f"{one.get('area') or one.get('home')}+{one['n']}" for one in said["add"])
        click.echo(f"{way.limit:<10} {what}  {whole(way.cost_xof, lang) if way.priced else '?'} XOF")
    for c in answer.classes:
        days = f"{plan.days[c.first]}…{plan.days[c.first + plan.class_days - 1]}"
        click.echo(f"{days}  {c.row.area:<12} {c.row.language:<6} {c.room:>3}  {c.pair}")
