"""Decisions of the Court, for tests: signed by one of its members, carried out by its registry."""

from __future__ import annotations

import hashlib
from typing import Any

from kalata.country.models import Contest, Station
from kalata.people.models import Person
from kalata.results.models import Decision
from kalata.results.rules.boxes import Standing
from kalata.results.rules.rulings import Order, Ruling
from kalata.results.services import rulings


def ruling_of(number: str, orders: list[Order], signer: Person, **more: Any) -> Ruling:
    digest = hashlib.sha256(f"{number} {orders} {more}".encode()).hexdigest()
    said: dict[str, Any] = {"words": f"arrêt {number}", "acts": [{"id": "1"}], **more}
    return Ruling(number=number, digest=digest, signed_by=signer.pk, orders=orders, **said)


def decide(
    station: Station, to: Standing, *, signer: Person, by: Person, number: str = "", words: str = "arrêt"
) -> Decision:
    """One station annulled, restored or set aside; the next free number where none is given."""
    contest = Contest.objects.get(pk=station.contest_id)
    number = number or f"2027-{Decision.objects.count() + 1:02d}/CC-EL"
    act = {Standing.ANNULLED: "ANNUL_STATION", Standing.COUNTED: "RESTORE"}.get(to, "SET_ASIDE")
    ruling = ruling_of(number, [Order(station.code, act, to)], signer, words=words)
    return rulings.carry_out(contest=contest, ruling=ruling, by=by)
