"""The bench as it stands: the law of its court, who may sit in a case and who is kept out of it, the deliberation's room."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kalata.country.models import Contest, PackVersion
from kalata.disputes.models import (
    Absence,
    BenchKey,
    BenchMember,
    BenchVote,
    Conflict,
    DeliberationRound,
    DrawLine,
    Hearing,
    Petition,
    Recusal,
    SealedItem,
)
from kalata.disputes.queries.law import court_record
from kalata.disputes.rules import bench, recusals
from kalata.disputes.rules.bench import Court, NotInPack, Seat, Sitting, Why
from kalata.disputes.rules.deliberation import Item, Kind, NotOfTheBench, Room, Round
from kalata.disputes.rules.draw import Judge
from kalata.disputes.rules.steps import BENCH, RAPPORTEUR, State
from kalata.people.queries import may, today
from kalata.text import gettext_noop as _

DELIBERATES = (State.DELIBERATION,)
READS = (
    State.DELIBERATION, State.DRAFTED, State.GATE, State.SIGNED, State.PRONOUNCED, State.NOTIFIED, State.PUBLISHED,
    State.APPLIED, State.CLOSED, State.CORRECTION,
)  # fmt: skip
"""States in which a deliberation has taken place, and its members may read it again."""


def court_in(version: PackVersion) -> Court | None:
    """The law of the Court of a pack; None where the pack has no quorum for it."""
    record = court_record(version.pack)
    return bench.court_of(record) if bench.law_of(record).get("quorum") else None


def court(contest: Contest) -> Court:
    """The law of the court that decides on a contest, from the pack it is bound to. DIS-411."""
    found = court_in(contest.election.pack)
    if found is None:
        raise NotInPack(court=contest.election.pack.code, what=_("son quorum"))
    return found


def any_court() -> Court | None:
    """The law of the court of this house: that of the last contest made here."""
    last = Contest.objects.select_related("election__pack").order_by("-pk").first()
    return court_in(last.election.pack) if last else None


def seat_of(member: BenchMember) -> Seat:
    return Seat(member.code, member.authority, member.since, member.until, member.president)


def members() -> QuerySet[BenchMember]:
    """Everybody who has or had a seat, with the person."""
    return BenchMember.objects.select_related("person")


def seats() -> list[Seat]:
    return [seat_of(m) for m in BenchMember.objects.all()]


def member_of(person: Any, day: date | None = None) -> BenchMember | None:
    """The seat of this person, if in function and with a mandate to sit."""
    found = BenchMember.objects.filter(person=getattr(person, "pk", None) or 0).first()
    return found if found and seat_of(found).holds(day or today()) and may(person, BENCH) else None


def absent(day: date) -> list[str]:
    here = Absence.objects.filter(Q(last=None) | Q(last__gte=day), first__lte=day)
    return list(here.values_list("member__code", flat=True))


def family(petition: Petition) -> list[int]:
    """A case and those joined to it."""
    return [petition.pk, *petition.joined.values_list("pk", flat=True)]


def kept_out(petition: Petition, day: date | None = None) -> dict[str, str]:
    """Members who do not sit in this case that day, and why: what is decided weighs more than what waits."""
    cases = family(petition)
    out: dict[str, str] = dict.fromkeys(absent(day or today()), Why.ABSENT)
    hits = Conflict.objects.filter(petition__in=cases)
    asked = Recusal.objects.filter(petition__in=cases)
    waiting = (
        *hits.filter(decision=None).values_list("member__code", flat=True),
        *asked.filter(state__in=recusals.OPEN).values_list("member__code", flat=True),
    )
    out |= dict.fromkeys(waiting, Why.UNDECIDED)
    out |= dict.fromkeys(hits.filter(decision="barred").values_list("member__code", flat=True), Why.CONFLICT)
    for code, aside in asked.filter(state=recusals.State.GRANTED).values_list("member__code", "aside"):
        out[code] = Why.ASIDE if aside else Why.RECUSED
    return out


OUT_FOR_GOOD = frozenset({Why.CONFLICT, Why.RECUSED, Why.ASIDE})
"""Who is only away that day is still a judge of the case."""


def out_of(person: Any, petition: Petition) -> bool:
    """Is this person a member, in function or not any more, who is out of this case for good?"""
    return barred(person, petition, OUT_FOR_GOOD)


def kept_from(person: Any, petition: Petition) -> bool:
    """Is this person a member who does nothing in this case now: out of it for good, or while that is undecided?"""
    return barred(person, petition, OUT_FOR_GOOD | {Why.UNDECIDED})


def barred(person: Any, petition: Petition, reasons: frozenset[Why]) -> bool:
    seats = set(BenchMember.objects.filter(person=getattr(person, "pk", None) or 0).values_list("code", flat=True))
    return bool(seats) and any(w in reasons for code, w in kept_out(petition).items() if code in seats)


def sitting(petition: Petition, day: date | None = None) -> Sitting:
    """Who may sit in a case that day."""
    day = day or today()
    return bench.can_sit(court(petition.contest), seats(), day, kept_out=kept_out(petition, day))


def rapporteur(petition: Petition) -> BenchMember | None:
    """Who reports a case: the last line that drew or gave it; of a joined case, the lead's."""
    line = DrawLine.objects.filter(petition=petition.lead_id or petition.pk).select_related("member").last()
    return line.member if line else None


