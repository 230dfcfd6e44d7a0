"""`kalata serve`, `demo`, `check`, `backup`, `restore`, `manage`: running the house."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import click

from kalata.cli import setup_django

SEAL_SECONDS = 5


def call(*args: str) -> None:
    from django.core.management import call_command

    call_command(*args, verbosity=0)


def prepared() -> None:
    """A database with every migration, and the static files gathered."""
    from kalata import modes

    call("migrate")
    call("collectstatic", "--noinput")
    modes.tighten()


def free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--workers", default=3, help="web processes, of 4 threads each")
def serve(host: str, port: int, workers: int) -> None:
    """Run web, worker and background loops under one supervisor that stops them together."""
    setup_django()
    prepared()
    sys.exit(supervise(host, port, workers))


def supervise(host: str, port: int, workers: int) -> int:
    """Start every process; when one ends, or on a signal, stop them all. Exit status 0 on a signal."""
    if not free(host, port):
        click.echo(
            f"Le port {port} est déjà pris : choisissez-en un autre avec --port. / Port {port} is taken.", err=True
        )
        return 2
    python = [sys.executable, "-m"]
    commands = {
        "web": [
            *python,
            "gunicorn",
            "kalata.wsgi:application",
            "-k",
            "gthread",
            "--workers",
            str(workers),
            "--threads",
            "4",
            "--bind",
            f"{host}:{port}",
            "--timeout",
            "120",
            "--log-level",
            "warning",
        ],
        "worker": [*python, "kalata", "manage", "db_worker", "--interval", "0.5"],
        "sequencer": [*python, "kalata", "manage", "sequencer"],
    }
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "kalata.settings.office"),
    }
    children = {
        name: subprocess.Popen(line, env=environment, start_new_session=True) for name, line in commands.items()
    }
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(f"Kalata : http://{host}:{port}/   (Ctrl+C pour arrêter)")
    ended = ""
    while not stopping and not ended:
        time.sleep(0.2)
        ended = next((name for name, child in children.items() if child.poll() is not None), "")
    for child in children.values():
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + 15
    for child in children.values():
        try:
            child.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    if ended:
        click.echo(
            f"« {ended} » s’est arrêté (code {children[ended].returncode}) : tout a été arrêté. / stopped with it.",
            err=True,
        )
        return 1
    return 0


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000)
@click.option("--load-only", is_flag=True, help="load the fictional election and stop")
@click.option("--stations", default=None, type=int, help="a smaller election (tests)")
def demo(host: str, port: int, load_only: bool, stations: int | None) -> None:
    """Load the fictional election (once) and serve it."""
    os.environ["KALATA_DEMO"] = "1"
    os.environ.setdefault("KALATA_VAR", str(Path.cwd() / "var" / "demo"))
    setup_django()
    prepared()
    from kalata.results import demonstration

    start = time.monotonic()
    made = demonstration.load(stations=stations, say=lambda text: click.echo(text, err=True))
    demonstration.public_log()
    click.echo(f"{made} ({time.monotonic() - start:.1f} s)", err=True)
    if not load_only:
        sys.exit(supervise(host, port, 2))


@click.command()
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Check settings, database mode, disk, locale, audit chain."""
    import json

    setup_django()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from kalata import modes
    from kalata.country.models import PackVersion
    from kalata.country.rules.pack import pack_from
    from kalata.transparency import locks, queries

    found: list[tuple[str, bool, str]] = []
    try:
        call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
        found.append(("settings", True, "check --deploy: no warning"))
    except Exception as problem:
        found.append(("settings", False, str(problem).strip().splitlines()[-1]))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            mode = cursor.execute("pragma journal_mode").fetchone()[0]
            level = cursor.execute("pragma synchronous").fetchone()[0]
            sound = cursor.execute("pragma quick_check").fetchone()[0]
        found.append(
            ("database", mode == "wal" and level == 2 and sound == "ok", f"sqlite {mode} synchronous={level} {sound}")
        )
    else:
        found.append(("database", True, connection.vendor))
    found.append(("modes", *modes.found()))
    usage = shutil.disk_usage(settings.VAR)
    found.append(("disk", usage.free * 10 > usage.total, f"{usage.free // 2**20} MiB free"))
    found.append(
        ("https", settings.HTTPS, "KALATA_HTTPS=1" if settings.HTTPS else "no TLS: acceptable on one machine only")
    )
    broken = list(queries.breaks())
    found.append(
        (
            "ledger",
            not broken,
            f"{queries.unsealed()} acts not yet sealed" if not broken else f"chain broken at seal {broken[0].seal}",
        )
    )
    unguarded = locks.faults()
    found.append(("guards", not unguarded, "; ".join(map(str, unguarded[:5])) or f"{len(locks.guarded())} tables"))
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
    found.append(("log", not faults and (signing or not logs), "; ".join(faults) or state))
    packs = list(PackVersion.objects.all())
    altered = [v.code for v in packs if pack_from(v.content).fingerprint() != v.sha256]
    found.append(
        (
            "packs",
            not altered,
            ", ".join(f"{v.code} {v.version}" for v in packs) if not altered else f"altered: {altered}",
        )
    )
    if as_json:
        click.echo(
            json.dumps({"checks": [{"name": n, "ok": ok, "detail": d} for n, ok, d in found]}, ensure_ascii=False)
        )
    else:
        for name, ok, detail in found:
            click.echo(f"{'ok ' if ok else 'NO '} {name:10} {detail}")
    sys.exit(0 if all(ok for name, ok, _d in found if name != "https") else 1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
def backup(file: str) -> None:
    """Write a consistent copy of the database and the uploads while the house runs (SQLite).

    A PostgreSQL centre uses pg_basebackup and its archive of the WAL (docs/en/operations.md).
    """
    setup_django()
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        raise click.ClickException("PostgreSQL: use pg_basebackup; see docs/en/operations.md")
    target = Path(file)
    copy = target.with_suffix(".sqlite3.part")
    with sqlite3.connect(str(settings.DATABASES["default"]["NAME"])) as source, sqlite3.connect(copy) as to:
        source.backup(to)
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        out.write(copy, "kalata.sqlite3")
        for path in Path(settings.MEDIA_ROOT).rglob("*"):
            if path.is_file():
                out.write(path, f"files/{path.relative_to(settings.MEDIA_ROOT)}")
        for path in Path(settings.LOG_FOLDER).glob("*/register/*.csv"):
            out.write(path, f"log/{path.relative_to(settings.LOG_FOLDER)}")
    copy.unlink()
    part.replace(target)
    click.echo(f"{target} {target.stat().st_size} bytes")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def restore(file: str) -> None:
    """Put a backup in place. The database now in place is set aside beside it, never deleted."""
    setup_django()
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        raise click.ClickException("PostgreSQL: see docs/en/operations.md")
    place = Path(str(settings.DATABASES["default"]["NAME"]))
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        if "kalata.sqlite3" not in names or any(n.startswith("/") or ".." in Path(n).parts for n in names):
            raise click.ClickException("not a backup made by kalata")
        fresh = place.with_suffix(".restored")
        fresh.write_bytes(packed.read("kalata.sqlite3"))
        with sqlite3.connect(fresh) as probe:
            if probe.execute("pragma integrity_check").fetchone()[0] != "ok":
                raise click.ClickException("the copy in this backup is damaged: nothing was changed")
        if place.exists():
            place.rename(place.with_name(f"{place.name}.aside-{int(time.time())}"))
        for rest in ("-wal", "-shm"):
            place.with_name(place.name + rest).unlink(missing_ok=True)
        fresh.rename(place)
        for name in names:
            if name.startswith("files/"):
                target = Path(settings.MEDIA_ROOT) / name[6:]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(packed.read(name))
            elif name.startswith("log/") and not (kept := Path(settings.LOG_FOLDER) / name[4:]).exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(packed.read(name))
    call("migrate")
    from kalata.transparency import upkeep

    if held := upkeep.hold_after_restore():
        click.echo(
            f"{held} journaux publics attendent : kalata log recover SCRUTIN DOSSIER_PUBLIÉ / public logs wait for kalata log recover",
            err=True,
        )
    click.echo(f"restored {place}")


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    """Any Django management command."""
    from kalata import modes

    modes.private()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.office")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kalata manage", *args])
