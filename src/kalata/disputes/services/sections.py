"""What the gate reads beside acts and outcomes, from the records: the sitting that voted, who was served, by when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from kalata.disputes.models import BenchVote, Conflict, Petition, Ruling
from kalata.disputes.queries import bench, notified
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules.rulings import State
from kalata.disputes.services.rulings import section


@section
def sitting(ruling: Ruling) -> Mapping[str, Any]:
    """Who sat, the two counts, the signature of the president, who declared a conflict. Nothing where nobody voted yet."""
    petitions = list(ruling.outcomes.values_list("petition_id", flat=True))
    vote = BenchVote.objects.filter(petition__in=petitions).order_by("-pk").first()
    if vote is None:
        return {}
    law = bench.court(ruling.contest)
    kept_out = Conflict.objects.filter(petition__in=petitions).exclude(decision="clear").values_list("member__code", flat=True)  # fmt: skip
    return {
        "bench": {
            "members": law.members, "quorum": law.quorum, "abstention": law.abstention, "president": vote.president,
            "present": list(vote.present), "ayes": vote.ayes, "noes": vote.noes, "casting_vote": vote.casting is not None,
            "signatories": [vote.president], "conflicts": sorted(set(kept_out)),
        }
    }  # fmt: skip


@section
def served(ruling: Ruling) -> Mapping[str, Any]:
    """Who was reached by each paper of each petition: when, how, with which proof, until when they may answer."""
    petitions = list(Petition.objects.filter(outcome__ruling=ruling).order_by("roll", "pk"))
    return {"service": notified.rows(petitions, zone_of(ruling.contest))} if petitions else {}


@section
def signed_when(ruling: Ruling) -> Mapping[str, Any]:
    """The instant at which it would be signed: against the time to reply of each party, and each reading of the Court's own limit."""
    tz = zone_of(ruling.contest)
    at = ruling.signed_at if ruling.state not in (State.DRAFT, State.GATE) else timezone.now()
    limits = notified.deciding(list(Petition.objects.filter(outcome__ruling=ruling)), tz)
    return {"deadline": {**limits, "signed_at": notified.local(at, tz), "breach_stated": bool(ruling.breach)}}
