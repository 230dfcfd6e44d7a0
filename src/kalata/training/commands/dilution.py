"""`kalata training dilution`: where knowledge is lost from one level of the cascade to the next."""

from __future__ import annotations

import sys

import click

from kalata.training.commands import inputs
from kalata.training.rules.statistics_dilution import COLUMNS, dilution_of


@click.command()
@click.argument("answers", metavar="ANSWERS.csv")
@click.option("--json", "as_json", is_flag=True)
def dilution(answers: str, as_json: bool) -> None:
    """Share of right answers by level, and drops above 10 points that chance hardly makes. Exit status 1 when there is one."""
    found = dilution_of(inputs.table(answers, COLUMNS))
    if as_json:
        inputs.emit(found)
    else:
        for level in found["levels"]:
            click.echo(f"{level['level']:<8} {level['p']:<12} {level['interval']}")
        for one in (*found["drops"], *found["uncertain"]):
            sure = "" if one in found["drops"] else " ?"
            click.echo(f"{one['from']} → {one['to']}  {one['branch'] or one['topic'] or '–'}  {one['drop']}{sure}")
    sys.exit(1 if found["drops"] else 0)
