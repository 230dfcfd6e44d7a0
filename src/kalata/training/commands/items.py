"""`kalata training items`: what each question of a test is worth."""

from __future__ import annotations

import sys

import click

from kalata.text import Message
from kalata.training.commands import inputs
from kalata.training.rules.faults import BadSetting, TooFew
from kalata.training.rules.statistics_items import FEWEST, KEY, WHO, analysis_of, answers_of, keys_of


@click.command()
@click.argument("responses", metavar="RESPONSES.csv")
@click.option("--key", "key_path", required=True, help="CSV: item, key, options, critical, topic, level")
@click.option("--post", is_flag=True, help="after the class: what nearly everybody knows is flagged too")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def items(responses: str, key_path: str, post: bool, as_json: bool, lang: str) -> None:
    """Difficulty, discrimination, reliability, options. Exit status 1 below 30 persons: then no figure is given."""
    if responses == key_path == "-":
        raise BadSetting(file="-", field="--key", value="-", form="FILE")
    keys = keys_of(inputs.table(key_path, KEY))
    found = analysis_of(answers_of(inputs.table(responses, WHO), keys, key_path), post)
    if as_json:
        inputs.emit(found)
    elif found["refused"]:
        click.echo(Message(TooFew.says, {"n": found["n"], "least": FEWEST}).text(lang), err=True)
    else:
        click.echo(f"n {found['n']}  k {found['k']}  KR-20 {found['kr20']}  SEM {found['sem']}")
        for one in found["items"]:
            click.echo(f"{one['item']:<12} p {one['p']:<10} D {one['d']:<10} {' '.join(one['flags'])}")
    sys.exit(1 if found["refused"] else 0)
