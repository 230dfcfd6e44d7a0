"""The lines of the service's log: one record one line, in universal time, whatever a stranger put into it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import time
import traceback
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def plain(text: str) -> str:
    """The text on one line: whatever is not printable is written \\n, \\x1b, \\u202e.

    >>> plain("a\\nb")
    'a\\\\nb'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class Line(logging.Formatter):
    """2026-11-25T16:41:47.123Z WARNING kalata.refused …; a traceback follows on lines that begin with "    | "."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.message = plain(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # type: ignore[override]  # noqa: N802
        text = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(f"    | {plain(line)}" for line in text.splitlines())


TOLD = ("status", "method", "route", "person", "seconds")
"""What a record may carry of its own (`extra`), each of a kind that names nobody."""
ONCE = secrets.token_bytes(16)


def veiled(value: object) -> object:
    """A number as it is; of any other value a short print, the same in this process for the same value, and nothing of it.

    >>> veiled(3), veiled("Moussa") == veiled("Moussa"), "Moussa" in str(veiled("Moussa"))
    (3, True, False)
    """
    if isinstance(value, bool | int | float) or value is None:
        return value
    return f"~{hmac.new(ONCE, str(value).encode(), hashlib.sha256).hexdigest()[:10]}"


class JsonLine(logging.Formatter):
    """One record one object, for where logs are gathered: the sentence as it stands in the source, never what filled it.

    Names, addresses and texts of people come only in what fills a sentence, in what an exception says and in paths: the
    first is veiled, of the second the class and the places in the code are kept, of the third nothing.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"
        filled = record.args.values() if isinstance(record.args, dict) else record.args or ()
        own = isinstance(record.msg, str) and bool(record.args or record.name.startswith("kalata"))
        said: dict[str, object] = {
            "at": at, "level": record.levelname, "logger": record.name, "process": record.process,
            "where": f"{record.module}:{record.lineno}",
            "event": record.msg if own else veiled(record.msg),
        }  # fmt: skip
        if filled:
            said["with"] = [veiled(one) for one in filled]
        said |= {name: getattr(record, name) for name in TOLD if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            said["fault"] = record.exc_info[0].__name__
            stack = traceback.extract_tb(record.exc_info[2])[-12:]
            said["stack"] = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in stack]
        return json.dumps(said, ensure_ascii=False)
