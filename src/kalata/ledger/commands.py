"""`kalata ledger`."""

from __future__ import annotations

import json
import sys

import click

from kalata.cli import language, setup_django
from kalata.text import Message
from kalata.text import gettext_noop as _

WHOLE = _("chaîne entière, dernier sceau %(hash)s")
BROKEN = _("CHAÎNE ROMPUE au sceau %(seal)s : %(got)s trouvé, %(want)s attendu")
UNGUARDED = _("SANS VERROU %(table)s : %(guard)s %(what)s")
ADOPTED = _("base reprise telle quelle par l’acte n° %(n)s")
TOLD = _("chaque ligne qui compte a son acte")


@click.group()
def ledger() -> None:
    """The audit trail."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
def verify(as_json: bool, lang: str | None = None) -> None:
    """Recompute every seal, look at every guard, ask the act behind each row that counts; exit status 1 where one does not hold."""
    setup_django()
    from kalata.ledger import answers, locks, queries

    broken = [{"seal": b.seal, "got": b.got, "want": b.want} for b in queries.breaks()]
    unguarded = [{"table": f.table, "guard": f.guard, "what": f.what} for f in locks.faults()]
    untold = answers.faults()
    last = queries.last_seal()
    record = {
        "whole": not broken,
        "breaks": broken,
        "guarded": not unguarded,
        "guards": unguarded,
        "told": not untold,
        "untold": [{"table": f.table, "number": f.number, "what": f.what, "act": f.act} for f in untold],
        "unsealed": queries.unsealed(),
        "last": last.hash if last else None,
    }
    if as_json:
        click.echo(json.dumps(record))
    else:
        said = [Message(BROKEN, {"seal": str(b["seal"]), "got": b["got"], "want": b["want"]}) for b in broken]
        said = said or [Message(WHOLE, {"hash": str(record["last"])})]
        said += [Message(UNGUARDED, {"table": g["table"], "guard": g["guard"], "what": g["what"]}) for g in unguarded]
        for one in [*said, *([answers.message(f) for f in untold] or [Message(TOLD)])]:
            click.echo(one.text(language(lang)))
    sys.exit(1 if broken or unguarded or untold else 0)


@ledger.command()
def export() -> None:
    """Every act as one canonical JSON line."""
    setup_django()
    from kalata.ledger.models import Act
    from kalata.ledger.rules.chain import line

    for act in Act.objects.order_by("pk").iterator():
        click.echo(line(act.line()))


@ledger.command()
@click.option("--reason", required=True, help="why the key is lost: it stays in the ledger")
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
def adopt(reason: str, lang: str | None) -> None:
    """Take over a restored database whose ledger.secret is lost: one dated act covers everything as it is."""
    setup_django()
    from kalata.ledger import services

    act = services.adopt(reason)
    number = str(act.pk) if act else "–"
    click.echo(Message(ADOPTED, {"n": number}).text(language(lang)))
