"""`kalata backup …` and `kalata restore`: one word for both kinds of database."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kalata.cli import setup_django
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

NOT_INSIDE = (
    "n’y sont pas / not in it: ledger.secret, key.secret, clés du journal, de la Cour, TLS et de sauvegarde / keys of log, "
    "Court, TLS and backup, /etc/kalata"
)


class BadMoment(Refused):
    code = "CLI-104"
    says = _("« %(value)s » n’est pas un moment.")
    remedy = _("Écrivez par exemple 2026-11-26T18:30:00+00:00.")
    status = 422


class Backup(click.Group):
    """A first word that is none of its commands is where to write."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["write", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=Backup)
def backup() -> None:
    """Write a copy of the house while it runs, and try it. FILE: a SQLite house. FOLDER: the archive of a PostgreSQL."""


def postgres() -> bool:
    from django.db import connection

    return connection.vendor == "postgresql"


def place_of(folder: str | Path) -> Any:
    from django.conf import settings

    from kalata.archive.place import Place
    from kalata.archive.sealed import marking_key

    return Place(Path(folder), marking_key(settings.LEDGER_KEY))


def opened(key: str | None) -> list[Any]:
    """The private keys that open a copy: --key, or KALATA_BACKUP_VERIFY_KEY."""
    from kalata.archive.sealed import identities

    path = Path(key or os.environ.get("KALATA_BACKUP_VERIFY_KEY", "/etc/kalata/backup-keys/verify.key"))
    if not path.is_file():
        raise click.BadParameter(f"{path}: --key", param_hint="--key")
    return identities(path, lambda: str(click.prompt("Phrase de passe / passphrase", hide_input=True, err=True)))


def moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadMoment(value=text) from None
    if found.tzinfo is None:
        raise BadMoment(value=text)
    return found


@contextmanager
def stage_in(folder: str | None) -> Iterator[Path]:
    """A folder that ends with the command, beside the house unless said otherwise."""
    from django.conf import settings

    above = Path(folder) if folder else (Path(settings.VAR) if os.geteuid() else Path("/var/tmp"))
    made = Path(tempfile.mkdtemp(prefix="kalata-trial-", dir=above))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def told(text: str) -> None:
    click.echo(text, err=True)


@backup.command("write", hidden=True)
@click.argument("target", type=click.Path())
@click.option("--keep", default=14, help="how many bases an archive keeps")
def write(target: str, keep: int) -> None:
    """Write the copy."""
    setup_django()
    if not postgres():
        from kalata.backups import copied

        return copied(Path(target))
    from kalata.archive import base, sealed
    from kalata.ledger.watching import noted

    place = place_of(target)
    with noted("base", place.folder) as note:
        made = base.write(place, sealed.recipients(sealed.keys_folder()), max(1, keep))
        note(place.base / f"{made.base.name}.tar.gz{sealed.TAIL}", "", made.files)
    click.echo(
        f"{made.base.name} {made.base.size} bytes, {made.files} files; -{made.gone[0]} base, -{made.gone[1]} WAL"
    )
    told(NOT_INSIDE)


@backup.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--name", default="recovery", help="recovery: for the safe; verify: for the machine that tries copies")
@click.option("--passphrase/--no-passphrase", default=True, help="put the private key under a passphrase")
def keys(folder: str, name: str, passphrase: bool) -> None:
    """Make a pair of keys: NAME.key opens copies (to the safe), NAME.pub seals them (KALATA_BACKUP_KEYS)."""
    from kalata.archive import sealed

    phrase = click.prompt("Phrase de passe / passphrase", hide_input=True, confirmation_prompt=True, err=True) if passphrase else ""  # fmt: skip
    secret, public = sealed.pair(Path(folder), name, phrase)
    click.echo(f"{secret}\n{public} {public.read_text().strip()}")


@backup.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--every", default=15.0, help="seconds between two passes")
@click.option("--once", is_flag=True, help="one pass (scripts)")
def stream(folder: str, every: float, once: bool) -> None:
    """Follow PostgreSQL's journal and the kept files into an archive, until stopped."""
    setup_django()
    from django.conf import settings

    from kalata.archive import sealed
    from kalata.archive.stream import Stream

    one = Stream(place_of(folder), sealed.recipients(sealed.keys_folder()), Path(settings.VAR) / "wal-spool")
    if once:
        fault = one.once()
        one.end()
        sys.exit(bool(fault))
    one.forever(every)


