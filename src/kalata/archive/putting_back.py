"""An archive put back for good: into the empty database of DATABASE_URL, or as a folder for a PostgreSQL of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kalata.archive import files, scratch, tools, trial
from kalata.archive.place import Base, Place
from kalata.archive.refusals import NotRecovered, NotWhole, TargetNotEmpty


@dataclass
class Restored:
    base: Base
    facts: dict[str, Any]
    figures: dict[str, float] = field(default_factory=dict)
    files: int = 0
    bad: list[str] = field(default_factory=list)


def empty_target() -> None:
    """OPS-157 where the database of this house holds a table."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            said = connection.settings_dict
            raise TargetNotEmpty(name=str(said["NAME"]), owner=str(said["USER"] or "kalata"))
    connection.close()


def put_back(
    place: Place, keys: list[Any], stage: Path, *, base: str = "", until: datetime | None = None, into: Path | None = None,
    say: Callable[[str], object] = lambda _text: None,
) -> Restored:  # fmt: skip
    """Bring a house back as it was (`until`: at that moment). Its public logs wait to be compared (LOG-205)."""
    if into is None:
        empty_target()
    begun = time.monotonic()
    one = place.chosen(base, until)
    with scratch.started(place, one, keys, stage, until=until, keep=into is not None, say=say) as running:
        told = trial.asked("ready", running.url(), stage / "var", {"base": one.name, "until": until.isoformat() if until else ""})  # fmt: skip
        done = Restored(one, told, running.figures)
        if into is None:
            mark = time.monotonic()
            loaded(running)
            done.figures["load"] = time.monotonic() - mark
            same(told["rows"])
    if into is not None:
        (stage / "data").rename(into)
    done.files, done.bad = put_files(place, keys)
    done.figures["rto"] = time.monotonic() - begun
    return done


def put_files(place: Place, keys: list[Any]) -> tuple[int, list[str]]:
    from django.conf import settings

    from kalata import backups

    aside = Path(settings.VAR) / f"aside-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    return files.back(place, keys, backups.roots(), aside)


def loaded(running: scratch.Instance) -> None:
    """All of it by pg_dump and pg_restore in one transaction: whole, or the target is as empty as before. OPS-156."""
    from django.db import connection

    major = max(running.base.postgres, tools.server()[0])
    connection.close()
    said = dict(connection.settings_dict)
    held = running.socket / "dumped"
    with held.open("w+b") as errors:
        dump = subprocess.Popen(
            [tools.tool("pg_dump", running.base.postgres), "-Fc", "-Z", "0", "-d", running.url()],
            stdout=subprocess.PIPE, stderr=errors, env=tools.environment({}),
        )  # fmt: skip
        restore = subprocess.run(
            [tools.tool("pg_restore", major), "--no-owner", "--no-privileges", "--single-transaction", "-w", "-d", tools.conninfo(said)],
            stdin=dump.stdout, stderr=subprocess.PIPE, env=tools.environment(said),
        )  # fmt: skip
        assert dump.stdout is not None
        dump.stdout.close()
        status = dump.wait()
        errors.seek(0)
        why = tools.last_words(restore.stderr if restore.returncode else errors.read())
    if status or restore.returncode:
        raise NotRecovered(why=why)


def same(rows: dict[str, int]) -> None:
    """OPS-158 where a table did not arrive with every row."""
    from django.db import connection

    here = trial.counted(connection)
    odd = sorted(t for t in rows.keys() | here.keys() if rows.get(t) != here.get(t))
    if odd:
        raise NotWhole(why=", ".join(f"{t}: {here.get(t)} / {rows.get(t)}" for t in odd[:4]))
