"""`kalata plan odds`: fan, tornado, chance of each limit of the law, latest safe starts, scenarios side by side. Pure."""

from __future__ import annotations

import click

from kalata import plain
from kalata.planning.commands import inputs, plans


@click.command()
@plans.dated
@click.option("--target", required=True, help="the activity whose date is asked")
@click.option("--by", help="the day it must end by; else the first polling day given")
@click.option("--j1", help="polling day, first round")
@click.option("--j2", help="polling day, second round")
@click.option("--draws", type=int, default=10_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--windows", type=click.Choice(["apply", "ignore"]), default="apply", show_default=True)
@click.option("--risks", "risks", help="CSV of risks")
@click.option("--safe", default="", help="activities whose latest safe start is asked, parted by commas")
@click.option("--at", "percent", type=click.IntRange(1, 99), default=80, show_default=True, help="the chance to hold")
@click.option("--scenarios", help="JSON of scenarios, run on the same draws")
def odds(
    path: str, start: str | None, calendar: str, as_json: bool, lang: str, target: str, by: str | None, j1: str | None,
    j2: str | None, draws: int, seed: int, windows: str, risks: str | None, safe: str, percent: int, scenarios: str | None,
) -> None:  # fmt: skip
    """The odds of one date: what it may be, what moves it, which limits hold, how late a start is still safe."""
    from kalata.planning.commands.simulate import listed
    from kalata.planning.rules import whatif
    from kalata.planning.rules.odds import Asked, run_of, share
    from kalata.planning.rules.risks import risks_of

    plan, cal = plans.opened(inputs.bytes_of(path), start, calendar)
    known = risks_of(inputs.bytes_of(risks)) if risks else ()
    given = plain.json_of(inputs.bytes_of(scenarios), file=scenarios, most=1 << 20) if scenarios else []
    asked = Asked(draws, seed, windows == "apply", known, frozenset(), (target, *listed(safe)))
    run = run_of(plan, cal, asked)
    at, first = plan.places[target], plans.day_of("--j1", j1)
    day = plans.day_of("--by", by) or first
    found: dict[str, object] = {
        "target": target, "draws": draws, "seed": seed, "start": cal.start.isoformat(), "likely": run.likely[at],
        "fan": whatif.fan(run, at), "windows": whatif.by_window(run, at), "tornado": whatif.tornado(run, at),
        "legal": whatif.legal(run, first, plans.day_of("--j2", j2)),
    }  # fmt: skip
    if day is not None:
        end = cal.offset(day) + 1
        kept = int((run.drawn.finish[at] <= end).sum())
        found |= {
            "by": day.isoformat(),
            "chance": share(kept, draws),
            "chance_fraction": f"{kept}/{draws}",
            "percent": percent,
        }
        found["safe_starts"] = [
            safe_record(whatif.safe_start(run, plan.places[i], at, end, percent), cal) for i in listed(safe)
        ]
    if scenarios:
        found["scenarios"] = whatif.side_by_side(plan, cal, asked, whatif.scenarios_of(given), [target])
    if as_json:
        inputs.emit(found)
    else:
        told(found)


def safe_record(found: object, cal: object) -> dict[str, object]:
    from kalata.planning.rules.calendars import Calendar
    from kalata.planning.rules.whatif import SafeStart

    assert isinstance(found, SafeStart) and isinstance(cal, Calendar)
    day = None if found.start is None else cal.day(found.start).isoformat()
    return {"id": found.id, "start": found.start, "date": day, "chance": found.chance}


def told(found: dict[str, object]) -> None:
    """The same, for a person at a terminal."""
    for key in ("fan", "windows", "tornado", "legal", "safe_starts", "scenarios"):
        rows = found.get(key, [])
        assert isinstance(rows, list)
        for row in rows:
            click.echo(f"{key:<12} " + "  ".join(f"{k} {v}" for k, v in row.items() if k not in ("basis", "interval")))
    if "chance" in found:
        click.echo(f"{found['target']}  {found['by']}  {found['chance']}")
