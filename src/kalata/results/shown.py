"""The marks of the pages from which acts of two persons are asked: what a person had before the eyes."""

from __future__ import annotations

from kalata.country.models import Contest
from kalata.people.rules.shown import mark
from kalata.results.queries.differences import meaning_digest


def of_contest(contest: Contest) -> str:
    """What is held and what is public of a contest: the mark of a request to publish, withdraw, declare."""
    now = Contest.objects.get(pk=contest.pk)
    public = now.published_at.isoformat() if now.published_at else ""
    return mark(now.code, now.revision, now.register_revision, public, meaning_digest(now))


def of_meaning(contest: Contest) -> str:
    """Names, emblems, constituencies: the mark of a request to correct them, or to give the list of a second round."""
    emblems = list(contest.options.order_by("rank").values_list("name", "emblem"))
    return mark(meaning_digest(contest), emblems, [of_contest(c) for c in Contest.objects.filter(previous=contest)])
