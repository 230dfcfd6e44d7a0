"""The copy of a SQLite house: checked before it counts, and put in place whole or not at all (`kalata.archive`: PostgreSQL)."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

import click

from kalata import storage
from kalata.processes import only_house, release
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

DATABASE, MANIFEST = "kalata.sqlite3", "manifest.json"
NAMES = re.compile(r"kalata\.sqlite3|manifest\.json|files/(?:[\w.-]+/)*[\w.-]+|log/[\w-]+/register/[\w.-]+\.csv")
RATIO = 400
"""A file that unpacks to more times its size, and to more than 16 MiB, is not of ours."""
FILES = 1_000_000


class BadBackup(Refused):
    code = "OPS-106"
    says = _("Ce fichier n’est pas une sauvegarde utilisable : %(why)s. Rien n’a été changé.")
    remedy = _("Prenez une autre copie écrite par « kalata backup », ou la précédente.")


class PiecesLost(Refused):
    code = "OPS-112"
    says = _("La copie %(path)s est écrite, mais %(n)d {n:pièce gardée manque ou a changé|pièces gardées manquent ou ont changé} : %(sha)s.")
    remedy = _(
        "Lancez « kalata check ». Gardez toutes les anciennes copies : l’une d’elles peut être la seule à tenir ces pièces."
    )


class InUse(Refused):
    code = "OPS-107"
    says = _("La base de données est ouverte par un autre programme : rien n’a été changé.")
    remedy = _("Arrêtez la maison et tout programme qui lit %(path)s, puis recommencez.")


class NotWritten(Refused):
    code = "OPS-108"
    says = _(
        "La copie n’a pas pu être écrite ou vérifiée : %(why)s. La sauvegarde précédente est intacte, s’il y en a une."
    )
    remedy = _("Lancez « kalata check » ; s’il trouve la base saine, regardez le disque où va la copie.")


class NotRestored(Refused):
    code = "OPS-109"
    says = _("La sauvegarde n’a pas pu être mise en place : %(why)s. L’ancienne base est de nouveau en place.")
    remedy = _("Regardez la place sur le disque et la version du logiciel, puis recommencez.")


def database_path() -> Path:
    """Where the SQLite database lies. A PostgreSQL centre copies otherwise."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        raise click.ClickException("DATABASE_URL: PostgreSQL (kalata backup FOLDER, kalata restore FOLDER)")
    return Path(str(settings.DATABASES["default"]["NAME"]))


# --- writing a copy ----------------------------------------------------------------------------
def copied(target: Path) -> None:
    """Write a consistent copy of the database and the uploads while the house runs, and check it."""
    from kalata.ledger.watching import noted

    with noted("copy", target) as note:
        made = write(database_path(), target)
        note(made.path, f"{PiecesLost.code} {len(made.lost)}" if made.lost else "", made.files)
    click.echo(f"{made.path} {made.path.stat().st_size} bytes, {made.files} files, checked")
    if made.lost:
        raise PiecesLost(n=len(made.lost), sha=", ".join(s[:12] for s in made.lost[:5]), path=str(made.path))


@dataclass(frozen=True, slots=True)
class Written:
    """A copy as it was written. lost: fingerprints of kept files that are missing or damaged, so not in it."""

    path: Path
    files: int
    lost: list[str]


def write(database: Path, target: Path) -> Written:
    """Write `target` whole, checked and on the disk, or leave it as it was (OPS-108).

    Where a kept file is missing or damaged, the former copy may be the last that holds it: it stays, and this one
    is written beside it as `.incomplete`.
    """
    copy, part = target.with_name(f"{target.name}.sqlite3.part"), target.with_name(f"{target.name}.part")
    try:
        with private(copy), closing(storage.opened(database)) as source, closing(sqlite3.connect(copy)) as to:
            source.backup(to)
        counts = sound(copy)
        with private(part) as out:
            written = pack(out, copy, counts)
        verify(part, written)
        storage.synced(part)
        from kalata.archive import single
        from kalata.evidence import copies

        lost = copies.lost_pieces(copy, written)
        if lost and target.exists():
            target = target.with_name(f"{target.name}.incomplete")
        single.put_in_place(part, target)
        return Written(target, len(written), lost)
    except (OSError, sqlite3.DatabaseError, zipfile.BadZipFile, BadBackup) as fault:
        why = str(fault.params["why"]) if isinstance(fault, BadBackup) else str(fault)
        raise NotWritten(why=why) from fault
    finally:
        for rest in (copy, *(copy.with_name(f"{copy.name}-{journal}") for journal in ("wal", "shm")), part):
            rest.unlink(missing_ok=True)


