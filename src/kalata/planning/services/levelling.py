"""A levelling: asked by a person, made in the background, stopped when a person says so; its lines accepted or discarded one by one.

An accepted line becomes a link or a longer lag in the draft, which is submitted as any change of the plan is.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown, mark
from kalata.planning import kinds
from kalata.planning.models import LevelChoice, LevelRun, PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries import resources as queries
from kalata.planning.queries.schedule import schedule_of_sheet
from kalata.planning.rules import editing
from kalata.planning.rules.plan import Lag, LagUnit, Link, LinkType
from kalata.planning.rules.refusals import AlreadyLevelling, LineDecided, NotLevelling
from kalata.planning.rules.resources import Wait, recorded, waits_of
from kalata.planning.rules.resources import record as lines_record
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.sheet import Cells
from kalata.planning.services import editing as edits
from kalata.planning.services.odds import CONTENT, MOVED
from kalata.planning.services.versions import drafted
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

SEED = 1
LIMITS = (10, 30, 60, 120)
"""Seconds that may be asked."""
TELLS_S = 1.0
PAGE = _("les lignes de ce nivellement")


@transaction.atomic
def ask(*, version: PlanVersion, limit: int, by: Person, seen: str | None = None) -> LevelRun:
    """Ask for a levelling of what a draft holds now. seen: the digest of the content that the page showed.

    Raises: PEO-101, PEO-212, PLN-201, PLN-109, PLN-122 no resource data, PLN-123, PLN-227.
    """
    require(by, EDIT)
    one = drafted(version)
    now = content.sha256(one)
    as_shown(seen, now, CONTENT)
    queries.ground(one).strict()
    if queries.running(one) is not None:
        raise AlreadyLevelling(number=one.number)
    pools = queries.pools_mark(one.plan)
    try:
        with transaction.atomic():
            made = LevelRun.objects.create(version=one, sha256=now, pools_sha256=pools, limit=limit, seed=SEED, by=by)
    except IntegrityError:
        raise AlreadyLevelling(number=one.number) from None
    after = {"version": one.number, "run": made.pk, "sha256": now, "pools": pools, "limit": limit}
    record(by=by, kind=kinds.LEVEL_ASKED, subject=f"plan:{one.plan.code}", after=after)
    level_version.enqueue(made.pk)
    return made


@transaction.atomic
def stop(*, version: PlanVersion, by: Person) -> LevelRun:
    """Stop the levelling of a version: it ends with the best it has found, if it has begun. PLN-228."""
    require(by, EDIT)
    one = version.levellings.select_for_update().filter(ended_at=None, stopped_at=None).first()
    if one is None:
        raise NotLevelling(number=version.number)
    one.stopped_at = timezone.now()
    if not one.done:
        one.ended_at = one.stopped_at
        record(by=by, kind=kinds.LEVEL_ENDED, subject=f"plan:{version.plan.code}", after={"version": version.number, "run": one.pk})  # fmt: skip
    one.save(update_fields=["stopped_at", "ended_at"])
    return one


class Told:
    """What the search asks now and then: has a person stopped it; and what it tells of its progress."""

    def __init__(self, run: LevelRun) -> None:
        self.run, self.begun, self.at, self.stopped = run, time.monotonic(), 0.0, False

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self.at >= TELLS_S:
            self.at = now
            done = min(max(1, int(now - self.begun)), self.run.limit)
            self.stopped = not LevelRun.objects.filter(pk=self.run.pk, ended_at=None, stopped_at=None).update(done=done)
        return self.stopped


def make(run: LevelRun) -> None:
    """Make a levelling. Done again after a worker was killed, it is made again; ended, nothing is done."""
    from kalata.planning.levelling_plans import level_plan
    from kalata.planning.rules.levelling_plan import tidied

    version = run.version
    try:
        if content.sha256(version) != run.sha256 or queries.pools_mark(version.plan) != run.pools_sha256:
            end(run, fault=Message(MOVED).text("fr"))
            return
        ground = queries.ground(version)
        yard = ground.strict()
        told = Told(run)
        found = level_plan(yard, limit=float(run.limit), seed=run.seed, workers=1, halted=told)
    except Refused as refused:
        end(run, fault=f"{refused.code} {refused.message.text('fr')}"[:300])
        return
    answer: dict[str, Any] = {
        "status": found.status, "engine": found.engine, "seconds": round(found.seconds, 1), "nowhere": found.nowhere,
        "t0": version.t0.isoformat(), "free_end": yard.first.end, "overloads": len(ground.overloads),
    }  # fmt: skip
    if found.status != "infeasible":
        placed = tidied(yard, found.schedule)
        waits, carried = waits_of(yard, placed)
        answer |= {"end": placed.end, "bound": found.lower_bound, "lines": lines_record(waits), "carried": carried}
    end(run, answer=answer)


@transaction.atomic
def end(run: LevelRun, *, answer: dict[str, Any] | None = None, fault: str = "") -> None:
    """Write what a levelling gave, once."""
    digest = hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest() if answer else ""
    if not LevelRun.objects.filter(pk=run.pk, ended_at=None).update(
        answer=answer, answer_sha256=digest, fault=fault, ended_at=timezone.now()
    ):
        return
    run.refresh_from_db()
    after: dict[str, object] = {"version": run.version.number, "run": run.pk}
    after |= {"answer": digest, "stopped": run.stopped_at is not None} if answer else {"fault": fault}
    kind = kinds.LEVEL_DONE if answer else kinds.LEVEL_ENDED
    record(by=None, kind=kind, subject=f"plan:{run.version.plan.code}", after=after)


@task()
def level_version(run_id: int) -> bool:
    """Make a levelling, in the worker. A second run of the job finds it ended and does nothing."""
    run = LevelRun.objects.select_related("version__plan__election__pack").get(pk=run_id)
    if run.ended_at is None:
        make(run)
    return True


# --- its lines -------------------------------------------------------------------------------------
def lines_of(run: LevelRun) -> list[Wait]:
    return recorded(run.answer.get("lines", ())) if run.answer else []


def decided(run: LevelRun) -> dict[str, bool]:
    return dict(run.choices.values_list("code", "accepted"))


def page_mark(run: LevelRun, sheet: Sequence[Cells]) -> str:
    """What a page showed: the activities as they stand, the lines and what was made of them."""
    return mark(run.pk, editing.mark_of_all(sheet), decided(run))


def proposed(version: PlanVersion, sheet: Sequence[Cells], lines: Sequence[Wait]) -> list[Cells]:
    """The rows with these waits in them, in the order in which they begin.

    Where another activity gives the pool back, a link to it; else the link that drives the activity is made longer by
    what is still lacking. Raises: PLN-101, PLN-202, PLN-206 no link drives it.
    """
    out = list(sheet)
    for line in sorted(lines, key=lambda w: w.after):
        cells = editing.of(out, line.code)
        if line.pred and not any(k.pred == line.pred and k.type is LinkType.FS for k in editing.links(cells)):
            new = Link(line.pred, LinkType.FS, Lag(0, LagUnit.CALENDAR))
            out = editing.link(out, line.pred, line.code, new)
        now = schedule_of_sheet(version, out)
        lacking = line.after - now.schedule.early.start[now.places[line.code]]
        if lacking > 0:
            out = editing.shift(out, line.code, now.driving(line.code), lacking)
    return out


@transaction.atomic
def choose(*, run: LevelRun, codes: Sequence[str], accepted: bool, by: Person, seen: str | None = None) -> int:
    """Accept these lines into the draft, or discard them. seen: `page_mark` of the page that was read.

    Raises: PEO-101, PEO-212, PLN-201, PLN-229 a line decided already, what the rows refuse (PLN-101, PLN-206).
    """
    require(by, EDIT)
    one = drafted(run.version)
    as_shown(seen, page_mark(run, content.sheet(one)), PAGE)
    newest = queries.latest(one)
    lines = {w.code: w for w in lines_of(run)}
    done = decided(run)
    for code in codes:
        if code not in lines or code in done or newest is None or newest.pk != run.pk:
            raise LineDecided(value=code[:64])
    if accepted:
        edits.edit(version=one, what="level", act=lambda sheet: proposed(one, sheet, [lines[c] for c in codes]), by=by)
    LevelChoice.objects.bulk_create([LevelChoice(run=run, code=c, accepted=accepted, by=by) for c in codes])
    after = {"version": one.number, "run": run.pk, "accepted": list(codes) if accepted else [], "discarded": [] if accepted else list(codes)}  # fmt: skip
    record(by=by, kind=kinds.LEVEL_CHOSEN, subject=f"plan:{one.plan.code}", after=after)
    return len(codes)
