"""A file against what is registered: its candidates, stations and areas are those of the contest, or are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from kalata import codes
from kalata.country.models import Station, Unit
from kalata.country.services import fold
from kalata.results import papers
from kalata.results.numeric import options, station_keys
from kalata.results.numeric.reading import MAX_PROBLEMS, Problem
from kalata.results.numeric.station_keys import SEP
from kalata.tables.rules import folding

if TYPE_CHECKING:
    from kalata.results.queries.planning import Plan

FEW = 400
"""A file of so many stations or places at most asks the register for those only."""


def match_options(plan: Plan) -> None:
    """The file's candidates must be the contest's; a contest without any takes the file's."""
    if not plan.table.options:
        return
    if not plan.options:
        named = named_options(plan)
        for heading in unread(plan):
            plan.refuse(Problem("IMP-241", 1, heading, heading))
        options.renamed(plan.table, named)
        plan.new_options = plan.table.options
        return
    found = folding.matched(plan.table.options, {o.code: [o.name] for o in plan.options})
    for label, code in zip(plan.table.options, found, strict=True):
        if code is None:
            plan.refuse(Problem("IMP-212", 1, label, label))
    # a list may run in some constituencies only; a national contest shows every candidate
    if not plan.profile.constituency and not plan.contest.constituencies.exists():
        for option in plan.options:
            if option.code not in found and not option.withdrawn:
                plan.refuse(Problem("IMP-213", 1, "options", option.name))
    options.renamed(plan.table, [c or label for c, label in zip(found, plan.table.options, strict=True)])


def unread(plan: Plan) -> list[str]:
    """Headings or values that would become names of options although nobody read them: a heading is not a name."""
    spec = plan.profile.options
    named = {folding.same(name) for name in spec.labels.values()}
    return [label for label in plan.table.options if folding.same(label) not in named]


def named_options(plan: Plan) -> list[str]:
    """The names of new options, as a contest keeps them; what nobody can see, or tell apart, is refused."""
    made: list[str] = []
    seen: dict[str, str] = {}
    for label in plan.table.options:
        found = codes.visible(label)
        if isinstance(found, codes.Fault):
            plan.refuse(Problem("IMP-221", 1, label, label, fault=found))
        elif (other := seen.setdefault(fold(codes.name_key(found)), found)) != found:
            plan.refuse(Problem("IMP-223", 1, other, found))
        made.append(label if isinstance(found, codes.Fault) else found)
    return made


def registered_codes(plan: Plan) -> None:
    """Write the file's stations and constituencies as the register writes them: another case, or a twin letter, is the same."""
    table, contest = plan.table, plan.contest
    alike: dict[str, str] = {}
    held = Station.objects.filter(plan.reach.on("unit"), contest=contest)
    marks = station_keys.folded(table.keys)
    if len(marks) <= FEW:  # a correction of one row does not read the register of a country
        held = held.filter(Q(code_key__in=marks) | Q(code__in=[SEP.join(k) for k in table.keys]))
    for pk, code, key, unit in held.values_list("pk", "code", "code_key", "unit_id"):
        plan.stations[code] = (pk, unit)
        alike[key] = code
    for i, mark in enumerate(marks):
        if (known := alike.get(mark)) is not None and known != SEP.join(table.keys[i]):
            table.keys[i] = (known,)
    groups = {codes.key(c): c for c in contest.constituencies.values_list("code", flat=True)}
    for place, name in enumerate(table.constituencies):
        found = codes.tidy(name)
        if isinstance(found, codes.Fault):
            plan.refuse(
                Problem("IMP-221", int(table.rows[0]), " + ".join(plan.profile.constituency), name, fault=found)
            )
        else:
            table.constituencies[place] = groups.setdefault(codes.key(found), found)


def match_stations(plan: Plan) -> None:
    """The stations and areas of the file against the register: unknown ones are refused, or
    created where the person asked for it."""
    table = plan.table
    registered_codes(plan)
    held = plan.stations
    names = [SEP.join(k) for k in table.keys]
    may_create = plan.one.create in ("stations", "all")
    fresh = [i for i, code in enumerate(names) if code not in held]
    if fresh and plan.one.create == "all":
        tidy_areas(plan)
    plan.counts["created"] = len(fresh)
    plan.fresh = {names[i] for i in fresh}
    apart_from_papers(plan, names)
    if fresh and not may_create:
        for i in fresh[:MAX_PROBLEMS]:
            code = "IMP-211" if plan.reach.whole else "IMP-215"
            plan.refuse(Problem(code, int(table.rows[i]), " + ".join(plan.profile.station), names[i]))
        plan.problem_count += max(len(fresh) - MAX_PROBLEMS, 0)
    plan.units = known_areas(plan)
    if fresh and may_create and not plan.reach.whole:
        outside(plan, fresh, names)
    if fresh and plan.one.create != "all":
        unknown = {
            int(table.area[i])
            for i in fresh
            if plan.units[int(table.area[i])] is None and table.paths[int(table.area[i])]
        }
        first: dict[int, int] = {}
        for i in fresh:
            first.setdefault(int(table.area[i]), i)
        for place in sorted(unknown):
            plan.refuse(
                Problem(
                    "IMP-210",
                    int(table.rows[first[place]]),
                    " + ".join(plan.profile.areas),
                    SEP.join(table.paths[place]),
                )
            )
    elif not fresh and plan.profile.areas:
        check_areas_agree(plan, names)


