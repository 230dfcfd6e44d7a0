"""How much waits for one person at the Court: numbers alone, each over what that person reads."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kalata.disputes.models import CourtCount, CourtEntry, CourtSheet, Petition, Representation, Ruling, Service
from kalata.disputes.queries import bench, panel
from kalata.disputes.queries.cases import contests_of
from kalata.disputes.queries.count import waiting as next_sheet
from kalata.disputes.queries.instruction import measures_of
from kalata.disputes.rules.rulings import State as Decided
from kalata.disputes.rules.steps import COUNT, PARTY, PRESIDE, PUBLISH, RAPPORTEUR, REGISTRY, State
from kalata.people.queries import rights_of

TO_REPORT = (State.ADMISSIBILITY, State.INSTRUCTION, State.DRAFTED)
REFUSALS = (State.INADMISSIBLE, State.NO_JURISDICTION)


def petitions(person: Any, right: str, *states: State) -> QuerySet[Petition]:
    return Petition.objects.filter(contests_of(person, right), state__in=states, lead=None)


def rulings(person: Any, right: str, *states: Decided) -> QuerySet[Ruling]:
    return Ruling.objects.filter(contests_of(person, right), state__in=states)


def of_registry(person: Any) -> dict[str, int]:
    """Petitions to enrol, mandates to decide, decisions to notify and to carry out."""
    mandates = Representation.objects.filter(
        answer="", party__petition__in=Petition.objects.filter(contests_of(person, REGISTRY))
    )
    return {
        "enrol": Petition.objects.filter(contests_of(person, REGISTRY), state=State.RECEIVED).count(),
        "mandates": mandates.count(),
        "notify": rulings(person, REGISTRY, Decided.PRONOUNCED).count(),
        "apply": rulings(person, REGISTRY, Decided.PUBLISHED).count(),
    }


def of_rapporteur(person: Any) -> int:
    """Cases that this member reports and in which a step is theirs."""
    member = bench.member_of(person)
    if member is None or RAPPORTEUR not in rights_of(person):
        return 0
    return bench.reported_by(member).filter(state__in=TO_REPORT, lead=None).count()


def of_member(person: Any) -> int:
    """Deliberations in which this person sits."""
    return len(panel.deliberating(person)) if bench.member_of(person) else 0


def of_president(person: Any) -> dict[str, int]:
    """Drafts at the gate, decisions to pronounce, cases to hear, refusals to bring before the bench."""
    return {
        "gate": rulings(person, PRESIDE, Decided.GATE).count(),
        "pronounce": rulings(person, PRESIDE, Decided.SIGNED).count(),
        "hear": petitions(person, PRESIDE, State.READY).count(),
        "refuse": petitions(person, PRESIDE, *REFUSALS).count(),
    }


def of_liaison(person: Any) -> int:
    """Measures without an answer."""
    return measures_of(person).filter(answered_at=None).count()


def of_party(person: Any) -> int:
    """Papers that this account has not acknowledged."""
    if PARTY not in rights_of(person):
        return 0
    mine = Q(party__account=person.pk) | Q(party__account=None, party__role="petitioner", petition__owner=person.pk)
    found = Service.objects.filter(mine, party__struck=False, struck_at=None, document__struck_at=None, served_at=None)
    return found.filter(waiver="").count()


def of_counter_of_votes(person: Any) -> tuple[str, int] | None:
    """(contest, records that this person may still read) of the count that waits; None where none does."""
    for count in CourtCount.objects.filter(contests_of(person, COUNT)).select_related("contest").order_by("-pk"):
        if next_sheet(count, person) is not None:
            read = CourtEntry.objects.filter(sheet__count=count, by=person.pk).count()
            return count.contest.code, CourtSheet.objects.filter(count=count).count() - read
    return None


def of_publisher(person: Any) -> tuple[int, int]:
    """(decisions notified whose public text is not out, the oldest of them); (0, 0) for none."""
    found = list(rulings(person, PUBLISH, Decided.NOTIFIED).order_by("pk").values_list("pk", flat=True))
    return (len(found), found[0]) if found else (0, 0)
