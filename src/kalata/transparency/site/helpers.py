"""Processes that help to draw a site: commands of their own, never forks.

A fork copies the handlers of signals and the locks that other threads hold: a child of the sequencer that was
told to stop only set a flag, and its parent waited for ever. A helper starts from nothing, ends when its parent
ends, and is waited for as long as something comes from it, not longer.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from types import GeneratorType
from typing import Any, BinaryIO

from kalata.bounded import die_with, environment

PATIENCE_S = 900.0
"""The longest silence of a helper that is still at work: one slice of stations, or all the open data."""
WORD = 8


class Lost(RuntimeError):
    """A helper failed, or ended or fell silent before its work was done."""


class Helper:
    """A call in a process of its own. `parts` gives what it yields, or its one result."""

    def __init__(self, call: Callable[..., Any], *args: Any) -> None:
        # Written by us, read by our child, in a file without a name: nobody else's pickle is ever read.
        self.task = tempfile.TemporaryFile()  # noqa: SIM115
        pickle.dump((os.getpid(), call, args), self.task, protocol=5)
        self.task.seek(0)
        self.held = bytearray()
        command = [sys.executable, "-m", "kalata.transparency.site.helpers"]
        self.process = subprocess.Popen(command, stdin=self.task, stdout=subprocess.PIPE, env=environment())

    def __enter__(self) -> Helper:
        return self

    def __exit__(self, *_why: object) -> None:
        self.end()

    def end(self) -> None:
        """Over, whatever it is doing: asked first, then killed. Returns when it is gone."""
        self.task.close()
        if self.process.stdout:
            self.process.stdout.close()
        for tell, seconds in ((lambda: None, 5), (self.process.terminate, 5), (self.process.kill, 60)):
            tell()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                return

    def read(self) -> Iterator[tuple[str, Any]]:
        """What has come since the last time, whole messages only."""
        assert self.process.stdout is not None
        fresh = os.read(self.process.stdout.fileno(), 1 << 20)
        if not fresh:
            raise Lost(f"a helper ended with code {self.process.wait(60)}")
        self.held += fresh
        while len(self.held) >= WORD:
            size = int.from_bytes(self.held[:WORD], "big")
            if len(self.held) < WORD + size:
                return
            message = pickle.loads(bytes(self.held[WORD : WORD + size]))
            del self.held[: WORD + size]
            yield message

    def result(self) -> Any:
        """The last thing it gave."""
        *_rest, last = parts([self])
        return last


def parts(helpers: Sequence[Helper], patience: float | None = None) -> Iterator[Any]:
    """What helpers give, as it comes. Lost: one failed, or all were silent for too long."""
    with selectors.DefaultSelector() as waiting:
        for one in helpers:
            assert one.process.stdout is not None
            waiting.register(one.process.stdout, selectors.EVENT_READ, one)
        while waiting.get_map():
            found = waiting.select(PATIENCE_S if patience is None else patience)
            if not found:
                raise Lost("the helpers have been silent for too long")
            for key, _mask in found:
                for kind, value in key.data.read():
                    if kind == "failed":
                        raise Lost(str(value))
                    if kind == "done":
                        waiting.unregister(key.fileobj)
                    else:
                        yield value


# --- the child ------------------------------------------------------------------------------------
def send(out: BinaryIO, kind: str, value: Any = None) -> None:
    data = pickle.dumps((kind, value), protocol=5)
    out.write(len(data).to_bytes(WORD, "big") + data)
    out.flush()


def main() -> int:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no message
    parent, call, args = pickle.load(sys.stdin.buffer)
    die_with(parent)
    try:
        found = call(*args)
        for part in found if isinstance(found, GeneratorType) else [found]:
            send(out, "part", part)
        send(out, "done")
    except Exception as why:
        send(out, "failed", f"{type(why).__name__}: {why}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
