"""Counters and rolls: opened, registered from another machine, closed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.disputes import kinds
from kalata.disputes.models import Counter, Roll
from kalata.disputes.rules import sealed_bundles
from kalata.disputes.rules.numbers import CODE, SHORT
from kalata.disputes.rules.steps import REGISTRY
from kalata.disputes.services import keys
from kalata.ledger.services import record
from kalata.people.approving import approvable, ask_approval
from kalata.people.guard import require
from kalata.people.models import Approval, Person
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


OPENING = "disputes.counter"


class Elsewhere(Refused):
    code = "DIS-140"
    says = _("Aucune zone n’a le code « %(code)s ».")
    remedy = _("Écrivez le code de la zone, ou laissez vide pour un guichet de tout le pays.")
    status = 422


@transaction.atomic
def ask_counter(*, code: str, name: str, unit: str, key: str, reason: str, by: Person) -> Approval:
    """Ask that a counter be opened: its key is made, or entered, when another person of the registry has decided.

    Raises: PEO-101, DIS-124 what could not be opened, DIS-140 no such place, PEO-203 without a reason.
    """
    require(by, REGISTRY)
    check(code, key)
    if unit and not Unit.objects.filter(code=unit).exists():
        raise Elsewhere(code=unit[:40])
    return ask_approval(
        kind=OPENING, subject=f"counter:{code}", summary=f"{code} · {name[:120]}",
        payload={"code": code, "name": name[:200], "unit": unit, "key": key}, reason=reason, by=by,
    )  # fmt: skip


@approvable(OPENING, REGISTRY, title=_("Ouverture d’un guichet et de sa clé"), about="counter")
def opened(approval: Approval, by: Person) -> None:
    """The ceremony of a key: asked by one person, made in the hands of another."""
    said = approval.payload
    unit = Unit.objects.filter(code=said["unit"]).order_by("-pk").first() if said["unit"] else None
    open_counter(code=said["code"], name=said["name"], unit=unit, key=said["key"], by=by)


def check(code: str, key: str) -> None:
    """DIS-124: the code is no code or has served, the key is none or another's."""
    if not CODE.match(code):
        raise BadCounter(code=code[:20], why=_("ce n’est pas un code"))
    if Counter.every.filter(code=code).exists():
        raise BadCounter(code=code, why=_("ce code a déjà servi"))
    if key and not is_key(key):
        raise BadCounter(code=code, why=_("la clé publique a 64 chiffres 0 à 9 et lettres a à f"))
    if key and Counter.every.filter(key=key).exists():
        raise BadCounter(code=code, why=_("cette clé est celle d’un autre guichet"))


@transaction.atomic
def open_counter(
    *, code: str, name: str, by: Person | None, unit: Unit | None = None, online: bool = False, key: str = "",
    passphrase: str = "", seals_to: str = "",
) -> Counter:  # fmt: skip
    """Open a counter here, with a key of its own; or (key) register the one of another machine by its public half.

    by None: the command line of the machine. passphrase: what its key is kept under. seals_to: the Court's public
    line, where this machine is not the Court's. DIS-139; DIS-145 not such a line; DIS-124: the code is no code, is taken, or the key is none or another's.
    """
    if by is not None:
        require(by, REGISTRY)
    check(code, key)
    if seals_to:
        seals_to = sealed_bundles.public(seals_to).text()
    try:
        public = key or keys.create(code, passphrase)
    except FileExistsError:
        raise BadCounter(code=code, why=_("une clé de ce nom est déjà sur cette machine")) from None
    made = Counter.every.create(
        code=code, name=name[:200], unit=unit, key=public, here=not key, online=online and not key, seals_to=seals_to, by=by, at=timezone.now()
    )  # fmt: skip
    record(
        by=by,
        kind=kinds.COUNTER_OPENED,
        subject=f"counter:{code}",
        after={"code": code, "key": public, "here": not key},
    )
    return made


@transaction.atomic
def seal_to(*, code: str, line: str, by: Person | None) -> Counter:
    """Give a counter the Court's public line: its bundles are sealed to it from now on. DIS-145; by None: the command line."""
    if by is not None:
        require(by, REGISTRY)
    one = Counter.objects.select_for_update().get(code=code)
    one.seals_to = sealed_bundles.public(line).text()
    one.save(update_fields=["seals_to"])
    record(by=by, kind=kinds.COUNTER_SEALS, subject=f"counter:{code}", after={"seals_to": one.seals_to})
    return one


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
