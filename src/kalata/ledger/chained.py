"""Acts of the ledger, by their number, for who reads the ledger."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, Title
from kalata.chain.rules.verbs import Verb
from kalata.ledger.models import Act
from kalata.ledger.rules.kinds import KINDS
from kalata.people.queries import may


def seen(person: Any) -> QuerySet[Act]:
    return Act.objects.all() if may(person, "ledger.read") else Act.objects.none()


def title(one: Act) -> Title:
    known = KINDS.get(one.kind)
    fr, en = (known.words("fr"), known.words("en")) if known else (one.kind, one.kind)
    return Title(f"{fr}, {one.subject}", f"{en}, {one.subject}")


ACT = About(
    seen=seen,
    title=title,
    page=lambda one: f"{reverse('ledger:list')}?q={one.subject}",
    links=(Link(verb=Verb.ABOUT, path="subject", bound=True),),
    listed=False,
)
