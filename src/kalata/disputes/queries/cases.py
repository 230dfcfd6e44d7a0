"""Every read of cases, limited to what this person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from kalata.country.models import Contest
from kalata.disputes.models import Bundle, Counter, Party, Petition
from kalata.disputes.rules.offices import HEAD, KEEP, SIT
from kalata.disputes.rules.steps import BENCH, PARTY, PRESIDE, RAPPORTEUR, RECEIVE, REGISTRY, State
from kalata.people.queries import mandates_of, paths, rights_of, today
from kalata.people.rules import access

READS = (REGISTRY, RAPPORTEUR, BENCH, PRESIDE)
"""Who reads every case of the contests of the mandate."""
OFFICE = (KEEP, SIT, HEAD)


def contests_of(person: Any, *rights: str) -> Q:
    """The cases of the contests over which one of these rights is held in the whole country."""
    held = [m for m in mandates_of(person) if m.holds(today()) and m.territory == () and m.rights & set(rights)]
    if any(m.contest is None for m in held):
        return Q()
    return Q(contest__in=[m.contest for m in held])


def cases(person: Any) -> QuerySet[Petition]:
    """The cases this person may read: the Court's its contests', a clerk what came by the counters of the territory, a party
    their own. Drafts are their owner's and the clerk's who began them."""
    rights = rights_of(person)
    seen = Q(pk__in=[])
    if rights & set(READS):
        seen |= ~Q(state=State.DRAFT) & contests_of(person, *READS)
    if RECEIVE in rights:
        seen |= Q(by=person.pk) | (~Q(state=State.DRAFT) & at_counters_of(person))
    if PARTY in rights:
        mine = Party.objects.filter(account=person.pk, struck=False).values("petition")
        seen |= Q(owner=person.pk) | (Q(pk__in=mine) & ~Q(state=State.DRAFT))
    rows = Petition.objects.filter(seen)
    if rights & set(OFFICE):
        from kalata.disputes.queries import offices

        rows = Petition.every.filter((Q(office=None) & seen) | offices.seen(person))
    return rows.select_related("contest", "counter", "unit")


def places() -> dict[int, tuple[int, ...]]:
    """Counter -> the path of its territory; () for one of the whole country."""
    rows = list(Counter.objects.select_related("unit__parent__parent__parent"))
    known = paths([c.unit for c in rows if c.unit])
    return {c.pk: known.get(c.unit_id, ()) if c.unit_id else () for c in rows}


def receiving(person: Any) -> list[access.Mandate]:
    return [m for m in mandates_of(person) if m.holds(today()) and RECEIVE in m.rights]


def at_counters_of(person: Any) -> Q:
    """What came by the counters of a clerk, each mandate with its territory and its contest."""
    seen, where = Q(pk__in=[]), places()
    for one in receiving(person):
        here = Q(counter__in=[pk for pk, place in where.items() if access.covers(one.territory, place)])
        seen |= here if one.contest is None else here & Q(contest=one.contest)
    return seen


def counters_of(person: Any) -> list[int]:
    """The counters of a clerk: those of the territory of the mandate."""
    mine = receiving(person)
    return (
        [pk for pk, place in places().items() if any(access.covers(m.territory, place) for m in mine)] if mine else []
    )


def open_counters(person: Any) -> QuerySet[Counter]:
    """The counters of this machine at which this clerk receives."""
    return Counter.objects.filter(pk__in=counters_of(person), here=True, closed_at=None)


def counter_here(pk: int) -> Counter | None:
    """A counter of this machine; None where there is none of that number."""
    return Counter.objects.filter(pk=pk, here=True).first()


def counters() -> QuerySet[Counter]:
    return Counter.objects.all()


def counters_kept() -> QuerySet[Counter]:
    """Counters with what they received and when, and the last bundle merged of each: its instant and the drift of its clock."""
    last = Bundle.objects.filter(counter=OuterRef("pk")).order_by("-pk")
    return Counter.objects.select_related("unit").annotate(
        received=Count("petitions"), latest=Max("petitions__received_at"),
        merged_at=Subquery(last.values("at")[:1]), drift=Subquery(last.values("drift_ms")[:1]),
    ).order_by("code")  # fmt: skip


def without_roll(person: Any) -> QuerySet[Contest]:
    """Contests over which this person keeps the registry and that have no roll yet."""
    held = [m for m in mandates_of(person) if m.holds(today()) and m.territory == () and REGISTRY in m.rights]
    every = Contest.objects.filter(roll=None).order_by("-pk")
    return every if any(m.contest is None for m in held) else every.filter(pk__in=[m.contest for m in held])


def bundles() -> QuerySet[Bundle]:
    """The bundles merged last."""
    return Bundle.objects.select_related("counter", "by")[:50]


def reads_registry(person: Any) -> bool:
    return bool(rights_of(person) & {RECEIVE, REGISTRY})
