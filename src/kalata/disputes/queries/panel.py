"""What the pages of the bench show, one row at a time; a row that is not of the page does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from kalata.disputes.models import BenchKey, BenchMember, Conflict, Declaration, Hearing, Party, Petition, Recusal
from kalata.disputes.queries import bench
from kalata.disputes.rules.steps import State
from kalata.people.models import Person
from kalata.people.queries import today


def seats_of(rows: Iterable[BenchMember], day: date) -> list[dict[str, Any]]:
    keys = dict(BenchKey.objects.filter(withdrawn_at=None).values_list("member", "public"))
    away = set(bench.absent(day))
    return [
        {"m": m, "holds": bench.seat_of(m).holds(day), "away": m.code in away, "key": keys.get(m.pk, "")[:15]}
        for m in rows
    ]


def one(rows: QuerySet[Any], **by: Any) -> Any:
    found = rows.filter(**by).first()
    if found is None:
        raise Http404
    return found


def person(username: str) -> Person:
    return one(Person.objects.filter(is_active=True), username=username)  # type: ignore[no-any-return]


def member(code: str) -> BenchMember:
    return one(BenchMember.objects.select_related("person"), code=code)  # type: ignore[no-any-return]


def declaration(member: BenchMember, pk: int) -> Declaration:
    return one(Declaration.objects.filter(member=member), pk=pk)  # type: ignore[no-any-return]


def conflicts(petition: Petition) -> QuerySet[Conflict]:
    rows = Conflict.objects.filter(petition__in=bench.family(petition))
    return rows.select_related("member__person", "declaration", "decided_by", "petition")


def conflict(petition: Petition, pk: int) -> Conflict:
    return one(conflicts(petition), pk=pk)  # type: ignore[no-any-return]


def recusals(petition: Petition) -> QuerySet[Recusal]:
    rows = Recusal.objects.filter(petition__in=bench.family(petition))
    return rows.select_related("member__person", "party", "decided_by", "petition")


def recusal(petition: Petition, pk: int) -> Recusal:
    return one(recusals(petition), pk=pk)  # type: ignore[no-any-return]


def deliberating(person: Any) -> list[Petition]:
    """Cases in deliberation in which this person sits: for that person alone."""
    seat = bench.member_of(person)
    rows = Petition.objects.filter(state=State.DELIBERATION, lead=None).select_related("contest__election__pack")
    return [p for p in rows if seat and seat.code in bench.sitting(p).sitting]


def heard(contest: Any, pks: Iterable[int]) -> list[Party]:
    return list(Party.objects.filter(petition__contest=contest, pk__in=list(pks)))


def members(pks: Iterable[int]) -> list[BenchMember]:
    return list(BenchMember.objects.filter(pk__in=list(pks)))


def in_order(contest: Any, numbers: Iterable[str]) -> list[Petition]:
    """Cases of a contest by their numbers, in the order given."""
    wanted = [n.strip() for n in numbers if n.strip()]
    rows = Petition.objects.filter(contest=contest, number__in=wanted).select_related("contest__election__pack")
    found = {p.number: p for p in rows}
    if missing := [n for n in wanted if n not in found]:
        raise Http404(missing[0][:40])
    return [found[n] for n in wanted]


def ready(contest: Any) -> QuerySet[Petition]:
    return Petition.objects.filter(Q(state=State.READY) | Q(state=State.HEARING), contest=contest).order_by("roll")


def hearing(contest: Any, pk: int) -> Hearing:
    return one(Hearing.objects.filter(contest=contest), pk=pk)  # type: ignore[no-any-return]


def expected(hearing: Hearing) -> list[Party]:
    """The parties of the cases of a hearing."""
    cases = hearing.entries.values_list("petition", flat=True)
    return list(Party.objects.filter(petition__in=list(cases), struck=False).select_related("petition"))


def sitting_now() -> list[BenchMember]:
    day = today()
    return [m for m in BenchMember.objects.select_related("person") if bench.seat_of(m).holds(day)]
