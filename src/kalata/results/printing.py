"""What the papers of results and of the tally centre share: the head of a contest, and how its name is said."""

from __future__ import annotations

from kalata.country.models import Contest
from kalata.documents import heads
from kalata.documents.rendering import Head
from kalata.text import gettext_noop as _
from kalata.text import translate


def name_of(contest: Contest, lang: str) -> str:
    name = contest.name_en if lang == "en" and contest.name_en else contest.name_fr
    return f"{name}, {translate(_('tour'), lang)} {contest.round}"


def head_of(contest: Contest, lang: str, *, title: str, place: str, number: str) -> Head:
    """The head of a paper on a contest in a place."""
    return heads.of_contest(contest, lang, title=title, number=number, about=f"{name_of(contest, lang)} · {place}")
