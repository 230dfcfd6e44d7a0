"""A plan of a cascade from its YAML and its two tables; what cannot be read is refused with its key, or its row and field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from kalata.training.rules.cascade import Area, Costs, Level, Pair, Plan, Row, Scope, trainees_of
from kalata.training.rules.faults import BadSetting
from kalata.training.rules.rows import Table, bad, code_in, day_of, once, whole_in

AREAS = ("area", "parent", "stations", "language", "rooms")
PAIRS = ("pair", "home", "scope", "languages")
SHARE = re.compile(r"[0-9]{1,9}(?:/[1-9][0-9]{0,8}|\.[0-9]{1,9})?")
MOST_DAYS = 366
YES = {"yes": True, "oui": True, "1": True, "2": True, "no": False, "non": False, "0": False}
"""Of a pair, how many of them are women says it too."""
MOST = 10**9


def setting(name: str, key: str, value: Any, form: str) -> BadSetting:
    return BadSetting(file=name, field=key, value="" if value is None else str(value)[:60], form=form)


def part(value: Any, name: str, key: str, needed: bool = True) -> Mapping[str, Any]:
    found = value.get(key)
    if found is None and not needed:
        return {}
    if not isinstance(found, dict):
        raise setting(name, key, found, f"{key}: {{…}}")
    return found


def count(given: Mapping[str, Any], name: str, key: str, word: str, least: int = 0, default: int | None = None) -> int:
    found = given.get(word, default)
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= MOST:
        raise setting(name, f"{key}.{word}" if key else word, found, str(max(least, 1)))
    return found


def a_day(value: Any, name: str, key: str) -> date:
    found = day_of(str(value)) if value is not None else None
    if found is None:
        raise setting(name, key, value, "2027-02-15")
    return found


def names_of(value: Any, name: str) -> tuple[str, str]:
    """The files of areas and of pairs that a plan names."""
    if not isinstance(value, dict):
        raise setting(name, "window", None, "window: {first: 2027-02-15, last: 2027-02-26}")
    for key in ("areas", "pairs"):
        if not isinstance(value.get(key), str) or not value[key]:
            raise setting(name, key, value.get(key), f"{key}.csv")
    return value["areas"], value["pairs"]


def plan_of(value: Mapping[str, Any], name: str, areas: Table, pairs: Table) -> Plan:
    """The plan. Raises: TRN-102, TRN-103 (tables), TRN-104 (keys)."""
    lesson, staff = part(value, name, "class"), part(value, name, "staff")
    share = staff.get("reserve", 0)
    if not SHARE.fullmatch(str(share)):
        raise setting(name, "staff.reserve", share, "1/10")
    per_station = count(staff, name, "staff", "per_station", 1)
    known, rows, regrouped = areas_of(areas, per_station, Fraction(str(share)))
    said: list[str] = []
    return Plan(
        days=days_of(value, name),
        class_max=count(lesson, name, "class", "max", 1),
        class_days=count(lesson, name, "class", "days", 1, 1),
        travel_days=count(value, name, "", "travel_days", 0, 0),
        areas=known,
        rows=rows,
        pairs=pairs_of(pairs, known, said),
        costs=costs_of(part(value, name, "costs", needed=False), name),
        levels=levels_of(value.get("levels"), name),
        regrouped=regrouped,
        said=tuple(sorted(set(said))),
    )


def days_of(value: Mapping[str, Any], name: str) -> tuple[date, ...]:
    """Teaching days: the window without its closed days, after the latest of what must come before."""
    window = part(value, name, "window")
    first, last = a_day(window.get("first"), name, "window.first"), a_day(window.get("last"), name, "window.last")
    if last < first:
        raise setting(name, "window.last", last, f"≥ {first}")
    if (last - first).days >= MOST_DAYS:
        raise setting(name, "window.last", last, f"< {first + timedelta(MOST_DAYS)}")
    given = window.get("closed") or []
    if not isinstance(given, list):
        raise setting(name, "window.closed", given, "[2027-02-21]")
    closed = {a_day(one, name, "window.closed") for one in given}
    before = part(value, name, "not_before", needed=False)
    after = max((a_day(day, name, f"not_before.{key}") for key, day in before.items()), default=date.min)
    every = (first + timedelta(n) for n in range((last - first).days + 1))
    return tuple(day for day in every if day not in closed and day > after)


def yes_in(table: Table, row: int, cells: Mapping[str, str], field: str, empty: bool = False) -> bool:
    """Yes or no of a column that a table may leave out; empty: what nothing says."""
    value = cells.get(field, "").lower()
    if value and value not in YES:
        raise bad(table, row, field, value, "yes | no")
    return YES.get(value, empty)


def areas_of(
    table: Table, per_station: int, reserve: Fraction
) -> tuple[dict[str, Area], tuple[Row, ...], tuple[tuple[str, str, int], ...]]:
    """Areas, rows, and whose people are taught elsewhere. A table may add women, secure and held_in to its columns."""
    known: dict[str, tuple[Area, int]] = {}
    taught: dict[tuple[str, str], int] = {}
    away: list[tuple[int, str, str, int]] = []
    seen: dict[object, int] = {}
    for row, cells in table.records():
        code, language = code_in(table, row, cells, "area", "C001"), code_in(table, row, cells, "language", "bm")
        safe = yes_in(table, row, cells, "secure", True)
        rooms = whole_in(table, row, cells, "rooms", "2") if safe else 0
        area = Area(code, cells["parent"], rooms, yes_in(table, row, cells, "women"), safe)
        once(table, seen, (code, language), row, "language", f"{code} {language}")
        before = known.setdefault(code, (area, row))[0]
        for field in ("rooms", "parent", "women", "safe"):
            if (here := getattr(area, field)) != (there := getattr(before, field)):
                raise bad(table, row, "secure" if field == "safe" else field, str(here), f"{there} ({known[code][1]})")
        people = trainees_of(whole_in(table, row, cells, "stations", "40"), per_station, reserve)
        to = cells.get("held_in", "")
        if to and safe:
            raise bad(table, row, "held_in", to, "secure: no")
        if to:
            away.append((row, to, language, people))
        taught[to or code, language] = taught.get((to or code, language), 0) + people
    for row, to, _language, _people in away:
        if to not in known or not known[to][0].safe:
            raise bad(table, row, "held_in", to, ", ".join(sorted(c for c, (a, _r) in known.items() if a.safe)[:3]) or "–")
    from_ = {row: cells["area"] for row, cells in table.records()}
    regrouped = tuple(sorted((from_[row], to, people) for row, to, _language, people in away))
    rows = tuple(sorted(Row(code, language, n) for (code, language), n in taught.items()))
    return {code: known[code][0] for code in sorted(known)}, rows, regrouped


def pairs_of(table: Table, areas: Mapping[str, Area], said: list[str]) -> tuple[Pair, ...]:
    parents = {a.parent for a in areas.values() if a.parent}
    taught: list[Pair] = []
    seen: dict[object, int] = {}
    for row, cells in table.records():
        code = code_in(table, row, cells, "pair", "P001")
        once(table, seen, code, row, "pair", code)
        if cells["scope"] not in list(Scope):
            raise bad(table, row, "scope", cells["scope"], " | ".join(Scope))
        scope, home = Scope(cells["scope"]), cells["home"]
        if scope is Scope.PARENT and home not in parents and home in areas and areas[home].parent:
            home = areas[home].parent
            said.append(f"parent_of_home {code}")
        homes = {Scope.AREA: areas, Scope.PARENT: parents, Scope.NATIONAL: {""}}[scope]
        if home not in homes:
            raise bad(table, row, "home", home, ", ".join(sorted(homes)[:3]) or "–")
        languages = tuple(sorted({p.strip() for p in cells["languages"].split("|")} - {""}))
        if not languages:
            raise bad(table, row, "languages", cells["languages"], "bm|fr")
        taught.append(Pair(code, home, scope, languages, yes_in(table, row, cells, "women")))
    return tuple(sorted(taught, key=lambda p: p.code))


def costs_of(given: Mapping[str, Any], name: str) -> Costs:
    words = ("venue", "allowance", "trainer", "print", "new_pair", "new_room")
    return Costs(**{w: count(given, name, "costs", w) for w in words if given.get(w) is not None})


def levels_of(given: Any, name: str) -> tuple[Level, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise setting(name, "levels", given, "[{level: L3, class_max: 25, days: 2}]")
    out = []
    for i, one in enumerate(given):
        key = f"levels.{i + 1}"
        if not isinstance(one, dict) or not isinstance(one.get("level"), str) or not one["level"]:
            raise setting(name, f"{key}.level", one, "{level: L3, class_max: 25, days: 2}")
        out.append(Level(one["level"], count(one, name, key, "class_max", 1), count(one, name, key, "days", 1)))
    return tuple(out)
