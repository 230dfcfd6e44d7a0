"""The answer of a cascade as the scripted interface prints it, and as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.cascade import Answer, Class, Conflict, Kind, Plan
from kalata.training.rules.cascade_costs import cost_of, levels_of
from kalata.training.rules.cascade_ways import Way

LIMITS = {
    Kind.PAIRS: ("pairs", "days", "class_max"),
    Kind.ROOMS: ("rooms", "days", "class_max"),
    Kind.WINDOW: ("days",),
}
SAYS = {
    Kind.PAIRS: _("%(rows)s : %(needs)d {needs:classe|classes} à tenir, %(has)d {has:possible|possibles} : %(pairs)d {pairs:binôme peut|binômes peuvent} y enseigner, %(slots)d {slots:classe|classes} chacun. Il en manque %(lack)d."),
    Kind.ROOMS: _("%(rows)s : %(needs)d {needs:classe|classes} à tenir, %(has)d {has:possible|possibles} : %(rooms)d {rooms:salle|salles}, %(slots)d {slots:classe|classes} chacune. Il en manque %(lack)d."),
    Kind.WINDOW: _("%(days)d {days:jour|jours} de formation dans la fenêtre : une classe en demande %(class_days)d. Aucune ne peut se tenir (%(rows)s)."),
}  # fmt: skip
WOMEN = _("%(rows)s : %(needs)d {needs:classe|classes} à tenir, %(has)d {has:possible|possibles} : %(pairs)d {pairs:binôme avec une formatrice peut|binômes avec une formatrice peuvent} y enseigner, %(slots)d {slots:classe|classes} chacun. Il en manque %(lack)d.")
UNSAFE = _("%(rows)s : %(needs)d {needs:classe|classes} à tenir dans une zone où aucune ne peut l’être. Dites dans la liste où ses agents sont formés (held_in).")
WARNINGS = {
    "parent_of_home": _("Binôme %(what)s : son ressort est compris comme celui dont dépend la zone de son domicile."),
    "regrouped": _("Zone où aucune classe ne se tient : ses agents sont formés ailleurs, leur transport n’est pas compté (%(what)s)."),
    "no_need": _("Aucune personne à former dans ce plan."),
    "no_costs": _("Le plan ne donne pas tous les prix : le coût ne compte que ceux qu’il donne."),
}  # fmt: skip
UNPROVED = _("Aucun plan n’a été trouvé avec les jours de route dans le temps donné ; ce n’est pas la preuve qu’il n’y en a pas. Classes placées : %(held)d sur %(needs)d.")  # fmt: skip
FEASIBLE = _("Le plan tient : %(classes)d {classes:classe|classes} en %(days)d {days:jour|jours}, %(used)d {used:binôme pris|binômes pris} sur %(pairs)d.")
SHOWN = 6
"""Rows named in a sentence."""


def warnings_of(plan: Plan) -> list[Message]:
    found = [Message(WARNINGS["regrouped"], {"what": f"{area} → {to}, {n}"}) for area, to, n in plan.regrouped]
    found += [Message(WARNINGS[code], {"what": what}) for code, what in (said.split(" ", 1) for said in plan.said)]
    if not plan.trainees:
        found.append(Message(WARNINGS["no_need"]))
    c = plan.costs
    if None in (c.venue, c.allowance, c.trainer, c.print):
        found.append(Message(WARNINGS["no_costs"]))
    return found


def sentence(plan: Plan, conflict: Conflict, proved: bool = True) -> Message:
    if not proved:
        return Message(UNPROVED, {"held": conflict.has, "needs": conflict.needs})
    named = [area if language is None else f"{area} ({language})" for area, language in conflict.rows]
    rows = ", ".join(named[:SHOWN]) + (f" + {len(named) - SHOWN}" if len(named) > SHOWN else "")
    area = conflict.rows[0][0] if conflict.rows else ""
    return Message(words_for(plan, conflict), {
        "rows": rows, "needs": conflict.needs, "has": conflict.has, "pairs": conflict.pairs, "slots": plan.slots,
        "lack": conflict.shortfall, "rooms": plan.areas[area].rooms if area in plan.areas else 0, "days": len(plan.days),
        "class_days": plan.class_days,
    })  # fmt: skip


def asks_women(plan: Plan, conflict: Conflict) -> bool:
    """Whether every row of it needs a pair with a woman."""
    return conflict.kind is Kind.PAIRS and all(plan.areas[area].women for area, _language in conflict.rows)


def words_for(plan: Plan, conflict: Conflict) -> str:
    if asks_women(plan, conflict):
        return WOMEN
    if conflict.kind is Kind.ROOMS and not plan.areas[conflict.rows[0][0]].safe:
        return UNSAFE
    return SAYS[conflict.kind]


def limits_of(plan: Plan, conflict: Conflict) -> list[str]:
    if conflict.kind is Kind.ROOMS and not plan.areas[conflict.rows[0][0]].safe:
        return ["held_in"]
    return [*LIMITS[conflict.kind], *(["women"] if asks_women(plan, conflict) else [])]


def conflict_record(plan: Plan, one: Conflict, proved: bool = True) -> dict[str, Any]:
    return {
        "kind": one.kind.value, "rows": [list(r) for r in one.rows], "needs_classes": one.needs, "has_classes": one.has,
        "shortfall_classes": one.shortfall, "limits": limits_of(plan, one), "says": sentence(plan, one, proved).both(),
    }  # fmt: skip


def way_record(way: Way) -> dict[str, Any]:
    out: dict[str, Any] = {"limit": way.limit}
    if way.to is not None:
        out["to"] = way.to
    if way.limit == "rooms":
        out["add"] = [{"area": area, "n": n} for area, n in way.rooms.items()]
    if way.limit == "pairs":
        out["add"] = [{"home": p.home, "scope": "area", "languages": [p.language], "n": p.n, **({"women": True} if p.women else {})} for p in way.pairs]
    out["cost_xof"] = way.cost_xof
    if not way.priced:
        out["unpriced"] = True
    if not way.proved:
        out["proved"] = False
    return out


def class_record(plan: Plan, rank: int, one: Class) -> dict[str, Any]:
    return {
        "id": name_of(rank), "area": one.row.area, "language": one.row.language, "room": one.room, "pair": one.pair,
        "days": [d.isoformat() for d in plan.days[one.first : one.first + plan.class_days]], "places": one.places,
    }  # fmt: skip


def name_of(rank: int) -> str:
    return f"K{rank:04d}"


def record(answer: Answer, ways: Sequence[Way], together: Sequence[Way]) -> dict[str, Any]:
    plan = answer.plan
    needs = plan.needs()
    cost = cost_of(plan, len(answer.classes), sum(c.places for c in answer.classes))
    out: dict[str, Any] = {
        "feasible": answer.feasible,
        "days": [d.isoformat() for d in plan.days],
        "needs": [{"area": r.area, "language": r.language, "trainees": r.trainees, "classes": n} for r, n in zip(plan.rows, needs, strict=True)],
        "totals": {
            "trainees": plan.trainees, "classes": sum(needs), "pairs": len(plan.pairs), "pairs_used": len({c.pair for c in answer.classes}),
            "classes_per_pair": str(Fraction(sum(needs), len(plan.pairs))) if plan.pairs else None,
        },
        "classes": [class_record(plan, i, c) for i, c in enumerate(answer.classes, 1)],
        "cost": {"venue": cost.venue, "allowance": cost.allowance, "trainer": cost.trainer, "print": cost.print, "total": cost.total},
        "levels": [{"level": s.level, "people": s.people, "classes": s.classes, "trainers": s.trainers} for s in levels_of(plan)],
        "warnings": [w.both() for w in warnings_of(plan)],
    }  # fmt: skip
    if answer.conflict is None:
        return out
    proved = answer.bound is None or answer.bound.proved
    out |= {"unserved": answer.unserved, "conflict": conflict_record(plan, answer.conflict, proved)}
    out["ways_out"] = [way_record(w) for w in ways]
    if answer.others:
        out["other_conflicts"] = [conflict_record(plan, c) for c in answer.others]
    if together:
        out["together"] = [way_record(w) for w in together]
    if answer.bound is not None:
        bound = answer.bound
        out["bound"] = {"proved": bound.proved, "served_at_most": bound.served_at_most, "minimal": bound.minimal}
    return out
