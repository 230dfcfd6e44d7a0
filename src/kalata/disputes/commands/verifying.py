"""`kalata disputes verify`: an archive checked by anybody, offline, without a database (pure)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command()
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--vkey", help="the Court's key of archives, as it is read aloud or printed")
@click.option("--ca", type=click.Path(path_type=Path), help="the Court's certificates (CERTS.pem)")
@click.option("--json", "as_json", is_flag=True)
def verify(archive: Path, vkey: str | None, ca: Path | None, as_json: bool) -> None:
    """Verify the archive of a case: seal, manifest, pieces, custody, instants, papers, decision, results (pure)."""
    from kalata.disputes import verifying

    try:
        certificates = ca.read_bytes() if ca else None
    except OSError as why:
        raise verifying.BadTrust(what=str(ca), why=why.strerror or str(why)) from None
    found = verifying.verify(archive, vkey=vkey, ca=certificates)
    record = found.record()
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
        sys.exit(0 if found.valid else 1)
    said = "valide / valid" if found.valid else "NON VALIDE / NOT VALID"
    trust = "" if found.trusted else "  (clé prise dans l’archive / key taken from the archive: --vkey)"
    click.echo(f"{record['case']}: {said}{trust}")
    for check in record["checks"]:  # type: ignore[attr-defined]
        mark = "–" if not check["checked"] else "✓" if check["holds"] else "✗"
        click.echo(f"  {mark} {check['check']:<9} {check['n'] if check['checked'] else 'pas vérifié / not checked'}")
    for one in record["problems"]:  # type: ignore[attr-defined]
        click.echo(f"  {one['code']} {one['path']}: {one['fr']} / {one['en']}  [{one['got']} | {one['want']}]")
    sys.exit(0 if found.valid else 1)
