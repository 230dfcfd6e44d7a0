"""A base: the whole PostgreSQL as one sealed file, by `pg_basebackup`, with the journal that makes it whole by itself."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kalata.archive import files, tools
from kalata.archive.place import Base, Place, now
from kalata.archive.refusals import NotCopied
from kalata.archive.sealed import TAIL, chunks_of, sealed_stream
from kalata.version import built


@dataclass(frozen=True, slots=True)
class Made:
    base: Base
    files: int
    gone: tuple[int, int]


def write(place: Place, keys: list[Any], keep: int) -> Made:
    """Write a base and the files that the archive lacks; then let go of what is older than `keep` bases. OPS-153."""
    from django.db import connection

    major, system = tools.server()
    place.belongs(system, begin=True)
    program = tools.tool("pg_basebackup", major)
    with connection.cursor() as cursor:
        cursor.execute("select pg_walfile_name(pg_current_wal_lsn())")
        segment = str(cursor.fetchone()[0])
    began, name = now(), f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    size, sha256 = run(program, place, keys, name)
    said = connection.settings_dict
    one = place.keep(
        Base(
            name=name, began=began, ended=now(), segment=segment, size=size, sha256=sha256, postgres=major, system=system,
            build=built(), database=str(said["NAME"]), user=str(said["USER"]),
        )
    )  # fmt: skip
    fresh = files.brought(place, keys, {})
    gone = place.thin(keep)
    if gone[0]:
        files.let_go(place, place.bases()[0].at)
    return Made(one, fresh, gone)


def run(program: str, place: Place, keys: list[Any], name: str) -> tuple[int, str]:
    """pg_basebackup into a sealed file: nothing of it touches the disk in clear. Nothing is left of one that fails."""
    said = tools.replication()
    target = place.base / f"{name}.tar.gz{TAIL}"
    asked = [program, "-d", tools.conninfo(said), "-w", "-D", "-", "-F", "tar", "-Z", "1", "-X", "fetch", "-c", "fast", "-l", f"kalata {name}"]  # fmt: skip
    errors = place.folder / ".base.err"
    try:
        with errors.open("w+b") as log:
            child = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=log, env=tools.environment(said))
            assert child.stdout is not None
            try:
                written = sealed_stream(chunks_of(child.stdout), target, keys)
            except BaseException:
                child.kill()
                raise
            finally:
                child.stdout.close()
                status = child.wait()
            log.seek(0)
            why = tools.last_words(log.read())
        if status:
            target.unlink(missing_ok=True)
            raise NotCopied(why=why)
        return written
    except OSError as fault:
        target.unlink(missing_ok=True)
        raise NotCopied(why=str(fault)) from fault
    finally:
        errors.unlink(missing_ok=True)
