"""Who reports a case: conflicts met and decided, recusals, the draw from a committed seed, and what a decision gives."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata import states
from kalata.country.models import Contest
from kalata.disputes import kinds
from kalata.disputes.models import (
    BenchMember,
    Conflict,
    Declaration,
    Draw,
    DrawLine,
    GroundTarget,
    Party,
    Petition,
    Recusal,
)
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules import conflicts, draw, recusals
from kalata.disputes.rules.bench import NotPresent
from kalata.disputes.rules.deliberation import NotOfTheBench
from kalata.disputes.rules.steps import BENCH, PRESIDE, REGISTRY, State
from kalata.disputes.services.guarding import inside, require_in
from kalata.disputes.services.steps import subject_of
from kalata.ledger.services import record
from kalata.lifecycle import REASON, Act, Lacking
from kalata.people.approving import approvable, ask_about_contest
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.people.queries import may, paths
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class SeedLate(Refused):
    code = "DIS-421"
    says = _("La graine s’engage avant l’ouverture du dépôt ; %(n)d {n:requête est déjà reçue|requêtes sont déjà reçues} dans ce scrutin.")
    remedy = _("Désignez les rapporteurs par décision motivée : chaque désignation est publiée avec son motif.")


class NothingToDraw(Refused):
    code = "DIS-422"
    says = _("Aucune affaire enrôlée n’attend de rapporteur dans ce scrutin.")
    remedy = _("Enrôlez les requêtes d’abord ; une affaire jointe suit le rapporteur de son chef de file.")


class DrawClosed(Refused):
    code = "DIS-423"
    says = _("La graine de ce tirage est publiée : chacun prévoirait le suivant.")
    remedy = _("Désignez le rapporteur par décision motivée.")


class NoDraw(Refused):
    code = "DIS-424"
    says = _("Aucune graine n’est engagée pour ce scrutin.")
    remedy = _(
        "Désignez les rapporteurs par décision motivée ; à la prochaine élection, engagez la graine avant le dépôt."
    )


class Decided(Refused):
    code = "DIS-425"
    says = _("Ce conflit d’intérêts est déjà décidé.")
    remedy = _("Rouvrez la page : elle montre la décision et son motif.")


class NotTheirs(Refused):
    code = "DIS-426"
    says = _("Nul ne décide de son propre conflit d’intérêts.")
    remedy = _("Demandez à un autre membre du siège.")
    status = 403


def demanded(reason: str) -> str:
    if not reason.strip():
        raise Lacking(need=REASON.label)
    return reason.strip()


# --- conflicts -------------------------------------------------------------------------------------
@transaction.atomic
def match(petition: Petition) -> int:
    """Meet every standing declaration with the parties and places of a case; each new hit bars its member until decided."""
    cases = queries.family(petition)
    names = list(Party.objects.filter(petition__in=cases, struck=False).values_list("name", flat=True))
    targets = GroundTarget.objects.filter(ground__petition__in=cases, struck=False, station__unit__isnull=False)
    rows = targets.select_related("station__unit__parent__parent__parent")[:20_000]
    units = {u.pk: u for u in (*(t.station.unit for t in rows if t.station), petition.unit) if u}
    standing = list(
        Declaration.objects.filter(withdrawn_at=None).select_related("member", "unit__parent__parent__parent")
    )
    path = paths([*units.values(), *(d.unit for d in standing if d.unit)])
    interests = [
        conflicts.Interest(d.pk, d.member.code, d.name, path[d.unit_id] if d.unit_id else ()) for d in standing
    ]  # fmt: skip
    found = conflicts.hits(interests, names, {path[pk]: unit.name for pk, unit in units.items()})
    known = set(Conflict.objects.filter(petition__in=cases).values_list("declaration", "matched"))
    by_number = {d.pk: d for d in standing}
    made = 0
    for hit in found:
        if (hit.number, hit.matched[:200]) in known:
            continue
        member = by_number[hit.number].member
        one = Conflict.objects.create(
            petition=petition, member=member, declaration_id=hit.number, matched=hit.matched[:200], at=timezone.now()
        )  # fmt: skip
        after = {"member": member.code, "conflict": one.pk}
        record(by=None, kind=kinds.CONFLICT_FOUND, subject=subject_of(petition), after=after, rows=[one])
        made += 1
    return made


@transaction.atomic
def decide_conflict(*, conflict: Conflict, barred: bool, reason: str, by: Person) -> None:
    """Bar the member from this case, or clear him, with the reason. By who presides, never by the member himself."""
    require(by, PRESIDE if conflict.member.person_id != by.pk else BENCH, contest=conflict.petition.contest_id)
    if conflict.member.person_id == by.pk:
        raise NotTheirs
    inside(by, (conflict.petition,), decided=True)
    reason = demanded(reason)
    decision = "barred" if barred else "clear"
    values = {"decision": decision, "reason": reason[:400], "decided_by": by, "decided_at": timezone.now()}
    if not Conflict.objects.filter(pk=conflict.pk, decision=None).update(**values):
        raise Decided
    after = {"member": conflict.member.code, "conflict": conflict.pk, "decision": decision}
    record(by=by, kind=kinds.CONFLICT_DECIDED, subject=subject_of(conflict.petition), after=after)


# --- recusals --------------------------------------------------------------------------------------
def told(one: Recusal, by: Person, to: str, start: str = "") -> Recusal:
    after = {"member": one.member.code, "recusal": one.pk, "to": to, **({"from": start} if start else {})}
    return record(by=by, kind=kinds.RECUSAL_MOVED, subject=subject_of(one.petition), after=after)  # type: ignore[return-value]


@transaction.atomic
def challenge(*, petition: Petition, member: BenchMember, party: Party, grounds: str, by: Person) -> Recusal:
    """Record that a party challenges a member: always recorded, whatever the law allows. By the registry."""
    require(by, REGISTRY, contest=petition.contest_id)
    law = queries.court(petition.contest)
    one = Recusal.objects.create(
        petition=petition, member=member, party=party, grounds=demanded(grounds)[:2_000], allowed=law.recusal,
        article=law.article("recusal")[:120], by=by, at=timezone.now(), **states.born(recusals.RECUSAL, recusals.State.DEMANDED),
    )  # fmt: skip
    told(one, by, one.state)
    return one


@transaction.atomic
def step_aside(*, petition: Petition, member: BenchMember, grounds: str, by: Person) -> Recusal:
    """A member asks not to sit in a case; the others decide."""
    if member.person_id != by.pk or not may(by, BENCH, contest=petition.contest_id):
        raise NotOfTheBench
    law = queries.court(petition.contest)
    grounds = demanded(grounds)[:2_000]
    one = Recusal.objects.create(
        petition=petition, member=member, aside=True, grounds=grounds, reply=grounds, allowed=law.self_recusal,
        article=law.article("recusal")[:120], by=by, at=timezone.now(), **states.born(recusals.RECUSAL, recusals.State.ANSWERED),
    )  # fmt: skip
    told(one, by, one.state)
    return one


@transaction.atomic
def move_recusal(*, recusal: Recusal, to: recusals.State, reason: str, by: Person) -> None:
    """Answer (the member), or decide (another): LIF-101, LIF-105, DIS-417 where the law has no recusal."""
    require(by, BENCH, contest=recusal.petition.contest_id)
    if recusal.member.person_id != by.pk:
        inside(by, (recusal.petition,), decided=True)
    start = recusal.state
    stand = recusals.Challenge(
        state=recusals.State(start), hands={"member": recusal.member.person_id}, allowed=recusal.allowed,
        aside=recusal.aside, article=recusal.article,
    )  # fmt: skip
    if to is recusals.State.ANSWERED:
        values = {"reply": reason.strip()[:2_000]}
    else:
        values = {"decision": reason.strip()[:2_000], "decided_by": by, "decided_at": timezone.now()}  # type: ignore[dict-item]
    act = Act(by=by.pk, right=recusals.BENCH, reason=reason)
    states.write(
        recusal, recusals.RECUSAL, to, act, stand=stand, tells=lambda: told(recusal, by, to.value, start), **values
    )


# --- the draw --------------------------------------------------------------------------------------
COMMIT = "disputes.draw_commit"


def early(contest: Contest) -> None:
    """DIS-421 once a petition is received: whoever commits then could try seeds on it."""
    n = Petition.objects.filter(contest=contest, received_at__isnull=False).count()
    if n or Draw.objects.filter(contest=contest).exists():
        raise SeedLate(n=n)


@approvable(COMMIT, REGISTRY, title=_("Graine du tirage des rapporteurs"), asks=PRESIDE, public=True)
def commit_draw(approval: Approval, by: Person) -> None:
    """Engage the seed by its hash. Neither of the two persons gives it to the house: each holds one half."""
    said = approval.payload
    contest = Contest.objects.select_for_update().get(pk=said["contest"])
    early(contest)
    made = Draw.objects.create(
        contest=contest, commit=said["commit"], tolerance=said["tolerance"], per_stations=said["per_stations"],
        by=approval.asked_by, second=by, at=timezone.now(),
    )  # fmt: skip
    after = {"commit": made.commit, "tolerance": made.tolerance, "per_stations": made.per_stations}
    record(by=by, kind=kinds.DRAW_COMMITTED, subject=f"contest:{contest.code}", after=after, rows=[made])


@transaction.atomic
def ask_commit(
    *, contest: Contest, commit: str, tolerance: int = 1, per_stations: int = 0, reason: str, by: Person
) -> Approval:
    """Ask that this commitment (SHA-256 of the seed) be engaged, before filing opens; another person approves."""
    require(by, PRESIDE, contest=contest.pk)
    early(contest)
    if len(commit := commit.strip().lower()) != 64 or draw.seed_of(commit) != commit:
        raise draw.BadSeed(why=_("l’engagement a 64 chiffres"))
    payload = {"commit": commit, "tolerance": tolerance, "per_stations": per_stations}
    summary = f"Tirage des rapporteurs {commit[:12]}"
    return ask_about_contest(contest, kind=COMMIT, summary=summary, payload=payload, reason=reason, by=by)


UNDRAWN = (State.DRAFT, State.JOINED, State.WITHDRAWN, State.CLOSED)


def waiting(contest: Contest) -> list[Petition]:
    """Cases of the roll that have no reporting judge yet, in the order of the roll."""
    rows = Petition.objects.filter(contest=contest, roll__isnull=False, draw_lines=None).exclude(state__in=UNDRAWN)
    return list(rows.select_related("contest__election__pack", "unit").order_by("roll"))


def weight_of(petition: Petition, per_stations: int) -> int:
    if not per_stations:
        return 1
    targets = GroundTarget.objects.filter(ground__petition__in=queries.family(petition), struck=False)
    return min(1 + targets.values("station").distinct().count() // per_stations, 1_000)


def next_number(contest: Contest) -> int:
    return 1 + (DrawLine.objects.filter(contest=contest).aggregate(n=Max("number"))["n"] or 0)


@transaction.atomic
def draw_all(*, contest: Contest, seed: str, by: Person) -> list[DrawLine]:
    """Draw the reporting judge of every case that waits. seed: both halves together; it is used and not kept.

    Raises: DIS-404 another seed, DIS-401 a case that nobody may report (then none is drawn), DIS-422 to 424.
    """
    require(by, PRESIDE, contest=contest.pk)
    Contest.objects.select_for_update().get(pk=contest.pk)
    made = Draw.objects.filter(contest=contest).first()
    if made is None:
        raise NoDraw
    if made.seed is not None:
        raise DrawClosed
    seed = draw.checked_commitment(seed, made.commit)
    cases = waiting(contest)
    if not cases:
        raise NothingToDraw
    return [draw_case(made, petition, seed, by) for petition in cases]


def draw_case(made: Draw, petition: Petition, seed: str, by: Person) -> DrawLine:
    match(petition)
    out = queries.kept_out(petition)
    everybody = queries.judges(petition.contest)
    loads = {j.member: j.load for j in everybody if not j.away}
    barred = frozenset({j.member for j in everybody if j.away} | set(out))
    weight = weight_of(petition, made.per_stations)
    assert petition.roll is not None
    case = draw.Case(petition.roll, weight, barred, case=petition.number or "")
    found = draw.draw_one(seed, case, loads, tolerance=made.tolerance)
    line = kept(petition, found.member, weight, by, barred=sorted(barred), loads=dict(found.loads), digest=found.digest)
    after = {"member": found.member, "roll": petition.roll, "digest": found.digest, "number": line.number}
    record(by=by, kind=kinds.DRAWN, subject=subject_of(petition), after=after, rows=[line])
    return line


def kept(petition: Petition, code: str, weight: int, by: Person, **values: object) -> DrawLine:
    return DrawLine.objects.create(
        contest=petition.contest, number=next_number(petition.contest), petition=petition,
        member=BenchMember.objects.get(code=code), roll=petition.roll or 0, weight=weight, by=by, at=timezone.now(), **values,
    )  # fmt: skip


@transaction.atomic
def give(*, petition: Petition, member: BenchMember, why: str, by: Person) -> DrawLine:
    """Give a case to a member by a written decision, shown with the list. DIS-413: he may not sit in it."""
    require_in(by, PRESIDE, petition)
    Contest.objects.select_for_update().get(pk=petition.contest_id)
    match(petition)
    if member.code not in queries.sitting(petition).sitting:
        raise NotPresent(member=member.code)
    before = DrawLine.objects.filter(petition=petition).last()
    made = Draw.objects.filter(contest=petition.contest_id).first()
    weight = before.weight if before else weight_of(petition, made.per_stations if made else 0)
    line = kept(petition, member.code, weight, by, given=True, why=demanded(why)[:400])
    after = {"member": member.code, "number": line.number}
    record(by=by, kind=kinds.GIVEN, subject=subject_of(petition), after=after, reason=why[:400], rows=[line])
    return line


@transaction.atomic
def publish_draw(*, contest: Contest, seed: str, by: Person) -> Draw:
    """Publish the seed with the list: anybody replays it. Nothing is drawn from it any more."""
    require(by, PRESIDE, contest=contest.pk)
    made = Draw.objects.select_for_update().filter(contest=contest).first()
    if made is None:
        raise NoDraw
    if made.seed is not None:
        raise DrawClosed
    made.seed, made.published_by, made.published_at = draw.checked_commitment(seed, made.commit), by, timezone.now()
    made.save(update_fields=["seed", "published_by", "published_at"])
    after = {"commit": made.commit, "seed": made.seed, "lines": DrawLine.objects.filter(contest=contest).count()}
    record(by=by, kind=kinds.DRAW_PUBLISHED, subject=f"contest:{contest.code}", after=after, rows=[made])
    return made
