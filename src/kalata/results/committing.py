"""Storing a checked file: one transaction, everything or nothing; two persons where it is published."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Constituency, Contest, Option, Station, Unit
from kalata.country.services import fold
from kalata.people import queries as people_queries
from kalata.people.models import Approval, Person
from kalata.people.services import approvable, ask_approval
from kalata.refusals import Refused
from kalata.results import announcing, services
from kalata.results.importing import SEP, Plan, WrongState, mark, prepare, progress, progress_path, require_somewhere
from kalata.results.models import Import, StationReport
from kalata.results.numeric import reading
from kalata.results.rules.boxes import ABSENT, Box
from kalata.text import gettext_noop as _
from kalata.transparency.services import record


class OutsideTerritory(Refused):
    code = "IMP-303"
    says = _("Le bureau « %(station)s » (ligne %(row)d) est hors de votre territoire.")
    remedy = _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national.")
    status = 403


# --- commit ------------------------------------------------------------------------------
def ask_or_commit(*, one: Import, reason: str, by: Person) -> Import | Approval:
    """Commit, or ask a second person when published figures would change."""
    require_somewhere(by, one.contest)
    changes = (one.report or {}).get("counts", {}).get("changed", 0)
    if one.contest.published_at and changes:
        with transaction.atomic():
            mark(one, "waiting")
            return ask_approval(
                kind="results.correction",
                subject=f"import:{one.pk}",
                summary=f"{changes} bureaux changent — {one.contest.name_fr} ({one.name})",
                payload={"import": one.pk, "sha256": one.sha256},
                reason=reason,
                by=by,
                contest=one.contest_id,
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
            plan = prepare(one, by)
            if plan.problem_count:
                raise reading.BadFile(plan.problems, plan.problem_count, one.name)
            if by is not None:
                check_reach(plan, by)
            write(plan)
            one.state, one.committed_at, one.report = "committed", timezone.now(), plan.report()
            one.save()
            if plan.counts["new"] or plan.counts["changed"] or plan.counts["created"]:
                services.changed(one.contest)
                touched = [plan.stations[SEP.join(plan.table.keys[i])][0] for i, _version in plan.todo]
                announcing.tell(one.contest, touched)
            record(
                by=by,
                kind="import.committed",
                subject=f"import:{one.pk}",
                reason=one.reason,
                after={"contest": one.contest.code, "file": one.name, "sha256": one.sha256, **plan.counts},
            )
    except Refused as refused:
        mark(
            one,
            "refused",
            {
                "refusal": refused.record(),
                "problems": [p.record() for p in getattr(refused, "problems", [])],
                "problem_count": 1,
            },
        )
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
        Option.objects.bulk_create(
            Option(contest=contest, rank=r, code=n, name=n) for r, n in enumerate(plan.new_options, 1)
        )
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
                contest=contest,
                station_id=plan.stations[SEP.join(plan.table.keys[i])][0],
                version=version + 1,
                standing=int(plan.table.standing[i]),
                sheet=plan.blobs[i],
                source=one,
                reason=one.reason[:400],
                at=now,
            )
            for i, version in todo[start : start + 2_000]
        )
        progress(one, "write", start, len(todo))


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
    for start in range(0, len(fresh), 2_000):
        made = Station.objects.bulk_create(
            Station(
                contest=contest,
                code=codes[i],
                name=table.keys[i][-1][:250],
                unit_id=plan.units[int(table.area[i])],
                registered=None if registered is None or registered[i] == ABSENT else int(registered[i]),
                constituency_id=groups[int(table.constituency[i])]
                if groups and table.constituency is not None
                else unit_group(plan, i),
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
        above: dict[int, tuple[str, int | None]] = {
            pk: (code, parent)
            for pk, code, parent in Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list(
                "pk", "code", "parent_id"
            )
        }
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
            held[name] = Constituency.objects.create(
                contest=plan.contest, code=name, name=name, seats=plan.profile.seats.get(name, 1), source=plan.one.name
            ).pk
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
            Unit(
                geography=geography,
                code=SEP.join(h)[:120],
                level=level,
                name=h[-1] or "–",
                sort_name=fold(h[-1]),
                kind=kind[:60],
                parent_id=at[h[:-1]],
                source=plan.one.name,
                confidence="secondary source",
            )
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
