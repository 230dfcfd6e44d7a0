"""`kalata disputes gate`: what a draft prints against what its acts give; the button that signs calls the same (pure)."""

from __future__ import annotations

import sys
from typing import Any

import click

from kalata.disputes.commands import inputs
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.gate import CHECK_LABELS, SIGNATURE_LABELS, NoDecision, Verdict, examine
from kalata.text import Message

from .law import DEFAULT_PACK, norms_of


@click.command("gate")
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--profile", "profile", type=click.Path(dir_okay=False, allow_dash=True), help="mapping profile (YAML)")
@click.option("--decision", "decision", type=click.Path(dir_okay=False, allow_dash=True), help="the draft (JSON)")
@click.option("--cases", "cases", type=click.Path(dir_okay=False, allow_dash=True), help="several small cases (JSON)")
@click.option("--pack", default=DEFAULT_PACK, show_default=True, help="code or folder of a country pack")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def command(
    file: str | None, profile: str | None, decision: str | None, cases: str | None, pack: str, as_json: bool, lang: str
) -> None:
    """May this draft be signed? Fourteen checks, every mismatch with both figures. Status 0 allowed, 1 not."""
    inputs.sole(file, profile, decision, cases)
    norms = norms_of(pack)
    if cases is not None:

        def one(_name: str, election: Election, case: dict[str, Any]) -> tuple[dict[str, Any], bool]:
            draft = case.get("decision")
            if not isinstance(draft, dict):
                raise NoDecision
            verdict = examine(election, draft, norms)
            return verdict.record(), not verdict.allowed

        found, worst = inputs.batch(cases, pack, one)
        inputs.emit(found)
        sys.exit(worst)
    assert file is not None and profile is not None and decision is not None
    election = inputs.election_of(file, profile, pack)
    raw, data = inputs.document(decision, "--decision")
    verdict = examine(election, raw, norms, sha256=inputs.sha256_of(data))
    if as_json:
        inputs.emit(verdict.record())
    else:
        told(verdict, lang)
    sys.exit(0 if verdict.allowed else 1)


def told(verdict: Verdict, lang: str) -> None:
    """The same, for a person at a terminal."""

    def word(text: str) -> str:
        return Message(text).text(lang)

    click.echo(f"{verdict.decision or '–'}: {word(SIGNATURE_LABELS[verdict.signature])}")
    for check, holds in verdict.checks:
        click.echo(f"  {'✓' if holds else '✗'} {word(CHECK_LABELS[check])}")
        for one in verdict.of(check):
            click.echo(f"      {one.code} {one.message.text(lang)}")
    if verdict.override:
        click.echo(f"  {verdict.override.message.text(lang)}")
    for warning in verdict.warnings:
        click.echo(f"  ! {warning.text(lang)}", err=True)
    click.echo(f"sha256 {verdict.recomputation.digest}")
