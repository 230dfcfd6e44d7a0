"""Bringing a file in: upload, map, dry run, commit whole or nothing. The wizard and jobs call this.

Reading and checking are those of the command line (`files.opened`, `numeric.reading.read`).
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

from kalata.country.models import Contest
from kalata.people import queries as people_queries
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results import files, matching, store
from kalata.results.access import reach_of
from kalata.results.models import Import, StationReport
from kalata.results.numeric import reading, screening
from kalata.results.numeric import table as tables
from kalata.results.numeric.reading import MAX_PROBLEMS, Problem
from kalata.results.numeric.station_keys import SEP
from kalata.results.numeric.table import Table
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.checks import BY_CODE
from kalata.results.rules.profile import Profile, profile_from
from kalata.results.territory import EVERYWHERE
from kalata.text import gettext_noop as _
from kalata.transparency.services import record


class WrongState(Refused):
    code = "IMP-301"
    says = _("Cet import est à l’état « %(state)s » : cette étape n’est plus possible.")
    remedy = _("Reprenez l’assistant depuis la liste des imports.")


class FileAltered(Refused):
    code = "IMP-308"
    says = _("Le fichier gardé de l’import « %(name)s » n’est plus celui qui a été déposé.")
    remedy = _("Déposez-le de nouveau, et prévenez la personne chargée de la sécurité. Rien n’a été enregistré.")


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
        opened = files.opened(target, name=name, block=25, apart=True)
        first = next(opened.blocks, (0, []))[1]
        if not first:
            raise files.EmptyFile(file=name)
    except Refused:
        target.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        one = Import.objects.create(
            contest=contest,
            name=name[:200],
            file=kept,
            sha256=digest.hexdigest(),
            size=size,
            header=opened.header,
            sample=[[c[:80] for c in row] for row in first[:10]],
            encoding=opened.encoding,
            delimiter=opened.delimiter,
            by=by,
        )
        record(
            by=by,
            kind="import.uploaded",
            subject=f"import:{one.pk}",
            after={"contest": contest.code, "file": name, "sha256": one.sha256, "size": size},
        )
    return one


def require_somewhere(by: Person, contest: Contest) -> None:
    if not people_queries.reach(by, "results.import", contest=contest.pk):
        require(by, "results.import", contest=contest.pk)


def require_own(by: Person, one: Import) -> None:
    """A file is handled by the person who brought it, or by who imports for the whole country."""
    require_somewhere(by, one.contest)
    if one.by_id != by.pk:
        require(by, "results.import", contest=one.contest_id)


@transaction.atomic
def set_mapping(*, one: Import, profile: Mapping[str, Any], create: str, by: Person) -> Import:
    """Keep the mapping of a file. Refuses (IMP-101, IMP-102) a profile that does not fit it."""
    require_own(by, one)
    if one.state in ("committed", "committing", "waiting"):
        raise WrongState(state=one.state)
    parsed = profile_from({k: v for k, v in profile.items() if k != "contest"})
    reading.needed(parsed, one.header, one.name)
    one.profile, one.create, one.state, one.report = dict(profile), create, "mapped", None
    one.difference = ""
    one.save(update_fields=["profile", "create", "state", "report", "difference"])
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
    """Read, check and compare with what is held; store nothing but the report and the exact difference."""
    from kalata.results import differences

    if one.state in ("committed", "committing", "waiting"):
        raise WrongState(state=one.state)
    try:
        progress(one, "read", 0, 1)
        plan = prepare(one, one.by)
        one.difference = "" if plan.problem_count else differences.keep(plan)
        one.save(update_fields=["difference"])
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
        self.reach = EVERYWHERE
        self.old: dict[int, tuple[int, int, bytes]] = {}  # row -> version, standing, figures in force
        self.fresh: set[str] = set()  # codes of stations to create
        self.groups_by_unit: tuple[dict[str, int], dict[int, tuple[str, int | None]]] | None = None

    def refuse(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def report(self) -> dict[str, Any]:
        total = tables.totals(self.table)
        flags = screening.screen(self.table)
        return {
            "problems": [p.record() for p in self.problems],
            "problem_count": self.problem_count,
            "counts": self.counts,
            "stations": {"counted": total.counted, "annulled": total.annulled, "missing": total.missing},
            "figures": {b.value: v for b, v in total.boxes.items()},
            "valid": total.valid,
            "votes": dict(zip(self.table.options, total.votes, strict=True)),
            "new_options": self.new_options,
            "findings": [
                {
                    "code": c,
                    "level": BY_CODE[c].level.value,
                    "count": int(m.sum()),
                    "stations": [SEP.join(self.table.keys[i]) for i in np.flatnonzero(m)[:5].tolist()],
                }
                for c, m in sorted(flags.items())
                if m.any()
            ],
            "kept_doubles": [p.record() for p in self.table.kept_doubles],
            "said": [s.record() for s in self.table.said],
        }


def prepare(one: Import, by: Person | None = None) -> Plan:
    """Read the file under its mapping and line it up with the contest's register and options.

    by: only the territories where this person imports; what the others hold is neither matched nor counted.
    """
    assert one.profile is not None
    with path_of(one).open("rb") as kept:
        sha = hashlib.file_digest(kept, "sha256").hexdigest()
    if sha != one.sha256:
        raise FileAltered(name=one.name)
    profile = profile_from({k: v for k, v in one.profile.items() if k != "contest"})
    table, problems, count = reading.read(
        files.opened(path_of(one), name=one.name, encoding=profile.encoding, apart=True), profile, strict=False
    )
    plan = Plan(one, profile, table, problems, count)
    plan.reach = reach_of(by, {"results.import"}, one.contest_id) if by is not None else EVERYWHERE
    matching.match_options(plan)
    matching.match_stations(plan)
    if not plan.problem_count:
        plan.sheet = laid_out(plan)
        compare(plan)
    return plan


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
    names = [SEP.join(k) for k in plan.table.keys]
    current = {
        s: (v, st, bytes(b))
        for s, v, st, b in StationReport.objects.filter(contest=plan.contest, current=True).values_list(
            "station_id", "version", "standing", "sheet"
        )
    }
    blobs = store.packed(plan.sheet)
    todo: list[tuple[int, int]] = []
    register_only = not plan.table.options
    for i, code in enumerate(names):
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
            plan.old[i] = old
            todo.append((i, old[0]))
    plan.todo, plan.blobs = todo, blobs


def unused_boxes(one: Import) -> list[str]:
    """Boxes of the contest that the mapping leaves out."""
    mapped = set((one.profile or {}).get("figures", {}))
    return [b for b in one.contest.boxes if b not in mapped]


@transaction.atomic
def discard(*, one: Import, by: Person) -> None:
    """Give an import up: the file is removed, the row and the ledger keep that it was there."""
    require_own(by, one)
    if one.state in ("committed", "committing", "waiting"):  # a request is withdrawn first: its file is evidence
        raise WrongState(state=one.state)
    mark(one, "discarded")
    record(by=by, kind="import.discarded", subject=f"import:{one.pk}", after={"file": one.name, "sha256": one.sha256})
    path_of(one).unlink(missing_ok=True)
