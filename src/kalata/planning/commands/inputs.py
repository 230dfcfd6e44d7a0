"""What the commands of the plan read and print: a text file or standard input, one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kalata.planning.rules.faults import AnotherForm
from kalata.planning.rules.tables import decoded
from kalata.text import Message
from kalata.text import gettext_noop as _

MOST = 16 << 20


def bytes_of(path: str) -> bytes:
    """The bytes of a file (- for standard input).

    Raises: PLN-108 where it cannot be opened or is too large.
    """
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MOST + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MOST + 1)
    except OSError as error:
        why = Message(_("« %(file)s » ne peut pas être ouvert : %(why)s"), {"file": path, "why": error.strerror or str(error)})  # fmt: skip
        raise AnotherForm(why=why, file=path) from None
    if len(data) > MOST:
        raise AnotherForm(why=Message(_("plus de %(n)d Mio"), {"n": MOST >> 20}), file=path)
    return data


def text_of(path: str) -> str:
    """The text of a file in UTF-8, its mark of order taken off."""
    return decoded(bytes_of(path), file=path)


def emit(value: Mapping[str, Any]) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