def private(path: Path) -> IO[bytes]:
    """A new file that only its owner reads."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def sound(path: Path) -> dict[str, int]:
    """Rows of each table of a database file that is whole; BadBackup where it is not."""
    with closing(storage.opened(path)) as link:
        found = [str(r[0]) for r in link.execute("pragma integrity_check(5)")]
        if found != ["ok"]:
            raise BadBackup(why=" ".join("; ".join(found).split())[:300])
        if orphans := link.execute("pragma foreign_key_check").fetchmany(5):
            raise BadBackup(why=f"{len(orphans)} rows without what they name, first in {orphans[0][0]}")
        tables = [r[0] for r in link.execute("select name from sqlite_master where type = 'table'")]
        if "django_migrations" not in tables:
            raise BadBackup(why="no table of this software")
        return {t: link.execute(f'select count(*) from "{t}"').fetchone()[0] for t in tables}


def beside() -> Iterator[tuple[Path, str]]:
    """Uploads and registers of the public logs, with their names in a copy."""
    from django.conf import settings

    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):  # a write on its way, a lock
            yield path, f"files/{path.relative_to(settings.MEDIA_ROOT)}"
    for path in sorted(Path(settings.LOG_FOLDER).glob("*/register/*.csv")):
        yield path, f"log/{path.relative_to(settings.LOG_FOLDER)}"


def pack(out: IO[bytes], copy: Path, counts: dict[str, int]) -> dict[str, str]:
    """The zip: name -> SHA-256 of everything in it, said in its manifest too."""
    from kalata.evidence import copies

    written = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for path, name in chain([(copy, DATABASE)], beside(), copies.passing()):
            digest = hashlib.sha256()
            try:
                content = path.open("rb")
            except FileNotFoundError:  # tidied away since it was listed
                continue
            with content, packed.open(zipfile.ZipInfo.from_file(path, name), "w", force_zip64=True) as into:
                while chunk := content.read(1 << 20):
                    digest.update(chunk)
                    into.write(chunk)
            written[name] = digest.hexdigest()
        packed.writestr(MANIFEST, json.dumps({"sha256": written, "rows": counts}, sort_keys=True))
    return written


def verify(path: Path, written: dict[str, str]) -> None:
    """Read the whole copy again, as a restore would."""
    with zipfile.ZipFile(path) as packed:
        acceptable(packed, path)
        for name, wanted in written.items():
            if hash_of(packed, name) != wanted:
                raise BadBackup(why=f"{name} is not what was written")


def hash_of(packed: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with packed.open(name) as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


# --- reading one back ----------------------------------------------------------------------------
def acceptable(packed: zipfile.ZipFile, path: Path) -> list[str]:
    """The names in a backup that is one of ours: no other path, no link, no bomb. BadBackup otherwise."""
    items = packed.infolist()
    names = [i.filename for i in items]
    if DATABASE not in names:
        raise BadBackup(why=f"{DATABASE} is not in it")
    if len(set(names)) != len(names) or len(names) > FILES:
        raise BadBackup(why="names twice, or too many")
    for item in items:
        parts = item.filename.split("/")
        if not NAMES.fullmatch(item.filename) or ".." in parts or "." in parts:
            raise BadBackup(why=f"unexpected name {item.filename[:80]!r}")
        if stat.S_IFMT(item.external_attr >> 16) not in (0, stat.S_IFREG) or item.flag_bits & 1:
            raise BadBackup(why=f"{item.filename[:80]!r} is a link, or encrypted")
        if item.file_size > (16 << 20) and item.file_size > RATIO * max(item.compress_size, 1):
            raise BadBackup(why=f"{item.filename[:80]!r} unpacks to {item.file_size} bytes")
    if sum(i.compress_size for i in items) > path.stat().st_size:
        raise BadBackup(why="its parts overlap")
    return names


def unpack(packed: zipfile.ZipFile, name: str, target: Path, sha256: str = "") -> None:
    """One file out of a backup, no longer than it says, with the content that the manifest says."""
    target.parent.mkdir(parents=True, exist_ok=True)
    left, digest = packed.getinfo(name).file_size, hashlib.sha256()
    with packed.open(name) as content, private(target) as out:
        while chunk := content.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise BadBackup(why=f"{name} is longer than it says")
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if sha256 and digest.hexdigest() != sha256:
        raise BadBackup(why=f"{name} is not what was saved")


def restored(file: Path) -> None:
    """Put a copy in place. The database now in place is set aside beside it, never deleted."""
    from django.conf import settings

    database = database_path()
    held = only_house(settings.VAR)
    try:
        aside, logs = put_back(file, database)
    finally:
        release(held)
    if aside:
        click.echo(f"l’ancienne base est dans {aside} / the former database is in {aside}", err=True)
    if logs:
        click.echo(
            f"{logs} journaux publics attendent : kalata log recover SCRUTIN DOSSIER_PUBLIÉ / public logs wait for kalata log recover",
            err=True,
        )
    click.echo(f"restored {database}")


def put_back(file: Path, database: Path) -> tuple[Path | None, int]:
    """Everything is prepared beside; then a few renames, undone if one fails. Returns (the database set aside, logs held)."""
    from django.conf import settings

    stage = Path(settings.VAR) / f"restoring-{os.getpid()}"
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir(parents=True, mode=0o700)
        names = staged(file, stage)
        fresh = stage / DATABASE
        logs = upgraded(fresh, file.name)
        return in_place(stage, fresh, database, names), logs
    except (Refused, click.ClickException):
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, EOFError) as fault:
        raise BadBackup(why=str(fault)[:200]) from fault
    except Exception as fault:
        raise NotRestored(why=str(fault)[:200]) from fault
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def staged(file: Path, stage: Path) -> list[str]:
    """The content of the backup, checked, in a folder of its own on the disk of the house."""
    with zipfile.ZipFile(file) as packed:
        names = acceptable(packed, file)
        need, free = sum(i.file_size for i in packed.infolist()), shutil.disk_usage(stage).free
        if need * 11 // 10 > free:
            raise BadBackup(why=f"{need >> 20} MiB to unpack, {free >> 20} MiB free")
        said: dict[str, Any] = {}
        if MANIFEST in names:
            said = json.loads(packed.read(MANIFEST))
            names.remove(MANIFEST)
            if set(said["sha256"]) != set(names):
                raise BadBackup(why="its manifest names other files")
        for name in names:
            unpack(packed, name, stage / name, said.get("sha256", {}).get(name, ""))
    try:
        rows = sound(stage / DATABASE)
    except sqlite3.DatabaseError as fault:
        raise BadBackup(why=f"its database is damaged: {fault}") from fault
    if said and {t: n for t, n in rows.items() if said["rows"].get(t) != n}:
        raise BadBackup(why="its tables do not have the rows that were saved")
    return [n for n in names if n != DATABASE]


def upgraded(fresh: Path, source: str) -> int:
    """The restored database with every migration of this version, alone in its file. Returns how many logs wait."""
    from django.core.management import call_command
    from django.db import connection

    from kalata.ledger import house
    from kalata.transparency import upkeep

    here = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(fresh)
    try:
        call_command("migrate", verbosity=0)
        held = upkeep.hold_after_restore()
        house.copy_restored(base=source, until="", held=held)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = here
    alone(fresh)
    storage.synced(fresh)
    return held


def alone(database: Path) -> bool:
    """Bring the journal back into the file and delete it. False where the file is too damaged; OPS-107 while open elsewhere."""
    try:
        with closing(sqlite3.connect(database, timeout=2)) as link:
            mode = link.execute("pragma journal_mode=delete").fetchone()[0]
        if mode != "delete":
            raise InUse(path=str(database))
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault) or "busy" in str(fault):
            raise InUse(path=str(database)) from None
        return False
    except sqlite3.DatabaseError:
        return False
    return True


def roots() -> dict[str, Path]:
    """The folder that each first word of a name in a copy stands for."""
    from django.conf import settings

    return {"files": Path(settings.MEDIA_ROOT), "log": Path(settings.LOG_FOLDER)}


def in_place(stage: Path, fresh: Path, database: Path, names: list[str]) -> Path | None:
    """Set the present database aside with its journal, put the fresh one and its files in place; or undo it all."""
    from django.conf import settings

    from kalata.evidence.copies import as_good

    moved = f"aside-{time.time_ns() // 1_000_000}"
    aside = database.with_name(f"{database.name}.{moved}")
    places = roots()
    present = database.exists()
    if present and not storage.quick_faults(database):  # one that is damaged is not written to, not even by SQLite
        alone(database)
    with ExitStack() as undo:
        for tail in ("", "-wal", "-shm"):  # a damaged database keeps its journal: the three go together
            move(database.with_name(database.name + tail), aside.with_name(aside.name + tail), undo)
        move(fresh, database, undo)
        for name in names:
            top, _slash, rest = name.partition("/")
            target = places[top] / rest
            if target.exists() and (top == "log" or as_good(target, stage / name)):
                continue
            move(target, Path(settings.VAR) / moved / name, undo)
            move(stage / name, target, undo)
        storage.synced(database)
        undo.pop_all()
    return aside if present else None


def move(source: Path, target: Path, undo: ExitStack) -> None:
    """Rename, and remember how to rename back."""
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.rename(source, target)
    undo.callback(back(source, target))


def back(source: Path, target: Path) -> Callable[[], None]:
    def again() -> None:
        with suppress(OSError):
            os.rename(target, source)

    return again
