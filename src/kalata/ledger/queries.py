"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kalata.ledger.models import Act, Seal
from kalata.ledger.rules.chain import GENESIS, Break, seal


def acts(
    *,
    text: str = "",
    kind: str = "",
    about: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
    personal: bool = False,
) -> QuerySet[Act]:
    """Acts, latest first, narrowed by what the reader asks."""
    found = Act.objects.all()
    if text:
        found = found.filter(Q(subject__icontains=text) | Q(reason__icontains=text) | Q(actor__icontains=text))
    if kind:
        found = found.filter(kind__startswith=kind)
    if about:
        found = found.filter(Q(subject=about) | Q(subject__startswith=f"{about}:") | Q(subject__startswith=f"{about}?"))
    if person:
        found = found.filter(actor=person)
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lte=until)
    return found.filter(personal=True) if personal else found


def kinds() -> list[str]:
    return list(Act.objects.order_by("kind").values_list("kind", flat=True).distinct())


def about(subject: str, limit: int = 50) -> QuerySet[Act]:
    """The history of one thing."""
    return Act.objects.filter(subject=subject)[:limit]


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-pk").first()


def unsealed() -> int:
    last = last_seal()
    return Act.objects.filter(pk__gt=last.last if last else 0).count()


BEFORE_ANY = -(2**63)
"""Below every number an act may have: one slipped in before the first is found too."""


def breaks() -> Iterator[Break]:
    """Every place where the chain does not hold: an act changed, removed or slipped in."""
    previous, after = GENESIS, BEFORE_ANY
    for one in Seal.objects.order_by("pk").iterator():
        run = Act.objects.filter(pk__gt=after, pk__lte=one.last).order_by("pk")
        got = seal(previous, (a.line() for a in run.iterator()))
        if got != one.hash or one.previous != previous:
            yield Break(one.pk, got, one.hash)
        previous, after = one.hash, one.last


def last_of(*kinds: str) -> tuple[str, datetime | None]:
    """(who, when) of the latest act of one of these kinds; the console is nobody."""
    act = Act.objects.filter(kind__in=kinds).order_by("-pk").first()
    return (act.actor if act.actor_id else "", act.at) if act else ("", None)
