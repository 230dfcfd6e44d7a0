"""The printed papers of results and of the tally centre: which template, which name of a contest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kalata.country.models import Contest
from kalata.documents import typeset
from kalata.text import gettext_noop as _
from kalata.text import translate

FOLDER = Path(__file__).with_name("typst")


def compiled(template: str, data: Mapping[str, Any], folder: Path = FOLDER) -> bytes:
    """A template of a folder of a room, by its word, with its data, as PDF."""
    return typeset.compiled(folder / f"{template}.typ", data)


def name_of(contest: Contest, lang: str) -> str:
    name = contest.name_en if lang == "en" and contest.name_en else contest.name_fr
    return f"{name}, {translate(_('tour'), lang)} {contest.round}"
