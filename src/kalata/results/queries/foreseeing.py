"""What the pages of results will show once a file is stored: the dry run says it with the very functions of the pages.

`after` is the table that `store.load` will give when the plan is written; totals, checks and errors are read from it
as a board reads them (`board.flags_of`). A person limited to a territory is told what his own pages will show.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from kalata.country.models import Contest
from kalata.country.services import fold
from kalata.results import import_limits
from kalata.results.access import reach_of
from kalata.results.numeric import screening
from kalata.results.numeric import table as tables
from kalata.results.numeric.screening import Mask
from kalata.results.numeric.station_keys import SEP
from kalata.results.numeric.table import Ints, Table
from kalata.results.queries import board as boards
from kalata.results.queries import store
from kalata.results.rules.boxes import ABSENT, Box, Standing
from kalata.results.rules.checks import BY_CODE, CHECKS, IDENTITIES, boxes_of

if TYPE_CHECKING:
    from kalata.results.queries.planning import Plan

FROM_FILES = (*(c.code for c in IDENTITIES), "E06", "E10", "E12", "W01", "W02", "W03", "W04", "W05", "W06", "W07", "W08")  # fmt: skip
"""The checks that figures alone can be put to; the others need the paper."""


def after(plan: Plan) -> tuple[Table, Ints, Mask, Contest]:
    """(records as they will be, registered electors of the register, which the plan writes, the contest as this person reads it)."""
    contest = copy(plan.contest)
    # a file brought after another one by the same hand: the stations that the first created are in the register since
    contest.refresh_from_db(fields=["revision", "register_revision", "published_at"])
    contest.boxes = plan.boxes
    eyes = reach_of(plan.by, {"results.read"}, contest.pk).tops if plan.by is not None else None
    contest.eyes = eyes  # type: ignore[attr-defined]
    now, held = store.load(contest, plan.names, None if eyes is None else boards.hidden(contest, eyes))
    return (*grown(plan, now, held), contest)


def grown(plan: Plan, now: Table, held: store.Frame) -> tuple[Table, Ints, Mask]:
    """The table with the rows that the plan writes, stations to create included."""
    file, width = plan.table, len(now.boxes)
    codes = plan.codes
    fresh = [i for i, code in enumerate(codes) if code in plan.fresh]
    n = len(now)
    at = {i: n + k for k, i in enumerate(fresh)}
    todo = {i for i, _version in plan.todo}
    for i in todo:
        if i not in at:
            at[i] = held.index[plan.stations[codes[i]][0]]
    values = np.full((n + len(fresh), width + len(now.options)), ABSENT, np.int64)
    values[:n] = np.column_stack([now.figures, now.votes])
    standing = np.concatenate([now.standing, np.full(len(fresh), Standing.MISSING, np.int8)])
    register = np.concatenate([held.registered, new_registered(plan, fresh)])
    lacks = np.zeros(values.shape, np.bool_)
    if now.lacks is not None:
        lacks[:n] = now.lacks
    for i in todo:
        values[at[i]], standing[at[i]], lacks[at[i]] = plan.sheet[i], file.standing[i], plan.lacks
    if Box.REGISTERED in now.boxes:
        place = now.boxes.index(Box.REGISTERED)
        away = (standing == Standing.MISSING) & (values[:, place] == ABSENT)
        values[away, place] = register[away]
    area, paths = places(plan, held, fresh)
    table = Table(
        keys=[*now.keys, *((codes[i],) for i in fresh)],
        paths=paths,
        area=np.concatenate([now.area, area]),
        boxes=now.boxes,
        figures=values[:, :width],
        options=now.options,
        votes=values[:, width:],
        standing=standing,
        rows=np.concatenate([now.rows, file.rows[np.array(fresh, np.int64)]]),
        keeps=now.keeps,
        listed=register,
        lacks=lacks if lacks.any() else None,
    )
    written: Mask = np.zeros(len(table), np.bool_)
    written[[at[i] for i in todo]] = True
    return table, register, written


def new_registered(plan: Plan, fresh: list[int]) -> Ints:
    column = plan.table.column(Box.REGISTERED)
    return np.full(len(fresh), ABSENT, np.int64) if column is None else column[np.array(fresh, np.int64)]


def places(plan: Plan, held: store.Frame, fresh: list[int]) -> tuple[Ints, list[tables.Path]]:
    """The area of each station to create: the one of the register, or one that the file would make."""
    known = {path[-1] if path else "": i for i, path in enumerate(held.paths)}
    paths = list(held.paths)
    out = np.zeros(len(fresh), np.int64)
    for k, i in enumerate(fresh):
        place = int(plan.table.area[i])
        unit, path = plan.units[place], plan.table.paths[place]
        made = " / ".join(fold(word) for word in path) if plan.one.create == "all" and path else ""
        name = str(unit) if unit is not None else made and f"+{made}"
        if name not in known:
            known[name] = len(paths)
            paths.append((name,))
        out[k] = known[name]
    return out, paths


# --- the report of a dry run -------------------------------------------------------------------
def report_of(plan: Plan) -> dict[str, Any]:
    """Everything the pages of the wizard say of a plan."""
    out: dict[str, Any] = {
        "problems": [p.record() for p in plan.problems],
        "problem_count": plan.problem_count,
        "counts": plan.counts,
        "standings": import_limits.standing_moves(plan),
        "over_decisions": plan.over_decisions,
        "new_options": plan.new_options,
        "kept_doubles": [p.record() for p in plan.table.kept_doubles],
        "said": [s.record() for s in plan.table.said],
        "totals": [p.record() for p in plan.table.proofs],
        "dropped": plan.dropped,
        "kept_figures": plan.kept,
        "has_boxes": [b.value for b in plan.table.boxes],
        "has_options": list(plan.table.options),
        "rows": len(plan.table),
    }
    file = plan.shaped if plan.shaped is not None else plan.table
    out |= totals_record(file)
    if plan.shaped is not None:
        table, register, written, contest = after(plan)
        out["after"] = totals_record(table)
        out |= checks_of(table, register, written, contest)
    return out


def totals_record(table: Table) -> dict[str, Any]:
    total = tables.totals(table)
    return {
        "stations": {"counted": total.counted, "annulled": total.annulled, "missing": total.missing},
        "figures": {b.value: v for b, v in total.boxes.items()},
        "valid": total.valid,
        "votes": dict(zip(table.options, total.votes, strict=True)),
    }


def checks_of(table: Table, register: Ints, written: Mask, contest: Contest) -> dict[str, Any]:
    """Each check: in how many stations it does not hold once all is stored, on how many it is put, or why on none.

    written: the rows that the plan writes.
    """
    flags = boards.flags_of(contest, table, register)
    applied = boards.limits_of(contest)[1]
    findings, tested, untested = [], [], []
    for check in CHECKS:
        if check.code not in FROM_FILES or check.code not in applied | {"W07"}:
            continue
        mask = flags.get(check.code)
        if mask is None:
            untested.append({"code": check.code, **why_not(table, check.code)})
            continue
        on = screening.tested(table, check) if check in IDENTITIES else table.counted
        tested.append({"code": check.code, "on": int(on.sum()) if on is not None else 0})
        if mask.any():
            findings.append(
                {
                    "code": check.code,
                    "level": check.level.value,
                    "count": int(mask.sum()),
                    "here": int((mask & written).sum()),
                    "stations": [SEP.join(table.keys[i]) for i in np.flatnonzero(mask)[:5].tolist()],
                }
            )
    return {"findings": findings, "tested": tested, "untested": untested, "errors": boards.errors_in(flags)}


def why_not(table: Table, code: str) -> dict[str, Any]:
    """Why a check is put to no station: boxes that the form of the contest does not have, or that the files do not."""
    check = BY_CODE[code]
    if check not in IDENTITIES:
        return {"why": "", "lacks": []}
    if short := [b.value for b in check.needs if b not in table.boxes]:
        return {"why": "form", "lacks": short}
    return {"why": "file", "lacks": [b.value for b in Box if b in boxes_of(check) and table.lacking(b).any()]}
