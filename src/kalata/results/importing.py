"""Bringing a file in: upload, map, dry run, commit whole or nothing. The wizard and jobs call this.

Reading and checking are those of the command line (`files.opened`, `numeric.table.read`).
A commit is one transaction: stations that are the same change nothing (the same file twice is
one import), those that differ get a new version, those that are unknown are refused unless the
person asked to create them. Progress is a small file beside the uploads, because a transaction
in progress cannot be seen from outside.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kalata.country.models import Constituency, Contest, Option, Station, Unit
from kalata.country.services import fold
from kalata.people import queries as people_queries
from kalata.people.models import Approval, Person
from kalata.people.services import approvable, ask_approval, require
from kalata.refusals import Refused
from kalata.results import files, services, store
from kalata.results.models import Import, StationReport
from kalata.results.numeric import screening
from kalata.results.numeric import table as tables
from kalata.results.numeric.table import MAX_PROBLEMS, Problem, Table
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.checks import BY_CODE
from kalata.results.rules.profile import Profile, profile_from
from kalata.text import gettext_noop as _
from kalata.transparency.services import record

SEP = " / "


class WrongState(Refused):
    code = "IMP-301"
    says = _("Cet import est à l’état « %(state)s » : cette étape n’est plus possible.")
    remedy = _("Reprenez l’assistant depuis la liste des imports.")


class NeedsSecondPerson(Refused):
    code = "IMP-302"
    says = _("Ce fichier change %(n)d bureaux déjà publiés : une seconde personne doit approuver.")
    remedy = _("Donnez le motif ; la demande attendra dans les approbations.")


class OutsideTerritory(Refused):
    code = "IMP-303"
    says = _("Le bureau « %(station)s » (ligne %(row)d) est hors de votre territoire.")
    remedy = _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national.")
    status = 403


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(one: Import) -> Path:
    return folder() / one.file


def upload(*, contest: Contest, name: str, content: Iterable[bytes] | BinaryIO, by: Person) -> Import:
    """Keep a file and what can be seen of it without deciding anything: columns, first rows."""
    require_somewhere(by, contest)
    kept = f"{uuid.uuid4().hex}.in"
    digest = hashlib.sha256()
    size = 0
    target = folder() / kept
    try:
        with target.open("wb") as out:
            for chunk in content:
                size += len(chunk)
                if size > files.MAX_FILE:
                    raise files.TooLarge(file=name, size=size // 2**20, limit=files.MAX_FILE // 2**20)
                digest.update(chunk)
                out.write(chunk)
        os.chmod(target, 0o600)
        opened = files.opened(target, name=name, block=25)
        first = next(opened.blocks, (0, []))[1]
        if not first:
            raise files.EmptyFile(file=name)
    except Refused:
        target.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        one = Import.objects.create(
            contest=contest, name=name[:200], file=kept, sha256=digest.hexdigest(), size=size, header=opened.header,
            sample=[[c[:80] for c in row] for row in first[:10]], encoding=opened.encoding, delimiter=opened.delimiter, by=by,
        )
        record(by=by, kind="import.uploaded", subject=f"import:{one.pk}", after={"contest": contest.code, "file": name, "sha256": one.sha256, "size": size})
    return one


def require_somewhere(by: Person, contest: Contest) -> None:
    if not people_queries.reach(by, "results.import", contest=contest.pk):
        require(by, "results.import", contest=contest.pk)


@transaction.atomic
def set_mapping(*, one: Import, profile: Mapping[str, Any], create: str, by: Person) -> Import:
    """Keep the mapping of a file. Refuses (IMP-101, IMP-102) a profile that does not fit it."""
    require_somewhere(by, one.contest)
    if one.state == "committed":
        raise WrongState(state=one.state)
    parsed = profile_from({k: v for k, v in profile.items() if k != "contest"})
    tables.needed(parsed, one.header, one.name)
    one.profile, one.create, one.state, one.report = dict(profile), create, "mapped", None
    one.save(update_fields=["profile", "create", "state", "report"])
    record(by=by, kind="import.mapped", subject=f"import:{one.pk}", after={"profile": dict(profile), "create": create})
    return one


# --- progress ----------------------------------------------------------------------------
def progress_path(one: Import) -> Path:
    return folder() / f"{one.pk}.progress"


def progress(one: Import, step: str, done: int, total: int) -> None:
    path = progress_path(one)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"step": step, "done": done, "total": total}))
    fresh.replace(path)


def progress_of(one: Import) -> dict[str, Any]:
    try:
        return dict(json.loads(progress_path(one).read_text()))
    except (OSError, ValueError):
        return {"step": "", "done": 0, "total": 0}


# --- dry run -----------------------------------------------------------------------------
def mark(one: Import, state: str, report: Mapping[str, Any] | None = None) -> None:
    one.state = state
    if report is not None:
        one.report = dict(report)
    one.save(update_fields=["state", "report"])


def dry_run(one: Import) -> Import:
    """Read, check and compare with what is held; store nothing but the report."""
    try:
        progress(one, "read", 0, 1)
        plan = prepare(one)
        mark(one, "refused" if plan.problem_count else "checked", plan.report())
    except Refused as refused:
        mark(one, "refused", {"refusal": refused.record(), "problems": [], "problem_count": 1})
    finally:
        progress_path(one).unlink(missing_ok=True)
    return one


class Plan:
    """What committing a file would do."""

    def __init__(self, one: Import, profile: Profile, table: Table, problems: list[Problem], count: int) -> None:
        self.one, self.profile, self.table = one, profile, table
        self.problems, self.problem_count = problems, count
        self.contest = one.contest
        self.options = list(self.contest.options.all())
        self.new_options: list[str] = []
        self.stations: dict[str, tuple[int, int | None]] = {}
        self.units: list[int | None] = []
        self.counts = {"new": 0, "changed": 0, "same": 0, "created": 0}
        self.sheet: tables.Ints = np.empty((0, 0), np.int64)
        self.todo: list[tuple[int, int]] = []  # (row, version held before; 0 for none)
        self.blobs: list[bytes] = []
        self.groups_by_unit: tuple[dict[str, int], dict[int, tuple[str, int | None]]] | None = None

    def refuse(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def report(self) -> dict[str, Any]:
        total = tables.totals(self.table)
        flags = screening.screen(self.table)
        return {
            "problems": [p.record() for p in self.problems], "problem_count": self.problem_count, "counts": self.counts,
            "stations": {"counted": total.counted, "annulled": total.annulled, "missing": total.missing},
            "figures": {b.value: v for b, v in total.boxes.items()},
            "valid": total.valid,
            "votes": dict(zip(self.table.options, total.votes, strict=True)),
            "new_options": self.new_options,
            "findings": [{"code": c, "level": BY_CODE[c].level.value, "count": int(m.sum()), "stations": [SEP.join(self.table.keys[i]) for i in np.flatnonzero(m)[:5].tolist()]} for c, m in sorted(flags.items()) if m.any()],
            "kept_doubles": [p.record() for p in self.table.kept_doubles],
        }


def prepare(one: Import) -> Plan:
    """Read the file under its mapping and line it up with the contest's register and options."""
    assert one.profile is not None
    profile = profile_from({k: v for k, v in one.profile.items() if k != "contest"})
    table, problems, count = tables.read(files.opened(path_of(one), name=one.name, encoding=profile.encoding), profile, strict=False)
    plan = Plan(one, profile, table, problems, count)
    match_options(plan)
    match_stations(plan)
    if not plan.problem_count:
        plan.sheet = laid_out(plan)
        compare(plan)
    return plan


