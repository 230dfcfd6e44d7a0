"""Reads about kept files."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from kalata.evidence.models import Content, Custody
from kalata.evidence.rules.access import NoSuchPiece, Step


def in_force(sha256: str, subject: str) -> Custody:
    """The custody in force of a content in a record; EVD-404 where it is not joined to it, or no longer."""
    found = (
        Custody.objects.filter(content__sha256=sha256, subject=subject)
        .select_related("content")
        .order_by("-pk")
        .first()
    )
    if found is None or not subject or found.step == Step.ENDED:
        raise NoSuchPiece
    return found


def last_steps() -> QuerySet[Custody]:
    """The custody in force of every content in every record, those that ended included."""
    last = Custody.objects.filter(content=OuterRef("content"), subject=OuterRef("subject")).order_by("-pk")
    return Custody.objects.filter(pk=Subquery(last.values("pk")[:1]))


def held_by(content: Content) -> list[str]:
    """The records that still hold a content."""
    steps = dict(content.custody.exclude(subject="").order_by("pk").values_list("subject", "step"))
    return sorted(subject for subject, step in steps.items() if step != Step.ENDED)


def damaged() -> QuerySet[Content]:
    """What was found missing or altered, and is not found sound again since."""
    return Content.objects.exclude(fault="").filter(destroyed_at=None)
