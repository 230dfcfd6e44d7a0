"""Issued papers, as a search finds them: for who may open the record that a paper is of."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kalata.chain.about import About, Link, plain
from kalata.chain.queries import bound_to_seen
from kalata.chain.rules.verbs import Verb
from kalata.documents.models import IssuedDocument
from kalata.documents.rendering import declared


def seen(person: Any) -> QuerySet[IssuedDocument]:
    """Papers of records that this person may open, once signed in; everybody else asks with the paper in hand (`documents:verify`)."""
    if not getattr(person, "is_authenticated", False):
        return IssuedDocument.objects.none()
    out = Q(pk__in=[])
    for kind in {one.made_from for _room, one in declared().values() if one.made_from}:
        papers = [key for key, (_room, one) in declared().items() if one.made_from == kind]
        out |= Q(kind__in=papers) & bound_to_seen(person, [kind])
    return IssuedDocument.objects.filter(out)


DOCUMENT = About(
    seen=seen,
    title=lambda one: plain(f"{one.title} ({one.reference}, v{one.version})"),
    words=lambda one: (one.reference, one.sha256[:16]),
    links=(
        Link(verb=Verb.ABOUT, path="subject", bound=True),
        Link(
            verb=Verb.REPLACES, kind="document",
            up=lambda one: IssuedDocument.objects.filter(superseded_by=one.pk).values_list("pk", flat=True),
            down=lambda rows, key: rows.filter(supersedes__pk=key),
        ),
    ),
)  # fmt: skip
