"""The draws of a version: asked by a person, made in the background, stopped between two steps; what was drawn stays."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.queries import may
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import OddsRun, PlanVersion
from kalata.planning.queries import content
from kalata.planning.queries import odds as queries
from kalata.planning.rules.refusals import AlreadyDrawing, NotDrawing
from kalata.planning.rules.rights import APPROVE, EDIT, ENDORSE, MONEY
from kalata.refusals import Forbidden, Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

DRAWS, SEED = 10_000, 1
"""The same draws for each version, so that a difference is the plan's and not chance's."""
CONTENT = _("le contenu de la version")
MOVED = _("le contenu a changé depuis la demande")
MAY = (EDIT, ENDORSE, MONEY, APPROVE)


class Stopped(Exception):
    """A person stopped the run, or another worker ended it."""


def allowed(by: Person) -> None:
    if not any(may(by, right) for right in MAY):
        raise Forbidden(right=EDIT)


@transaction.atomic
def ask(*, version: PlanVersion, by: Person, seen: str | None = None) -> OddsRun:
    """Ask for the draws of what a version holds now; they are made by the worker.

    seen: the digest of the content that the page showed. Raises: PEO-101, PEO-212, PLN-222 a run is not over.
    """
    allowed(by)
    now = content.sha256(version)
    as_shown(seen, now, CONTENT)
    if queries.running(version) is not None:
        raise AlreadyDrawing(number=version.number)
    try:
        with transaction.atomic():
            made = OddsRun.objects.create(version=version, sha256=now, draws=DRAWS, seed=SEED, by=by)
    except IntegrityError:
        raise AlreadyDrawing(number=version.number) from None
    after = {"version": version.number, "run": made.pk, "sha256": now, "draws": DRAWS, "seed": SEED}
    record(by=by, kind=kinds.ODDS_ASKED, subject=f"plan:{version.plan.code}", after=after)
    draw_odds.enqueue(made.pk)
    return made


@transaction.atomic
def stop(*, version: PlanVersion, by: Person) -> OddsRun:
    """Stop the run of a version; PLN-223 where none is going on."""
    allowed(by)
    one = version.odds.select_for_update().filter(ended_at=None).first()
    if one is None:
        raise NotDrawing(number=version.number)
    one.ended_at = one.stopped_at = timezone.now()
    one.save(update_fields=["ended_at", "stopped_at"])
    record(by=by, kind=kinds.ODDS_ENDED, subject=f"plan:{version.plan.code}", after={"version": version.number, "run": one.pk})  # fmt: skip
    return one


def draw(one: OddsRun) -> None:
    """Make a run. Done again after a worker was killed, it gives the same figures; ended, nothing is done."""
    version = one.version
    try:
        if content.sha256(version) != one.sha256:
            end(one, fault=Message(MOVED).text("fr"))
            return
        figures = drawn(one, version)
    except Stopped:
        return
    except Refused as refused:
        end(one, fault=f"{refused.code} {refused.message.text('fr')}"[:300])
        return
    end(one, figures=figures)


def drawn(one: OddsRun, version: PlanVersion) -> dict[str, Any]:
    """Durations alone, then with the risks of the pack; the same of the version it comes from, on the same draws."""
    from kalata.planning.rules.chances import chances
    from kalata.planning.rules.odds import Asked

    risks = queries.catalogue(version.plan.election.pack.code)
    runs = [("plain", version, ()), ("risks", version, risks)]
    if version.base is not None:
        runs += [("base", version.base, ()), ("base_risks", version.base, risks)]
    out: dict[str, Any] = {"t0": version.t0.isoformat(), "base": None}
    runs = [row for row in runs if row[2] or not row[0].endswith("risks")]
    for n, (name, source, acting) in enumerate(runs):
        plan, cal = queries.plan_of(source)

        def tick(what: str, done: int, of: int, name: str = name, n: int = n) -> None:
            """Say how far it is; stop where somebody asked for it."""
            if what in ("draws", "criticality") and not OddsRun.objects.filter(pk=one.pk, ended_at=None).update(step=name, done=2 * n + (what != "draws"), total=2 * len(runs)):  # fmt: skip
                raise Stopped

        asked = Asked(one.draws, one.seed, True, acting)
        out[name] = chances(plan, cal, asked, source.j1, source.j2, tick)
    out["scenarios"] = scenarios(one, version, out["plain"]["target"])
    if version.base is not None:
        out["base_number"], out["base_t0"] = version.base.number, version.base.t0.isoformat()
    return out


def scenarios(one: OddsRun, version: PlanVersion, target: str) -> list[dict[str, Any]]:
    """The scenarios of the pack beside the version, durations alone."""
    from kalata.planning.rules.odds import Asked
    from kalata.planning.rules.scenarios import beside

    proposed = queries.proposed(version.plan.election.pack.code, version.plan.family)
    plan, cal = queries.plan_of(version)

    def tick(what: str, _done: int, _of: int) -> None:
        if what == "scenarios" and not OddsRun.objects.filter(pk=one.pk, ended_at=None).update(step=what):
            raise Stopped

    asked = Asked(one.draws, one.seed, True, (), frozenset(), (target,))
    return beside(plan, queries.drivers_of(version), cal, asked, proposed, version.j1, tick)


@transaction.atomic
def end(one: OddsRun, *, figures: dict[str, Any] | None = None, fault: str = "") -> None:
    """Write what a run gave, once: a run that was stopped stays stopped."""
    mark = hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest() if figures else ""
    kept = OddsRun.objects.filter(pk=one.pk, ended_at=None).update(
        figures=figures, figures_sha256=mark, fault=fault, ended_at=timezone.now()
    )
    if not kept:
        return
    after: dict[str, object] = {"version": one.version.number, "run": one.pk}
    kind = kinds.ODDS_DRAWN if figures else kinds.ODDS_ENDED
    after |= {"sha256": one.sha256, "figures": mark} if figures else {"fault": fault}
    record(by=None, kind=kind, subject=f"plan:{one.version.plan.code}", after=after)


@task()
def draw_odds(run_id: int) -> bool:
    """Make a run, in the worker. A second run of the job finds it ended and does nothing."""
    one = OddsRun.objects.select_related("version__plan__election__pack", "version__base__plan").get(pk=run_id)
    if one.ended_at is None:
        draw(one)
    return True
