"""`kalata disputes admissible`: a draft of admissibility from the facts of a petition (pure)."""

from __future__ import annotations

import sys

import click

from kalata.disputes.rules.admissible import ADMISSIBLE, PROPOSAL_LABELS, Admissibility, admissible
from kalata.disputes.rules.checklist import ITEM_LABELS, STATE_LABELS
from kalata.text import Message

from .asking import DEFAULT_PACK, OneOf, batch, cases_of, json_file, norms_of, print_json


@click.command("admissible")
@click.option("--facts", "facts_path", help="JSON of one petition; - for standard input")
@click.option("--cases", "cases_path", help='JSON of many: {"cases": [{"id": ...}]}; - for standard input')
@click.option("--pack", default=DEFAULT_PACK, show_default=True, help="code or folder of a country pack")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def command(facts_path: str | None, cases_path: str | None, pack: str, as_json: bool, lang: str) -> None:
    """Is a petition admissible? Every check with its article; a person decides. Status 0 for admissible, else 1."""
    if (facts_path is None) == (cases_path is None):
        raise OneOf(this="--facts", other="--cases")
    if cases_path is not None:
        cases = cases_of(cases_path)
        law = norms_of(pack)
        found, status = batch(cases, lambda case: answered(admissible(case, law)))
        print_json({"cases": found})
        sys.exit(status)
    assert facts_path is not None
    facts = json_file(facts_path)
    one = admissible(facts, norms_of(pack))
    if as_json:
        print_json(one.record())
    else:
        tell(one, lang)
    sys.exit(0 if one.proposal == ADMISSIBLE else 1)


def answered(one: Admissibility) -> tuple[dict[str, object], bool]:
    return one.record(), one.proposal == ADMISSIBLE


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
