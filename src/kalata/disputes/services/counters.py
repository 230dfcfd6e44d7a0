"""Counters and rolls: opened, registered from another machine, closed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.disputes import kinds
from kalata.disputes.models import Counter, Roll
from kalata.disputes.rules.numbers import CODE, SHORT
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import keys
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadCounter(Refused):
    code = "DIS-124"
    says = _("Le guichet « %(code)s » ne peut pas être ouvert : %(why)s.")
    remedy = _("Un code a 2 à 8 lettres majuscules et chiffres (BKO2), et sert une seule fois, pour toujours.")
    status = 422
    sentences = frozenset({"why"})


class BadRoll(Refused):
    code = "DIS-125"
    says = _("Le rôle « %(short)s » ne peut pas être ouvert : %(why)s.")
    remedy = _("Un nom court a 1 à 6 lettres majuscules et chiffres (L1, P2), et désigne un seul scrutin par année.")
    status = 422
    sentences = frozenset({"why"})


@transaction.atomic
def open_counter(
    *, code: str, name: str, by: Person | None, unit: Unit | None = None, online: bool = False, key: str = "",
    passphrase: str = "",
) -> Counter:  # fmt: skip
    """Open a counter here, with a key of its own; or (key) register the one of another machine by its public half.

    by None: the command line of the machine. passphrase: what its key is kept under. DIS-139; DIS-124: the code is no code, is taken, or the key is none or another's.
    """
    if by is not None:
        require(by, REGISTRY)
    if not CODE.match(code):
        raise BadCounter(code=code[:20], why=_("ce n’est pas un code"))
    if Counter.objects.filter(code=code).exists():
        raise BadCounter(code=code, why=_("ce code a déjà servi"))
    if key and not is_key(key):
        raise BadCounter(code=code, why=_("la clé publique a 64 chiffres 0 à 9 et lettres a à f"))
    if key and Counter.objects.filter(key=key).exists():
        raise BadCounter(code=code, why=_("cette clé est celle d’un autre guichet"))
    try:
        public = key or keys.create(code, passphrase)
    except FileExistsError:
        raise BadCounter(code=code, why=_("une clé de ce nom est déjà sur cette machine")) from None
    made = Counter.objects.create(
        code=code, name=name[:200], unit=unit, key=public, here=not key, online=online and not key, by=by, at=timezone.now()
    )  # fmt: skip
    record(
        by=by,
        kind=kinds.COUNTER_OPENED,
        subject=f"counter:{code}",
        after={"code": code, "key": public, "here": not key},
    )
    return made


def is_key(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


@transaction.atomic
def close_counter(*, code: str, by: Person) -> None:
    """A counter receives no more, and no bundle of it is merged from now on; what it gave stays."""
    require(by, REGISTRY)
    one = Counter.objects.select_for_update().get(code=code)
    if one.closed_at is None:
        one.closed_at = timezone.now()
        one.save(update_fields=["closed_at"])
        record(by=by, kind=kinds.COUNTER_CLOSED, subject=f"counter:{code}", after={"code": code})


@transaction.atomic
def open_roll(*, contest: Contest, short: str, year: int, by: Person | None, kept_here: bool = True) -> Roll:
    """Open the roll of a contest: its short name on receipts. DIS-125: not a name, taken, or the contest has one."""
    if by is not None:
        require(by, REGISTRY, contest=contest.pk)
    if not SHORT.match(short) or not 2000 <= year <= 2100:
        raise BadRoll(short=short[:20], why=_("ce n’est pas un nom court, ou pas une année"))
    if Roll.objects.filter(short=short, year=year).exists():
        raise BadRoll(short=short, why=_("il désigne déjà un scrutin de cette année"))
    if Roll.objects.filter(contest=contest).exists():
        raise BadRoll(short=short, why=_("ce scrutin a déjà son rôle"))
    made = Roll.objects.create(contest=contest, short=short, year=year, by=by, at=timezone.now(), kept_here=kept_here)
    record(by=by, kind=kinds.ROLL_OPENED, subject=f"contest:{contest.code}", after={"short": short, "year": year})
    return made
