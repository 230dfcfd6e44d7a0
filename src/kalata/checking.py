"""`kalata check`: what must hold of settings, database, disk, processes, ledger, log and packs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from kalata import rooms
from kalata.cli import setup_django

Found = tuple[str, bool, str]


@click.command()
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Check settings, database, disk, processes, guards, approvals, audit chain, public log, packs. Exit 1 where one is wrong."""
    setup_django()
    found: list[Found] = []
    for name, one in checks():
        try:
            found.append((name, *one()))
        except Exception as problem:  # a check that cannot be made is not a check that holds
            found.append((name, False, f"could not be checked: {str(problem).strip().splitlines()[-1:] or problem!r}"))
    if as_json:
        click.echo(
            json.dumps({"checks": [{"name": n, "ok": ok, "detail": d} for n, ok, d in found]}, ensure_ascii=False)
        )
    else:
        for name, ok, detail in found:
            click.echo(f"{'ok ' if ok else 'NO '} {name:10} {detail}")
    sys.exit(0 if all(ok for name, ok, _d in found if name != "https") else 1)


def settings_hold() -> tuple[bool, str]:
    from django.core.management import call_command

    try:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
    except Exception as problem:
        return False, str(problem).strip().splitlines()[-1]
    return True, "check --deploy: no warning"


def database() -> tuple[bool, str]:
    """Mode and soundness; where a page is damaged, in which tables and after which row."""
    from django.conf import settings
    from django.db import connection

    from kalata import storage

    if connection.vendor != "sqlite":
        return True, connection.vendor
    where = storage.where_damaged(Path(str(settings.DATABASES["default"]["NAME"])))
    if where:
        return False, "; ".join(where)
    with connection.cursor() as cursor:
        mode = cursor.execute("pragma journal_mode").fetchone()[0]
        level = cursor.execute("pragma synchronous").fetchone()[0]
        recursive = cursor.execute("pragma recursive_triggers").fetchone()[0]
    return mode == "wal" and level == 2 and recursive == 1, f"sqlite {mode} synchronous={level}, every page sound"


def file_modes() -> tuple[bool, str]:
    from kalata import modes

    return modes.found()


def disk() -> tuple[bool, str]:
    from django.conf import settings

    usage = shutil.disk_usage(settings.VAR)
    return usage.free * 10 > usage.total, f"{usage.free // 2**20} MiB free"


def https() -> tuple[bool, str]:
    from django.conf import settings

    return settings.HTTPS, "KALATA_HTTPS=1" if settings.HTTPS else "no TLS: acceptable on one machine only"


OWN: dict[str, Callable[[], tuple[bool, str]]] = {
    "settings": settings_hold, "database": database, "modes": file_modes, "disk": disk, "https": https,
}  # fmt: skip


def checks() -> Iterator[tuple[str, Callable[[], tuple[bool, str]]]]:
    """The house's own checks, then those of the rooms in order of place."""
    yield from OWN.items()
    for one in sorted((one for room in rooms.every() for one in room.checks), key=lambda one: one.place):
        yield one.name, rooms.load(one.what)
