"""`kalata disputes counter`: the counter that has no network, and the registry that merges what it brings.

Needs the database of the house it runs in, except `check`, which needs nothing.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kalata.cli import setup_django
from kalata.refusals import Refused
from kalata.text import translate


def say(found: dict[str, Any], as_json: bool, text: str) -> None:
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else text)


def stopped(refused: Refused, as_json: bool) -> None:
    """Say a refusal as every command of the house does, and leave with status 2."""
    fr, how = refused.message.both(), refused.how.both()
    error = {"code": refused.code, **fr, "remedy": how}
    text = f"{refused.code} {fr['fr']} {how['fr']}"
    click.echo(json.dumps({"error": error}, ensure_ascii=False) if as_json else text, err=not as_json)
    sys.exit(2)


as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def asked(path: str | None) -> str:
    """The passphrase for a new key: from a file, or typed twice at the terminal; empty where there is neither."""
    from kalata.disputes.commands.sealing import passphrase_of

    if path is not None:
        return passphrase_of(path) or ""
    if not sys.stdin.isatty():
        return ""
    return str(click.prompt("Phrase secrète / passphrase", hide_input=True, confirmation_prompt=True, err=True))


@click.group()
def counter() -> None:
    """The counters of the Court: open, export, merge, check a receipt."""


@counter.command("open")
@click.argument("code")
@click.option("--name", required=True)
@click.option(
    "--key", default="", help="The public key of a counter on another machine: it is registered, not opened here."
)
@click.option("--passphrase-file", help="What the key of this counter is kept under: the first line of a file.")
@click.option(
    "--court-key", default="", help="The Court's public line (lot1+…), or a file of it: bundles are encrypted to it."
)
@as_json
def open_(code: str, name: str, key: str, passphrase_file: str | None, court_key: str, as_json: bool) -> None:
    """Open a counter on this machine, with its own key under a passphrase, which is asked; its public half is printed.

    Where nobody is there to answer, the key has no passphrase unless --passphrase-file gives one. A laptop that has not
    got --court-key receives, and hands its bundle out once it has it (`court`).
    """
    setup_django()
    from kalata.disputes.services import counters

    try:
        phrase = "" if key else asked(passphrase_file)
        made = counters.open_counter(
            code=code, name=name, by=None, key=key, passphrase=phrase, seals_to=line_of(court_key)
        )
    except Refused as refused:
        return stopped(refused, as_json)
    say({"counter": made.code, "key": made.key, "here": made.here}, as_json, f"{made.code} {made.key}")


def line_of(given: str) -> str:
    """The Court's line: as it was typed, or the first line of the file of that name."""
    from kalata.disputes.commands.sealing import passphrase_of

    return passphrase_of(given) or "" if given and not given.startswith("lot1+") else given


@counter.command("court")
@click.argument("code", required=False)
@click.argument("line", required=False)
@as_json
def court_(code: str | None, line: str | None, as_json: bool) -> None:
    """Give counter CODE the Court's public LINE (or a file of it); without them, print the line of this Court."""
    setup_django()
    from kalata.disputes.models import Counter
    from kalata.disputes.rules.sealed_bundles import NotCourtLine
    from kalata.disputes.services import counters
    from kalata.disputes.signing import court

    try:
        if code is None:
            own = court.bundles_to()
            if not own:
                raise NotCourtLine
            return say({"seals_to": own}, as_json, own)
        if not Counter.objects.filter(code=code).exists():
            raise click.BadParameter(code, param_hint="CODE")
        made = counters.seal_to(code=code, line=line_of(line or ""), by=None)
    except Refused as refused:
        return stopped(refused, as_json)
    say({"counter": made.code, "seals_to": made.seals_to}, as_json, f"{made.code} {made.seals_to}")


@counter.command("roll")
@click.argument("contest")
@click.option("--short", required=True)
@click.option("--year", type=int, required=True)
@click.option("--elsewhere", is_flag=True, help="This machine is a counter alone: it gives no roll number.")
@as_json
def roll(contest: str, short: str, year: int, elsewhere: bool, as_json: bool) -> None:
    """Open the roll of a contest: its short name on receipts."""
    setup_django()
    from kalata.country.models import Contest
    from kalata.disputes.services import counters

    found = Contest.objects.filter(code=contest).first()
    if found is None:
        raise click.BadParameter(contest, param_hint="CONTEST")
    try:
        made = counters.open_roll(contest=found, short=short, year=year, by=None, kept_here=not elsewhere)
    except Refused as refused:
        return stopped(refused, as_json)
    say({"contest": contest, "short": made.short, "year": made.year}, as_json, str(made))


@counter.command("export")
@click.argument("code")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option(
    "--reference", default="", help="The hour of a trusted clock at this moment, ISO 8601: the drift is stated from it."
)
@as_json
def export(code: str, out: Path, reference: str, as_json: bool) -> None:
    """Write the bundle of a counter of this machine, signed by it and encrypted to the Court's key."""
    setup_django()
    from kalata.disputes.models import Counter
    from kalata.disputes.services import carrying

    found = Counter.objects.filter(code=code).first()
    if found is None:
        raise click.BadParameter(code, param_hint="CODE")
    drift = None
    if reference:
        try:
            trusted = datetime.fromisoformat(reference)
        except ValueError:
            raise click.BadParameter(reference, param_hint="--reference") from None
        trusted = trusted if trusted.tzinfo else trusted.replace(tzinfo=UTC)
        drift = int((datetime.now(UTC) - trusted).total_seconds() * 1000)
    try:
        count = carrying.export(counter=found, by=None, to=out, drift_ms=drift)
    except Refused as refused:
        return stopped(refused, as_json)
    say({"counter": code, "receipts": count, "file": str(out), "drift_ms": drift}, as_json, f"{code} {count} {out}")


@counter.command("merge")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def merge(bundle: Path, as_json: bool) -> None:
    """Merge the signed bundle of a counter: all of it or nothing; twice changes nothing. Encrypted, the Court's passphrase
    opens it (KALATA_COURT_PASSPHRASE_FILE); in clear, it is merged with a warning."""
    setup_django()
    from kalata.disputes.services import merging

    try:
        done = merging.merge(file=bundle, by=None)
    except Refused as refused:
        return stopped(refused, as_json)
    found = {"counter": done.counter, "receipts": done.petitions, "fresh": done.fresh, "first": done.first, "last": done.last, "drift_ms": done.drift_ms, "sealed": done.sealed}  # fmt: skip
    if not done.sealed:
        click.echo(f"{translate(merging.IN_CLEAR, 'fr')} / {translate(merging.IN_CLEAR, 'en')}", err=True)
    say(found, as_json, f"{done.counter} {done.fresh}/{done.petitions} {done.first} {done.last}".rstrip())


@counter.command("check")
@click.argument("square", type=click.File("r"))
@click.option("--key", required=True, help="The published key of the counter, 64 signs.")
@as_json
def check(square: Any, key: str, as_json: bool) -> None:
    """Check the square of a receipt, without network or database: status 0 it holds, 1 it does not."""
    from kalata.disputes.rules.receipts import square_of

    try:
        found = square_of(square.read(2_000))
    except Refused as refused:
        return stopped(refused, as_json)
    holds = found.holds(key)
    told = {"number": found.number, "received_at": found.at, "root": found.root, "holds": holds}
    say(told, as_json, f"{'ok' if holds else 'NON'} {found.number} {found.at} {found.root}")
    sys.exit(0 if holds else 1)
