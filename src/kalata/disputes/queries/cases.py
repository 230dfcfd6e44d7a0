"""Every read of cases, limited to what this person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kalata.disputes.models import Petition
from kalata.disputes.rules.steps import BENCH, PARTY, PRESIDE, RAPPORTEUR, RECEIVE, REGISTRY, State
from kalata.people.queries import mandates_of, may, rights_of, today

READS = (REGISTRY, RAPPORTEUR, BENCH, PRESIDE)
"""Who reads every case of the contests of the mandate."""


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
        seen |= Q(by=person.pk) | (~Q(state=State.DRAFT) & Q(counter__in=counters_of(person)))
    if PARTY in rights:
        seen |= Q(owner=person.pk) | (Q(parties__account=person.pk, parties__struck=False) & ~Q(state=State.DRAFT))
    rows = Petition.objects.filter(seen).distinct()
    return rows.select_related("contest", "counter", "unit")


def counters_of(person: Any) -> list[int]:
    """The counters of a clerk: those of the territory of the mandate."""
    from kalata.disputes.models import Counter
    from kalata.people.queries import paths

    rows = list(Counter.objects.select_related("unit__parent__parent__parent"))
    place = paths([c.unit for c in rows if c.unit])
    return [c.pk for c in rows if may_receive(person, place.get(c.unit_id, ()) if c.unit_id else ())]


def may_receive(person: Any, place: tuple[int, ...]) -> bool:
    """A mandate for one contest receives for that one; over what counter is told by its territory."""
    from kalata.people.rules.access import covers

    held = [m for m in mandates_of(person) if m.holds(today()) and RECEIVE in m.rights]
    return any(covers(m.territory, place) for m in held)


def reads_registry(person: Any) -> bool:
    return may(person, REGISTRY) or bool(rights_of(person) & {RECEIVE, REGISTRY})
