"""`kalata check`: what must hold of settings, database, disk, processes, ledger, log and packs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from kalata.cli import setup_django

Found = tuple[str, bool, str]


@click.command()
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Check settings, database, disk, processes, guards, approvals, audit chain, public log, packs. Exit 1 where one is wrong."""
    setup_django()
    found: list[Found] = []
    for name, one in CHECKS.items():
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


def pulse() -> tuple[bool, str]:
    """Where the house runs, each background process has given a sign of life within a minute."""
    from django.conf import settings

    from kalata.ledger import pulse as pulses
    from kalata.processes import AlreadyRunning, only_house, release

    try:
        release(only_house(settings.VAR))
    except AlreadyRunning:
        silent = [message.text("en") for name, message in pulses.alarms() if name in pulses.MISSING]
        return not silent, "; ".join(silent) or "sequencer and worker at work"
    return True, "the house is not running"


def ledger() -> tuple[bool, str]:
    from kalata.ledger import queries

    broken = list(queries.breaks())
    return not broken, (
        f"chain broken at seal {broken[0].seal}" if broken else f"{queries.unsealed()} acts not yet sealed"
    )


def guards() -> tuple[bool, str]:
    from kalata.ledger import locks

    unguarded = locks.faults()
    return not unguarded, "; ".join(map(str, unguarded[:5])) or f"{len(locks.guarded())} tables"


def two_persons() -> tuple[bool, str]:
    from kalata.results.queries.signatures import unsigned

    found = unsigned()
    return not found, "; ".join(found[:5]) or "publications and mandates have their approvals"


def public_log() -> tuple[bool, str]:
    from kalata.transparency import publiclog
    from kalata.transparency.models import PublicLog

    logs = list(PublicLog.objects.all())
    faults = [
        f"{one.origin}: {(one.halted or {}).get('code') or 'differs from the database'}"
        for one in logs
        if one.halted or one.alarm
    ]
    signing = publiclog.key_path().exists() and bool(publiclog.passphrase())
    state = f"{len(logs)} logs, {publiclog.signed_entries()} signed entries" + (
        "" if signing else "; no open key: nothing is signed"
    )
    return not faults and (signing or not logs), "; ".join(faults) or state


MOST_READ = 2 * 2**30


def evidence() -> tuple[bool, str]:
    """Every kept file is there; those read longest ago are read again, up to MOST_READ bytes."""
    from kalata.evidence import rehash

    return rehash.checked(MOST_READ)


def packs() -> tuple[bool, str]:
    from kalata.country.models import PackVersion
    from kalata.country.rules.pack import pack_from

    loaded = list(PackVersion.objects.all())
    altered = [v.code for v in loaded if pack_from(v.content).fingerprint() != v.sha256]
    return not altered, f"altered: {altered}" if altered else ", ".join(f"{v.code} {v.version}" for v in loaded)


CHECKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "settings": settings_hold, "database": database, "modes": file_modes, "disk": disk, "https": https, "pulse": pulse, "ledger": ledger,
    "guards": guards, "two": two_persons, "log": public_log, "evidence": evidence, "packs": packs,
}  # fmt: skip
