"""`kalata rehearse`."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--papers", default=120, show_default=True, help="result forms of the night")
@click.option("--clerks", default=8, show_default=True, help="entry clerks at work together")
@click.option("--lost", default=3, show_default=True, help="envelopes that never arrive")
@click.option("--flawed", default=25, show_default=True, help="one form in so many has an error on the paper")
@click.option("--misread", default=0.03, show_default=True, help="share of entries with a figure misread")
@click.option("--think", default=0.2, show_default=True, help="seconds a clerk takes for a form")
@click.option("--kills", default=0, show_default=True, help="processes of the house killed without warning")
@click.option("--least", default=0, help="acknowledged acts below which nothing was measured (default: 4 a kill)")
@click.option("--minutes", default=20.0, show_default=True, help="the night ends at the latest after so many")
@click.option("--workers", default=3, show_default=True, help="web processes")
@click.option("--processes", default=2, show_default=True, help="processes that play the clerks")
@click.option("--seed", default=1, show_default=True)
@click.option("--entry-only", is_flag=True, help="only the two blind entries, on forms already scanned")
@click.option("--database", default="", help="postgres://... of an empty database (default: SQLite)")
@click.option("--keep", default="", help="folder in which to keep the house of the rehearsal")
@click.option("--json", "as_json", is_flag=True)
def rehearse(as_json: bool, **options: object) -> None:
    """Play a synthetic tally night through the real pages, then audit it. Exit status 1: something was lost or illegal, or
    too little happened to say that nothing was."""
    from kalata.tally.rehearsal.drill import Drill, run

    found = run(Drill(**options), say=lambda text: click.echo(text, err=True))  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        tell(found)
    if found["sound"] and found["measured"]:
        keep(options)
    sys.exit(0 if found["sound"] else 1)


def keep(options: dict[str, object]) -> None:
    """The ledger of the house of this machine keeps that a night was rehearsed without a gap; a machine without one keeps nothing."""
    import os
    from pathlib import Path

    from kalata.settings import written

    there = Path(os.environ.get("KALATA_VAR", "var")) / "kalata.sqlite3"
    if not (written.where().exists() or there.exists() or os.environ.get("DATABASE_URL")):
        return
    from kalata.ready import setup_house

    setup_house()
    from kalata.ledger.house import rehearsed

    rehearsed(papers=options["papers"], clerks=options["clerks"], kills=options["kills"])


def tell(found: dict) -> None:  # type: ignore[type-arg]
    audit = found["audit"]
    click.echo(f"{found['seconds']} s, {found['database']}, {found['requests']} requests, p99 {found['p99']} ms")
    click.echo(
        f"forms validated or published an hour: {found['forms_per_hour']} (entries: {found['entries_per_hour']})"
    )
    click.echo(f"requests a form: {found['requests_per_form']}; server CPU a form: {found['server_cpu_per_form']} s")
    click.echo(f"power cuts: {found['power_cuts']}, requests sent again: {found['retries_after_cut']}")
    for kind, row in found["milliseconds"].items():
        click.echo(
            f"  {kind:<20}{row['n']:>7}   p50 {row['p50']:>5} ms   p95 {row['p95']:>5} ms   p99 {row['p99']:>5} ms"
        )
    click.echo(f"refused: {found['refused'] or 'none'}; faults: {found['fault_count']}")
    for key, value in audit.items():
        click.echo(f"  {key}: {value}")
    if not found["measured"]:
        click.echo(
            f"NON MESURÉ / NOT MEASURED: {audit['acknowledged']} acts acknowledged, {found['least']} needed; "
            f"{found['power_cuts']} kills of {found['drill']['kills']}"
        )
    else:
        click.echo("sound" if found["sound"] else "NOT SOUND")
