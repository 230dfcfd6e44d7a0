"""`kalata disputes list|archive|sealed|recheck`: what is kept of the cases, for who runs the house (with its database)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from kalata.cli import setup_django
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _


class NoCase(Refused):
    code = "DIS-765"
    says = _("Aucune affaire reçue n’a le numéro « %(case)s ».")
    remedy = _("Donnez le numéro du récépissé, comme 2026-L1-BKO2-000017 ; « kalata disputes list » les donne.")
    status = 404


class NoState(Refused):
    code = "DIS-766"
    says = _("« %(state)s » n’est pas un état d’une affaire.")
    remedy = _("États : %(known)s.")
    status = 422


PIECE_WRONG = _("Une pièce gardée n’est plus ce qu’elle était : %(fault)s.")
PIECE_FAULTS = {"missing": _("elle manque"), "altered": _("elle a changé")}


def case_of(number: str) -> Any:
    from kalata.disputes.queries import keeping

    found = keeping.numbered(number)
    if found is None:
        raise NoCase(case=number)
    return found


@click.command("list")
@click.option("--state", help="only the cases in this state (RECU, DELIBERE, CLOS, …)")
@click.option("--json", "as_json", is_flag=True)
def list_(state: str | None, as_json: bool) -> None:
    """List the cases received: number, roll, state, contest, decision."""
    setup_django()
    from kalata.disputes.queries import keeping
    from kalata.disputes.rules.guide import GUIDE, state_of

    wanted = state_of(state) if state is not None else None
    if state is not None and wanted is None:
        raise NoState(state=state, known=", ".join(GUIDE.values()))
    rows = keeping.listed(wanted)
    if as_json:
        click.echo(json.dumps({"cases": rows}, ensure_ascii=False))
        return
    for one in rows:
        click.echo(f"{one['case']}  {one['roll'] or '—':>6}  {one['state']:<18} {one['contest']:<12} {one['decision']}")


@click.command()
@click.argument("case")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def sealed(case: str, folder: Path, as_json: bool) -> None:
    """Write the sealed texts of a case as files, as they are kept: only a member's key opens them."""
    setup_django()
    from kalata.disputes import archives
    from kalata.disputes.queries import keeping

    items = keeping.sealed_items(case_of(case))
    archives.fresh(folder)
    archives.write(folder, {one["file"]: body for one, body in items})
    told = [one for one, _body in items]
    if as_json:
        click.echo(json.dumps({"case": case, "items": told}, ensure_ascii=False))
        return
    for one in told:
        click.echo(f"{one['file']}  {one['kind']:<8} {one['by']}")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def recheck(as_json: bool) -> None:
    """Read every piece of every case again, and every chain of custody: name what differs."""
    setup_django()
    from kalata.disputes.models import Exhibit, Petition
    from kalata.disputes.queries import keeping
    from kalata.disputes.rules.archive_problems import SAYS

    problems: list[dict[str, Any]] = []
    for number, piece, sha256, fault in keeping.pieces_wrong():
        said = Message(PIECE_WRONG, {"fault": Message(PIECE_FAULTS[fault])}).both()
        problems.append({"code": "DIS-703", "case": number, "path": f"evidence/{sha256}", "piece": piece, "got": fault, "want": sha256, **said})  # fmt: skip
    for number, one in keeping.chains_wrong():
        said = Message(SAYS["custody"][one.what]).both()
        problems.append({"code": "DIS-704", "case": number, "path": f"custody.jsonl:{one.line}", "got": one.got, "want": one.want, **said})  # fmt: skip
    record = {
        "valid": not problems, "pieces": Exhibit.objects.exclude(petition__number=None).count(),
        "chains": Petition.every.exclude(number=None).count(), "problems": problems,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
    else:
        click.echo(f"{record['pieces']} pièces / pieces, {record['chains']} affaires / cases")
        for told in problems:
            click.echo(f"  ✗ {told['case']} {told['path']}: {told['fr']} / {told['en']}")
    sys.exit(1 if problems else 0)


@click.command()
@click.argument("case")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def archive(case: str, folder: Path, as_json: bool) -> None:
    """Write the archive of a case into FOLDER, sealed by the Court's key: anybody verifies it offline."""
    setup_django()
    from kalata.disputes.rules.archive import CA
    from kalata.disputes.services import archiving

    keys = archiving.write(petition=case_of(case), folder=folder)
    record = {"case": case, "folder": str(folder), "vkey": keys.vkey, "ca": str(folder / CA)}
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else f"{case}  {folder}\n{keys.vkey}")
