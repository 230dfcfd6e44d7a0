"""Cases, their pieces, hearings and decisions, as a search finds them for who reads the Court's work, and decisions once published."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kalata.chain.about import About, Link, Title, plain
from kalata.chain.rules.verbs import Verb
from kalata.disputes.models import BenchMember, CaseReport, Counter, Exhibit, Petition, Ruling
from kalata.disputes.queries.bench import hearings, kept_from, out_of
from kalata.disputes.queries.cases import READS, cases, contests_of
from kalata.disputes.queries.rulings import AFTERWARDS, DRAFTS, OF_THE_BENCH
from kalata.disputes.rules.rulings import State
from kalata.disputes.rules.steps import REGISTRY
from kalata.people.queries import may, rights_of

OUT = (State.PUBLISHED, State.APPLIED)
OF_CONTEST = Link(verb=Verb.ABOUT, kind="contest", path="contest_id")
OF_CASE = Link(verb=Verb.PART_OF, kind="petition", path="petition_id")


def exhibits_seen(person: Any) -> QuerySet[Exhibit]:
    """Pieces of the cases of the Court's readers, but of those they are out of; the others reach theirs from their own case."""
    if not rights_of(person) & set(READS):
        return Exhibit.objects.none()
    mine = Petition.objects.filter(contests_of(person, *READS)).exclude(number=None).exclude(pk__in=left_out(person))
    return Exhibit.objects.filter(petition__in=mine.order_by().values("pk")).exclude(access="sealed")


def left_out(person: Any) -> list[int]:
    """Cases that a member of the bench is out of for good: not even the name of a piece of them is theirs to find."""
    if not BenchMember.objects.filter(person=getattr(person, "pk", None) or 0).exists():
        return []
    named = Q(conflicts__member__person=person.pk) | Q(recusals__member__person=person.pk)
    met = Petition.objects.filter(named | Q(pk__in=Petition.objects.filter(named).values("lead")) | Q(lead__in=Petition.objects.filter(named)))
    return [one.pk for one in met.distinct() if out_of(person, one)]


def reports_seen(person: Any) -> QuerySet[CaseReport]:
    """Reports of cases from which this member of the bench is not kept."""
    if not rights_of(person) & set(OF_THE_BENCH):
        return CaseReport.objects.none()
    rows = Petition.objects.filter(contests_of(person, *OF_THE_BENCH), reports__isnull=False).distinct()
    return CaseReport.objects.filter(petition__in=[one.pk for one in rows if not kept_from(person, one)])


def rulings_seen(person: Any) -> QuerySet[Ruling]:
    """Published decisions for everybody; signed ones for the bench, the registry and who publishes."""
    seen = Q(state__in=OUT)
    if rights_of(person) & set(AFTERWARDS):
        seen |= ~Q(state__in=DRAFTS) & contests_of(person, *AFTERWARDS)
    return Ruling.objects.filter(seen)


def ruling_page(one: Ruling) -> str:
    return reverse("disputes:decision", args=[one.pk]) if one.state not in OUT else reverse("court:decisions")


def sitting(person: Any) -> bool:
    return bool(rights_of(person) & set(READS))


PETITION = About(
    seen=cases,
    title=lambda one: Title(f"{one.number or one.pk}, {one.contest.name_fr}", f"{one.number or one.pk}, {one.contest.name_en or one.contest.name_fr}"),
    page=lambda one: reverse("disputes:first_case" if one.office_id else "disputes:case", args=[one.number]) if one.number else "",
    words=lambda one: (one.contest.code,),
    links=(
        OF_CONTEST, Link(verb=Verb.PART_OF, kind="petition", path="lead_id"), Link(verb=Verb.ABOUT, kind="area", path="unit_id"),
        Link(verb=Verb.ABOUT, kind="station", path="grounds__targets__station_id"),
    ),
    subject="number",
    along=("contest",),
)  # fmt: skip
EXHIBIT = About(
    seen=exhibits_seen,
    title=lambda one: plain(f"{one.petition.number}, n° {one.number} : {one.name}"),
    page=lambda one: reverse("disputes:piece", args=[one.petition.number, one.number]),
    links=(
        OF_CASE, Link(verb=Verb.ABOUT, kind="station", path="station_id"),
        Link(verb=Verb.DRAWN_FROM, kind="piece", path="piece_id"),
    ),
    listed=False,
    along=("petition",),
)  # fmt: skip
COUNTER = About(
    seen=lambda person: Counter.objects.all() if may(person, REGISTRY) else Counter.objects.none(),
    title=lambda one: plain(f"{one.code}, {one.name}"),
    page=lambda _one: reverse("disputes:counters"),
    subject="code",
)
BENCH_MEMBER = About(
    seen=lambda person: BenchMember.objects.all() if sitting(person) else BenchMember.objects.none(),
    title=lambda one: plain(f"{one.person.full_name} ({one.code})"),
    page=lambda _one: reverse("disputes:bench"),
    links=(Link(verb=Verb.ABOUT, kind="person", path="person_id"),),
    along=("person",),
)
HEARING = About(
    seen=lambda person: hearings(public=not sitting(person)),
    title=lambda one: plain(f"{one.contest.name_fr}, {one.starts_at:%d/%m/%Y %H:%M}, {one.place}"),
    page=lambda _one: reverse("disputes:cause_list"),
    links=(OF_CONTEST, Link(verb=Verb.ABOUT, kind="petition", path="entries__petition_id")),
    along=("contest",),
)
CASE_REPORT = About(
    seen=reports_seen,
    title=lambda one: plain(f"{one.petition.number}, v{one.version} ({one.reference})"),
    page=lambda one: reverse("disputes:report", args=[one.petition.number]),
    links=(OF_CASE,),
    listed=False,
    along=("petition",),
)
RULING = About(
    seen=rulings_seen,
    title=lambda one: plain(f"{one.number}, {one.contest.name_fr}"),
    page=ruling_page,
    words=lambda one: (one.contest.code,),
    links=(OF_CONTEST, Link(verb=Verb.DECIDES, kind="petition", path="outcomes__petition_id")),
    subject="number",
    along=("contest",),
)
