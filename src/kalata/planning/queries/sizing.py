"""What the other rooms have computed of a plan's subjects, as changes of its lines; and what people made of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kalata import rooms
from kalata.country.packs import table
from kalata.people.rules.shown import mark
from kalata.planning.models import PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries.effects import budget
from kalata.planning.queries.schedule import schedule_of_sheet
from kalata.planning.rules.cost import Budget
from kalata.planning.rules.editing import mark_of_all
from kalata.planning.rules.effects import Effect, effect_of
from kalata.planning.rules.sheet import Cells
from kalata.planning.rules.sizing import Offer, offers, rule_of, taken
from kalata.rooms import Sized

FILE = "planning/sizes.csv"


@dataclass(frozen=True)
class Offered:
    """One computation, its lines, the last choice of each; stamp: what a page that shows them showed."""

    sized: Sized
    offers: tuple[Offer, ...]
    decided: dict[str, bool]
    stamp: str

    def one(self, code: str) -> Offer | None:
        return next((o for o in self.offers if o.code == code), None)

    def left(self) -> list[Offer]:
        """The lines that nobody discarded and the plan does not say yet."""
        return [o for o in self.offers if o.open and self.decided.get(o.code) is not False]


def offered(version: PlanVersion, person: Any) -> list[Offered]:
    """What is offered to a version, as far as this person reads it."""
    pack = version.plan.election.pack.code
    rows = table(pack, FILE)
    subjects = list(dict.fromkeys(row["subject"] for row in rows))
    found = [(s, one) for s in subjects for one in rooms.sizes(person, s, version.plan.election_id, "planning")]
    if not found:
        return []
    sheet = content.sheet(version)
    counted = {line.id: line.exact for line in budget(schedule_of_sheet(version, sheet), content.drivers(version)).lines}
    out = []
    for subject, one in found:
        rules = [rule_of(row) for row in rows if row["subject"] == subject]
        lines = offers(rules, one.figures, f"{one.title}, SHA-256 {one.mark[:16]}", sheet, counted)
        decided = dict(version.offers.filter(mark=one.mark).order_by("pk").values_list("code", "accepted"))
        out.append(Offered(one, tuple(lines), decided, mark(one.mark, mark_of_all(sheet), decided)))
    return out


@dataclass(frozen=True)
class Costed:
    """A line by itself: its francs, and what it alone does to the plan."""

    offer: Offer
    before: int
    after: int
    effect: Effect

    @property
    def francs(self) -> int:
        return self.after - self.before

    @property
    def days(self) -> int:
        was, now = (int(cells.get("dur_likely") or 0) for cells in (self.offer.before, self.offer.cells))
        return now - was if self.offer.before else 0


def costed(version: PlanVersion, lines: Sequence[Offer], together: Sequence[Offer]) -> tuple[list[Costed], Effect | None]:
    """Each of these lines alone, and others together (None: there are none). Nothing is written."""
    one = content.whole(version)
    was = schedule_of_sheet(version, one.sheet)
    money = budget(was, one.drivers)

    def with_(found: Sequence[Offer]) -> tuple[Effect, Budget]:
        rows: list[Cells] = taken(one.sheet, found)
        now = schedule_of_sheet(version, rows)
        after = budget(now, one.drivers)
        return effect_of(was.schedule, now.schedule, (money, after)), after

    out = []
    for offer in lines:
        effect, after = with_([offer])
        out.append(Costed(offer, likely(money, offer.code), likely(after, offer.code), effect))
    return out, with_(together)[0] if together else None


def likely(found: Budget, code: str) -> int:
    return next((line.amount[1] for line in found.lines if line.id == code), 0)
