"""From the lines of the law to the anchors of a plan: the day the engine computed, as days from the polling day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kalata.planning.rules.anchors import anchor_of
from kalata.planning.rules.plan import AnchorKind, Point
from kalata.planning.rules.sheet import Cells, Sheet


@dataclass(frozen=True, slots=True)
class Tie:
    """Which line of the law dates an activity, at its start or its finish. note: what is to know where the law is silent."""

    activity: str
    norm: str
    side: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """A line of the law as a plan uses it. day None: the law gives none."""

    norm: str
    day: date | None
    law: str
    article: str
    verified: bool
    what: str
    says: str


def anchored(
    sheet: Sheet, ties: Iterable[Tie], found: Mapping[str, Computed], j1: date, j2: date | None
) -> list[Cells]:
    """The rows with each tied anchor as the engine computed it; where it gives no day the plan's own stays."""
    by_activity = {t.activity: t for t in ties}
    out: list[Cells] = []
    for cells in sheet:
        tie = by_activity.get(cells["id"])
        if tie:
            line = found.get(tie.norm)
            text = moved(cells.get("legal_anchor", ""), line.day if line else None, j1, j2)
            cells = {**cells, "norm": tie.norm, **({"legal_anchor": text} if text else {})}
        out.append(cells)
    return out


def moved(text: str, day: date | None, j1: date, j2: date | None) -> str:
    """`J1-102` with the days that separate this polling day from the computed one; other forms as they are."""
    anchor = anchor_of(text) if text else None
    if anchor is None or anchor.kind is not AnchorKind.POINT or anchor.first is None or day is None:
        return text
    event = {"J1": j1, "J2": j2}.get(anchor.first.event)
    return str(Point(anchor.first.event, (day - event).days)) if event else text