def match_options(plan: Plan) -> None:
    """The file's candidates must be the contest's; a contest without any takes the file's."""
    if not plan.table.options:
        return
    if not plan.options:
        plan.new_options = list(plan.table.options)
        return
    known = {fold(o.code): o.code for o in plan.options} | {fold(o.name): o.code for o in plan.options}
    found = [known.get(fold(label)) for label in plan.table.options]
    for label, code in zip(plan.table.options, found, strict=True):
        if code is None:
            plan.refuse(Problem("IMP-212", 1, label, label))
    # a list may run in some constituencies only; a national contest shows every candidate
    if not plan.profile.constituency and not plan.contest.constituencies.exists():
        for option in plan.options:
            if option.code not in found and not option.withdrawn:
                plan.refuse(Problem("IMP-213", 1, "options", option.name))
    plan.table.options = [code or label for code, label in zip(found, plan.table.options, strict=True)]


def match_stations(plan: Plan) -> None:
    """The stations and areas of the file against the register: unknown ones are refused, or
    created where the person asked for it."""
    contest, table = plan.contest, plan.table
    held = {code: (pk, unit) for pk, code, unit in Station.objects.filter(contest=contest).values_list("pk", "code", "unit_id")}
    plan.stations = held
    codes = [SEP.join(k) for k in table.keys]
    may_create = plan.one.create in ("stations", "all")
    fresh = [i for i, code in enumerate(codes) if code not in held]
    plan.counts["created"] = len(fresh)
    if fresh and not may_create:
        for i in fresh[:MAX_PROBLEMS]:
            plan.refuse(Problem("IMP-211", int(table.rows[i]), " + ".join(plan.profile.station), codes[i]))
        plan.problem_count += max(len(fresh) - MAX_PROBLEMS, 0)
    plan.units = known_areas(plan)
    if fresh and plan.one.create != "all":
        unknown = {int(table.area[i]) for i in fresh if plan.units[int(table.area[i])] is None and table.paths[int(table.area[i])]}
        first = {}
        for i in fresh:
            first.setdefault(int(table.area[i]), i)
        for place in sorted(unknown):
            plan.refuse(Problem("IMP-210", int(table.rows[first[place]]), " + ".join(plan.profile.areas), SEP.join(table.paths[place])))
    elif not fresh and plan.profile.areas:
        check_areas_agree(plan, codes)