def reported_by(member: BenchMember) -> QuerySet[Petition]:
    """Cases that this member reports."""
    lines = DrawLine.objects.order_by("petition", "number").values_list("petition", "member")
    held = dict(lines)
    return Petition.objects.filter(pk__in=[p for p, held_by in held.items() if held_by == member.pk])


def judges(contest: Contest, day: date | None = None) -> list[Judge]:
    """The bench as the draw of a contest sees it: what each holds of it already. Who may not report is away."""
    day = day or today()
    loads: dict[str, int] = {}
    held: dict[int, tuple[str, int]] = {}
    for petition, code, weight in DrawLine.objects.filter(contest=contest).values_list(
        "petition", "member__code", "weight"
    ):
        if petition in held:
            before, weighed = held[petition]
            loads[before] -= weighed
        loads[code] = loads.get(code, 0) + weight
        held[petition] = (code, weight)
    rows = list(BenchMember.objects.select_related("person"))
    away = set(absent(day)) | {m.code for m in rows if not may(m.person, RAPPORTEUR, contest=contest.pk)}
    return [Judge(m.code, loads.get(m.code, 0), away=m.code in away or not seat_of(m).holds(day)) for m in rows]


# --- the deliberation --------------------------------------------------------------------------
def room(petition: Petition) -> Room:
    """The bench in deliberation of a case."""
    found = sitting(petition)
    keys = BenchKey.objects.filter(withdrawn_at=None).values_list("member__code", flat=True)
    return Room(found.sitting, found.president, frozenset(keys))


def in_deliberation(person: Any, number: str) -> tuple[Petition, BenchMember]:
    """The case and the seat of who may enter its deliberation; DIS-431 for everybody and everything else alike."""
    member = member_of(person)
    petition = (
        Petition.objects.select_related("contest__election__pack", "lead__contest__election__pack")
        .filter(number=number)
        .first()
    )
    if petition is not None and petition.lead is not None:
        petition = petition.lead
    if member is None or petition is None or State(petition.state) not in READS:
        raise NotOfTheBench
    if not may(person, BENCH, contest=petition.contest_id):
        raise NotOfTheBench
    room(petition).enter(member.code)
    return petition, member


def as_ruled(item: SealedItem) -> Item:
    """A sealed text as the rules see it. One sealed again is nobody's but its resealer's until a second member confirms."""
    now = Round(item.round.number, item.round.released_at is not None)
    readers = frozenset(item.readers)
    if item.original_id and item.confirmed_by_id is None:
        readers = frozenset()
    return Item(item.number, Kind(item.kind), item.member.code, now, readers, item.point)


def items(petition: Petition) -> QuerySet[SealedItem]:
    """Every sealed text of a case, without its bytes."""
    rows = SealedItem.objects.filter(round__petition=petition).order_by("round__number", "number")
    return rows.select_related(
        "round", "member", "resealed_by", "confirmed_by", "original__round", "original__member"
    ).defer("body", "original__body")


def rounds(petition: Petition) -> QuerySet[DeliberationRound]:
    return DeliberationRound.objects.filter(petition=petition)


def key_lines(petition: Petition) -> list[tuple[str, str]]:
    """(member, public key) of those who sit: what a text of this case is sealed to."""
    codes = room(petition).sitting
    rows = BenchKey.objects.filter(withdrawn_at=None, member__code__in=codes).select_related("member")
    return [(one.member.code, one.public) for one in rows]


def gate_bench(petition: Petition) -> dict[str, Any] | None:
    """The `bench` of a decision's record (cli-disputes 4), but its signatories; None while nothing is voted."""
    vote = BenchVote.objects.filter(petition=petition.lead_id or petition.pk).last()
    if vote is None:
        return None
    law = court(petition.contest)
    barred = Conflict.objects.filter(petition__in=family(petition)).exclude(decision="clear")
    return {
        "members": law.members, "quorum": vote.quorum, "abstention": law.abstention, "president": vote.president,
        "present": list(vote.present), "ayes": vote.ayes, "noes": vote.noes, "casting_vote": bool(vote.casting),
        "conflicts": sorted(set(barred.values_list("member__code", flat=True))),
    }  # fmt: skip


# --- hearings ----------------------------------------------------------------------------------
def hearings(*, public: bool) -> QuerySet[Hearing]:
    """Hearings, soonest first; public: those whose cause list is out."""
    rows = Hearing.objects.select_related("contest").prefetch_related("entries__petition")
    return rows.filter(listed_at__isnull=False) if public else rows
