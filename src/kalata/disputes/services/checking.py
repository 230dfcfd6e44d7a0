"""The checklist of a case and the clocks of its grounds: computed from the law of the pack, kept as a draft. Nobody is rejected here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import Checklist, Clock, Ground, Petition
from kalata.disputes.queries.law import facts_of, norms_of
from kalata.disputes.rules.admissible import Admissibility, admissible
from kalata.disputes.rules.clocks import Clock as Counted
from kalata.disputes.rules.clocks import State
from kalata.disputes.rules.remedies import Norms
from kalata.disputes.services import sheets
from kalata.disputes.services.guarding import require_registry_or_reporter
from kalata.disputes.services.steps import subject_of
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

VERDICTS = {State.MET: "in_time", State.NOT_MET: "late", State.DISPUTED: "undetermined"}


@transaction.atomic
def check(
    *, petition_id: int, by: Person, form: Mapping[str, bool] | None = None, seen: str | None = None
) -> Checklist:
    """Draw the checklist by article and keep it; the clocks of the grounds follow. Raises: PEO-101, DIS-205, what the facts lack."""
    petition = sheets.locked(petition_id, seen)
    require_registry_or_reporter(by, petition)
    norms = norms_of(petition.contest)
    last = petition.checklists.last()
    said_form = dict(form) if form is not None else dict(last.form) if last else {}
    found = admissible(facts_of(petition, said_form, overrides_of(petition)), norms)
    made = Checklist.objects.create(
        petition=petition, proposal=found.proposal, said=found.record(), form=said_form, by=by, at=timezone.now()
    )
    set_clocks(petition, found, norms)
    record(
        by=by, kind=kinds.CHECKLIST, subject=subject_of(petition), rows=[petition.clocks.all()],
        after={"proposal": found.proposal, "items": {i.name: i.state.value for i in found.items}},
    )  # fmt: skip
    sheets.refresh(petition)
    return made


def overrides_of(petition: Petition) -> list[dict[str, Any]]:
    """The acts that set a limit of this case aside, as the engine takes them."""
    return [
        c.override for c in petition.clocks.filter(kind="filing", stopped_at=None).exclude(override=None) if c.override
    ]


def clocks_of(petition: Petition) -> None:
    """The clocks of the grounds of a case just enrolled. What the facts lack leaves them without a limit, never with a guess."""
    norms = norms_of(petition.contest)
    try:
        found = admissible(facts_of(petition, None, overrides_of(petition)), norms)
    except Refused:
        return
    set_clocks(petition, found, norms)


NO_LIMIT = _("Les textes du pack ne donnent pas de délai de recours pour ce scrutin : aucun n’est compté.")


def clocks_to_be(petition: Petition) -> tuple[list[Clock], Message | None]:
    """The clocks that the grounds of this case would have, unwritten: for a page of a case that moved without them.

    Where there is none, why: what the facts lack, or that the pack knows no limit.
    """
    norms = norms_of(petition.contest)
    try:
        found = admissible(facts_of(petition, None, []), norms)
    except Refused as lacking:
        return [], lacking.message
    grounds = {g.key: g for g in petition.grounds.filter(struck=False)}
    made = [
        Clock(**columns(petition, grounds[c.ground], c, norms)) for c in found.clocks if c.ground in grounds and c.readings
    ]  # fmt: skip
    return made, None if made else Message(NO_LIMIT)


def set_clocks(petition: Petition, found: Admissibility, norms: Norms) -> None:
    """One clock a ground, with every reading. A clock that would say the same stays; another takes its place beside it."""
    now = timezone.now()
    grounds = {g.key: g for g in petition.grounds.all()}
    for counted in found.clocks:
        ground = grounds.get(counted.ground)
        if ground is None:
            continue
        old = Clock.objects.filter(ground=ground, kind="filing", stopped_at=None).first()
        fresh = columns(petition, ground, counted, norms)
        if old is not None and old.readings == fresh["readings"] and old.verdict == fresh["verdict"]:
            continue
        if old is not None:
            fresh["override"] = old.override
            old.stopped_at, old.stopped_why = now, "recompté"
            old.save(update_fields=["stopped_at", "stopped_why"])
        Clock.objects.create(**fresh, at=now)


def columns(petition: Petition, ground: Ground, counted: Counted, norms: Norms) -> dict[str, Any]:
    default = counted.default
    limit = next((r for r in counted.readings if r.rule == "OVERRIDE"), default)
    record_ = norms.limits.get(counted.time_limit, {})
    return {
        "petition": petition, "kind": "filing", "ground": ground, "about": counted.time_limit,
        "limit": limit.deadline.iso() if limit else "", "bound": limit.deadline.bound if limit else None,
        "readings": [r.record() | {"consequence": str(record_.get("consequence") or "")} for r in counted.readings], "verdict": VERDICTS.get(counted.state, ""),
        "met_at": petition.received_at, "article": f"{record_.get('law') or ''} {record_.get('article') or ''}".strip()[:200],
        "confidence": str(record_.get("confidence") or "")[:60],
    }  # fmt: skip
