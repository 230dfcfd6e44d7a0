"""`kalata posts conflicts`: interests declared against what is given to the same persons, each clash with both rows."""

from __future__ import annotations

import sys

import click

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.commands import inputs
from kalata.training.rules.faults import BadSetting
from kalata.training.rules.readiness_conflicts import ASSIGNED, DECLARED, conflicts_of

CLASH = _("%(person)s : « %(interest)s » est un intérêt déclaré, et « %(matter)s » lui est confié.")
UNDECLARED = _("%(person)s n’a rien déclaré : rien n’a pu être vérifié.")


@click.command()
@click.argument("declarations", metavar="DECLARATIONS.csv")
@click.argument("assignments", metavar="ASSIGNMENTS.csv")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def conflicts(declarations: str, assignments: str, as_json: bool, lang: str) -> None:
    """Interests against cases, contests, procurements. Exit status 1 when one clashes."""
    if declarations == assignments == "-":
        raise BadSetting(file="-", field="ASSIGNMENTS.csv", value="-", form="FILE")
    found = conflicts_of(inputs.table(declarations, DECLARED), inputs.table(assignments, ASSIGNED))
    if as_json:
        inputs.emit(found.record())
    else:
        for c in found.clashes:
            click.echo(Message(CLASH, {"person": c.person, "interest": c.interest, "matter": c.matter}).text(lang))
        for person in found.undeclared:
            click.echo(Message(UNDECLARED, {"person": person}).text(lang))
    sys.exit(1 if found.clashes else 0)
