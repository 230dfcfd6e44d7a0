"""A program in a terminal of its own, answered as a person types; and the code that a telephone shows."""

from __future__ import annotations

import base64
import contextlib
import hmac
import os
import pty
import re
import select
import struct
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

SPENT: dict[str, int] = {}
"""The last half minute whose code each telephone has given: a code serves once."""


def code_of(secret: str) -> str:
    """What a code application shows for a secret, waiting for the next one where this one has served (RFC 6238)."""
    while SPENT.get(secret) == (step := int(time.time()) // 30):
        time.sleep(0.5)
    SPENT[secret] = step
    mark = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    at = mark[-1] & 15
    return f"{(struct.unpack('>I', mark[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


class Terminal:
    """counts: who keeps `keys`, those pressed here."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], counts: Any) -> None:
        self.counts, self.text = counts, ""
        counts.keys += len(" ".join(("kalata", *words[1:]))) + 1
        self.pid, self.file = pty.fork()
        if not self.pid:
            os.execve(words[0], list(words), dict(env))

    def __enter__(self) -> Terminal:
        return self

    def until(self, pattern: str, *, end: bool = False, seconds: float = 300) -> str:
        """What was written up to the pattern; end: up to the end of the program, which must have gone well."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if not end and (found := re.search(pattern, self.text)):
                said, self.text = self.text[: found.end()], self.text[found.end() :]
                return said
            try:
                if select.select([self.file], [], [], 0.3)[0]:
                    piece = os.read(self.file, 65_536)
                    self.text += piece.decode("utf-8", "replace")
                    if piece:
                        continue
            except OSError:  # the program has ended
                if not end:
                    raise RuntimeError(f"ended before {pattern!r}: {self.text[-800:]}") from None
                return self.text
        raise RuntimeError(f"{pattern!r} never came: {self.text[-800:]}")

    def answer(self, pattern: str, typed: str) -> None:
        """Wait for a question, then type and press Enter."""
        self.until(f"{pattern}[^\\n]*: ?$" if pattern else ": ?$")
        os.write(self.file, f"{typed}\r".encode())
        self.counts.keys += len(typed) + 1
        time.sleep(0.15)

    def __exit__(self, kind: type[BaseException] | None, what: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            with contextlib.suppress(RuntimeError):
                self.until("", end=True)
            status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            if status:
                raise RuntimeError(f"exit status {status}: {self.text[-800:]}")
        else:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.file)
