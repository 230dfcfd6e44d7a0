"""Remarks on a version, answered once; and what was done of its activities, said by who does them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Unit
from kalata.ledger.services import record
from kalata.lifecycle import NotFromHere
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import Comment, Plan, PlanVersion, Progress
from kalata.planning.queries.plans import approved
from kalata.planning.queries.progress import mark_of
from kalata.planning.rules.refusals import EvidenceAsked, NotHere, NotYetPassed
from kalata.planning.rules.rights import EDIT, PROGRESS, READ
from kalata.text import gettext_noop as _


@transaction.atomic
def comment(*, version: PlanVersion, code: str, text: str, by: Person) -> Comment:
    """A remark on a version, or on one of its activities (PLN-202)."""
    require(by, READ)
    if code and not version.activities.filter(code=code).exists():
        raise NotHere(value=code[:60])
    made = Comment.objects.create(version=version, code=code, text=text.strip(), by=by)
    after = {"version": version.number, "comment": made.pk, "code": code}
    record(by=by, kind=kinds.COMMENTED, subject=f"plan:{version.plan.code}", after=after)
    return made


@transaction.atomic
def resolve(*, version: PlanVersion, comment_id: int, answer: str, by: Person) -> Comment:
    """Answer a remark, once: who keeps the plan."""
    require(by, EDIT)
    one = Comment.objects.select_for_update().get(pk=comment_id, version=version)
    if one.resolved_at is not None:
        raise NotFromHere(start=_("résolue"), to=_("résolue"))
    one.reply, one.resolved_by, one.resolved_at = answer.strip(), by, timezone.now()
    one.save(update_fields=["reply", "resolved_by", "resolved_at"])
    record(by=by, kind=kinds.COMMENT_RESOLVED, subject=f"plan:{version.plan.code}", after={"version": version.number, "comment": one.pk})  # fmt: skip
    return one


def known_of(plan: Plan) -> dict[str, bool]:
    """The activities of the approved plan, and whether each is done on evidence alone."""
    version = approved(plan)
    return dict(version.activities.values_list("code", "evidence_required")) if version else {}


def sayable(
    *, plan: Plan, code: str, unit: Unit | None, days: tuple[date | None, ...], percent: int, evidence: str, by: Person,
    known: Mapping[str, bool] | None = None,
) -> None:  # fmt: skip
    """Whether this person may say this of an activity of the approved plan, now. known: `known_of`, where many are said.

    Raises: PEO-101 another territory, PLN-202 not in the approved plan, PLN-217 evidence asked, PLN-218 a day to come.
    """
    require(by, PROGRESS, place=unit.path if unit else ())
    asks = (known_of(plan) if known is None else known).get(code)
    if asks is None:
        raise NotHere(value=code[:60])
    if max(d for d in days if d) > timezone.localdate():
        raise NotYetPassed(value=code)
    if percent == 100 and asks and not evidence.strip():
        raise EvidenceAsked(value=code)


@transaction.atomic
def say_progress(
    *, plan: Plan, code: str, unit: Unit | None, on: date, percent: int, started: date | None = None,
    finished: date | None = None, blocked: str = "", note: str = "", evidence: str = "", by: Person,
    seen: str | None = None, brought: tuple[str, str] = ("", ""), known: Mapping[str, bool] | None = None,
) -> Progress:  # fmt: skip
    """What this person says of an activity of the approved plan, in their territory (none: the whole country).

    seen: the mark of what the page showed of it. brought: the mark of the page without network that it comes from, and
    the digest of its line. Raises: PEO-212, as `sayable`.
    """
    sayable(plan=plan, code=code, unit=unit, days=(on, started, finished), percent=percent, evidence=evidence, by=by, known=known)
    if seen is not None:
        as_shown(seen, mark_of(plan, code), code)
    made = Progress.objects.create(
        plan=plan, code=code, unit=unit, on=on, percent=percent, started=started, finished=finished,
        blocked=blocked.strip(), note=note.strip(), evidence=evidence.strip(), by=by, page=brought[0], brought=brought[1],
    )  # fmt: skip
    after = {"code": code, "unit": unit.code if unit else None, "on": on.isoformat(), "percent": percent}
    record(
        by=by, kind=kinds.PROGRESS_SAID, subject=f"plan:{plan.code}", after=after, territory=unit.code if unit else ""
    )
    return made
