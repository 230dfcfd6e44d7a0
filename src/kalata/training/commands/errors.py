"""`kalata training errors RECORDS.csv`: errors of station records by who trained the station, or that no effect is distinguishable. Pure."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from kalata import plain
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.joining import Joined, Record, joined
from kalata.training.question_files import bytes_of

COLUMNS = ("station", "region", "trainer", "error")
MOST = 32 << 20


class NotAnError(Refused):
    """A row says neither 0 nor 1, or a station twice."""

    code = "TRN-207"
    says = _("Ligne %(row)d, %(field)s : « %(value)s » n’est pas lisible.")
    remedy = _("Une ligne par bureau ; error vaut 0 ou 1. Rien n’est calculé.")
    status = 422


def records_of(rows: list[dict[str, str]]) -> list[Record]:
    out: list[Record] = []
    seen: set[str] = set()
    for n, row in enumerate(rows, 2):
        said = {k: row[k].strip() for k in COLUMNS}
        if not said["station"] or said["station"] in seen:
            raise NotAnError(row=n, field="station", value=said["station"][:40])
        if said["error"] not in ("0", "1"):
            raise NotAnError(row=n, field="error", value=said["error"][:40])
        seen.add(said["station"])
        out.append(Record(said["station"], said["region"], said["trainer"], said["error"] == "1"))
    return out


def record(found: Joined) -> dict[str, object]:
    return asdict(found)


@click.command()
@click.argument("source", metavar="RECORDS.csv")
@click.option("--seed", type=int, default=1, help="of the shuffles: the same seed, the same answer")
@click.option("--json", "as_json", is_flag=True)
def errors(source: str, seed: int, as_json: bool) -> None:
    """Columns station,region,trainer,error. Exit status 1 where nothing can be said."""
    rows = plain.rows_of(bytes_of(source, MOST), file=source, most=MOST, needed=COLUMNS, most_rows=200_000)
    found = joined(records_of([dict(r) for r in rows]), seed)
    if as_json:
        click.echo(json.dumps(record(found), ensure_ascii=False))
    elif found.refused:
        click.echo(found.refused)
    elif not found.distinguishable:
        click.echo(f"aucun effet ne se distingue / no effect distinguishable: {found.spread:.4f} ({found.placebo:.4f})")
    else:
        for one in found.effects:
            click.echo(
                f"{one.trainer:<20} {one.stations:>5} {one.errors:>5} {one.effect:+.4f} [{one.low:+.4f}, {one.high:+.4f}]"
            )
    sys.exit(1 if found.refused else 0)
