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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from django.conf import settings
from django.db import transaction

from kalata import lifecycle, states
from kalata.country.models import Contest
from kalata.evidence import decoding
from kalata.evidence import services as evidence
from kalata.evidence import store as store_of_files
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.people import queries as people_queries
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results import import_limits, kinds
from kalata.results.access import reach_of
from kalata.results.models import Import, StationReport
from kalata.results.numeric import collecting, reading
from kalata.results.numeric import table as tables
from kalata.results.numeric.problems import Problem
from kalata.results.queries import differences, matching, store
from kalata.results.queries.planning import Plan as Plan
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.imports import IMPORT, RIGHT, TRIED, State
from kalata.results.rules.imports import WrongState as WrongState
from kalata.results.rules.profile import UnknownColumn, profile_from
from kalata.results.rules.systems import fits, system_from
from kalata.results.territory import EVERYWHERE
from kalata.tables import files
from kalata.tables.rules import seen
from kalata.text import gettext_noop as _


class FileAltered(Refused):
    code = "IMP-308"
    says = _("Le fichier gardé de l’import « %(name)s » n’est plus celui qui a été déposé.")
    remedy = _("Déposez-le de nouveau, et prévenez la personne chargée de la sécurité. Rien n’a été enregistré.")


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(one: Import) -> Path:
    """Where the file of an import lies: in the store, or under its own name where an older version put it."""
    return store_of_files.path(one.file) or folder() / one.file


