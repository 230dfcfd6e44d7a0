"""The register of decisions, as its readers may see it: signed ones alone, with the state of their public text."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kalata.disputes.models import Publication, Ruling
from kalata.disputes.queries.cases import contests_of
from kalata.disputes.queries.rulings import AFTERWARDS, DRAFTS
from kalata.disputes.rules import publications as texts
from kalata.disputes.rules.rulings import State

TO_PREPARE = "todo"


def register(person: Any) -> QuerySet[Any]:
    """Every signed decision of the contests of this person's mandate. text_state: of its last public text, None without one."""
    last = Publication.objects.filter(ruling=OuterRef("pk")).order_by("-version")
    out = Publication.objects.filter(ruling=OuterRef("pk"), state=texts.State.PUBLISHED)
    found: QuerySet[Any] = Ruling.objects.filter(contests_of(person, *AFTERWARDS)).exclude(state__in=DRAFTS)
    return found.select_related("contest").prefetch_related("outcomes__petition").annotate(
        text_state=Subquery(last.values("state")[:1]), text_version=Subquery(out.values("version")[:1]),
        published_at=Subquery(out.values("published_at")[:1]),
    )  # fmt: skip


def narrowed(found: QuerySet[Any], *, q: str = "", state: str = "", contest: str = "", outcome: str = "", text: str = "") -> QuerySet[Any]:  # fmt: skip
    """The register as its filters ask. q: number, object, number of a petition; text: the state of the public text."""
    for word in q.split():
        found = found.filter(Q(number__icontains=word) | Q(words__icontains=word) | Q(pk__in=by_petition(word)))
    if state:
        found = found.filter(state=state)
    if contest:
        found = found.filter(contest__code=contest)
    if outcome:
        found = found.filter(pk__in=Ruling.objects.filter(outcomes__outcome=outcome).values("pk"))
    if text == TO_PREPARE:
        found = found.filter(state=State.NOTIFIED, text_state=None)
    elif text:
        found = found.filter(text_state=text)
    return found


def by_petition(word: str) -> Any:
    return Ruling.objects.filter(outcomes__petition__number__icontains=word).values("pk")


def figures(person: Any) -> dict[str, int]:
    """What waits at the desk: to prepare, being prepared, submitted; and what is out."""
    rows = list(register(person).values_list("state", "text_state"))
    told = [text for state, text in rows if text is not None]
    return {
        "todo": sum(state == State.NOTIFIED and text is None for state, text in rows), "draft": told.count("draft"),
        "proposed": told.count("proposed"), "published": told.count("published"), "all": len(rows),
    }  # fmt: skip
