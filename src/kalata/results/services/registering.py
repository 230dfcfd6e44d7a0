"""What a file adds to the register: stations, their areas and constituencies, by plain rows (`kalata.many`)."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from typing import Any

from kalata import many
from kalata.codes import key as code_key
from kalata.country import freezing
from kalata.country.models import Constituency, Station, Unit
from kalata.country.rules import lineage
from kalata.country.services import fold
from kalata.results.numeric.station_keys import SEP
from kalata.results.rules.boxes import ABSENT, Box
from kalata.results.services.importing import Plan, progress

STATION_COLUMNS = (
    "contest_id", "unit_id", "code", "code_key", "name", "centre", "registered", "part", "constituency_id",
)  # fmt: skip
UNIT_COLUMNS = (
    "geography_id", "code", "level", "name", "sort_name", "kind", "parent_id", "above", "aliases", "outline",
    "source", "confidence",
)  # fmt: skip
GENERAL = str(Station._meta.get_field("part").default)


def create_stations(plan: Plan) -> None:
    contest, table = plan.contest, plan.table
    contest.register_revision += 1
    contest.save(update_fields=["register_revision"])
    if plan.one.create == "all":
        plan.units = created_areas(plan)
    registered = table.column(Box.REGISTERED)
    groups = constituencies_of(plan)
    codes = [SEP.join(k) for k in table.keys]
    fresh = [i for i, code in enumerate(codes) if code not in plan.stations]
    of_unit = functools.cache(lambda unit: unit_group(plan, unit))
    column = table.constituency if groups else None

    def rows() -> Iterator[tuple[Any, ...]]:
        for i in fresh:
            unit = plan.units[int(table.area[i])]
            yield (
                contest.pk, unit, codes[i], code_key(codes[i]), table.keys[i][-1][:250], "",
                None if registered is None or registered[i] == ABSENT else int(registered[i]), GENERAL,
                groups[int(column[i])] if column is not None else of_unit(unit),
            )  # fmt: skip

    for done in many.insert(Station, STATION_COLUMNS, rows()):
        progress(plan.one, "stations", done, len(fresh))
    wanted = set(plan.fresh)
    held = contest.stations.values_list("code", "pk", "unit_id")
    plan.stations |= {code: (pk, unit) for code, pk, unit in held.iterator(chunk_size=10_000) if code in wanted}


def unit_group(plan: Plan, unit: int | None) -> int | None:
    """The constituency of a station in this area, where the contest's level says so."""
    if plan.groups_by_unit is None:
        by_code = dict(plan.contest.constituencies.values_list("code", "pk"))
        above: dict[int, tuple[str, int | None]] = {
            pk: (code, parent)
            for pk, code, parent in Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list(
                "pk", "code", "parent_id"
            )
        }
        plan.groups_by_unit = (by_code, above)
    by_code, above = plan.groups_by_unit
    step = unit
    while step is not None and by_code:
        code, parent = above[step]
        if code in by_code:
            return int(by_code[code])
        step = parent
    return None


def constituencies_of(plan: Plan) -> list[int]:
    """Constituencies named by the file's columns, created with the seats the profile gives."""
    if plan.table.constituency is None:
        return []
    held = dict(plan.contest.constituencies.values_list("code", "pk"))
    for name in plan.table.constituencies:
        if name not in held:
            freezing.free(plan.contest, "constituencies")
            held[name] = Constituency.objects.create(
                contest=plan.contest, code=name, name=name, seats=plan.profile.seats.get(name, 1), source=plan.one.name
            ).pk
    return [held[name] for name in plan.table.constituencies]


def area_code(path: tuple[str, ...]) -> str:
    """The code of an area made from a file: its path; beyond 120 signs, or where a name holds what stands between names, its
    beginning and a digest of all of it, so that "A / B" is never taken for B in A."""
    whole, apart = SEP.join(path), not any(SEP in name for name in path)
    parts = whole if apart else "\n".join(path)
    return whole if apart and len(whole) <= 120 else f"{whole[:108]}-{hashlib.sha256(parts.encode()).hexdigest()[:10]}"


def created_areas(plan: Plan) -> list[int | None]:
    """The units of the file's areas, made where the geography lacks them."""
    geography = plan.contest.election.geography
    made = {(u.parent_id, fold(word)): u.pk for u in geography.units.all() for word in (u.code, u.name, *u.aliases)}
    depth = max((len(p) for p in plan.table.paths), default=0)
    at: dict[tuple[str, ...], int | None] = {(): None}
    for level in range(1, depth + 1):
        heads = list(dict.fromkeys(p[:level] for p in plan.table.paths))
        fresh = [h for h in heads if (at[h[:-1]], fold(h[-1])) not in made]
        kind = plan.profile.areas[level - 1]
        lines = dict(geography.units.filter(level=level - 1).values_list("pk", "above")) if level > 1 else {}
        rows = (
            (
                geography.pk, area_code(h), level, h[-1] or "–", fold(h[-1]), kind[:60], at[h[:-1]],
                lineage.below(lines[parent], parent) if (parent := at[h[:-1]]) else "", "[]", "",
                plan.one.name, "secondary source",
            )
            for h in fresh
        )  # fmt: skip
        for _done in many.insert(Unit, UNIT_COLUMNS, rows):
            pass
        ids = dict(geography.units.filter(level=level).values_list("code", "pk"))
        for head in fresh:
            made[(at[head[:-1]], fold(head[-1]))] = ids[area_code(head)]
        for head in heads:
            at[head] = made[(at[head[:-1]], fold(head[-1]))]
    if not geography.levels and plan.profile.areas:
        geography.levels = [{"level": i, "fr": n, "en": n} for i, n in enumerate(plan.profile.areas, 1)]
        geography.save(update_fields=["levels"])
    return [at[p] for p in plan.table.paths]