def within_bounds(name: str, content: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in content:
        size += len(chunk)
        if size > files.MAX_FILE:
            raise files.TooLarge(file=name, size=size // 2**20, limit=files.MAX_FILE // 2**20)
        yield chunk


MEDIA = {"xlsx": decoding.XLSX, "parquet": decoding.PARQUET, "csv": decoding.TEXT}


def upload(*, contest: Contest, name: str, content: Iterable[bytes] | BinaryIO, by: Person) -> Import:
    """Keep a file and what can be seen of it without deciding anything: columns, first rows."""
    require_somewhere(by, contest)
    seen_in: dict[str, Any] = {}

    def look(part: Path) -> None:
        seen_in["media"] = MEDIA[files.kind_of(part, name)]
        opened = files.opened(part, name=name, apart=True)
        survey, first = seen.survey(opened.header, opened.blocks)
        if not first:
            raise files.EmptyFile(file=name)
        seen_in.update(
            header=opened.header,
            sample=[[c[:80] for c in row] for row in first],
            survey=survey,
            encoding=opened.encoding,
            delimiter=opened.delimiter,
        )

    stored = store_of_files.put(within_bounds(name, content), check=look)
    media = seen_in.pop("media")
    with transaction.atomic():
        evidence.received(stored, media=media, name=name, by=by)
        one = Import.objects.create(
            contest=contest,
            name=name[:200],
            file=stored.sha256,
            sha256=stored.sha256,
            size=stored.size,
            by=by,
            **seen_in,
        )
        evidence.join(sha256=one.sha256, subject=f"import:{one.pk}", access=Access.STAFF, by=by, name=name)
        record(
            by=by,
            kind=kinds.IMPORT_UPLOADED,
            subject=f"import:{one.pk}",
            after={"contest": contest.code, "file": name, "sha256": one.sha256, "size": stored.size},
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


def set_mapping(*, one: Import, profile: Mapping[str, Any], create: str, by: Person) -> Import:
    """Keep the mapping of a file, read before anything is held. Refuses (IMP-101, IMP-102) a profile that does not fit it."""
    require_own(by, one)
    act = lifecycle.Act(by=by.pk, right=RIGHT)
    lifecycle.apply(IMPORT, as_ruled(one), State.MAPPED, act)
    parsed = profile_from({k: v for k, v in profile.items() if k != "contest"})
    looked: dict[str, Any] = {}
    try:
        collecting.needed(parsed, one.header, one.name)
    except UnknownColumn:  # the profile may say how the table lies in the file: it is looked at again as it says
        opened = files.opened(path_of(one), name=one.name, layout=parsed.layout, apart=True)
        collecting.columns_of(opened, parsed)
        survey, first = seen.survey(opened.header, opened.blocks)
        looked = {"survey": survey, "header": opened.header, "sample": [[c[:80] for c in row] for row in first]}
    states.write(
        one, IMPORT, State.MAPPED, act, profile=dict(profile), create=create, **looked, report=None, difference="",
        tells=lambda: record(
            by=by, kind=kinds.IMPORT_MAPPED, subject=f"import:{one.pk}", after={"profile": dict(profile), "create": create}
        ),
    )  # fmt: skip
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
def as_ruled(one: Import) -> lifecycle.Stand[State]:
    return lifecycle.Stand(state=State(one.state))


def tried(one: Import, state: State, report: Mapping[str, Any], **values: Any) -> None:
    """Keep what reading the file says of it now."""
    states.derive(one, IMPORT, state, report=dict(report), **values)


def hand_over(one: Import) -> None:
    """Leave the trial of a file to the worker."""
    states.derive(one, IMPORT, State.CHECKING)


def dry_run(one: Import) -> Import:
    """Read, check and compare with what is held; store nothing but the report and the exact difference."""
    if State(one.state) not in TRIED:
        raise WrongState(state=one.state)
    try:
        progress(one, "read", 0, 1)
        plan = prepare(one, one.by)
        difference = "" if plan.problem_count else differences.keep(plan)
        one.difference = difference  # what the report speaks of
        tried(one, State.REFUSED if plan.problem_count else State.CHECKED, plan.report(), difference=difference)
    except Refused as refused:
        tried(one, State.REFUSED, {"refusal": refused.record(), "problems": [], "problem_count": 1})
    finally:
        progress_path(one).unlink(missing_ok=True)
    return one


def read_for(one: Import, profile: Mapping[str, Any]) -> tuple[tables.Table, list[Problem], int]:
    """What the kept file says under a profile, nothing stored or compared."""
    with path_of(one).open("rb") as kept:
        sha = hashlib.file_digest(kept, "sha256").hexdigest()
    if sha != one.sha256:
        raise FileAltered(name=one.name)
    made = profile_from({k: v for k, v in profile.items() if k != "contest"})
    opened = files.opened(path_of(one), name=one.name, layout=made.layout, apart=True)
    return reading.read(opened, made, strict=False)


def prepare(one: Import, by: Person | None = None) -> Plan:
    """Read the file under its mapping and line it up with the contest's register and options.

    by: only the territories where this person imports; what the others hold is neither matched nor counted.
    """
    assert one.profile is not None
    table, problems, count = read_for(one, one.profile)
    profile = profile_from({k: v for k, v in one.profile.items() if k != "contest"})
    plan = Plan(one, profile, table, problems, count)
    plan.by = by
    plan.reach = reach_of(by, {"results.import"}, one.contest_id) if by is not None else EVERYWHERE
    matching.match_options(plan)
    if plan.new_options:  # options that the rule of the contest cannot decide between are refused before they are made
        fits(system_from({**one.contest.system}), plan.new_options)
    matching.match_stations(plan)
    import_limits.refuse_setup(plan, by)
    if not plan.problem_count:
        plan.sheet = laid_out(plan)
        compare(plan)
    return plan


def laid_out(plan: Plan) -> tables.Ints:
    """(n, boxes + options) in the order of the contest: what is packed and stored."""
    boxes, names = [Box(b) for b in plan.boxes], plan.names
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
    plan.lacks = np.array(
        [b not in plan.table.boxes for b in boxes] + [n not in plan.table.options for n in names], np.bool_
    )
    return out


def keep_figures(plan: Plan, rows: Mapping[int, bytes]) -> None:
    """What the file has no column for keeps the figure in force, and is said: a narrower file erases nothing.

    rows: row of the file -> sheet in force of its station.
    """
    away = np.flatnonzero(plan.lacks)
    if not len(away) or not rows:
        return
    at = np.array([i for i in rows if plan.table.standing[i] != Standing.MISSING], np.int64)
    if not len(at):
        return
    held = np.array([store.unpacked(rows[i]) for i in at.tolist()], np.int64)[:, away]
    plan.sheet[np.ix_(at, away)] = held
    names = [*plan.boxes, *plan.names]
    plan.kept = {names[c]: int(n) for c, n in zip(away.tolist(), (held != ABSENT).sum(axis=0), strict=True) if n}


def compare(plan: Plan) -> None:
    """Count what is new, changed, the same; `todo` are the rows to write."""
    rows = StationReport.objects.filter(contest=plan.contest, current=True)
    current = {s: (v, st, bytes(b)) for s, v, st, b in rows.values_list("station_id", "version", "standing", "sheet")}
    decided: dict[int, int | str] = dict(rows.filter(authority="decision").values_list("station_id", "approval_id"))
    numbers = dict(plan.contest.decisions.values_list("digest", "number"))
    decided |= {s: numbers[d] for s, d in rows.filter(authority="ruling").values_list("station_id", "proof")}
    against: dict[int, int | str] = {}
    ids = [plan.stations.get(code, (0, None))[0] for code in plan.codes]
    held = [current.get(pk) for pk in ids]
    if not plan.table.options:  # a list of stations: no figure
        plan.blobs = store.packed(plan.sheet)
        return
    keep_figures(plan, {i: old[2] for i, old in enumerate(held) if old is not None})
    plan.blobs = store.packed(plan.sheet)
    for i, old in enumerate(held):
        standing = int(plan.table.standing[i])
        if old is None and standing == Standing.MISSING:
            continue
        if old is None:
            plan.counts["new"] += 1
            plan.todo.append((i, 0))
        elif (old[1], old[2]) == (standing, plan.blobs[i]):
            plan.counts["same"] += 1
        else:
            plan.counts["changed"] += 1
            plan.old[i] = old
            plan.todo.append((i, old[0]))
            if (number := decided.get(ids[i])) is not None:
                against[i] = number
    import_limits.refuse_decided(plan, against)
    width = len(plan.boxes)
    plan.shaped = replace(
        plan.table,
        boxes=tuple(Box(b) for b in plan.boxes),
        figures=plan.sheet[:, :width],
        options=plan.names,
        votes=plan.sheet[:, width:],
        keeps=tuple(Box(b) for b in plan.contest.annulled_keeps),
    )


def unused_boxes(one: Import) -> list[str]:
    """Boxes of the contest that the mapping leaves out."""
    mapped = set((one.profile or {}).get("figures", {}))
    return [b for b in one.contest.boxes if b not in mapped]


@transaction.atomic
def discard(*, one: Import, by: Person) -> None:
    """Give an import up: the file is removed unless another record holds it, the row and the ledger keep that it was there."""
    require_own(by, one)
    states.write(
        one, IMPORT, State.DISCARDED, lifecycle.Act(by=by.pk, right=RIGHT),
        tells=lambda: record(
            by=by, kind=kinds.IMPORT_DISCARDED, subject=f"import:{one.pk}", after={"file": one.name, "sha256": one.sha256}
        ),
    )  # fmt: skip
    evidence.end(sha256=one.sha256, subject=f"import:{one.pk}", reason="import.discarded", by=by)
