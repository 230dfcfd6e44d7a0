"""`kalata pack` and `kalata geography`."""

from __future__ import annotations

import json
import sys

import click

from kalata.country import packs
from kalata.country.rules.pack import differences, is_unverified


@click.group()
def pack() -> None:
    """Country packs: facts as data, each with source and confidence."""


@pack.command("check")
@click.argument("path")
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr")
def check(path: str, as_json: bool, lang: str) -> None:
    """Validate a pack (pure): every error with file, record and field."""
    found, errors = packs.check_folder(packs.find_pack(path))
    counts = {name: len(rows) for name, rows in found.sections.items()} if found else {}
    unverified = sum(is_unverified(r) for rows in (found.sections.values() if found else ()) for r in rows)
    if as_json:
        print_json(
            {
                "pack": found.code if found else path,
                "version": found.version if found else None,
                "sha256": found.fingerprint() if found else None,
                "valid": not errors,
                "records": counts,
                "unverified": unverified,
                "errors": [e.data() for e in errors],
            }
        )
    else:
        for problem in errors:
            click.echo(problem.line(lang), err=True)
        if found and not errors:
            click.echo(f"{found.code} {found.version}  sha256 {found.fingerprint()}")
            click.echo("  ".join(f"{k} {v}" for k, v in counts.items()) + f"  (unverified: {unverified})")
    sys.exit(2 if errors else 0)


@pack.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True)
def diff(old: str, new: str, as_json: bool) -> None:
    """What differs between two packs (pure). Exit status 1 when something does."""
    changes = differences(packs.load_pack(packs.find_pack(old)), packs.load_pack(packs.find_pack(new)))
    if as_json:
        print_json(
            {
                "changes": [
                    {
                        "kind": c.kind,
                        "section": c.section,
                        "record": c.record,
                        "field": c.field,
                        "before": c.before,
                        "after": c.after,
                    }
                    for c in changes
                ]
            }
        )
    else:
        for c in changes:
            click.echo(
                f"{c.kind:8} {c.section}/{c.record} {c.field}  {c.before} -> {c.after}"
                if c.field
                else f"{c.kind:8} {c.section}/{c.record}"
            )
    sys.exit(1 if changes else 0)


@pack.command("load")
@click.argument("path")
def load(path: str) -> None:
    """Load a version of a pack into the database."""
    from kalata.ready import setup_house

    setup_house()
    from kalata.country import services

    version = services.load_pack_version(packs.load_pack(packs.find_pack(path)))
    click.echo(f"{version.code} {version.version} {version.sha256}")


@click.group()
def geography() -> None:
    """Import dated geographies and crosswalks from CSV."""


@geography.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--code", required=True, help="code of the geography, e.g. ml-2023-full")
@click.option("--name", required=True)
@click.option("--valid-from", default=None)
@click.option("--source", required=True, help="where the file comes from; shown beside every unit")
@click.option("--json", "as_json", is_flag=True)
def import_geography(file: str, code: str, name: str, valid_from: str | None, source: str, as_json: bool) -> None:
    """Import a hierarchy (columns id, level, type, name, parent_id; region_id and cercle_id repair broken chains)."""
    from kalata.ready import setup_house

    setup_house()
    from kalata.country import services

    report = services.import_geography(path=file, code=code, name=name, valid_from=valid_from, source=source)
    if as_json:
        print_json(report)
    else:
        click.echo(", ".join(f"{k} {v}" for k, v in report.items() if not isinstance(v, list)))
        for line in report["problems"]:
            click.echo(line, err=True)


@geography.command("crosswalk")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--from", "origin", required=True)
@click.option("--to", "target", required=True)
@click.option("--from-column", required=True)
@click.option("--to-column", required=True)
@click.option("--method-column", default="")
@click.option("--source", required=True)
def crosswalk(
    file: str, origin: str, target: str, from_column: str, to_column: str, method_column: str, source: str
) -> None:
    """Import a correspondence between two geographies; what cannot be mapped is listed."""
    from kalata.ready import setup_house

    setup_house()
    from kalata.country import services

    report = services.import_crosswalk(
        path=file,
        origin=origin,
        target=target,
        from_column=from_column,
        to_column=to_column,
        method_column=method_column,
        source=source,
    )
    click.echo(", ".join(f"{k} {v}" for k, v in report.items() if not isinstance(v, list)))
    for line in report["problems"]:
        click.echo(line, err=True)


def print_json(data: object) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, default=str)
    sys.stdout.write("\n")
