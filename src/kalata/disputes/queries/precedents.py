"""Search of the decisions that may be cited: one question, asked of the full text of SQLite or of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kalata.disputes.models import Precedent
from kalata.disputes.rules import precedents as rules

SQLITE = "select rowid from disputes_precedent_words where disputes_precedent_words match %s"
POSTGRES = "select id from disputes_precedent where to_tsvector('simple', folded) @@ to_tsquery('simple', %s)"


def search(
    q: str = "", *, kind: str = "", article: str = "", ground: str = "", outcome: str = "", year: int | None = None
) -> QuerySet[Precedent]:
    """Decisions that hold every word asked, or the beginning of one, the newest first; as the filters narrow them."""
    found = Precedent.objects.defer("folded")
    words = rules.words_of(q)
    if q.strip() and not words:
        return found.none()
    if words:
        found = found.filter(pk__in=RawSQL(*asked(words)))  # noqa: S611  words are letters and digits alone
    if kind:
        found = found.filter(kind=kind)
    if year:
        found = found.filter(year=year)
    for name, value in (("a", article), ("g", ground), ("o", outcome)):
        if value:
            found = found.filter(marks__contains=rules.mark(name, value))
    return found


def asked(words: Sequence[str]) -> tuple[str, list[str]]:
    if connection.vendor == "sqlite":
        return SQLITE, [" ".join(f'"{word}"*' for word in words)]
    return POSTGRES, [" & ".join(f"{word}:*" for word in words)]


def kinds() -> list[str]:
    return list(Precedent.objects.order_by("kind").values_list("kind", flat=True).distinct())


def years() -> list[int]:
    return list(Precedent.objects.order_by("-year").values_list("year", flat=True).distinct())


def cited(pk: int, lang: str = "fr") -> str:
    """How a decision is cited; Precedent.DoesNotExist."""
    one = Precedent.objects.get(pk=pk)
    return rules.citation(
        number=one.number, day=one.day, ecli=one.ecli, title=one.title, confidence=one.confidence, lang=lang
    )
