"""Procedures, their versions, and posts, for who works on them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, Title, plain
from kalata.chain.rules.verbs import Verb
from kalata.training.models import Post, Procedure
from kalata.training.queries import posts, procedures


def procedures_seen(person: Any) -> QuerySet[Procedure]:
    return Procedure.objects.filter(pk__in=procedures.versions(person).order_by().values("procedure"))


def posts_seen(person: Any) -> QuerySet[Post]:
    out = Q(pk__in=[])
    for contest in posts.contests_of(person):
        out |= Q(pk__in=posts.posts(person, contest).order_by().values("pk"))
    return Post.objects.filter(out)


PROCEDURE = About(
    seen=procedures_seen,
    title=lambda one: plain(one.code),
    page=lambda one: f"{reverse('procedures:list')}?q={one.code}",
)
PROCEDURE_VERSION = About(
    seen=procedures.versions,
    title=lambda one: Title(f"{one.title_fr or one.procedure.code}, v{one.number}", f"{one.title_en or one.procedure.code}, v{one.number}"),
    page=lambda one: reverse("procedures:version", args=[one.pk]),
    words=lambda one: (one.procedure.code,),
    links=(
        Link(verb=Verb.PART_OF, kind="procedure", path="procedure_id"),
        Link(verb=Verb.REPLACES, kind="procedure_version", path="base_id"),
    ),
    along=("procedure",),
)  # fmt: skip
POST = About(
    seen=posts_seen,
    title=lambda one: plain(f"{one.position}, {one.body}"),
    page=lambda one: reverse("posts:post", args=[one.contest.code, one.pk]),
    links=(
        Link(verb=Verb.PART_OF, kind="contest", path="contest_id"), Link(verb=Verb.PART_OF, kind="station", path="station_id"),
    ),
    subject="pk",
    listed=False,
    along=("contest",),
)  # fmt: skip
