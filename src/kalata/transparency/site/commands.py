"""`kalata publish`."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kalata import modes
from kalata.cli import setup_django
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.site import memory


class KeyClosed(Refused):
    code = "PUB-103"
    says = _("La clé du journal est fermée : la liste des fichiers ne serait pas signée, et le dossier invérifiable.")
    remedy = _("Donnez la phrase secrète (KALATA_LOG_PASSPHRASE_FILE) et recommencez. Rien n’a été écrit.")
    status = 409


class LogHalted(Refused):
    code = "PUB-104"
    says = _("Le journal %(log)s est arrêté (%(why)s) : son état signé n’est pas à publier comme le dernier.")
    remedy = _(
        "Levez d’abord l’arrêt (page Journal public, kalata log status). Rien n’a été écrit ; l’ancienne publication reste."
    )


class OldCheckpoint(Refused):
    code = "PUB-105"
    says = _("Les fichiers du journal %(log)s en sont à %(disk)d {disk:inscription|inscriptions} ; la base en a signé %(base)d.")
    remedy = _("Faites kalata log sequence, qui écrit les fichiers, puis recommencez. Rien n’a été écrit.")


class NoCheckpoint(Refused):
    code = "PUB-106"
    says = _("Le scrutin %(log)s n’a pas encore d’état signé à publier.")
    remedy = _("Faites kalata log open, puis kalata log sequence, et recommencez. Rien n’a été écrit.")
    status = 404


class NothingPublic(Refused):
    code = "PUB-102"
    says = _("Aucun scrutin publié n’a encore de journal signé.")
    remedy = _("Publiez un scrutin, faites la cérémonie de la clé (kalata log init), puis kalata log sequence.")
    status = 404


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--contest", "codes", multiple=True, help="only this contest; alone, it is written at the root of FOLDER")
@click.option(
    "--from-log", type=click.Path(exists=True, file_okay=False, path_type=Path), help="rebuild from a log alone (pure)"
)
@click.option("--full", is_flag=True, help="draw everything again")
@click.option("--base", default="", help="public address of FOLDER, for feeds, posters and DCAT")
@click.option("--no-images", is_flag=True, help="leave the images of the reports out")
@click.option("--json", "as_json", is_flag=True)
@click.option("--quiet", is_flag=True)
def publish(
    folder: Path, codes: tuple[str, ...], from_log: Path | None, full: bool, base: str, no_images: bool, as_json: bool, quiet: bool
) -> None:  # fmt: skip
    """Write the static public site, or bring it up to date."""
    say = (lambda _text: None) if quiet else (lambda text: click.echo(text, err=True))
    start = time.perf_counter()
    if from_log:
        done = rebuilt(folder, from_log, full, base, say)
    else:
        setup_django()
        with modes.for_everyone():
            done = from_house(folder, codes, full, base, no_images, say)
    took = round(time.perf_counter() - start, 2)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "seconds": took, "contests": done}, ensure_ascii=False))
    elif not quiet:
        for name, stats in done.items():
            click.echo(f"{name}: {stats['stations']} bureaux, {stats['areas']} zones, {stats['written']} fichiers, {stats['bytes'] / 2**20:.1f} Mio; {took} s")  # fmt: skip


def rebuilt(folder: Path, log: Path, full: bool, base: str, say: Any) -> dict[str, Any]:
    """From the log alone: no database, no settings."""
    from kalata.transparency.site import builder
    from kalata.transparency.site.corrections import read_reasons
    from kalata.transparency.site.frame import Extras

    source = log / "log" if (log / "log" / "checkpoint").exists() else log
    extras = Extras(at=datetime.now(UTC), base=f"{base.rstrip('/')}/" if base else "", reasons=read_reasons(log))
    stats = builder.publish(source, folder, extras, full=full, say=say)
    say("files.note : absent, la liste des fichiers n’est pas signée / the list of files is not signed")
    return {folder.name: stats.record() | {"signed": False}}


def ready(one: Any) -> Any:
    """What signs the files of a log that may be published now. PUB-103, PUB-104, PUB-105: it may not."""
    from kalata.transparency import folder as files
    from kalata.transparency import publiclog
    from kalata.transparency.site import house

    if one.halted:
        raise LogHalted(log=one.origin, why=str(one.halted.get("code", "")))
    sign = house.signer(one)
    if sign is None:
        raise KeyClosed
    head, disk = publiclog.signed_size(one), files.LogFolder(publiclog.place(one.name)).checkpoint().size
    if head != disk:
        raise OldCheckpoint(log=one.origin, disk=disk, base=head)
    return sign


@contextlib.contextmanager
def first_whole(out: Path, state: Path) -> Iterator[tuple[Path, Path]]:
    """Where to write a site: in its folder where it stands, beside it where it does not stand yet.

    A first publication takes minutes: nobody reads it before its last file is there. Then the folder is renamed.
    """
    if (out.is_dir() and any(out.iterdir())) or out.is_symlink() or out.is_mount():
        yield out, state
        return
    aside = out.resolve().with_name(f".{out.name}.first")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        yield aside, state
        if out.is_dir():
            out.rmdir()
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    memory.moved(state, out)


def from_house(
    folder: Path, codes: tuple[str, ...], full: bool, base: str, no_images: bool, say: Any
) -> dict[str, Any]:
    from django.db import connection
    from django.utils import timezone

    from kalata.transparency import publiclog
    from kalata.transparency.site import builder, house

    found = [(one, contest) for one, contest in house.public_logs() if not codes or one.name in codes]
    for code in codes:
        if code not in {one.name for one, _contest in found}:
            raise NoCheckpoint(log=code)
    if not found:
        raise NothingPublic
    signers = {one.name: ready(one) for one, _contest in found}  # every refusal comes before the first file
    done: dict[str, Any] = {}
    single = len(codes) == 1
    front: list[tuple[str, dict[str, Any]]] = []
    for one, contest in found:
        extras = house.extras_of(contest, timezone.now())
        if base:
            extras.base = f"{base.rstrip('/')}/" if single else f"{base.rstrip('/')}/{one.name}/"
        waiting = one.outbox.filter(done=False).count()
        if waiting:
            say(
                f"{one.name}: {waiting} inscriptions attendent d’être signées, elles ne sont pas publiées / entries wait unsigned, not published"
            )
        connection.close()  # the processes that draw share nothing with the database
        out = folder if single else folder / one.name
        with first_whole(out, house.memory_of(out)) as (where, state):
            stats = builder.publish(
                publiclog.place(one.name), where, extras, image=(lambda _sha: None) if no_images else house.image,
                sign=signers[one.name], full=full, say=say, state=state,
            )  # fmt: skip
        done[one.name] = stats.record() | {"signed": True, "waiting": waiting}
        front.append((one.name, {"fr": contest.name_fr, "en": contest.name_en or contest.name_fr, "election": contest.election.name_fr, "exercise": contest.election.exercise}))  # fmt: skip
    if not single:
        from kalata.transparency.site import front as cover

        cover.write(folder, front)
    return done
