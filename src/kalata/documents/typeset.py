"""A template of the typesetter with its data, as PDF: what every printed paper goes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

COMMON = Path(__file__).parent / "typst" / "common.typ"


def compiled(template: Path, data: Mapping[str, Any], beside: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a template file. It reads `data.json`, may import `common.typ`, and shows the pictures `beside` it.

    The typesetter sees these files alone: no other file of the machine, no network.
    """
    files = {
        **(beside or {}),
        "main.typ": template.read_bytes(),
        "common.typ": COMMON.read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    return bytes(typst.compile(files, format="pdf"))  # type: ignore[call-overload]