def known_areas(plan: Plan) -> list[int | None]:
    """For each area path of the file, the unit of the contest's geography it names, if any."""
    rows = list(Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list("pk", "code", "name", "parent_id", "aliases"))
    children: dict[tuple[int | None, str], int] = {}
    for pk, code, name, parent, aliases in rows:
        for word in (code, name, *aliases):
            children[(parent, fold(word))] = pk
    out: list[int | None] = []
    for path in plan.table.paths:
        at: int | None = None
        for word in path:
            at = children.get((at, fold(word)))
            if at is None:
                break
        out.append(at if path else None)
    return out


def check_areas_agree(plan: Plan, codes: list[str]) -> None:
    """A station that the register puts elsewhere is a wrong file or a wrong row."""
    above = dict(Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list("pk", "parent_id"))
    for i, code in enumerate(codes):
        unit = plan.units[int(plan.table.area[i])]
        mine = plan.stations[code][1]
        while mine is not None and mine != unit:
            mine = above.get(mine)
        if mine is None and plan.table.paths[int(plan.table.area[i])]:
            plan.refuse(Problem("IMP-210", int(plan.table.rows[i]), " + ".join(plan.profile.areas), SEP.join(plan.table.paths[int(plan.table.area[i])])))


def laid_out(plan: Plan) -> tables.Ints:
    """(n, boxes + options) in the order of the contest: what is packed and stored."""
    boxes = [Box(b) for b in plan.contest.boxes] or list(plan.table.boxes)
    names = [o.code for o in plan.options] or plan.new_options
    out = np.full((len(plan.table), len(boxes) + len(names)), ABSENT, np.int64)
    for place, box in enumerate(boxes):
        if (column := plan.table.column(box)) is not None:
            out[:, place] = column
    at = {name: len(boxes) + i for i, name in enumerate(names)}
    for j, option in enumerate(plan.table.options):
        out[:, at[option]] = plan.table.votes[:, j]
    missing = plan.table.standing == Standing.MISSING
    if len(boxes) and Box.REGISTERED in boxes:
        out[np.ix_(missing, [i for i in range(out.shape[1]) if i != boxes.index(Box.REGISTERED)])] = ABSENT
    return out


