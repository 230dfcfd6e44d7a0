"""Why a date is what it is, and why an activity is not critical: a sentence each, with the chain it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from kalata.planning.rules.backward import greatest_start
from kalata.planning.rules.scheduling import Driver, Schedule
from kalata.planning.rules.spells import During
from kalata.text import Message, Named
from kalata.text import gettext_noop as _

ARROW = " → "


@dataclass(frozen=True, slots=True)
class Why:
    """sentence: the whole of it. chain: identifiers, in the order of time."""

    sentence: Message
    chain: tuple[str, ...]
    slowed: tuple[Message, ...] = ()
    """What of the chain lasts longer by a season or a closure of its own calendar."""

    def record(self) -> dict[str, object]:
        slow = {"slowed": [one.both() for one in self.slowed]} if self.slowed else {}
        return {**self.sentence.both(), "chain": list(self.chain), **slow}


def season(d: During) -> Message:
    """A season or a closure of one year, in words."""
    spell = d.spell
    said: dict[str, object] = {"name": Named(spell.name, spell.name_en or spell.name), "percent": spell.percent, "first": d.first, "last": d.last, "early": d.early, "late": d.late}
    if not spell.percent:
        return Message(_("%(name)s (fermé) du %(first)s au %(last)s"), said)
    if d.estimated:
        return Message(_("%(name)s à %(percent)d %% du %(first)s au %(last)s, estimé entre le %(early)s et le %(late)s"), said)
    return Message(_("%(name)s à %(percent)d %% du %(first)s au %(last)s"), said)


def slowed_by(s: Schedule, i: int) -> Message | None:
    """How a named calendar lengthens an activity: its seasons and closures, and the days that its work takes there."""
    a, own, start, finish = s.plan.activities[i], s.net.own(s.calendar, i), s.early.start[i], s.early.finish[i]
    touched = own.touched(start, finish) if own else []
    if own is None or not touched:
        return None
    said = {"id": a.id, "calendar": own.name, "n": a.likely, "days": finish - start}
    return Message(
        _("%(id)s suit le calendrier %(calendar)s : %(what)s. Son travail de %(n)d {n:jour|jours} y prend %(days)d {days:jour|jours} de calendrier."),
        {**said, "what": tuple(season(d) for d in touched)},
    )  # fmt: skip


def chain_of(s: Schedule, i: int) -> tuple[list[int], Driver]:
    """The driving links walked back from an activity, and what holds the first one where it is."""
    chain = [i]
    while arc := next((d.arc for d in s.drivers[chain[-1]] if d.arc), None):
        chain.append(arc.pred)
    chain.reverse()
    return chain, s.drivers[chain[0]][0]


def why_date(s: Schedule, i: int) -> Why:
    """Why this activity starts when it does, back to the first day, a window or a limit of the law."""
    chain, held = chain_of(s, i)
    ids = tuple(s.plan.activities[j].id for j in chain)
    first = s.plan.activities[chain[0]]
    said = {
        "id": ids[-1], "day": s.calendar.day(s.early.start[i]), "chain": ARROW.join(ids), "first": ids[0],
        "anchor": first.anchor.text if first.anchor else "", "held": s.calendar.day(s.early.start[chain[0]]),
    }  # fmt: skip
    alone = len(chain) == 1
    if held.kind == "window":
        says = _("%(id)s commence le %(day)s : sa fenêtre annuelle %(anchor)s ne s’ouvre que ce jour-là.") if alone else _("%(id)s commence le %(day)s à cause de la chaîne %(chain)s : %(first)s attend sa fenêtre annuelle %(anchor)s, le %(held)s.")  # fmt: skip
    elif held.kind == "anchor":
        says = _("%(id)s commence le %(day)s : la loi fixe ce jour (%(anchor)s).") if alone else _("%(id)s commence le %(day)s à cause de la chaîne %(chain)s : la loi fixe %(first)s au %(held)s (%(anchor)s).")  # fmt: skip
    else:
        says = _("%(id)s commence le %(day)s : rien ne la retient, c’est le premier jour possible du plan.") if alone else _("%(id)s commence le %(day)s à cause de la chaîne %(chain)s, qui part du premier jour du plan.")  # fmt: skip
    return Why(Message(says, said), ids, tuple(slow for j in chain if (slow := slowed_by(s, j)) is not None))


def next_bound(s: Schedule, i: int) -> int | None:
    """The successor that keeps an activity from starting later than its late start; None: the plan's end, or a limit."""
    n = len(s.plan.activities)
    for arc in s.net.out[i]:
        starts: list[int | None] = [None] * n
        finishes: list[int | None] = [None] * n
        starts[arc.succ], finishes[arc.succ] = s.late.start[arc.succ], s.late.finish[arc.succ]
        if greatest_start(s.net, s.calendar, i, s.finish, (starts, finishes), s.net.days) == s.late.start[i]:
            return arc.succ
    return None


def why_not_critical(s: Schedule, i: int) -> Why:
    """How far an activity may go, and the chain it would push; of a critical one, that it has no room."""
    acts = s.plan.activities
    a = acts[i]
    said: dict[str, object] = {"id": a.id, "n": abs(s.total[i]), "unit": a.unit.value}
    if s.total[i] < 0:
        return Why(Message(_("%(id)s a déjà %(n)d j de retard sur une échéance qui la suit."), said), (a.id,))
    chain = [i]
    while (after := next_bound(s, chain[-1])) is not None:
        chain.append(after)
        if s.critical(after) and not s.critical(i):
            break
    ids = tuple(acts[j].id for j in chain)
    said["chain"] = ARROW.join(ids)
    if not s.total[i]:
        return Why(
            Message(_("%(id)s est critique : un jour de retard recule la fin par la chaîne %(chain)s."), said), ids
        )
    working = _("%(id)s n’est pas critique : elle peut commencer %(n)d j ouvrés plus tard ; au-delà, elle pousse la chaîne %(chain)s.")  # fmt: skip
    days = _("%(id)s n’est pas critique : elle peut commencer %(n)d j plus tard ; au-delà, elle pousse la chaîne %(chain)s.")  # fmt: skip
    return Why(Message(working if a.unit.value == "wd" else days, said), ids)
