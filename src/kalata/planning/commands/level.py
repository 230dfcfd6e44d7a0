"""`kalata plan level`: a schedule that the pools can hold, its bound and its gap."""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import PurePath
from typing import Any

import click

from kalata.planning.commands import inputs
from kalata.planning.levelling import Answer, level
from kalata.planning.rules.faults import NeedAbovePool
from kalata.planning.rules.levelling_bounds import Overload
from kalata.planning.rules.levelling_project import Project, project_of
from kalata.text import Message, decimal_string
from kalata.text import gettext_noop as _

DEFAULT_LIMIT = 30.0
MOST_SECONDS = 24 * 3600.0


@click.command("level")
@click.argument("file")
@click.option(
    "--time-limit", type=click.FloatRange(1, MOST_SECONDS), default=DEFAULT_LIMIT, show_default=True, help="seconds"
)
@click.option("--seed", type=click.IntRange(0, (1 << 31) - 1), default=1, show_default=True)
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="cores to use; those present if not given")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def command(file: str, time_limit: float, seed: int, workers: int | None, as_json: bool, lang: str) -> None:  # fmt: skip
    """The shortest schedule found that pools can hold (.rcp, .sm). Exit status 2 when a need is above its pool."""
    begun = time.monotonic()
    project = project_of(
        inputs.text_of(file), PurePath(file).stem if file != "-" else "-", PurePath(file).suffix.lower()
    )
    answer = level(project, limit=time_limit, seed=seed, workers=workers, begun=begun)
    if as_json:
        inputs.emit(data_of(project, answer))
    else:
        told(project, answer, lang)
    sys.exit(2 if answer.status == "infeasible" else 0)


def data_of(project: Project, answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"instance": project.name, "status": answer.status}
    if answer.status == "infeasible":
        refusal = above(project, answer)
        found |= {"reason": refusal.record(), "error": refusal.record(), "makespan": None, "lower_bound": None, "gap": None, "starts": []}  # fmt: skip
    else:
        gap = Fraction(answer.makespan - answer.lower_bound, answer.makespan) if answer.makespan else Fraction(0)
        found |= {
            "makespan": answer.makespan, "lower_bound": answer.lower_bound, "gap": decimal_string(gap, 6).rstrip("0").rstrip(".") or "0",
            "gap_exact": str(gap), "starts": list(answer.starts),
        }  # fmt: skip
    return found | {
        "seconds": round(answer.seconds, 2),
        "engine": answer.engine,
        "overloads_before": [overload_data(o) for o in answer.overloads],
    }


def overload_data(one: Overload) -> dict[str, Any]:
    return {"pool": one.pool, "from": one.first, "to": one.after, "over": one.over}


def above(project: Project, answer: Answer) -> NeedAbovePool:
    job, pool = answer.too_needy[0]
    return NeedAbovePool(
        row=job + 1, value=str(job + 1), need=project.needs[job][pool], pool=project.pools[pool],
        capacity=project.capacities[pool], jobs=[job + 1 for job, _pool in answer.too_needy],
    )  # fmt: skip


def told(project: Project, answer: Answer, lang: str) -> None:
    if answer.status == "infeasible":
        refusal = above(project, answer)
        click.echo(f"{refusal.code}  {refusal.message.text(lang)}\n        {refusal.how.text(lang)}", err=True)
        return
    sentence = OPTIMAL if answer.status == "optimal" else FEASIBLE
    click.echo(Message(sentence, {"name": project.name, "n": answer.makespan, "bound": answer.lower_bound}).text(lang))
    if answer.engine == "scheme" and answer.status != "optimal":
        click.echo(Message(ALONE).text(lang), err=True)
    for one in answer.overloads:
        click.echo(f"  {one.pool:12} {one.first:5} – {one.after:5}  +{one.over}", err=True)


OPTIMAL = _("%(name)s : %(n)d jours, et aucun ordonnancement n’est plus court.")
FEASIBLE = _("%(name)s : %(n)d jours ; aucun ordonnancement ne peut tenir en moins de %(bound)d.")
ALONE = _("Le solveur (extra « planning ») n’est pas installé : le schéma a répondu seul, avec sa propre borne.")
