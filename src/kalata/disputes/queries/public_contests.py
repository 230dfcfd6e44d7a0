"""Which contests the Court's public pages speak of, and whose results everybody may read."""

from __future__ import annotations

from kalata.country.models import Contest
from kalata.disputes.queries import public
from kalata.text import Named


def offered() -> list[tuple[str, Named]]:
    """(code, name) of contests that have a case on the docket."""
    return sorted({row.contest: row.contest_name for row in public.docket().rows}.items())


def with_results() -> frozenset[str]:
    return frozenset(Contest.objects.filter(published_at__isnull=False).values_list("code", flat=True))


def exercise(codes: frozenset[str]) -> bool:
    """One of these contests is fictional."""
    return Contest.objects.filter(code__in=codes, election__exercise=True).exists()


def contest(code: str) -> Contest | None:
    return Contest.objects.select_related("election__pack").filter(code=code).first()
