"""The lines of the service's log: one record one line, in universal time, whatever a stranger put into it."""

from __future__ import annotations

import logging
import time

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
