"""A template of the typesetter with its data, as PDF: what every printed paper goes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from kalata.country.models import Contest
from kalata.text import gettext_noop as _
from kalata.text import translate

FOLDER = Path(__file__).with_name("typst")


def compiled(template: str, data: Mapping[str, Any], folder: Path = FOLDER) -> bytes:
    """A template of a folder with its data, as PDF; what the templates share lies here."""
    files = {
        "main.typ": (folder / f"{template}.typ").read_bytes(),
        "common.typ": (FOLDER / "common.typ").read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    return bytes(typst.compile(files, format="pdf"))  # type: ignore[call-overload]


def name_of(contest: Contest, lang: str) -> str:
    name = contest.name_en if lang == "en" and contest.name_en else contest.name_fr
    return f"{name}, {translate(_('tour'), lang)} {contest.round}"
