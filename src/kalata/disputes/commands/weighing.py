"""`kalata disputes materiality`: could it have changed the result? Pure."""

from __future__ import annotations

import sys
from typing import Any

import click

from kalata.disputes.commands import inputs
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.materiality import weigh
from kalata.text import Message
from kalata.text import gettext_noop as _


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--profile", "profile", type=click.Path(dir_okay=False, allow_dash=True), help="mapping profile (YAML)")
@click.option("--case", "case", type=click.Path(dir_okay=False, allow_dash=True), help="what is contested (JSON)")
@click.option("--cases", "cases", type=click.Path(dir_okay=False, allow_dash=True), help="several small cases (JSON)")
@click.option("--pack", "pack", default="ml", help="pack that defines the systems named by the profile")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def materiality(
    file: str | None, profile: str | None, case: str | None, cases: str | None, pack: str, as_json: bool, lang: str
) -> None:
    """Margins, the effect of acts, the smallest set of stations that changes the outcome, prices, irregular ballots."""
    inputs.sole(file, profile, case, cases)
    if cases is not None:
        found, status = inputs.batch(cases, pack, one)
    else:
        assert file is not None and profile is not None and case is not None
        raw, _bytes = inputs.document(case, "--case")
        answer, wrong = one("", inputs.election_of(file, profile, pack), raw)
        found, status = ({"id": raw["id"]} if "id" in raw else {}) | answer, int(wrong)
    if as_json:
        inputs.emit(found)
    else:
        for each in found.get("cases", [found]):
            told(each, lang)
    sys.exit(status)


def one(_name: str, election: Election, case: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    done = weigh(election, case)
    return done.record(), done.wrong


def told(answer: dict[str, Any], lang: str) -> None:
    """The same, for a person at a terminal."""
    say = inputs.say
    if "error" in answer:
        say(f"{answer['id']}  {answer['error']['code']}  {answer['error'][lang]}", lang)
        return
    say(
        f"{answer.get('id', '')}  {answer['contest']}  {answer['outcome']['status']} {', '.join(answer['outcome']['options'])}",
        lang,
    )
    for m in answer["margins"]:
        say(
            f"  {m['boundary']:<20} {m['constituency'] or '':<12} {', '.join(m['options'])[:30]:<30} {m['margin']:>+12}",
            lang,
        )
    if "effect" in answer:
        says = (
            _("Les actes laissent l’issue telle quelle.")
            if answer["effect"]["same"]
            else _("Les actes changent l’issue.")
        )
        say("  " + Message(says).text(lang), lang)
    least = answer["minimal"]
    if least and least["stations"] is not None:
        says = _("Plus petit ensemble : %(n)d {n:bureau|bureaux}.") if least["exact"] else _("Plus petit ensemble connu : %(n)d {n:bureau|bureaux}, pas moins de %(least)d.")  # fmt: skip
        say("  " + Message(says, {"n": least["stations"], "least": least.get("at_least", 0)}).text(lang), lang)
    say("  " + answer["ceiling"][lang], lang)
    for d in answer["deductions"]:
        say(f"  −{'–' if d['votes'] is None else d['votes']:<10} {d['option']} {d['constituency'] or ''}", lang)
    if "irregular" in answer:
        says = _("Bulletins irréguliers : l’issue tient sous toutes les lectures.") if answer["irregular"]["robust"] else _("Bulletins irréguliers : l’issue dépend de la lecture.")  # fmt: skip
        say("  " + Message(says).text(lang), lang)