def compare(plan: Plan) -> None:
    """Count what is new, changed, the same; `todo` are the rows to write."""
    codes = [SEP.join(k) for k in plan.table.keys]
    current = {s: (v, st, bytes(b)) for s, v, st, b in StationReport.objects.filter(contest=plan.contest, current=True).values_list("station_id", "version", "standing", "sheet")}
    blobs = store.packed(plan.sheet)
    todo: list[tuple[int, int]] = []
    register_only = not plan.table.options
    for i, code in enumerate(codes):
        pk = plan.stations.get(code, (0, None))[0]
        old = current.get(pk)
        standing = int(plan.table.standing[i])
        if register_only or (old is None and standing == Standing.MISSING):
            continue
        if old is None:
            plan.counts["new"] += 1
            todo.append((i, 0))
        elif (old[1], old[2]) == (standing, blobs[i]):
            plan.counts["same"] += 1
        else:
            plan.counts["changed"] += 1
            todo.append((i, old[0]))
    plan.todo, plan.blobs = todo, blobs


# --- commit ------------------------------------------------------------------------------
def ask_or_commit(*, one: Import, reason: str, by: Person) -> Import | Approval:
    """Commit, or ask a second person when published figures would change."""
    require_somewhere(by, one.contest)
    changes = (one.report or {}).get("counts", {}).get("changed", 0)
    if one.contest.published_at and changes:
        with transaction.atomic():
            mark(one, "waiting")
            return ask_approval(
                kind="results.correction", subject=f"import:{one.pk}", summary=f"{changes} bureaux changent — {one.contest.name_fr} ({one.name})",
                payload={"import": one.pk, "sha256": one.sha256}, reason=reason, by=by,
            )
    one.reason = reason
    one.save(update_fields=["reason"])
    return commit(one, by=by)


@approvable("results.correction", "results.publish")
def corrected(approval: Approval, by: Person) -> None:
    one = Import.objects.get(pk=approval.payload["import"])
    one.reason = approval.reason
    commit(one, by=approval.asked_by)


def commit(one: Import, *, by: Person | None) -> Import:
    """Store a checked file: everything in one transaction, or nothing."""
    if one.state not in ("checked", "waiting", "committing"):
        raise WrongState(state=one.state)
    try:
        with transaction.atomic():
            Contest.objects.select_for_update().get(pk=one.contest_id)
            plan = prepare(one)
            if plan.problem_count:
                raise tables.BadFile(plan.problems, plan.problem_count, one.name)
            if by is not None:
                check_reach(plan, by)
            write(plan)
            one.state, one.committed_at, one.report = "committed", timezone.now(), plan.report()
            one.save()
            if plan.counts["new"] or plan.counts["changed"] or plan.counts["created"]:
                services.changed(one.contest)
            record(
                by=by, kind="import.committed", subject=f"import:{one.pk}", reason=one.reason,
                after={"contest": one.contest.code, "file": one.name, "sha256": one.sha256, **plan.counts},
            )
    except Refused as refused:
        mark(one, "refused", {"refusal": refused.record(), "problems": [p.record() for p in getattr(refused, "problems", [])], "problem_count": 1})
        raise
    finally:
        progress_path(one).unlink(missing_ok=True)
    return one


def check_reach(plan: Plan, by: Person) -> None:
    """Every station of the file lies in the territory of the person who brings it."""
    spots = people_queries.reach(by, "results.import", contest=plan.contest.pk)
    if spots == [()]:
        return
    above = dict(Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list("pk", "parent_id"))
    allowed = {spot[-1] for spot in spots}
    for i, key in enumerate(plan.table.keys):
        step = plan.stations.get(SEP.join(key), (0, None))[1] or plan.units[int(plan.table.area[i])]
        while step is not None and step not in allowed:
            step = above.get(step)
        if step is None:
            raise OutsideTerritory(station=SEP.join(key), row=int(plan.table.rows[i]))


def write(plan: Plan) -> None:
    contest, one = plan.contest, plan.one
    if not contest.boxes:
        contest.boxes = [b.value for b in plan.table.boxes]
        contest.save(update_fields=["boxes"])
    if plan.new_options:
        Option.objects.bulk_create(Option(contest=contest, rank=r, code=n, name=n) for r, n in enumerate(plan.new_options, 1))
    if plan.counts["created"]:
        create_stations(plan)
    todo = plan.todo
    replaced = [plan.stations[SEP.join(plan.table.keys[i])][0] for i, version in todo if version]
    for start in range(0, len(replaced), 500):
        StationReport.objects.filter(station_id__in=replaced[start : start + 500], current=True).update(current=False)
    now = timezone.now()
    for start in range(0, len(todo), 2_000):
        StationReport.objects.bulk_create(
            StationReport(
                contest=contest, station_id=plan.stations[SEP.join(plan.table.keys[i])][0], version=version + 1, standing=int(plan.table.standing[i]),
                sheet=plan.blobs[i], source=one, reason=one.reason[:400], at=now,
            )
            for i, version in todo[start : start + 2_000]
        )
        progress(one, "write", start, len(todo))