def tidy_areas(plan: Plan) -> None:
    """Areas that will be created get names that are codes: IMP-221 otherwise."""
    table = plan.table
    first = {int(a): int(r) for a, r in zip(table.area[::-1], table.rows[::-1], strict=True)}
    for place, path in enumerate(table.paths):
        words = [codes.tidy(word) if word else "" for word in path]
        for word, found in zip(path, words, strict=True):
            if isinstance(found, codes.Fault):
                plan.refuse(Problem("IMP-221", first.get(place, 1), " + ".join(plan.profile.areas), word, fault=found))
        table.paths[place] = tuple(w if isinstance(f, codes.Fault) else f for w, f in zip(path, words, strict=True))


def outside(plan: Plan, fresh: list[int], names: list[str]) -> None:
    """New stations of a person limited to a territory: inside it, and under a code nobody has (IMP-214)."""
    above = dict(Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list("pk", "parent_id"))
    taken = set(Station.objects.filter(contest=plan.contest).values_list("code_key", flat=True))
    for i in fresh:
        step, path = plan.units[int(plan.table.area[i])], []
        while step is not None:
            path.append(step)
            step = above.get(step)
        if codes.key(names[i]) in taken or not plan.reach.holds(tuple(path)):
            plan.refuse(Problem("IMP-214", int(plan.table.rows[i]), " + ".join(plan.profile.station), names[i]))


def apart_from_papers(plan: Plan, names: list[str]) -> None:
    """Figures of a part of a contest come from its papers or from files, never from both (IMP-216)."""
    if not plan.table.options:
        return
    parts = papers.followed_by().parts(plan.contest)
    if not parts:
        return
    where = dict(Station.objects.filter(contest=plan.contest).values_list("code", "part"))
    default = str(Station._meta.get_field("part").default)
    for i, code in enumerate(names):
        if where.get(code, default) in parts:
            plan.refuse(Problem("IMP-216", int(plan.table.rows[i]), " + ".join(plan.profile.station), code))


def known_areas(plan: Plan) -> list[int | None]:
    """For each area path of the file, the unit of the contest's geography it names, if any."""
    paths = plan.table.paths
    units = Unit.objects.filter(geography_id=plan.contest.election.geography_id)
    few = len(paths) <= FEW
    children = {} if few else by_word(units)
    found: list[int | None] = [None] * len(paths)
    going = [i for i, path in enumerate(paths) if path]
    for depth in range(max(map(len, paths), default=0)):
        if few:  # only what lies in the places that the file names
            inside = {found[i] for i in going}
            children = by_word(units.filter(parent__isnull=True) if not depth else units.filter(parent__in=inside))
        for i in going:
            found[i] = children.get((found[i], fold(paths[i][depth])))
        going = [i for i in going if found[i] is not None and len(paths[i]) > depth + 1]
        if not going:
            break
    return found


def by_word(units: QuerySet[Unit]) -> dict[tuple[int | None, str], int]:
    """(place it lies in, code, name or other name, folded) -> unit."""
    rows = units.values_list("pk", "code", "name", "parent_id", "aliases")
    return {(parent, fold(word)): pk for pk, code, name, parent, aliases in rows for word in (code, name, *aliases)}


def above_of(plan: Plan) -> dict[int, int | None]:
    """unit -> the one it lies in, of every place where a station of the file may lie, and of those above."""
    units = Unit.objects.filter(geography_id=plan.contest.election.geography_id)
    if len(plan.stations) > FEW:
        return dict(units.values_list("pk", "parent_id"))
    above: dict[int, int | None] = {}
    wanted = {unit for _pk, unit in plan.stations.values() if unit is not None}
    while wanted:
        above |= dict(units.filter(pk__in=wanted).values_list("pk", "parent_id"))
        wanted = {u for u in above.values() if u is not None and u not in above}
    return above


def check_areas_agree(plan: Plan, names: list[str]) -> None:
    """A station that the register puts elsewhere is a wrong file or a wrong row."""
    above = above_of(plan)
    for i, code in enumerate(names):
        unit = plan.units[int(plan.table.area[i])]
        mine = plan.stations[code][1]
        while mine is not None and mine != unit:
            mine = above.get(mine)
        if mine is None and plan.table.paths[int(plan.table.area[i])]:
            plan.refuse(
                Problem(
                    "IMP-210",
                    int(plan.table.rows[i]),
                    " + ".join(plan.profile.areas),
                    SEP.join(plan.table.paths[int(plan.table.area[i])]),
                )
            )
