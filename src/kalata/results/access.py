"""Who may see which results: the published ones are everybody's, the others follow mandates."""

from __future__ import annotations

from django.http import Http404

from kalata.country.models import Contest, Unit
from kalata.country.queries import contest_by_code
from kalata.people import queries as people


def place_of(unit: Unit | None) -> tuple[int, ...]:
    return people.paths([unit])[unit.pk] if unit else ()


def may_see(person: object, contest: Contest, unit: Unit | None = None) -> bool:
    """Published, or a mandate with results.read over the place (the whole country for None)."""
    return contest.published_at is not None or people.may(
        person, "results.read", place=place_of(unit), contest=contest.pk
    )


def contest_for(person: object, code: str, unit: Unit | None = None) -> Contest:
    """The contest, or 404: what a person may not see does not exist for them."""
    try:
        contest = contest_by_code(code, unpublished=True)
    except Contest.DoesNotExist:
        raise Http404(code) from None
    if not may_see(person, contest, unit):
        raise Http404(code)
    return as_seen_by(person, contest)


def as_seen_by(person: object, contest: Contest) -> Contest:
    """The contest marked for who reads it: those without results.read see published reports only."""
    contest.only_published = not people.may(person, "results.read", contest=contest.pk)  # type: ignore[attr-defined]
    return contest


def visible(person: object) -> list[Contest]:
    """Contests a person may see whole, newest first."""
    from kalata.country.queries import contests

    return [as_seen_by(person, c) for c in contests(unpublished=True) if may_see(person, c)]
