"""Persons and requests to two persons, as a search finds them for who may read them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, plain
from kalata.chain.rules.verbs import Verb
from kalata.people import kinds, queries
from kalata.people.models import Approval, Person

READS = ("people.manage", "people.read", "people.approve")
"""What the list of persons asks for, one of them."""


def persons_seen(person: Any) -> QuerySet[Person]:
    return Person.objects.all() if any(queries.may(person, r) for r in READS) else Person.objects.none()


def approvals_seen(person: Any) -> QuerySet[Approval]:
    return queries.approvals(person) if getattr(person, "pk", None) else Approval.objects.none()


PERSON = About(
    seen=persons_seen,
    title=lambda one: plain(f"{one.full_name} ({one.username})"),
    page=lambda one: reverse("people:person", args=[one.username]),
    subject="username",
    reads=kinds.READ_PERSONS,
)
APPROVAL = About(
    seen=approvals_seen,
    title=lambda one: plain(f"D-{one.pk}, {one.summary}"),
    page=lambda one: reverse("people:approval", args=[one.pk]),
    links=(Link(verb=Verb.ABOUT, path="subject", bound=True),),
)
