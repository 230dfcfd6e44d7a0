"""What the planner of the cascade shows: the average, then place by place, then the ways out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from kalata.country.models import Contest
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.cascading import Found
from kalata.training.queries import cascade as queries
from kalata.training.rules.cascade_case import (
    Line,
    Place,
    Terms,
    average,
    banded,
    exits,
    hardest,
    lines_of,
    plan_of,
    summed,
)
from kalata.training.rules.cascade_costs import cost_of
from kalata.training.rules.cascade_solving import exactly
from kalata.training.rules.cascade_telling import FEASIBLE, name_of, sentence, warnings_of
from kalata.training.rules.cascade_ways import Way

WAYS = {
    "pairs": _("Plus de binômes"), "pairs_classes": _("Binômes et classes plus grandes"), "window": _("Fenêtre plus longue"),
    "window_classes": _("Fenêtre et classes"), "mobile": _("Équipes mobiles"), "one_day": _("Simultanée"),
}  # fmt: skip
NO_DATE = date(2001, 1, 1)
"""Where the day of the poll is not known: days are counted from it and none is shown."""
WIDE = 1000
"""Of the bars, in their own units."""


def shown(contest: Contest | None, terms: Terms) -> dict[str, Any]:
    """The whole page; without stations, what the plan alone says."""
    places = queries.places_of(contest) if contest else []
    stations = sum(p.stations for p in places)
    national = queries.of_plan("stations", stations)
    poll = (contest.polling_day or contest.election.polling_day) if contest else None
    plain = average(national, terms, Fraction(0))
    whole = average(national, terms, terms.reserve)
    out: dict[str, Any] = {
        "plain": plain, "reserve": whole, "per_pair": [one.per_pair for one in (plain, whole)], "places": len(places), "stations": stations,
        "national": national, "poll": poll, "away": queries.without_place(contest) if contest else 0,
        "contradictions": queries.contradictions(whole.trainees, terms.pairs), "reserve_percent": int(terms.reserve * 100),
    }  # fmt: skip
    return out | (by_place(places, terms, poll) if places else {"places": 0})


def by_place(places: list[Place], terms: Terms, poll: date | None) -> dict[str, Any]:
    day = poll or NO_DATE
    answer = exactly(plan_of(places, terms, day))
    lines = lines_of(places, answer)
    alone = [line for _place, line in lines]
    worst = max(alone, key=lambda one: (one.lack, one.classes))
    found = hardest(lines)
    larger = max(queries.assumed("class_larger", 30), terms.class_max)
    longest = max(terms.days, queries.appointed_before() - terms.last + 1)
    travel = queries.assumed("mobile_travel_days", 1)
    ways = exits(places, terms, day, larger, longest, travel)
    short = sum(one.lack > 0 for one in alone)
    total, cheapest = summed("", alone), min(w.cost for w in ways)
    return {
        "total": total, "short": short, "worst": worst, "worst_slots": worst.pairs * terms.days, "bands": bands(alone),
        "ways": [(WAYS[w.name], w, w.cost - cheapest) for w in ways], "hardest": found, "hardest_sum": summed("", found[1]) if found else None,
        "headline": headline(terms, total), "travel": travel,
    }  # fmt: skip


def headline(terms: Terms, total: Line) -> Message:
    if total.lack > 0:
        return Message(_("%(days)s {days:jour ne tient pas|jours ne tiennent pas} : %(n)s {n:classe resterait|classes resteraient} sans formateur"), {"days": terms.days, "n": total.lack})  # fmt: skip
    return Message(_("%(days)s {days:jour suffit|jours suffisent} à %(stations)s {stations:bureau|bureaux} : %(n)s {n:classe a son|classes ont chacune leur} binôme"), {"days": terms.days, "stations": total.stations, "n": total.classes})  # fmt: skip


def bands(lines: list[Line]) -> list[dict[str, Any]]:
    """Each band with its bar: what is held, then what is not, in thousandths of the longest."""
    found = banded(lines)
    most = max((line.classes for _band, line in found), default=0) or 1
    out = []
    for (first, last), line in found:
        held = line.held * WIDE // most
        out.append({"first": first, "last": last, "line": line, "held": held, "lack": max(line.classes * WIDE // most - held, 0)})  # fmt: skip
    return out


MOST_SHOWN = 200
"""Classes drawn on the page of a trial; the command writes them all."""


def answered(found: Found) -> dict[str, Any]:
    """What a trial found: the sentence, other clashes, ways out, the classes that can be held."""
    answer, plan = found.answer, found.answer.plan
    cost = cost_of(plan, len(answer.classes), sum(c.places for c in answer.classes))
    proved = answer.bound is None or answer.bound.proved
    used = {"classes": len(answer.classes), "days": len({c.first for c in answer.classes}), "used": len({c.pair for c in answer.classes}), "pairs": len(plan.pairs)}  # fmt: skip
    verdict = sentence(plan, answer.conflict, proved) if answer.conflict else Message(FEASIBLE, used)
    classes = [(name_of(i), c, plan.days[c.first], plan.days[c.first + plan.class_days - 1]) for i, c in enumerate(answer.classes, 1)]  # fmt: skip
    return {
        "answer": answer, "verdict": verdict, "proved": proved, "others": [sentence(plan, c) for c in answer.others[:MOST_SHOWN]], "cost": cost,
        "rows": [(area, language or _("toutes langues")) for area, language in (answer.conflict.rows if answer.conflict else ())],
        "ways": [(LIMIT_WORDS[w.limit], w, added(w)) for w in found.ways], "together": [(LIMIT_WORDS[w.limit], w, added(w)) for w in found.together],
        "classes": classes[:MOST_SHOWN], "more": max(0, len(classes) - MOST_SHOWN), "told": warnings_of(plan),
    }  # fmt: skip


LIMIT_WORDS = {
    "class_max": _("Classes plus grandes"), "days": _("Plus de jours"), "rooms": _("Plus de salles"), "pairs": _("Plus de binômes"),
}  # fmt: skip


def added(way: Way) -> str:
    """What a way out adds, place by place."""
    rooms = [f"{area} +{n}" for area, n in way.rooms.items()]
    return ", ".join([*rooms, *(f"{p.home} ({p.language}) +{p.n}" for p in way.pairs)][:40])
