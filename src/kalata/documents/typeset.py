"""A template of the typesetter with its data, as PDF: what every printed paper goes through.

Only the fonts of this folder and those inside the typesetter are used: the same paper, to the byte, on any machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from kalata.documents.rules.content import written

HERE = Path(__file__).parent
COMMON = HERE / "typst" / "common.typ"
SHARED = tuple(HERE / "typst" / name for name in ("common.typ", "frame.typ", "blocks.typ"))
FONTS = HERE / "fonts"
STANDARDS = ("a-2a", "ua-1")
"""PDF/A-2a and PDF/UA-1: kept for long, read aloud by a screen reader."""
NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
ROUNDS = 40


@cache
def fonts() -> typst.Fonts:
    """The fonts read once: reading them again for each paper is a quarter of its time."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def compiled(template: Path, data: Mapping[str, Any], beside: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of a template file. It reads `data.json`, may import `common.typ`, and shows the pictures `beside` it.

    The typesetter sees these files alone: no other file of the machine, no network.
    """
    return pdf_of(files_of(template, data, beside))


def asked(template: Path, data: Mapping[str, Any], label: str) -> list[Any]:
    """What the paper says of itself under a label (`#metadata(…) <label>`), as plain values: where its boxes stand."""
    files = files_of(template, data, None)
    found = typst.query(files, f"<{label}>", field="value", font_paths=fonts())  # type: ignore[type-var]
    return list(json.loads(found))


def accessible(template: Path, data: Mapping[str, Any], beside: Mapping[str, bytes] | None = None) -> bytes:
    """The same, tagged and fit for archives (`STANDARDS`). A sign that no font has is written as its number, [U+4E2D]."""
    for _round in range(ROUNDS):
        try:
            return pdf_of(files_of(template, data, beside), STANDARDS)
        except typst.TypstError as fault:
            lacking = {sign for text in NO_GLYPH.findall(str(fault)) for sign in text}
            if not lacking:
                raise
            data = without(data, lacking)
    raise ValueError("the typesetter lacks more signs than it names")


def without(value: Any, lacking: set[str]) -> Any:
    """The same data with these signs written as their numbers."""
    if isinstance(value, str):
        return "".join(written(sign) if sign in lacking else sign for sign in value)
    if isinstance(value, Mapping):
        return {k: without(v, lacking) for k, v in value.items()}
    return [without(v, lacking) for v in value] if isinstance(value, list | tuple) else value


def files_of(template: Path, data: Mapping[str, Any], beside: Mapping[str, bytes] | None) -> dict[str, bytes]:
    return {
        **(beside or {}),
        **{path.name: path.read_bytes() for path in SHARED},
        "main.typ": template.read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }


def pdf_of(files: Mapping[str, bytes], standards: tuple[str, ...] = ()) -> bytes:
    how = {"pdf_standards": list(standards)} if standards else {}
    return bytes(typst.compile(dict(files), format="pdf", font_paths=fonts(), **how))  # type: ignore[call-overload]
