"""`kalata disputes recompute`: a decision applied to an election, before and after, with its annexes. Pure."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from kalata.disputes.commands import inputs
from kalata.disputes.rules import effect
from kalata.disputes.rules.effect import Recomputation
from kalata.disputes.rules.election import Election
from kalata.text import Message
from kalata.text import gettext_noop as _


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--profile", "profile", type=click.Path(dir_okay=False, allow_dash=True), help="mapping profile (YAML)")
@click.option("--decision", "decision", type=click.Path(dir_okay=False, allow_dash=True), help="the decision and its acts (JSON)")  # fmt: skip
@click.option("--cases", "cases", type=click.Path(dir_okay=False, allow_dash=True), help="several small cases (JSON)")
@click.option("--annexes", "annexes", type=click.Path(file_okay=False), help="write each annex as CSV and PDF there")
@click.option("--pack", "pack", default="ml", help="pack that defines the systems named by the profile")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def recompute(
    file: str | None, profile: str | None, decision: str | None, cases: str | None, annexes: str | None,
    pack: str, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """Apply the acts of a decision: totals, outcome and seats before and after, one annex an act, one digest."""
    inputs.sole(file, profile, decision, cases)
    if cases is not None:
        found, worst = inputs.batch(cases, pack, lambda name, e, case: one(name, e, case, annexes, lang))
        if as_json:
            inputs.emit(found)
        else:
            for case in found["cases"]:
                click.echo(f"{case['id']}  {case.get('digest') or case['error']['code'] + ' ' + case['error'][lang]}")
        sys.exit(worst)
    assert file is not None and profile is not None and decision is not None
    election = inputs.election_of(file, profile, pack)
    raw, data = inputs.document(decision, "--decision")
    done = effect.recompute(election, raw, sha256=inputs.sha256_of(data))
    if annexes is not None:
        written(done, Path(annexes), lang)
    if as_json:
        inputs.emit(done.record())
    else:
        told(done, lang)
    sys.exit(int(done.wrong))


def one(name: str, election: Election, case: dict[str, Any], annexes: str | None, lang: str) -> tuple[dict[str, Any], bool]:  # fmt: skip
    """A case of a batch: its decision beside the election, or its keys in the case itself."""
    decision = case.get("decision")
    done = effect.recompute(election, decision if isinstance(decision, dict) else case)
    if annexes is not None:
        written(done, Path(annexes) / safe(name), lang)
    return done.record(), done.wrong


def safe(name: str) -> str:
    """A case's name as the name of a folder."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:80] or "-"


def written(done: Recomputation, folder: Path, lang: str) -> None:
    """Each annex as CSV and PDF, and the whole answer."""
    from kalata.disputes import annexes

    folder.mkdir(parents=True, exist_ok=True)
    for annex in done.annexes:
        (folder / f"annex-{annex['annex']}.csv").write_bytes(annexes.csv_of(annex, done))
        (folder / f"annex-{annex['annex']}.pdf").write_bytes(annexes.pdf_of(annex, done, lang))
    text = json.dumps(done.record(), ensure_ascii=False, indent=1) + "\n"
    (folder / "recomputation.json").write_text(text, encoding="utf-8")


def told(done: Recomputation, lang: str) -> None:
    """The same, for a person at a terminal."""
    say, record = inputs.say, done.record()
    before, after = record["before"], record["after"]
    say(f"{record['contest']}  {record['decision']}", lang)
    keeps = {"keeps": ", ".join(done.keeps) or "–"}
    say(Message(_("Cases gardées d’un bureau annulé : %(keeps)s."), keeps), lang)
    n = {"n": len(done.annulled), "votes": done.annulled_votes}
    say(Message(_("%(n)d {n:bureau annulé|bureaux annulés}, %(votes)d {votes:suffrage annulé|suffrages annulés} par la Cour."), n), lang)
    for part in ("figures", "votes"):
        for name, value in after[part].items():
            say(
                f"{name[:33]:<34}{before[part].get(name, 0):>14}{value:>14}{record['difference'][part][name]:>+12}",
                lang,
            )
    for side, words in ((before, _("Avant")), (after, _("Après"))):
        outcome = side["outcome"]
        say(Message(_("%(side)s : %(status)s %(options)s"), {"side": Message(words), "status": outcome["status"], "options": ", ".join(outcome["options"])}), lang)  # fmt: skip
    for annex in done.annexes:
        say(Message(_("Annexe %(annex)s, acte %(act)s : %(count)d {count:bureau|bureaux}."), {k: annex[k] for k in ("annex", "act", "count")}), lang)  # fmt: skip
    for found in record["findings"]:
        say(f"! {found['code']} {' / '.join(found['station'])} : {found[lang]}", lang)
    say(f"sha256 {done.digest}", lang)
