"""`kalata results`: pure commands, no database, no settings, no network."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from kalata.refusals import Refused
from kalata.results.records import outcome_record as outcome_record
from kalata.results.records import share as share
from kalata.results.records import step_records as step_records
from kalata.results.rules import seats as seat_rules
from kalata.results.rules.checks import BY_CODE
from kalata.results.rules.outcome import Status, Totals
from kalata.results.rules.systems import Formula, Kind, System, Threshold, fraction
from kalata.results.rules.verdicts import Order, verdict
from kalata.text import Message
from kalata.text import gettext_noop as _


class BadArgument(Refused):
    code = "CLI-101"
    says = _("L’argument %(field)s n’est pas lisible : %(why)s.")
    remedy = _("Voyez l’aide de la commande (--help).")
    status = 422


@click.group()
def results() -> None:
    """Polling-station results, without a database."""


@results.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--profile", "profile_path", required=True, type=click.Path(dir_okay=False), help="mapping profile (YAML)"
)
@click.option(
    "--corrections",
    type=click.Path(dir_okay=False),
    help="a file whose stations replace theirs (re-run, rectification)",
)
@click.option("--by", "levels", multiple=True, help="area column to print; all levels when left out; 'none' for none")
@click.option("--pack", "pack", default="ml", help="pack that defines the systems named by the profile")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def tabulate(
    file: str, profile_path: str, corrections: str | None, levels: tuple[str, ...], pack: str, as_json: bool, lang: str
) -> None:
    """Check and add up a file of polling-station results."""
    from kalata.results import tabulating

    gc.disable()
    profile = tabulating.load_profile(Path(profile_path), pack)
    source = Path(file)
    if file == "-":
        source = tabulating.spooled(sys.stdin.buffer)
    found = tabulating.run(source, profile, corrections=Path(corrections) if corrections else None, levels=levels)
    if as_json:
        sys.stdout.write(json.dumps(found.record(), ensure_ascii=False) + "\n")  # written at once: ten times quicker
    else:
        found.print(lang)
    undecided = any(o.status in (Status.UNDETERMINED, Status.TIE) for o in found.outcomes.values())
    wrong = any(BY_CODE[code].level.value == "error" for code, mask in found.flags.items() if mask.any())
    sys.stdout.flush()
    os._exit(
        1 if undecided or wrong else 0
    )  # nothing is open for writing; freeing 10^6 strings takes a tenth of a second


@results.command("seats")
@click.option(
    "--method",
    "--formula",
    "method",
    required=True,
    help="dhondt, sainte_lague, modified_sainte_lague, hare_lr, droop_lr, quota_highest_average, plurality, two_round_majority",
)
@click.option("--seats", "n", required=True, type=int)
@click.option("--threshold", help="5%, 0.05 or 1/20; '>' in front for strictly more")
@click.option("--votes", "votes_path", default="-", help="JSON file; - for standard input")
@click.option("--quota-base", type=click.Choice(["admitted", "valid"]), default="admitted")
@click.option("--tie-order", default="", help="A,B: a legal order that breaks ties, said in the steps")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def seats(
    method: str,
    n: int,
    threshold: str | None,
    votes_path: str,
    quota_base: str,
    tie_order: str,
    as_json: bool,
    lang: str,
) -> None:
    """Share seats: exact, with every step, ties reported and never broken silently."""
    votes, base = votes_of(votes_path)
    counts = seat_rules.checked(votes, n)
    base = seat_rules.checked_base(base, counts)
    order = tuple(part.strip() for part in tie_order.split(",") if part.strip())
    seat_rules.checked_order(order, counts)
    bar = None
    if threshold:
        strict = threshold.startswith(">")
        bar = Threshold(fraction(threshold.lstrip(">"), "--threshold"), strict)
    if method in (Kind.PLURALITY.value, Kind.TWO_ROUND_MAJORITY.value):
        if bar is not None:
            raise BadArgument(field="--threshold", why=Message(_("un scrutin majoritaire n’a pas de seuil")))
        record, steps, tied = majority_seats(method, Totals(counts, base), n, order)
    elif method in {f.value for f in Formula}:
        found = seat_rules.allocate(
            counts, n, Formula(method), threshold=bar, threshold_base=base, quota_base=quota_base, tie_order=order
        )
        record = {"seats": found.seats, "ties": [{"options": list(t.options), "seats": t.seats} for t in found.ties]}
        steps, tied = found.steps, bool(found.ties)
    else:
        raise BadArgument(
            field="--method", why=Message(_("« %(method)s » n’est pas un mode connu"), {"method": method})
        )
    if as_json:
        click.echo(json.dumps({**record, "steps": step_records(steps, "")}, ensure_ascii=False))
    else:
        for option, held in record["seats"].items():
            click.echo(f"{held:>5}  {option}")
        for step in steps:
            click.echo("  " + step.text(lang))
    sys.exit(1 if tied else 0)


MOST_JSON = 1 << 20


def votes_of(path: str) -> tuple[dict[str, object], object]:
    """(votes by option, base as written) of a JSON file. CLI-101: no JSON, a key twice, anything else than the two shapes."""
    from kalata import plain

    try:
        text = sys.stdin.buffer.read(MOST_JSON + 1) if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise BadArgument(field="--votes", why=str(error)) from None
    try:
        raw = plain.json_of(text, file=path, most=MOST_JSON)
    except plain.BadJson as error:
        raise BadArgument(field="--votes", why=str(error.params["why"])) from None
    if not isinstance(raw, dict):
        raise BadArgument(field="--votes", why=Message(_("un objet JSON est attendu")))
    if not isinstance(raw.get("votes"), dict):
        return {k: v for k, v in raw.items() if k != "threshold_base"}, raw.get("threshold_base")
    if other := [k for k in raw if k not in ("votes", "threshold_base")]:
        raise BadArgument(field="--votes", why=Message(_("clé inconnue : %(key)s"), {"key": other[0][:60]}))
    return raw["votes"], raw.get("threshold_base")


def majority_seats(
    method: str, totals: Totals, n: int, order: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[Message, ...], bool]:
    outcome = verdict(System(Kind(method)), totals, seats=n, order=Order(order))
    held = dict.fromkeys(totals.votes, 0)
    record: dict[str, Any] = {"seats": held, "ties": []}
    if outcome.status is Status.ELECTED:
        held[outcome.options[0]] = n
    elif outcome.status is Status.RUNOFF:
        record["runoff"] = list(outcome.options)
    elif outcome.status is Status.TIE:
        record["ties"] = [{"options": list(outcome.options), "seats": n if method == Kind.PLURALITY.value else 0}]
    return record, outcome.steps, outcome.status in (Status.TIE, Status.UNDETERMINED)