@backup.command()
@click.argument("where", type=click.Path(exists=True))
@click.option(
    "--key", type=click.Path(dir_okay=False), help="private key that opens the copy (KALATA_BACKUP_VERIFY_KEY)"
)
@click.option("--until", help="as the house was at that moment")
@click.option("--rpo", default=60.0, help="seconds of acts that a copy may lack")
@click.option("--scratch", type=click.Path(exists=True, file_okay=False), help="where to put it back on trial")
@click.option("--json", "as_json", is_flag=True)
def verify(where: str, key: str | None, until: str | None, rpo: float, scratch: str | None, as_json: bool) -> None:
    """Put a copy back on trial, beside the house, and compare the two. Exit status 1: it is not whole."""
    setup_django()
    from kalata.archive import verifying
    from kalata.ledger.watching import noted

    with noted("drill", Path(where)) as note, stage_in(scratch) as stage:
        if Path(where).is_dir():
            found = verifying.of_place(place_of(where), opened(key), stage, rpo=rpo, until=moment(until), say=told)
        else:
            from kalata.archive.single import in_clear

            with in_clear(Path(where), lambda: opened(key), stage) as clear:
                found = verifying.of_file(clear, stage)
        note(Path(where), "; ".join(found.faults))
    if as_json:
        click.echo(json.dumps(found.record(), ensure_ascii=False))
    else:
        click.echo(f"{found.base}: {'; '.join(found.faults) or 'entière / whole'}")
        click.echo("  " + ", ".join(f"{k} {v:.1f}" for k, v in found.figures.items()))
    sys.exit(bool(found.faults))


@backup.command("list")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True)
def listed(folder: str, as_json: bool) -> None:
    """The bases of an archive, and how much journal follows each."""
    setup_django()
    place = place_of(folder)
    rows = [
        {
            "base": b.name,
            "ended": b.ended,
            "bytes": b.size,
            "pieces": sum(1 for _ in place.stretch(b)),
            "build": b.build,
        }
        for b in place.bases()
    ]
    if as_json:
        click.echo(json.dumps(rows))
    else:
        for row in rows:
            click.echo("  ".join(str(v) for v in row.values()))


@backup.command()
@click.argument("folder", type=click.Path())
def forget(folder: str) -> None:
    """No longer watch the archive in FOLDER: it is no alarm that nothing follows into it."""
    setup_django()
    from kalata.ledger import watching

    click.echo(f"{watching.unfollowed(Path(folder))}")


@click.command()
@click.argument("where", type=click.Path(exists=True))
@click.option("--key", type=click.Path(dir_okay=False), help="private key that opens the copy")
@click.option("--until", help="PostgreSQL: as the house was at that moment, 2026-11-26T18:30:00+00:00")
@click.option("--base", default="", help="PostgreSQL: from that base (kalata backup list)")
@click.option(
    "--into", type=click.Path(exists=False, path_type=Path), help="PostgreSQL: leave a data folder, load nothing"
)
@click.option("--scratch", type=click.Path(exists=True, file_okay=False), help="where to unpack")
def restore(where: str, key: str | None, until: str | None, base: str, into: Path | None, scratch: str | None) -> None:
    """Put a copy in place. SQLite: the present database is set aside. PostgreSQL: into the empty database of DATABASE_URL."""
    setup_django()
    if not Path(where).is_dir():
        from kalata.archive.single import in_clear
        from kalata.backups import restored

        with stage_in(scratch) as stage, in_clear(Path(where), lambda: opened(key), stage) as clear:
            return restored(clear)
    from django.conf import settings

    from kalata.archive import putting_back
    from kalata.processes import only_house, release

    if not postgres():
        raise click.ClickException("DATABASE_URL: PostgreSQL")
    held = only_house(settings.VAR)
    try:
        with stage_in(str(into.parent) if into else scratch) as stage:
            done = putting_back.put_back(
                place_of(where), opened(key), stage, base=base, until=moment(until), into=into, say=told
            )
    finally:
        release(held)
    click.echo(f"{done.base.name}: {sum(done.facts['rows'].values())} lignes / rows, {done.files} pièces / files")
    click.echo("  " + ", ".join(f"{k} {v:.1f}" for k, v in done.figures.items()))
    for bad in done.bad[:10]:
        told(f"  ✗ {bad}")
    told("journaux publics / public logs: kalata log status, kalata log recover (LOG-205)")
    sys.exit(bool(done.bad))
