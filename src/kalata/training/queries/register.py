"""What is drawn by lot, and how much the register of independence holds."""

from __future__ import annotations

from django.db.models import QuerySet

from kalata.country.models import Contest
from kalata.training.models import IndependenceEntry, PostDraw
from kalata.training.rules.independence import Count, counted


def draws(contest: Contest) -> QuerySet[PostDraw]:
    return PostDraw.objects.filter(contest=contest).select_related("by", "opened_by")


def counts() -> list[Count]:
    """Entries by month of what happened and by sort: nothing of who wrote or of what."""
    rows = IndependenceEntry.objects.values_list("happened_on", "sort")
    return counted((f"{day:%Y-%m}", sort) for day, sort in rows)
