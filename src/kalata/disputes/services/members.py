"""Who sits on the bench: entering, leaving, absences, interests, and the key that a second person confirms."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Unit
from kalata.disputes import kinds
from kalata.disputes.models import Absence, BenchKey, BenchMember, Declaration
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules.deliberation import NotOfTheBench
from kalata.disputes.rules.sealing_keys import PublicKey
from kalata.disputes.rules.steps import BENCH, REGISTRY
from kalata.ledger.services import record
from kalata.people.approving import approvable, ask_approval
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class SeatTaken(Refused):
    code = "DIS-418"
    says = _("%(what)s : cette place du siège est déjà prise.")
    remedy = _("Notez d’abord la fin de fonction de qui l’occupe, ou prenez un autre code.")
    sentences = frozenset({"what"})


class NoMandate(Refused):
    code = "DIS-419"
    says = _("%(who)s n’a pas de mandat pour siéger (disputes.bench) : son entrée en fonction n’est pas notée.")
    remedy = _("Un responsable des comptes demande ce mandat ; une seconde personne l’approuve.")


class KeyInUse(Refused):
    code = "DIS-420"
    says = _("Cette clé publique a déjà servi.")
    remedy = _("Créez-en une neuve par « kalata disputes keygen » : une clé est à un seul membre, une seule fois.")


def subject(member: BenchMember) -> str:
    return f"bench_member:{member.code}"


@transaction.atomic
def seat(*, code: str, person: Person, authority: str, since: date, president: bool = False, by: Person) -> BenchMember:
    """Note that a person sits from a day on. PEO-101; DIS-418 the code or the person is there; DIS-419 no mandate."""
    require(by, REGISTRY)
    if BenchMember.objects.filter(code=code).exists() or BenchMember.objects.filter(person=person).exists():
        raise SeatTaken(what=code)
    if not queries.may(person, BENCH):
        raise NoMandate(who=person.username)
    if president:
        BenchMember.objects.filter(president=True).update(president=False)
    member = BenchMember.objects.create(
        code=code, person=person, authority=authority.strip(), since=since, president=president, by=by, at=timezone.now()
    )  # fmt: skip
    after = {"since": since.isoformat(), "president": president}
    record(by=by, kind=kinds.BENCH_SEATED, subject=subject(member), after=after, rows=[member])
    return member


@transaction.atomic
def leave(*, member: BenchMember, until: date, why: str, by: Person) -> None:
    """Note the last day of function and why; the seat is vacant the day after, and its clock runs."""
    require(by, REGISTRY)
    member.until, member.left, member.president = until, why.strip()[:200], False
    member.save(update_fields=["until", "left", "president"])
    record(by=by, kind=kinds.BENCH_LEFT, subject=subject(member), after={"until": until.isoformat()}, rows=[member])


@transaction.atomic
def make_president(*, member: BenchMember, by: Person) -> None:
    """Note who presides from now on."""
    require(by, REGISTRY)
    BenchMember.objects.filter(president=True).update(president=False)
    member.president = True
    member.save(update_fields=["president"])
    record(by=by, kind=kinds.BENCH_PRESIDENT, subject=subject(member), rows=[member])


@transaction.atomic
def note_absence(*, member: BenchMember, first: date, last: date | None, why: str, by: Person) -> Absence:
    """Note days on which a member cannot sit: by the registry, or by the member himself."""
    if member.person_id != by.pk:
        require(by, REGISTRY)
    made = Absence.objects.create(member=member, first=first, last=last, why=why.strip(), by=by, at=timezone.now())
    after = {"first": first.isoformat(), "last": last.isoformat() if last else None}
    record(by=by, kind=kinds.BENCH_ABSENT, subject=subject(member), after=after, rows=[made])
    return made


@transaction.atomic
def declare(*, member: BenchMember, kind: str, name: str = "", unit: Unit | None = None, by: Person) -> Declaration:
    """Keep what a member declares of his interests: his own act, from his own account."""
    if member.person_id != by.pk:
        raise NotOfTheBench
    made = Declaration.objects.create(
        member=member, kind=kind, name=name.strip()[:200], unit=unit, by=by, at=timezone.now()
    )  # fmt: skip
    record(by=by, kind=kinds.INTEREST_DECLARED, subject=subject(member), after={"kind": kind}, rows=[made])
    return made


@transaction.atomic
def end_declaration(*, declaration: Declaration, by: Person) -> None:
    """It meets no new case from now on; what it met already stays."""
    if declaration.member.person_id != by.pk:
        raise NotOfTheBench
    Declaration.objects.filter(pk=declaration.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
    after = {"kind": declaration.kind, "ended": True}
    record(by=by, kind=kinds.INTEREST_DECLARED, subject=subject(declaration.member), after=after)


# --- the key: two persons --------------------------------------------------------------------------
KEY = "disputes.bench_key"


@approvable(KEY, REGISTRY, title=_("Clé de délibéré d’un membre"), about="bench_member", asks=BENCH)
def confirm_key(approval: Approval, by: Person) -> None:
    """A second person has compared the key with what the member shows on his own machine: it is his from now on."""
    member = BenchMember.objects.select_for_update().get(pk=approval.payload["member"])
    public = str(approval.payload["public"])
    if BenchKey.objects.filter(public=public).exists():
        raise KeyInUse
    end_key_of(member, by)
    made = BenchKey.objects.create(
        member=member, public=public, by=approval.asked_by, confirmed_by=by, at=timezone.now()
    )  # fmt: skip
    record(by=by, kind=kinds.BENCH_KEY_CONFIRMED, subject=subject(member), after={"public": public}, rows=[made])


@transaction.atomic
def ask_key(*, member: BenchMember, public: str, by: Person) -> Approval:
    """Give the public half of one's key; it counts when another person has confirmed it. DIS-757 no key, DIS-420 used."""
    if member.person_id != by.pk:
        raise NotOfTheBench
    line = PublicKey.read(public.strip()).text()
    if BenchKey.objects.filter(public=line).exists():
        raise KeyInUse
    payload = {"member": member.pk, "code": member.code, "public": line}
    return ask_approval(
        kind=KEY, subject=subject(member), summary=f"{member.code} : {line[:15]}", payload=payload, by=by,
        reason="Clé de délibéré",
    )  # fmt: skip


def end_key_of(member: BenchMember, by: Person) -> None:
    for one in BenchKey.objects.filter(member=member, withdrawn_at=None):
        BenchKey.objects.filter(pk=one.pk).update(withdrawn_at=timezone.now())
        record(by=by, kind=kinds.BENCH_KEY_ENDED, subject=subject(member), after={"public": one.public})


@transaction.atomic
def lose_key(*, member: BenchMember, by: Person) -> None:
    """A key is lost, or in other hands: nothing is sealed to it any more. By its member, or the registry."""
    if member.person_id != by.pk:
        require(by, REGISTRY)
    end_key_of(member, by)
