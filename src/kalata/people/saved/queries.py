"""The views of a list that a reader may open: their own, and those shared with a role they hold."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kalata.people.models import Mandate, SavedView
from kalata.people.queries import today


def roles_of(person: Any) -> list[str]:
    """The roles that a person holds today."""
    if not getattr(person, "is_authenticated", False):
        return []
    day = today()
    held = Mandate.objects.filter(person=person.pk, revoked_at=None).exclude(starts__gt=day).exclude(ends__lt=day)
    return sorted(set(held.values_list("role", flat=True)))


def views_of(person: Any, listing: str) -> QuerySet[Any]:
    """Views of this list that this person may open, each with whether the list opens so for them (`default`)."""
    if not getattr(person, "is_authenticated", False):
        return SavedView.objects.none()
    seen = SavedView.objects.filter(Q(owner=person.pk) | Q(role__in=roles_of(person)), listing=listing)
    mine = SavedView.opened_by.through._default_manager.filter(savedview=OuterRef("pk"), person=person.pk)
    return seen.annotate(default=Exists(mine)).order_by("name", "pk")
