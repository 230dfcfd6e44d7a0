"""The journal of PostgreSQL as it is written, and kept files as they come, into the archive within seconds.

`pg_receivewal` holds a slot, so that the server lets go of nothing that is not here. Its spool is in the house's own
folder; each pass seals what is whole, and the piece being written as it stands.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from kalata.archive import files, tools
from kalata.archive.place import HISTORY, PARTIAL, SEGMENT, Place
from kalata.archive.sealed import TAIL, seal, seal_open
from kalata.processes import die_with

EVERY = 15
"""Seconds between two passes: what the loss of the machine can cost, with the seconds that one pass takes."""
SLOT = "kalata"


class Stream:
    """One service that follows one PostgreSQL into one archive."""

    def __init__(self, place: Place, keys: list[Any], spool: Path, slot: str = SLOT) -> None:
        self.place, self.keys, self.spool, self.slot = place, keys, spool, slot
        self.said = tools.replication()
        self.major, system = tools.server()
        self.program = tools.tool("pg_receivewal", self.major)
        self.seen: dict[str, float] = {}
        self.partial: tuple[str, float] = ("", 0.0)
        self.child: subprocess.Popen[bytes] | None = None
        self.stopping = False
        self.fails = 0
        self.again = 0.0
        place.belongs(system, begin=True)
        spool.mkdir(parents=True, exist_ok=True, mode=0o700)

    def ask(self, *args: str) -> list[str]:
        return [self.program, "-d", tools.conninfo(self.said), "-w", "--slot", self.slot, *args]

    def begin(self) -> str:
        """Start pg_receivewal where it does not run. Returns what is wrong, "" where nothing is."""
        if self.child is not None and self.child.poll() is None:
            self.fails = 0
            return ""
        why = tools.last_words((self.spool / "said").read_bytes()) if self.child is not None else ""
        if time.monotonic() < self.again:
            return why or "pg_receivewal is not running"
        self.fails += 1
        self.again = time.monotonic() + min(60, 2**self.fails)
        made = subprocess.run(
            self.ask("--create-slot", "--if-not-exists"), capture_output=True, env=tools.environment(self.said)
        )
        if made.returncode:
            return tools.last_words(made.stderr)
        me = os.getpid()
        with (self.spool / "said").open("wb") as out:
            self.child = subprocess.Popen(
                self.ask("-D", str(self.spool), "--synchronous", "--no-loop", "-s", "5"), stdout=out, stderr=out,
                env=tools.environment(self.said), preexec_fn=lambda: die_with(me),
            )  # fmt: skip
        return why

    def turn(self) -> int:
        """Seal what is new. Returns how many pieces of the journal were."""
        done = 0
        whole = sorted(p for p in self.spool.iterdir() if SEGMENT.fullmatch(p.name) or HISTORY.fullmatch(p.name))
        for path in whole:
            target = self.place.wal / f"{path.name}{TAIL}"
            if not target.exists():
                seal(path, path.name, target, self.keys, self.place.marking)
                done += 1
            (self.place.wal / f"{path.name}{PARTIAL}{TAIL}").unlink(missing_ok=True)
        for path in [p for p in whole if SEGMENT.fullmatch(p.name)][:-1]:  # the newest says where to go on
            path.unlink()
        done += self.being_written()
        files.brought(self.place, self.keys, self.seen)
        return done

    def being_written(self) -> int:
        """The piece that PostgreSQL is writing, as it stands now."""
        for path in sorted(self.spool.glob(f"*{PARTIAL}"))[-1:]:
            with suppress(FileNotFoundError):
                stands = (path.name, path.stat().st_mtime)
                if stands == self.partial:
                    return 0
                bare = path.name.removesuffix(PARTIAL)
                content = path.read_bytes()
                seal_open(
                    io.BytesIO(content), bare, self.place.wal / f"{path.name}{TAIL}", self.keys, self.place.marking
                )
                self.partial = stands
                return 1
        return 0

    def once(self) -> str:
        """One pass. Returns what is wrong; it is also kept for the watch of the house."""
        from kalata.ledger import watching

        fault = self.begin()
        try:
            self.turn()
        except OSError as why:
            fault = str(why)
        watching.followed(self.place.folder, fault)
        return fault

    def forever(self, every: float = EVERY) -> None:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_given: setattr(self, "stopping", True))
        while not self.stopping:
            begun = time.monotonic()
            self.once()
            while not self.stopping and time.monotonic() - begun < every:
                time.sleep(0.2)
        self.end()

    def end(self) -> None:
        """Stop in order: what has come is sealed."""
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.child.wait(20)
            if self.child.poll() is None:
                self.child.kill()
                self.child.wait()
        self.turn()
