"""Purchases and readiness of the demonstration: invented, each in another state; a place decided by two persons."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from pypdfium2 import PdfDocument

from kalata.country.models import Unit
from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import Plan
from kalata.planning.queries import readiness as ready
from kalata.planning.rules.buying_steps import Bought
from kalata.planning.rules.ready_steps import Point
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
PLACES, DECIDED = 9, 5


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
    """On the board that a page opens and on that of thirty days: places that say every point, proved, decided by two persons, one that
    is not ready, one whose second signature waits, others that have only begun."""
    by = cast["chef-unite"]
    units: list[Unit] = list(ready.places(plan, cast["planification"])[:PLACES])
    for days in sorted({ready.opens(plan, timezone.localdate()), 30}):
        points = [p for p in ready.points(plan) if days in p.days]
        for n, unit in enumerate(units):
            answered(plan, unit, days, points, n, by)
            decided(plan, unit, days, n, cast)


def answered(plan: Plan, unit: Unit, days: int, points: list[Point], n: int, by: Person) -> None:
    """The first places say every point; each one after them says one point less. The first is proved by a file."""
    for at, point in enumerate(points[: len(points) - max(n - DECIDED, 0)]):
        piece = readiness.kept(iter([paper()]), name="constat-exercice.pdf", unit=unit, by=by) if n == at == 0 else None
        answer = "no" if n == 1 and at == 0 else "yes"
        readiness.say(plan=plan, unit=unit, days=days, code=point.code, answer=answer, evidence=SAYS, by=by, piece=piece)


def decided(plan: Plan, unit: Unit, days: int, n: int, cast: dict[str, Person]) -> None:
    if n <= DECIDED:
        reason = "budget du lieu inconnu (exercice)" if n == 1 else ""
        readiness.propose(plan=plan, unit=unit, days=days, go=n != 1, reason=reason, by=cast["chef-unite"])
    if n < DECIDED:
        readiness.sign(plan=plan, unit=unit, days=days, by=cast["finances"])


def paper() -> bytes:
    """An empty page: what a coordination would scan."""
    out = BytesIO()
    with PdfDocument.new() as one:
        one.new_page(595, 842)
        one.save(out)
    return out.getvalue()
