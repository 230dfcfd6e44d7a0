"""Purchases and readiness of the demonstration: invented, each in another state; a place decided by two persons."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kalata.country.models import Unit
from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import Plan
from kalata.planning.queries import readiness as ready
from kalata.planning.rules.buying_steps import Bought
from kalata.planning.services import buying, readiness

SAYS = "pièce inventée (exercice)"
OPEN = "appel d'offres ouvert national"
ITEMS = (
    ("CARTES", "Cartes d’électeur (exercice)", buying.Described("Cartes d’électeur (exercice)", OPEN, "M08", "E13", "E11", "E12", quantity=9_000_000, reserve_percent=2, fails_percent=30)),
    ("URNES", "Urnes, lampes, scellés (exercice)", buying.Described("Urnes, lampes, scellés (exercice)", OPEN, "M04", "M15", "M05", lots=3, quantity=24_416, reserve_percent=5, fails_percent=20)),
    ("ENCRE", "Encre indélébile (exercice)", buying.Described("Encre indélébile (exercice)", OPEN, "M06", "M15", "M07", sensitive=True, quantity=48_832, reserve_percent=10, fails_percent=15)),
    ("BULLETINS", "Bulletins du premier tour (exercice)", buying.Described("Bulletins du premier tour (exercice)", "appel d'offres restreint", "M09", "A01", "C07", sensitive=True, quantity=8_463_084, reserve_percent=10, fails_percent=20)),
)  # fmt: skip
WALKS: dict[str, tuple[Bought, ...]] = {
    "CARTES": (Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED, Bought.OPENED, Bought.EVALUATED),
    "URNES": (Bought.SPEC, Bought.LEGAL_REVIEW, Bought.PUBLISHED, Bought.OPENED, Bought.FAILED),
    "ENCRE": (Bought.SPEC,), "BULLETINS": (),
}  # fmt: skip
PLACES = 6


def told(plan: Plan, cast: dict[str, Person]) -> None:
    bought(plan, cast)
    prepared(plan, cast)


def bought(plan: Plan, cast: dict[str, Person]) -> None:
    """The cards wait for nobody any more: awarded by the committee; the urns' tender has failed."""
    by, today = cast["marches"], timezone.localdate()
    for code, _name, said in ITEMS:
        item = buying.describe(plan=plan, code=code, said=said, by=by)
        for n, to in enumerate(WALKS[code]):
            on = today - timedelta(15 * (len(WALKS[code]) - n))
            item = buying.move(item=item, to=to, on=on, document=SAYS, reason="exercice", by=by)
        if code == "CARTES":
            asked = buying.ask(item=item, to=Bought.AWARDED, document=SAYS, reason="offre la mieux-disante (exercice)", supplier="imprimeur (exercice)", by=by)  # fmt: skip
            decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["pilotage"])
        if code == "URNES":
            buying.ask(item=item, to=Bought.DIRECT, document=SAYS, reason="appel infructueux (exercice)", supplier="fabricant (exercice)", by=by)  # fmt: skip


def prepared(plan: Plan, cast: dict[str, Person]) -> None:
    """At the first board, some places say every point and are decided; one says no; one waits for its second signature."""
    days, by = 30, cast["chef-unite"]
    units: list[Unit] = list(ready.places(plan, cast["planification"])[:PLACES])
    points = [p for p in ready.points(plan) if days in p.days]
    for n, unit in enumerate(units):
        for point in points[: len(points) - (n == PLACES - 1)]:
            answer = "no" if n == 1 and point is points[0] else "yes"
            readiness.say(plan=plan, unit=unit, days=days, code=point.code, answer=answer, evidence=SAYS, by=by)
        if n < PLACES - 1:
            reason = "centres non reconnus (exercice)" if n == 1 else ""
            readiness.propose(plan=plan, unit=unit, days=days, go=n != 1, reason=reason, by=by)
        if n < PLACES - 2:
            readiness.sign(plan=plan, unit=unit, days=days, by=cast["finances"])
