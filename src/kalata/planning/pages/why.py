"""Why a date is what it is, and why an activity is not critical: a sentence, and the chain behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kalata.planning.queries.schedule import Dates
from kalata.planning.rules.scheduling import Driver
from kalata.text import Message
from kalata.text import gettext_noop as _

LINKS: Mapping[str, str] = {
    "FS": _("après la fin de %(pred)s"), "SS": _("avec le début de %(pred)s"), "FF": _("pour finir avec %(pred)s"),
    "SF": _("pour finir quand commence %(pred)s"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    name: str
    start: date
    last: date
    days: int
    own: bool = False
    anchor: str = ""


def chain(dates: Dates, code: str) -> list[Step]:
    """Back along the link that drives each date, to what nothing drives; the activity itself comes last."""
    out: list[Step] = []
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        out.append(step(dates, code, own=not out))
        code = dates.driving(code)
    out.reverse()
    return out


def step(dates: Dates, code: str, own: bool = False) -> Step:
    at = dates.places[code]
    a = dates.schedule.plan.activities[at]
    return Step(code, a.name(), dates.start(at), dates.last(at), a.likely, own, a.anchor.text if a.anchor else "")


def why(dates: Dates, code: str) -> Message:
    """In one sentence: what holds this start where it is."""
    at = dates.places[code]
    drivers = dates.schedule.drivers[at]
    said = {"code": code, "day": dates.start(at)}
    return Message(_("%(code)s commence le %(day)s %(because)s."), {**said, "because": because(dates, code, drivers)})


def because(dates: Dates, code: str, drivers: tuple[Driver, ...]) -> Message:
    first = drivers[0]
    a = dates.schedule.plan.activities[dates.places[code]]
    if first.kind == "anchor" and a.anchor:
        return Message(_("parce que la loi le fixe (%(anchor)s)"), {"anchor": a.anchor.text})
    if first.kind == "window" and a.anchor:
        return Message(_("parce que sa fenêtre annuelle (%(anchor)s) ne s’ouvre qu’alors"), {"anchor": a.anchor.text})
    arc = next((d.arc for d in drivers if d.arc), None)
    if arc is None:
        return Message(_("parce que le plan commence alors et que rien ne la précède"))
    pred = dates.schedule.plan.activities[arc.pred]
    said = Message(LINKS[arc.type.value], {"pred": f"{pred.id} ({pred.name()})"})
    link = a.links[arc.nth]
    lag = Message(_("%(link)s, délai %(lag)s"), {"link": said, "lag": str(link.lag)}) if link.lag.n else said
    slept = any(d.kind == "calendar" for d in drivers)
    return Message(_("%(link)s, le premier jour ouvré qui suit"), {"link": lag}) if slept else lag


def why_not_critical(dates: Dates, code: str) -> Message:
    """In one sentence: the days to spare, and what takes them up; for a critical one, that it has none."""
    at = dates.places[code]
    spare = dates.schedule.total[at]
    if spare < 0:
        return Message(_("%(code)s a %(n)d {n:jour|jours} de retard sur ce que la loi demande après elle : elle est critique."), {"code": code, "n": -spare})  # fmt: skip
    if spare == 0:
        return Message(_("%(code)s est critique : un jour de retard y est un jour de retard à la fin, ou à une date légale."), {"code": code})  # fmt: skip
    after = followers(dates, at)
    if not after:
        return Message(_("%(code)s n’est pas critique : rien ne la suit, et le plan finit %(n)d {n:jour|jours} après elle."), {"code": code, "n": spare})  # fmt: skip
    tight = min(after, key=lambda i: dates.schedule.total[i])
    other = dates.schedule.plan.activities[tight]
    return Message(
        _("%(code)s n’est pas critique : %(n)d {n:jour libre|jours libres} avant de peser sur %(other)s ; elle le devient au %(next)de jour de retard."),
        {"code": code, "n": spare, "other": f"{other.id} ({other.name()})", "next": spare + 1},
    )  # fmt: skip


def followers(dates: Dates, at: int) -> list[int]:
    return [arc.succ for arc in dates.schedule.net.out[at]]
