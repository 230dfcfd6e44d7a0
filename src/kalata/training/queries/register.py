"""What is drawn by lot, and how much the register of independence holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from kalata.country.models import Contest
from kalata.training.models import Agent, Declaration, IndependenceEntry, PostDraw
from kalata.training.rules.independence import Count, counted
from kalata.training.rules.interests import BARS


def draws(contest: Contest) -> QuerySet[PostDraw]:
    return PostDraw.objects.filter(contest=contest).select_related("by", "opened_by")


def counts() -> list[Count]:
    """Entries by month of what happened and by sort: nothing of who wrote or of what."""
    rows = IndependenceEntry.objects.values_list("happened_on", "sort")
    return counted((f"{day:%Y-%m}", sort) for day, sort in rows)


def bars_of(agents: Iterable[Agent]) -> dict[int, Sequence[str]]:
    """All that each of these people declared and that may bar from a post, in the order of the rule: one never hides another."""
    said: dict[int, set[str]] = defaultdict(set)
    known = {a.pk: a for a in agents}
    rows = Declaration.objects.filter(agent__in=list(known), lifted_at=None, kind__in=BARS)
    for agent, kind in rows.values_list("agent", "kind"):
        said[agent].add(kind)
    return {pk: [k for k in BARS if k in said[pk] or k == a.barred] for pk, a in known.items()}
