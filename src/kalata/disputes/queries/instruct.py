"""The working papers of an instruction: what a person is in a case, what its grounds aim at, what else is pending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from kalata.disputes.models import GroundTarget, Petition
from kalata.disputes.queries import bench
from kalata.disputes.queries import docket as dockets
from kalata.disputes.rules.bench import Why
from kalata.disputes.rules.instruct import Opening, Place
from kalata.disputes.rules.steps import BENCH, DECIDED, PRESIDE, RAPPORTEUR, State
from kalata.people.queries import may
from kalata.results.access import may_see

BENCH_READS = (RAPPORTEUR, BENCH, PRESIDE)
BARRED = (Why.CONFLICT, Why.RECUSED, Why.ASIDE, Why.UNDECIDED)


def case_of(person: Any, number: str) -> Petition:
    """A case for who is of its bench by right; Petition.DoesNotExist for everybody else, the registry included."""
    petition = dockets.case_of(person, number)
    if not any(may(person, right, contest=petition.contest_id) for right in BENCH_READS):
        raise Petition.DoesNotExist(number)
    return petition


def opening(person: Any, petition: Petition) -> Opening:
    """The place of a person in a case and its stage: that of its lead where it is joined."""
    lead = petition.lead if petition.state == State.JOINED and petition.lead else petition
    return Opening(place_of(person, petition), State(lead.state))


def place_of(person: Any, petition: Petition) -> Place:
    """The reporting judge, a member of the bench, a member kept out of this case, or nobody."""
    member = bench.member_of(person)
    if member is not None and not any(may(person, right, contest=petition.contest_id) for right in BENCH_READS):
        return Place.NOBODY
    reporter = bench.rapporteur(petition)
    reports = reporter is not None and reporter.person_id == person.pk and may(person, RAPPORTEUR, contest=petition.contest_id)  # fmt: skip
    if member is None and not reports:
        return Place.NOBODY
    kept_out = bench.kept_out(petition)
    if any(kept_out.get(one.code) in BARRED for one in (member, reporter if reports else None) if one is not None):
        return Place.OUT
    return Place.REPORTER if reports else Place.MEMBER


def opened(person: Any, number: str) -> tuple[Petition, Opening]:
    """A case whose working papers this person reads now. Petition.DoesNotExist, DIS-801, DIS-802."""
    petition = case_of(person, number)
    found = opening(person, petition)
    found.must_read()
    if not may_see(person, petition.contest):
        raise Petition.DoesNotExist(number)
    return petition, found


# --- what the grounds aim at -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Aim:
    """A ground of a case, or of one joined to it, with the stations it aims at."""

    petition: str
    key: str
    code: str
    text: str
    stations: tuple[str, ...]
    unresolved: int

    @property
    def name(self) -> str:
        return f"{self.petition}.{self.key}"


def aims(petition: Petition) -> list[Aim]:
    """The grounds of a case and of those joined to it, stations by their code, in order."""
    rows = GroundTarget.objects.filter(
        ground__petition__in=bench.family(petition), struck=False, ground__struck=False
    ).order_by("ground__petition", "ground__pk", "station__code")  # fmt: skip
    found: dict[int, dict[str, Any]] = {}
    columns = ("ground_id", "ground__petition__number", "ground__key", "ground__code", "ground__text", "station__code")
    for ground, number, key, code, text, station in rows.values_list(*columns):
        one = found.setdefault(ground, {"petition": number or "", "key": key, "code": code, "text": text, "stations": [], "unresolved": 0})  # fmt: skip
        if station is None:
            one["unresolved"] += 1
        else:
            one["stations"].append(station)
    return [Aim(**{**one, "stations": tuple(dict.fromkeys(one["stations"]))}) for one in found.values()]


def aimed(grounds: list[Aim]) -> list[str]:
    """Every station that these grounds aim at, once."""
    return list(dict.fromkeys(code for one in grounds for code in one.stations))


# --- what a conclusion rests on --------------------------------------------------------------------------
def pending(petition: Petition) -> tuple[int, int]:
    """(other cases of this contest that are not decided, stations they aim at)."""
    rows = Petition.objects.filter(contest=petition.contest_id, lead=None).exclude(
        Q(state__in=[State.DRAFT, State.WITHDRAWN, *DECIDED]) | Q(pk__in=bench.family(petition))
    )
    targets = GroundTarget.objects.filter(
        Q(ground__petition__in=rows.values("pk")) | Q(ground__petition__lead__in=rows.values("pk")),
        struck=False, ground__struck=False,
    ).aggregate(n=Count("station", distinct=True))["n"]  # fmt: skip
    return rows.count(), targets
