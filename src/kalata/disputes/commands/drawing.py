"""`kalata disputes draw`: the draw of reporting judges, played again by anybody from what was published. Pure."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kalata import plain
from kalata.disputes.rules import draw as rules
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MOST = 4 * 1024 * 1024


class NotRead(Refused):
    code = "DIS-405"
    says = _("Le fichier « %(file)s » n’est pas lisible : %(why)s.")
    remedy = _("Donnez un fichier CSV en UTF-8, ou « - » pour l’entrée standard.")
    status = 422


def rows_of(path: str, needed: str) -> list[dict[str, str]]:
    try:
        raw = sys.stdin.buffer.read(MOST + 1) if path == "-" else Path(path).read_bytes()
    except OSError as problem:
        raise NotRead(file=path, why=problem.strerror or str(problem)) from None
    return plain.rows_of(raw, file=path, most=MOST, needed=[needed])


@click.command("draw")
@click.option("--seed", required=True, help="the published seed, hexadecimal")
@click.option(
    "--roll",
    "roll_path",
    required=True,
    help="CSV: roll [case weight barred given_to rapporteur]; - for standard input",
)
@click.option("--bench", "bench_path", required=True, help="CSV: member [sitting load]")
@click.option(
    "--tolerance",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="most a member may stand above the least loaded",
)
@click.option("--commit", default="", help="the commitment published before filing: SHA-256 of the seed")
@click.option("--json", "as_json", is_flag=True)
def draw(seed: str, roll_path: str, bench_path: str, tolerance: int, commit: str, as_json: bool) -> None:
    """Replay the draw of reporting judges. Exit status 1 where the list published is not the one that the seed gives.

    Each case goes to the member of the pool whose SHA-256 of "seed|roll|member" is smallest.
    """
    seed = rules.checked_commitment(seed, commit) if commit else rules.seed_of(seed)
    bench = rules.bench_from(rows_of(bench_path, "member"))
    rows = rows_of(roll_path, "roll")
    drawn = rules.play(seed, rules.roll_from(rows, bench), bench, tolerance=tolerance)
    differing = rules.differences(rows, drawn)
    if as_json:
        record = {
            "commit": rules.commitment(seed), "tolerance": tolerance, "lines": [line(one) for one in drawn],
            "loads": rules.loads_after(bench, drawn), "differences": differing, "same": not differing,
        }  # fmt: skip
        click.echo(json.dumps(record, ensure_ascii=False))
    else:
        click.echo(f"SHA-256  {rules.commitment(seed)}")
        for one in drawn:
            how = f"{one.digest[:16]}  {' '.join(one.pool)}" if one.digest else f"= {one.left or '–'}"
            click.echo(f"{one.roll:>5}  {one.member:12}  {how}")
        for wrong in differing:
            click.echo(f"!! {wrong['roll']}: {wrong['published']} ≠ {wrong['drawn']}", err=True)
    sys.exit(1 if differing else 0)


def line(one: rules.Drawn) -> dict[str, object]:
    return {
        "roll": one.roll, "case": one.case, "rapporteur": one.member, "weight": one.weight, "how": "given" if one.by_decision else "drawn",
        "loads": dict(one.loads), "pool": list(one.pool), "digest": one.digest, "left": one.left,
    }  # fmt: skip
