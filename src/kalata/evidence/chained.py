"""Kept files, as they are tied to records: for who may open the record, by the class of the file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kalata.chain import registry
from kalata.chain.about import About, Link, plain
from kalata.chain.queries import bound_to_seen
from kalata.chain.rules.verbs import Verb
from kalata.evidence.models import Content
from kalata.evidence.queries import last_steps
from kalata.evidence.rules.access import Access, Step


def seen(person: Any) -> QuerySet[Content]:
    """Public files of records that this person may open; those of the staff, personal or sealed, are reached from their record."""
    steps = last_steps().filter(access=Access.PUBLIC).exclude(step=Step.ENDED).exclude(subject="")
    mine = steps.filter(bound_to_seen(person, registry.every()))
    return Content.objects.filter(pk__in=mine.order_by().values("content"))


PIECE = About(
    seen=seen,
    title=lambda one: plain(f"{one.sha256[:16]} ({one.media})"),
    links=(
        Link(verb=Verb.ABOUT, path="custody__subject", bound=True),
    ),
    listed=False,
)  # fmt: skip
