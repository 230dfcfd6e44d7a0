"""`kalata training impact SOURCE --article X@V`: everything that rests on a version of an article. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import click

from kalata import plain
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.commands import sourced
from kalata.training.manuals import Made, every
from kalata.training.question_files import bytes_of
from kalata.training.rules.manuals.impact import held, touched
from kalata.training.sources import opened

COLUMNS = ("certificate", "session", "role", "manual_sha256")
MOST = 32 << 20


class NotAVersion(Refused):
    """--article is not X@V."""

    code = "TRN-206"
    says = _("« %(value)s » n’est pas une version d’article.")
    remedy = _("Écrivez --article LE-2022-019/art.92@2022-06-24.")
    status = 422


@click.command()
@click.argument("folder", metavar="SOURCE")
@click.option("--article", "articles", multiple=True, required=True, help="ID@VERSION")
@click.option("--held", "table", help="HELD.csv: certificate,session,role,manual_sha256")
@click.option("--json", "as_json", is_flag=True)
def impact(folder: str, articles: tuple[str, ...], table: str | None, as_json: bool) -> None:
    """Steps, branches, form fields, items, pages, files, roles, sessions and certificates that rest on these versions."""
    for one in articles:
        if not re.fullmatch(r"[^@\s]{1,80}@[^@\s]{1,80}", one):
            raise NotAVersion(value=one[:80])
    found = opened(folder)
    source = found.source
    some = every(source, found.law, source.roles(), source.languages(), draft=False)
    pages = [p for made in some for p in made.pages]
    files = [f for made in some for f in made.files]
    hit = touched(source, articles, pages, files)
    rows = rows_of(table) if table else []
    said = {**hit.record(), **held(rows, hit.roles, hashes(some, hit.roles, hit.files, rows))}
    if not rows:
        said.pop("unknown_manual")
    if as_json:
        sourced.emit(said)
        return
    for name, ids in said.items():
        click.echo(f"{name:<14} {len(ids):>6}  {' '.join(ids)}")


def rows_of(path: str) -> list[dict[str, str]]:
    rows = plain.rows_of(bytes_of(path, MOST), file=path, most=MOST, needed=COLUMNS, most_rows=400_000)
    return [{k: row[k].strip() for k in COLUMNS} for row in rows]


def hashes(
    some: Sequence[Made], roles: Sequence[str], files: Sequence[str], rows: Sequence[dict[str, str]]
) -> dict[str, list[str]]:
    """The hashes of the touched manuals of each role that somebody holds: as they are printed, and as drafts where a hash is still unknown."""
    wanted = {role: {row["manual_sha256"].lower() for row in rows if row["role"] == role} for role in roles}
    out: dict[str, list[str]] = {}
    for role in (r for r in roles if wanted[r]):
        out[role] = []
        for draft in (False, True):
            if wanted[role] <= set(out[role]):
                break
            for made in (Made(m.source, m.role, m.lang, draft, m.unread) for m in some if m.role == role):
                kept = [f for f in made.files if f.kind == "manual" and f.path in files]
                out[role] += [hashlib.sha256(made.bytes_of(f)).hexdigest() for f in kept]
    return out
