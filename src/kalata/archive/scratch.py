"""A PostgreSQL put back from an archive: unpacked, led through its journal, started for nobody but us, on a socket alone."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kalata.archive import tools
from kalata.archive.place import SEGMENT, Base, Place
from kalata.archive.refusals import NotOurs, NotRecovered
from kalata.archive.sealed import TAIL, chunks_of, unseal, unsealed

LONGEST_S = 4 * 3600


@dataclass
class Instance:
    """A PostgreSQL of ours in a folder, its socket in a folder that nobody else enters."""

    data: Path
    socket: Path
    base: Base
    figures: dict[str, float] = field(default_factory=dict)

    def url(self) -> str:
        return f"postgresql://{self.base.user or 'postgres'}@/{self.base.database}?host={self.socket}"


def unpacked(place: Place, base: Base, keys: list[Any], into: Path) -> None:
    """The base as it was, into an empty folder. OPS-155 where a byte of it differs from its list."""
    sealed = place.base / f"{base.name}.tar.gz{TAIL}"
    digest = hashlib.sha256()
    with sealed.open("rb") as content:
        for chunk in chunks_of(content):
            digest.update(chunk)
    if not hmac.compare_digest(digest.hexdigest(), base.sha256):
        raise NotOurs(name=sealed.name, why="it is not what was written")
    into.mkdir(mode=0o700)
    with subprocess.Popen(["tar", "-x", "-C", str(into)], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as tar:
        assert tar.stdin is not None and tar.stderr is not None
        try:
            unsealed(sealed, tar.stdin.write, keys)
        except BrokenPipeError:
            pass
        finally:
            with suppress(BrokenPipeError):
                tar.stdin.close()
        why = tar.stderr.read()
    if tar.returncode:
        raise NotRecovered(why=tools.last_words(why))


def verified(data: Path, major: int) -> None:
    """PostgreSQL's own check of every file of the base against its manifest, where it brought one."""
    manifest = data / "backup_manifest"
    if manifest.exists():
        done = subprocess.run(
            [tools.tool("pg_verifybackup", major), "-n", "-q", str(data)], capture_output=True, env={**os.environ, "LC_ALL": "C"}
        )  # fmt: skip
        if done.returncode:
            raise NotRecovered(why=tools.last_words(done.stderr))


def journal(place: Place, base: Base, keys: list[Any], into: Path) -> int:
    """Every piece of the journal from the base on, opened, for PostgreSQL to take. Returns how many."""
    into.mkdir(mode=0o700)
    n = 0
    for name, sealed in place.stretch(base):
        unseal(sealed, name, into / name, keys, place.marking)
        n += bool(SEGMENT.fullmatch(name))
    return n


def config(here: Path, socket: Path, waiting: Path, until: datetime | None, *, keep: bool) -> str:
    """Nobody is heard but through the socket; the journal comes from `waiting`; a trial need not survive a power cut."""
    target = f"recovery_target_time = '{until.isoformat()}'" if until else ""
    fsync = "on" if keep else "off"
    return f"""listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
hba_file = '{here}/hba'
ident_file = '{here}/ident'
external_pid_file = ''
shared_preload_libraries = ''
archive_mode = off
hot_standby = off
fsync = {fsync}
full_page_writes = on
autovacuum = off
logging_collector = off
max_connections = 40
restore_command = 'cp "{waiting}/%f" "%p"'
recovery_target_action = 'promote'
recovery_target_timeline = 'latest'
{target}
"""


def prepared(data: Path, here: Path, socket: Path, waiting: Path, until: datetime | None, *, keep: bool) -> None:
    """Settings of our own, apart from those that came with the base; those set by hand there are kept beside."""
    auto = data / "postgresql.auto.conf"
    if auto.exists() and auto.stat().st_size:
        shutil.copyfile(auto, data / "postgresql.auto.conf.saved")
    auto.write_text("", encoding="ascii")
    (here / "conf").write_text(config(here, socket, waiting, until, keep=keep), encoding="utf-8")
    (here / "hba").write_text("local all all trust\n", encoding="ascii")
    (here / "ident").write_text("", encoding="ascii")
    (data / "recovery.signal").write_text("", encoding="ascii")
    for name in ("standby.signal", "postmaster.pid"):
        (data / name).unlink(missing_ok=True)


@contextmanager
def started(
    place: Place, base: Base, keys: list[Any], stage: Path, *, until: datetime | None = None, keep: bool = False,
    say: Callable[[str], object] = lambda _text: None,
) -> Iterator[Instance]:  # fmt: skip
    """Unpack, check, lead through the journal and start; stopped at the end. keep: the folder is to serve afterwards."""
    begun = time.monotonic()
    data, waiting = stage / "data", stage / "journal"
    socket = Path(tempfile.mkdtemp(prefix="kalata-pg-", dir="/tmp"))
    who = tools.owner()
    one = Instance(data, socket, base)
    try:
        say(f"{base.name}: {base.size >> 20} Mio")
        unpacked(place, base, keys, data)
        verified(data, base.postgres)
        one.figures["unpack"] = time.monotonic() - begun
        one.figures["pieces"] = journal(place, base, keys, waiting)
        one.figures["journal"] = time.monotonic() - begun - one.figures["unpack"]
        prepared(data, stage, socket, waiting, until, keep=keep)
        tools.given_to(who, [stage, socket, *stage.rglob("*")])
        mark = time.monotonic()
        control(base, "start", data, stage)
        one.figures["recover"] = time.monotonic() - mark
        yield one
    finally:
        if (data / "postmaster.pid").exists():
            with suppress(NotRecovered):
                control(base, "stop", data, stage)
        shutil.rmtree(socket, ignore_errors=True)
        shutil.rmtree(waiting, ignore_errors=True)


def control(base: Base, word: str, data: Path, stage: Path) -> None:
    """pg_ctl start or stop, as whom PostgreSQL may run. OPS-156 with its last word."""
    log = stage / "log"
    args = [tools.tool("pg_ctl", base.postgres), word, "-D", str(data), "-w", "-t", str(LONGEST_S)]
    args += ["-l", str(log), "-o", f"-c config_file={stage / 'conf'}"] if word == "start" else ["-m", "fast"]
    who = tools.owner()
    done = subprocess.run(
        args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=stage,
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")}, user=who.pw_uid if who else None, group=who.pw_gid if who else None, extra_groups=[] if who else None,
    )  # fmt: skip
    if done.returncode:
        raise NotRecovered(why=tools.last_words(log.read_bytes() if log.exists() else ""))
