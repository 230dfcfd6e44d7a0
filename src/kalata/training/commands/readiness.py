"""`kalata posts readiness`: which posts are covered, which stations are ready, and why the others are not."""

from __future__ import annotations

import sys

import click

from kalata import plain
from kalata.text import Message, whole
from kalata.text import gettext_noop as _
from kalata.training.commands import inputs
from kalata.training.rules.faults import BadSetting
from kalata.training.rules.readiness import COLUMNS, readiness_of, rules_of
from kalata.training.rules.rows import day_of

SUMMARY = _("%(covered)s {covered:poste couvert|postes couverts} sur %(posts)s ; %(ready)s {ready:bureau prêt|bureaux prêts} sur %(stations)s.")


@click.command()
@click.argument("posts", metavar="POSTS.csv")
@click.option("--rules", "rules_path", required=True, help="YAML: positions with role and versions; appointed_by")
@click.option("--on", required=True, help="the day asked, YYYY-MM-DD")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def readiness(posts: str, rules_path: str, on: str, as_json: bool, lang: str) -> None:
    """Which posts are covered on a day. Exit status 1 when one is not."""
    day = day_of(on)
    if day is None:
        raise BadSetting(file="--on", field="on", value=on[:60], form="2027-02-27")
    rules = rules_of(plain.yaml_of(inputs.text_of(rules_path), file=rules_path), rules_path)
    found = readiness_of(inputs.table(posts, COLUMNS), rules, day)
    if as_json:
        inputs.emit(found.record())
    else:
        told = {"covered": found.covered, "posts": found.posts, "ready": found.ready, "stations": found.stations}
        click.echo(Message(SUMMARY, told).text(lang))
        for reason, n in found.reasons.items():
            click.echo(f"{reason:<16}{whole(n, lang):>10}")
        for station, position, reasons in found.uncovered:
            click.echo(f"{station}  {position}  {', '.join(reasons)}")
    sys.exit(1 if found.uncovered else 0)
