"""A case in instruction with its reporting judge, a member of the bench and one kept out: what tests of working papers begin with."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from kalata.country.models import Station
from kalata.disputes.models import BenchMember, Conflict, Declaration, DrawLine, Ground, GroundTarget, Petition
from kalata.people.models import Person
from tests.disputes import bench_stage


def seat(code: str, person: Person) -> BenchMember:
    return BenchMember.objects.create(
        code=code, person=person, since=date(2024, 1, 1), authority="A", at=timezone.now()
    )


def given(petition: Petition, member: BenchMember) -> DrawLine:
    """The case is this member's to report."""
    n = DrawLine.objects.filter(contest=petition.contest_id).count() + 1
    return DrawLine.objects.create(
        contest=petition.contest, number=n, petition=petition, member=member, roll=petition.roll or n, weight=1, given=True,
        why="désigné", by=member.person, at=timezone.now(),
    )  # fmt: skip


def aimed(petition: Petition, *codes: str, key: str = "g1", text: str = "Chiffres incohérents") -> Ground:
    ground = Ground.objects.create(petition=petition, key=key, code="figures_inconsistent", about="results", text=text)
    for code in codes:
        station = Station.objects.filter(contest=petition.contest, code=code).first()
        GroundTarget.objects.create(ground=ground, station=station, words=code)
    return ground


def kept_out(petition: Petition, member: BenchMember) -> Conflict:
    """This member declared an interest that meets the case, and nobody has decided."""
    declared = Declaration.objects.create(member=member, kind="party", name="La pirogue", by=member.person, at=timezone.now())  # fmt: skip
    return Conflict.objects.create(petition=petition, member=member, declaration=declared, matched="La pirogue", at=timezone.now())  # fmt: skip


def case(contest, judge: Person, *codes: str, state: str = "instruction", n: int = 1) -> Petition:
    """A case that this judge reports, whose one ground aims at these stations."""
    made = bench_stage.case(contest, n, state=state)
    member = BenchMember.objects.filter(person=judge).first() or seat("j1", judge)
    given(made, member)
    aimed(made, *codes)
    return made
