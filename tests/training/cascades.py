"""Plans of a cascade for tests, and a checker that shares nothing with what it checks: it reads the JSON alone."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from kalata.training.rules.cascade import Area, Costs, Pair, Plan, Row, Scope

FIRST = date(2027, 2, 15)


def plan(rows, pairs, *, days=3, most=25, class_days=1, travel=0, rooms=None, women=(), taught_by_women=(), **more):
    """rows: {(area, language): classes}; an area "K1.A" stands under K1. pairs: [(scope, home, languages)]."""
    known = sorted({a for a, _l in rows})
    areas = {a: Area(a, a.split(".")[0], (rooms or {}).get(a, 9), a in women) for a in known}
    return Plan(
        tuple(FIRST + timedelta(n) for n in range(days)), most, class_days, travel, areas,
        tuple(sorted(Row(a, lang, n * most) for (a, lang), n in rows.items())),
        tuple(Pair(f"P{i:02d}", home, Scope(scope), tuple(languages.split("|")), i in taught_by_women) for i, (scope, home, languages) in enumerate(pairs)),
        Costs(15000, 8000, 12000, 2500, 180000), **more,
    )  # fmt: skip


def random_plan(chance, **more):
    rows = {(a, lang): chance.randrange(0, 5) for a in chance.sample(("K1.A", "K1.B", "K2.A"), chance.randrange(1, 4)) for lang in ("bm", "fr") if chance.random() < 0.8}  # fmt: skip
    homes = sorted({a for a, _l in rows}) or ["K1.A"]
    pairs = []
    for _n in range(chance.randrange(0, 5)):
        scope = chance.choice(("area", "area", "parent", "national"))
        home = {"area": chance.choice(homes), "parent": chance.choice(homes).split(".")[0], "national": ""}[scope]
        pairs.append((scope, home, chance.choice(("bm", "fr", "bm|fr"))))
    rooms = {a: chance.randrange(1, 4) for a in homes}
    return plan(rows, pairs, days=chance.randrange(1, 5), rooms=rooms, **more)


def reaches(p, pair, row):
    home = {"area": row.area, "parent": p.areas[row.area].parent, "national": ""}[pair.scope.value]
    if p.areas[row.area].women and not pair.women:
        return False
    return pair.home == home and row.language in pair.languages


def plainly_fits(p, rows=None):
    """Whether rows can all be held, straight from Hall and from the rooms: every set of rows is looked at."""
    rows = list(p.rows if rows is None else rows)
    slots = len(p.days) // p.class_days
    for area in p.areas.values():
        if sum(ceil(Fraction(r.trainees, p.class_max)) for r in rows if r.area == area.code) > area.rooms * slots:
            return False
    for n in range(1, len(rows) + 1):
        for some in itertools.combinations(rows, n):
            able = [q for q in p.pairs if any(reaches(p, q, r) for r in some)]
            if sum(ceil(Fraction(r.trainees, p.class_max)) for r in some) > len(able) * slots:
                return False
    return True


def broken(found, p):
    """What does not hold in the classes of an answer, from its JSON and the plan's own rows: [] when all holds."""
    out = []
    days = [d.isoformat() for d in p.days]
    pairs = {q.code: q for q in p.pairs}
    rows = {(r.area, r.language): r for r in p.rows}
    at_pair, at_room, held, seats = Counter(), Counter(), Counter(), Counter()
    stays = {}
    for c in found["classes"]:
        row = rows[c["area"], c["language"]]
        if not reaches(p, pairs[c["pair"]], row):
            out.append(("reach", c["id"]))
        if not 1 <= c["room"] <= p.areas[row.area].rooms or not 0 < c["places"] <= p.class_max:
            out.append(("room or places", c["id"]))
        places = [days.index(d) for d in c["days"]]
        if places != list(range(places[0], places[0] + p.class_days)):
            out.append(("days", c["id"]))
        for d in places:
            at_pair[c["pair"], d] += 1
            at_room[c["area"], c["room"], d] += 1
            stays[c["pair"], d] = c["area"]
        held[row] += 1
        seats[row] += c["places"]
    out += [("pair twice", k) for k, n in at_pair.items() if n > 1] + [("room twice", k) for k, n in at_room.items() if n > 1]  # fmt: skip
    for (pair, d), area in stays.items():
        for later in range(d + 1, min(d + 1 + p.travel_days, len(days))):
            if stays.get((pair, later), area) != area:
                out.append(("travel", pair, d))
    if found["feasible"]:
        out += [("trainees", r) for r in p.rows if seats[r] != r.trainees]
    out += [("too many", r) for r in p.rows if held[r] > ceil(Fraction(r.trainees, p.class_max))]
    if len({c["id"] for c in found["classes"]}) != len(found["classes"]):
        out.append(("ids",))
    return out
