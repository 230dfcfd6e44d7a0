"""The deliberation: sealed bytes taken, handed to who may read them, sealed again by two; the vote that closes it.

Nothing here reads a text. The ledger is told numbers and hashes of sealed bytes: no kind, no title, no word.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import BenchMember, BenchVote, DeliberationRound, Petition, SealedItem
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules import bench, deliberation
from kalata.disputes.rules.deliberation import Kind, NotOfTheBench, NotSealed, NotThePresident, Room, Round
from kalata.disputes.rules.sealing import outside
from kalata.disputes.rules.steps import State
from kalata.disputes.services.steps import facts, subject_of
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

LARGEST = 256 * 1024
"""A sealed text; a long piece goes to the register of exhibits."""
MOST_POINT = 999


class NoRound(Refused):
    code = "DIS-443"
    says = _("Aucun tour n’est ouvert dans cette affaire.")
    remedy = _("Le président ouvre un tour sur la page du délibéré.")


class RoundOpen(Refused):
    code = "DIS-444"
    says = _("Le tour %(round)d est encore ouvert.")
    remedy = _("Communiquez-le avant d’en ouvrir un autre.")


class Voted(Refused):
    code = "DIS-445"
    says = _("Le vote qui clôt ce délibéré est déjà inscrit, ou l’affaire n’est plus en délibéré.")
    remedy = _("Rien ne se dépose plus ici ; les textes restent lisibles par leurs lecteurs.")


class NoSuchText(Refused):
    code = "DIS-446"
    says = _("Ce texte n’existe pas dans cette affaire, ou n’est pas le vôtre à lire.")
    remedy = _("Revenez à la page du délibéré : elle montre ce qui vous est remis.")
    status = 404


class PointWanted(Refused):
    code = "DIS-447"
    says = _("Un vote porte le numéro du point sur lequel on vote, de 1 à %(most)d.")
    remedy = _("Choisissez le point ; sa question est dans une note scellée.")
    status = 422


def entered(number: str, by: Person, *, writing: bool = True) -> tuple[Petition, BenchMember, Room]:
    """The case, the seat of this person, and the bench in it, locked. DIS-431 for everybody else; DIS-445 once it is voted."""
    petition, member = queries.in_deliberation(by, number)
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    if writing and (State(petition.state) not in queries.DELIBERATES or petition.bench_votes.exists()):
        raise Voted
    return petition, member, queries.room(petition)


def presiding(room: Room, member: BenchMember) -> None:
    if member.code != room.president:
        raise NotThePresident


@transaction.atomic
def open_round(*, number: str, by: Person) -> DeliberationRound:
    """Open the next round. DIS-435: a member who sits has no key; DIS-412: too few sit."""
    petition, member, room = entered(number, by)
    presiding(room, member)
    queries.sitting(petition).demand()
    room.ready()
    last = queries.rounds(petition).last()
    if last is not None and last.released_at is None:
        raise RoundOpen(round=last.number)
    made = DeliberationRound.objects.create(
        petition=petition, number=(last.number if last else 0) + 1, by=by, at=timezone.now()
    )  # fmt: skip
    record(by=by, kind=kinds.ROUND_OPENED, subject=subject_of(petition), after={"round": made.number}, rows=[made])
    return made


def looked_at(body: bytes) -> int:
    """How many readers a sealed file tells. DIS-441: it is not one; nothing of it is kept or repeated."""
    try:
        return outside(body).readers if len(body) <= LARGEST else 0
    except Refused:
        raise NotSealed from None


@transaction.atomic
def deposit(*, number: str, kind: str, point: int = 0, body: bytes, by: Person) -> SealedItem:
    """Keep a sealed text in the open round. DIS-441 not sealed, DIS-434 other readers, DIS-433, 435, 439, 443."""
    petition, member, room = entered(number, by)
    readers = looked_at(body)
    now = queries.rounds(petition).last()
    if now is None:
        raise NoRound
    sort = Kind(kind)
    if (sort is Kind.VOTE and not point) or not 0 <= point <= MOST_POINT:
        raise PointWanted(most=MOST_POINT)
    before = [queries.as_ruled(one) for one in queries.items(petition)]
    ruled = Round(now.number, now.released_at is not None)
    deliberation.deposit(room, ruled, member.code, sort, readers=readers, point=point, before=before)
    return kept(now, member, room, body, by, kind=sort.value, point=point)


def kept(now: DeliberationRound, member: BenchMember, room: Room, body: bytes, by: Person, **values: Any) -> SealedItem:
    n = 1 + SealedItem.objects.filter(round=now).count()
    digest = sha256(body).hexdigest()
    made = SealedItem.objects.create(
        round=now, number=n, member=member, readers=list(room.sitting), body=body, sha256=digest, at=timezone.now(), **values,
    )  # fmt: skip
    after = {"round": now.number, "item": n, "sha256": digest}
    record(by=by, kind=kinds.SEALED_KEPT, subject=subject_of(now.petition), after=after, rows=[made])
    return made


def found(petition: Petition, round_: int, item: int) -> SealedItem:
    rows = SealedItem.objects.select_related(
        "round__petition", "member", "resealed_by", "original__round", "original__member"
    )
    one = rows.filter(round__petition=petition, round__number=round_, number=item).first()
    if one is None:
        raise NoSuchText
    return one


@transaction.atomic
def hand(*, number: str, round_: int, item: int, by: Person) -> bytes:
    """The sealed bytes, to who may read them; each reading is in the ledger. DIS-431, 432, 436, 446."""
    petition, member, room = entered(number, by, writing=False)
    one = found(petition, round_, item)
    if one.original_id and one.confirmed_by_id is None:
        original = queries.as_ruled(one.original)  # type: ignore[arg-type]
        deliberation.read(room, original, member.code)  # who compares is a reader of the original
    else:
        deliberation.read(room, queries.as_ruled(one), member.code)
    after = {"round": round_, "item": item}
    record(by=by, kind=kinds.SEALED_READ, subject=subject_of(petition), after=after)
    return bytes(one.body)


@transaction.atomic
def release(*, number: str, silence: str = "", by: Person) -> DeliberationRound:
    """Hand the texts of the open round to their readers. DIS-440, 437, 433."""
    petition, member, room = entered(number, by)
    now = queries.rounds(petition).last()
    if now is None:
        raise NoRound
    wrote = set(now.items.filter(original=None).values_list("member__code", flat=True))
    silence = silence if silence in deliberation.SILENCES else ""
    ruled = Round(now.number, now.released_at is not None)
    deliberation.release(room, ruled, member.code, wrote=wrote, reason=silence)
    now.released_by, now.released_at, now.silence = by, timezone.now(), silence
    now.save(update_fields=["released_by", "released_at", "silence"])
    record(by=by, kind=kinds.ROUND_RELEASED, subject=subject_of(petition), after={"round": now.number})
    return now


@transaction.atomic
def reseal(*, number: str, round_: int, item: int, body: bytes, by: Person) -> SealedItem:
    """Seal a text again to all who sit now (a lost key, a judge who joins); it waits for a second member."""
    petition, member, room = entered(number, by, writing=False)
    original = found(petition, round_, item)
    deliberation.reseal(room, queries.as_ruled(original), member.code, readers=looked_at(body))
    return kept(
        original.round, original.member, room, body, by, kind=original.kind, point=original.point, original=original,
        resealed_by=member,
    )  # fmt: skip


@transaction.atomic
def confirm(*, number: str, round_: int, item: int, by: Person) -> None:
    """A second reader of the original has opened both and says that they are the same text. DIS-438."""
    petition, member, room = entered(number, by, writing=False)
    one = found(petition, round_, item)
    if one.original is None or one.resealed_by is None:
        raise NoSuchText
    deliberation.confirm(room, queries.as_ruled(one.original), member.code, resealed_by=one.resealed_by.code)
    if not SealedItem.objects.filter(pk=one.pk, confirmed_by=None).update(confirmed_by=member):
        raise NoSuchText
    record(by=by, kind=kinds.SEALED_CONFIRMED, subject=subject_of(petition), after={"round": round_, "item": item})


@transaction.atomic
def close(
    *, number: str, ayes: int, noes: int, casting: bool | None = None, secret: bool = False, by: Person
) -> BenchVote:
    """Keep the vote that closes the deliberation: two counts. By who presides. DIS-412 to 417; DIS-444 a round is open."""
    petition, member, room = entered(number, by)
    presiding(room, member)
    last = queries.rounds(petition).last()
    if last is None:
        raise NoRound
    if last.released_at is None:
        raise RoundOpen(round=last.number)
    here = queries.sitting(petition)
    here.demand()
    count = bench.secret_ballot if secret else bench.tallied
    tally = count(here, ayes, noes, casting=casting, **({} if secret else {"secret": False}))
    made = BenchVote.objects.create(
        petition=petition, present=list(here.sitting), president=here.president, quorum=here.court.quorum, ayes=tally.ayes,
        noes=tally.noes, casting=casting if tally.casting else None, secret=secret, carried=tally.carried, by=by,
        at=timezone.now(),
    )  # fmt: skip
    after = {"present": len(here.sitting)}
    record(by=by, kind=kinds.BENCH_VOTED, subject=subject_of(petition), after=after, rows=[made])
    return made


@facts
def voted(petition: Petition) -> dict[str, Any]:
    """What the table of a case asks of the deliberation: whether its quorum and votes are kept."""
    if petition.office_id is not None:
        return {}
    return {"voted": BenchVote.objects.filter(petition=petition.lead_id or petition.pk).exists()}


__all__ = ["NotOfTheBench", "close", "confirm", "deposit", "hand", "open_round", "release", "reseal"]
