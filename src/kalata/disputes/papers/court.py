"""What the Court's papers share: their head, and days and hours as people write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from kalata.country.models import Contest, PackVersion
from kalata.country.rules.remedies import bodies_of
from kalata.disputes.queries.law import court_record
from kalata.documents import heads
from kalata.documents.rendering import Head
from kalata.text import clock, long_date, translate

Say = Callable[[str], str]


def institution_of(pack: PackVersion) -> str:
    """The id of the Court in a pack; "" where it has none."""
    return str(court_record(pack.pack).get("id") or "")


def named(pack: PackVersion, body: str) -> str:
    """The id of the institution that has this code in a pack; "" where none has."""
    return next((str(r.get("id")) for r in pack.pack.records("institutions") if body in bodies_of(r)), "")


def head(contest: Contest, lang: str, *, title: str, number: str = "", desk: str = "", about: str = "", body: str = "") -> Head:
    """The head of a paper of the Court on this contest, or of the body of first instance (its code). title: a French sentence
    of the catalogue."""
    court = named(contest.election.pack, body) if body else institution_of(contest.election.pack)
    return heads.of_contest(
        contest, lang, title=translate(title, lang), institution=court, desk=desk, number=number, about=about
    )


def in_words(lang: str) -> Say:
    """Sentences of the catalogue in a language."""
    return lambda sentence: translate(sentence, lang)


def instant(at: datetime | None, lang: str, *, seconds: bool = False) -> str:
    """A day and an hour of the jurisdiction; "–" where there is none."""
    if at is None:
        return "–"
    here = timezone.localtime(at)
    hour = f"{here:%H:%M:%S}" if seconds else clock(here.time(), lang)
    return f"{long_date(here.date(), lang)}, {hour}"
