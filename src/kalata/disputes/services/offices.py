"""Offices of first instance: asked by one person, opened by another, with a counter and its key."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Unit
from kalata.disputes import kinds
from kalata.disputes.models import Counter, Office
from kalata.disputes.queries.offices import bodies_here
from kalata.disputes.rules.numbers import CODE
from kalata.disputes.rules.offices import OPEN, NoOffice
from kalata.disputes.services import keys
from kalata.disputes.services.counters import Elsewhere
from kalata.ledger.services import record
from kalata.people.approving import approvable, ask_approval
from kalata.people.guard import require
from kalata.people.models import Approval, Person
from kalata.text import gettext_noop as _

OPENING = "disputes.office"


@transaction.atomic
def ask(*, body: str, code: str, name: str, unit: str, reason: str, by: Person) -> Approval:
    """Ask that the office of a body be opened over a territory (unit: its code; "": the country). Another person decides.

    Raises: PEO-101, DIS-140 no such place, DIS-901 what could not be opened, PEO-203 without a reason.
    """
    require(by, OPEN)
    place = place_of(unit)
    check(body, code, place)
    return ask_approval(
        kind=OPENING, subject=f"counter:{code}", summary=f"{code} · {name[:120]}",
        payload={"body": body, "code": code, "name": name[:200], "unit": unit}, reason=reason, by=by,
    )  # fmt: skip


def place_of(unit: str) -> Unit | None:
    if not unit:
        return None
    found = Unit.objects.filter(code=unit).order_by("-pk").first()
    if found is None:
        raise Elsewhere(code=unit[:40])
    return found


def check(body: str, code: str, place: Unit | None) -> None:
    """DIS-901: a body that the pack does not name, a code that is none or has served, a body that sits there already."""
    if body not in bodies_here():
        raise NoOffice(code=code[:20], why=_("le pack ne connaît pas cet organe"))
    if not CODE.match(code):
        raise NoOffice(code=code[:20], why=_("ce n’est pas un code"))
    if Counter.every.filter(code=code).exists():
        raise NoOffice(code=code, why=_("ce code a déjà servi"))
    if Office.objects.filter(body=body, unit=place).exists():
        raise NoOffice(code=code, why=_("cet organe a déjà son greffe sur ce territoire"))


@approvable(OPENING, OPEN, title=_("Ouverture du greffe d’un organe de première instance"), about="counter")
def opened(approval: Approval, by: Person) -> None:
    """The key of its counter is made in the hands of the second person."""
    said = approval.payload
    open_office(body=said["body"], code=said["code"], name=said["name"], unit=place_of(said["unit"]), by=by)


@transaction.atomic
def open_office(*, body: str, code: str, name: str, by: Person, unit: Unit | None = None) -> Office:
    """Open it here, with a counter of its own. PEO-101, DIS-901."""
    require(by, OPEN)
    check(body, code, unit)
    try:
        public = keys.create(code, "")
    except FileExistsError:
        raise NoOffice(code=code, why=_("une clé de ce nom est déjà sur cette machine")) from None
    now = timezone.now()
    counter = Counter.every.create(code=code, name=name[:200], unit=unit, key=public, first=True, by=by, at=now)
    made = Office.objects.create(body=body, name=name[:200], unit=unit, counter=counter, by=by, at=now)
    record(
        by=by, kind=kinds.OFFICE_OPENED, subject=f"counter:{code}", rows=[made], after={"code": code, "key": public, "body": body}
    )  # fmt: skip
    return made
