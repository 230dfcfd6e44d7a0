"""`kalata disputes admissible`: a draft of admissibility from the facts of a petition (pure)."""

from __future__ import annotations

import sys
from typing import Any

import click

from kalata.disputes.commands import inputs
from kalata.disputes.rules.admissible import ADMISSIBLE, PROPOSAL_LABELS, Admissibility, admissible
from kalata.disputes.rules.checklist import ITEM_LABELS, STATE_LABELS
from kalata.text import Message
from kalata.text import gettext_noop as _

from .law import DEFAULT_PACK, norms_of


@click.command("admissible")
@click.option("--facts", "facts_path", help="JSON of one petition; - for standard input")
@click.option("--cases", "cases_path", help='JSON of many: {"cases": [{"id": ...}]}; - for standard input')
@click.option("--pack", default=DEFAULT_PACK, show_default=True, help="code or folder of a country pack")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def command(facts_path: str | None, cases_path: str | None, pack: str, as_json: bool, lang: str) -> None:
    """Is a petition admissible? Every check with its article; a person decides. Status 0 for admissible, else 1."""
    if (facts_path is None) == (cases_path is None):
        raise inputs.BadInput(field="--facts", why=_("donnez --facts ou --cases, l’un des deux"))
    if cases_path is not None:
        law = norms_of(pack)
        found, status = inputs.each(cases_path, lambda _name, case: answered(admissible(case, law)))
        inputs.emit(found)
        sys.exit(status)
    assert facts_path is not None
    facts, _bytes = inputs.document(facts_path, "--facts")
    one = admissible(facts, norms_of(pack))
    if as_json:
        inputs.emit(one.record())
    else:
        tell(one, lang)
    sys.exit(0 if one.proposal == ADMISSIBLE else 1)


def answered(one: Admissibility) -> tuple[dict[str, Any], bool]:
    """The answer, and whether something in it is wrong."""
    return one.record(), one.proposal != ADMISSIBLE


def tell(one: Admissibility, lang: str) -> None:
    def word(text: str) -> str:
        return Message(text).text(lang)

    click.echo(f"{one.id or '–'}: {word(PROPOSAL_LABELS[one.proposal])} ({one.decides})")
    for item in one.items:
        click.echo(
            f"  {word(ITEM_LABELS[item.name]):22} {word(STATE_LABELS[item.state]):14} {item.sentence.text(lang)}"
        )
    for clock in one.clocks:
        for read in clock.readings:
            click.echo(
                f"    {clock.ground:6} {read.rule:22} {read.event:14} {read.deadline.iso():17} {read.filed.value}"
            )
    for warning in one.warnings:
        click.echo(f"  ! {warning.text(lang)}", err=True)
