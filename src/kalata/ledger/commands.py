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
NO_MACHINE = _("aucune machine n’a encore servi cette base")
LINE = _("%(name)s %(state)s, dernier signe %(at)s, version %(version)s ; tient : %(loops)s")
AT_WORK, SILENT, STOPPED, NOTHING = _("à l’œuvre"), _("MUETTE"), _("arrêtée"), _("rien")
STRUCK = _("%(name)s n’est plus attendue")


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


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
@click.pass_context
def machines(ctx: click.Context, as_json: bool, lang: str | None) -> None:
    """The machines that serve this database, and which background loops each runs. Exit 1: one is silent."""
    if ctx.invoked_subcommand is not None:
        return
    setup_django()
    from kalata.ledger import pulse
    from kalata.ledger.machines import silent
    from kalata.ledger.models import Machine, Pulse

    mute = {one.pk for one, _n in silent(pulse.SILENCE)}
    rows = []
    for one in Machine.objects.all():
        loops = sorted(Pulse.objects.filter(holder=one.name).values_list("name", flat=True))
        rows.append({"name": one.name, "at": one.at.isoformat(timespec="seconds"), "since": one.since.isoformat(timespec="seconds"),
                     "state": "stopped" if one.stopped else "silent" if one.pk in mute else "at work", "loops": loops,
                     "version": one.state.get("version"), "drift": one.state.get("drift"), "free": one.state.get("free")})  # fmt: skip
    if as_json:
        click.echo(json.dumps({"machines": rows}, ensure_ascii=False))
    else:
        tongue = language(lang)
        words = {"stopped": STOPPED, "silent": SILENT, "at work": AT_WORK}
        for row in rows:
            said = {
                **row,
                "state": Message(words[str(row["state"])]),
                "loops": ", ".join(row["loops"]) or Message(NOTHING),
            }
            click.echo(Message(LINE, said).text(tongue))
        if not rows:
            click.echo(Message(NO_MACHINE).text(tongue))
    sys.exit(1 if mute else 0)


@machines.command()
@click.argument("name")
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
def forget(name: str, lang: str | None) -> None:
    """Expect a machine no longer: it was taken away, or replaced. OPS-131 while it lives."""
    setup_django()
    from kalata.ledger import pulse
    from kalata.ledger.machines import forgotten

    forgotten(name, pulse.SILENCE)
    click.echo(Message(STRUCK, {"name": name}).text(language(lang)))
