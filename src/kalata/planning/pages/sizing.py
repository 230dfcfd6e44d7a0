"""What the page of figures to take up shows: each line with what changes in it, its francs, what it alone does to the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kalata.planning.models import PlanVersion
from kalata.planning.queries.schedule import dates
from kalata.planning.queries.sizing import Costed, Offered, costed
from kalata.planning.rules.cost_money import half_up
from kalata.planning.rules.difference import Field
from kalata.planning.rules.sizing import Offer
from kalata.rooms import Sized
from kalata.text import Message
from kalata.text import gettext_noop as _

FIGURES: Mapping[str, str] = {
    "sessions": _("séances"), "trainees": _("personnes formées"), "trainers": _("formateurs"), "manuals": _("exemplaires"), "venue_days": _("salles-jours"),
    "trainee_days": _("jours de formation reçus"), "trainer_days": _("jours de formateur"), "venue": _("prix d’une salle par jour"),
    "allowance": _("indemnité par jour"), "trainer": _("honoraires par jour"), "print": _("prix d’un exemplaire"),
}  # fmt: skip
"""What each figure that rooms agree on is, as a person calls it."""
SHOWN = ("dur_likely", "cost_driver", "quantity_expr", "unit_cost_xof_likely", "predecessors")


@dataclass(frozen=True)
class Line:
    """costed: None where the plan says it already, or where a figure lacks. decided: None, nobody decided."""

    offer: Offer
    costed: Costed | None
    decided: bool | None
    lacks: tuple[Message, ...]

    @property
    def fields(self) -> list[Field]:
        return [f for f in self.offer.fields if f.name in SHOWN]


@dataclass(frozen=True)
class Shown:
    sized: Sized
    stamp: str
    lines: tuple[Line, ...]
    left: int
    effect: Any
    first: str
    days: tuple[date, date] | None
    """Of the first line, in the plan."""

    @property
    def open(self) -> bool:
        return any(line.costed for line in self.lines)

    @property
    def fewer(self) -> list[Message]:
        """Lines that would count fewer than the plan does: what is signed may cover a part of the election alone."""
        return [
            Message("%(code)s : %(was)s → %(now)s", {"code": o.code, "was": half_up(o.counted), "now": int(o.cells["quantity_expr"])})
            for o in (line.offer for line in self.lines if line.costed) if o.counted is not None
        ]  # fmt: skip


def shown(one: PlanVersion, offered: Offered) -> Shown:
    left = offered.left()
    alone, effect = costed(one, [o for o in offered.offers if o.open], left)
    by_code = {c.offer.code: c for c in alone}
    lines = tuple(
        Line(o, by_code.get(o.code), offered.decided.get(o.code), tuple(Message(FIGURES.get(n, n)) for n in o.lacks)) for o in offered.offers
    )
    all_dates = dates(one)
    first = next((o.code for o in offered.offers if o.code in all_dates.places), "")
    at = all_dates.places.get(first)
    days = (all_dates.start(at), all_dates.last(at)) if at is not None else None
    return Shown(offered.sized, offered.stamp, lines, len(left), effect, first, days)
