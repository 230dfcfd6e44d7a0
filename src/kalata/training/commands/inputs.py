"""What the commands of training and posts read and print: a text file or standard input, one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kalata.text import gettext_noop as _
from kalata.training.rules.faults import Unopened
from kalata.training.rules.rows import Table, table_of

MOST = 64 << 20


def text_of(path: str) -> str:
    """The text of a file in UTF-8 (- for standard input), its mark of order taken off.

    Raises: TRN-105 where it cannot be opened, is too large or is not UTF-8.
    """
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MOST + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MOST + 1)
    except OSError as error:
        raise Unopened(file=path, why=error.strerror or str(error), most=MOST >> 20) from None
    if len(data) > MOST:
        raise Unopened(file=path, why=_("il est trop grand"), most=MOST >> 20)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data[: problem.start].count(b"\n") + 1
        raise Unopened(file=path, row=row, why=_("il n’est pas en UTF-8"), most=MOST >> 20) from None


def table(path: str, needed: Sequence[str]) -> Table:
    return table_of(text_of(path), path, needed)


def emit(value: Mapping[str, Any]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
