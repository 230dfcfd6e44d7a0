"""`kalata plan simulate`: the odds of each date and of the cost, what drives them. Pure: same seed, same bytes."""

from __future__ import annotations

import click

from kalata.planning.commands import inputs, plans


@click.command()
@plans.dated
@click.option("--draws", type=int, default=10_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--windows", type=click.Choice(["apply", "ignore"]), default="apply", show_default=True)
@click.option("--risks", "risks", help="CSV of risks: likelihood, linked activities, duration factor")
@click.option("--without", default="", help="risks taken away, parted by commas")
@click.option("--targets", default="", help="activities watched beside the milestones, parted by commas")
def simulate(
    path: str, start: str | None, calendar: str, as_json: bool, lang: str, draws: int, seed: int, windows: str,
    risks: str | None, without: str, targets: str,
) -> None:  # fmt: skip
    """P50, P80, P90 of each milestone and of cost, with their intervals, criticality, drivers, risks."""
    from kalata.planning.rules.odds import Asked, run_of
    from kalata.planning.rules.risks import risks_of
    from kalata.planning.rules.telling import record

    plan, cal = plans.opened(inputs.bytes_of(path), start, calendar)
    known = risks_of(inputs.bytes_of(risks)) if risks else ()
    asked = Asked(
        draws, seed, windows == "apply", known, frozenset(listed(without)), tuple(dict.fromkeys(listed(targets)))
    )
    found = record(run_of(plan, cal, asked))
    if as_json:
        inputs.emit(found)
    else:
        told(found)


def listed(text: str) -> list[str]:
    return [p.strip() for p in text.split(",") if p.strip()]


def told(found: dict[str, object]) -> None:
    """The same, for a person at a terminal."""
    rows = found["milestones"]
    assert isinstance(rows, list)
    for m in rows:
        low, high = m["interval"]["p80"]
        click.echo(
            f"{m['id']:<8} {m['likely']:>6} {m['p50']:>6} {m['p80']:>6} [{low}-{high}] {m['p90']:>6}  {m['chance_of_likely']}"
        )
    cost, opened = found["cost"], found["windows"]
    assert isinstance(cost, dict) and isinstance(opened, list)
    click.echo(f"XOF      {cost['likely']}  P50 {cost['p50']}  P80 {cost['p80']}  P90 {cost['p90']}")
    for one in opened:
        click.echo(f"{one['id']:<8} {one['opens']}  {one['share']}")
