"""What an activity is tied to in the other rooms, and the activities that another room shows back (`kalata.rooms.ties`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language

from kalata.country.packs import table
from kalata.people.queries import may
from kalata.planning.models import Plan
from kalata.planning.queries.buying import standing
from kalata.planning.queries.schedule import Dates, dates
from kalata.planning.rules.rights import READ
from kalata.planning.rules.sheet import Cells
from kalata.planning.rules.tied import holds
from kalata.rooms import Tie
from kalata.text import Message
from kalata.text import gettext_noop as _

FILE = "planning/ties.csv"


def lang() -> str:
    return "en" if get_language() == "en" else "fr"


def subjects(pack: str, cells: Cells) -> list[str]:
    """The subjects of an activity: those that the pack says of it, and its line of the law."""
    norm = cells.get("norm", "")
    return [*(r["subject"] for r in table(pack, FILE) if holds(r["activities"], cells["id"])), *([f"norm:{norm}"] if norm else [])]


def risks(pack: str, code: str) -> list[tuple[str, str, str]]:
    """The risks of the pack that touch an activity: identifier, words, the measure that prevents each."""
    word = f"risk_{lang()}"
    return [(r["id"], r.get(word) or r["risk_fr"], r.get("prevention", "")) for r in table(pack, "planning/risks.csv") if code in r["linked_activities"].split(";")]


def shown(person: Any, subject: str) -> Iterator[Tie]:
    """The activities of each plan's version that counts, tied to a subject, with their days; to who reads plans alone."""
    if not getattr(person, "is_authenticated", False) or not may(person, READ):
        return
    for plan in Plan.objects.select_related("election__pack").defer("election__pack__content"):
        version = standing(plan)
        if version is not None:
            found = dates(version)
            pack = plan.election.pack.code
            at = [i for i, cells in enumerate(found.sheet) if subject in subjects(pack, cells)]
            yield from (tie(found, i, version.pk, plan.name) for i in at)


def tie(found: Dates, at: int, version: int, plan: str) -> Tie:
    cells = found.sheet[at]
    name = cells.get(f"activity_{lang()}") or cells["activity_fr"]
    note = Message(_("du %(start)s au %(last)s, %(plan)s"), {"start": found.start(at), "last": found.last(at), "plan": plan})
    return Tie(f"{cells['id']} {name}", f"{reverse('planning:workshop', args=[version])}?a={quote(cells['id'])}#opened", note.text(lang()))