def create_stations(plan: Plan) -> None:
    contest, table = plan.contest, plan.table
    if plan.one.create == "all":
        plan.units = created_areas(plan)
    registered = table.column(Box.REGISTERED)
    groups = constituencies_of(plan)
    codes = [SEP.join(k) for k in table.keys]
    fresh = [i for i, code in enumerate(codes) if code not in plan.stations]
    for start in range(0, len(fresh), 2_000):
        made = Station.objects.bulk_create(
            Station(
                contest=contest, code=codes[i], name=table.keys[i][-1][:250], unit_id=plan.units[int(table.area[i])],
                registered=None if registered is None or registered[i] == ABSENT else int(registered[i]),
                constituency_id=groups[int(table.constituency[i])] if groups and table.constituency is not None else unit_group(plan, i),
            )
            for i in fresh[start : start + 2_000]
        )
        for station in made:
            plan.stations[station.code] = (station.pk, station.unit_id)
        progress(plan.one, "stations", start, len(fresh))


def unit_group(plan: Plan, row: int) -> int | None:
    """The constituency of a station by its area, where the contest's level says so."""
    if plan.groups_by_unit is None:
        by_code = dict(plan.contest.constituencies.values_list("code", "pk"))
        above = {pk: (code, parent) for pk, code, parent in Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list("pk", "code", "parent_id")}
        plan.groups_by_unit = (by_code, above)
    by_code, above = plan.groups_by_unit
    step = plan.units[int(plan.table.area[row])]
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
            held[name] = Constituency.objects.create(contest=plan.contest, code=name, name=name, seats=plan.profile.seats.get(name, 1), source=plan.one.name).pk
    return [held[name] for name in plan.table.constituencies]


def created_areas(plan: Plan) -> list[int | None]:
    """The units of the file's areas, made where the geography lacks them."""
    geography = plan.contest.election.geography
    made = {(u.parent_id, fold(u.name)): u.pk for u in geography.units.all()}
    depth = max((len(p) for p in plan.table.paths), default=0)
    at: dict[tuple[str, ...], int | None] = {(): None}
    for level in range(1, depth + 1):
        heads = list(dict.fromkeys(p[:level] for p in plan.table.paths))
        fresh = [h for h in heads if (at[h[:-1]], fold(h[-1])) not in made]
        kind = plan.profile.areas[level - 1]
        units = Unit.objects.bulk_create(
            Unit(geography=geography, code=SEP.join(h)[:120], level=level, name=h[-1] or "–", sort_name=fold(h[-1]), kind=kind[:60], parent_id=at[h[:-1]], source=plan.one.name, confidence="secondary source")
            for h in fresh
        )
        for head, unit in zip(fresh, units, strict=True):
            made[(at[head[:-1]], fold(head[-1]))] = unit.pk
        for head in heads:
            at[head] = made[(at[head[:-1]], fold(head[-1]))]
    if not geography.levels and plan.profile.areas:
        geography.levels = [{"level": i, "fr": n, "en": n} for i, n in enumerate(plan.profile.areas, 1)]
        geography.save(update_fields=["levels"])
    return [at[p] for p in plan.table.paths]


def unused_boxes(one: Import) -> list[str]:
    """Boxes of the contest that the mapping leaves out."""
    mapped = set((one.profile or {}).get("figures", {}))
    return [b for b in one.contest.boxes if b not in mapped]




@transaction.atomic
def discard(*, one: Import, by: Person) -> None:
    """Give an import up: the file is removed, the row and the ledger keep that it was there."""
    require_somewhere(by, one.contest)
    if one.state == "committed":
        raise WrongState(state=one.state)
    mark(one, "discarded")
    record(by=by, kind="import.discarded", subject=f"import:{one.pk}", after={"file": one.name, "sha256": one.sha256})
    path_of(one).unlink(missing_ok=True)
