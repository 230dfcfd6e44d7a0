"""The public log says each publication of a decision: its number and version, the digests of the full and the public text."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kalata.country.models import Contest
from kalata.disputes.models import Publication
from kalata.disputes.rules.publications import OUT
from kalata.results.services import announcing
from kalata.transparency import publiclog
from kalata.transparency.models import Outbox

KIND = "ruling"


def body_of(one: Publication) -> dict[str, Any]:
    """What the log says of a version: nobody is named, and no word of it."""
    return {
        "act": one.ruling.number, "version": one.version, "full_sha256": one.full_digest,
        "public_sha256": one.public_digest, "document_sha256": one.pdf,
    }  # fmt: skip


@transaction.atomic
def tell(contest: Contest) -> int:
    """Announce every version published that the log of the contest does not have, in order. Nothing before the contest
    has one: its log opens with its first public results."""
    if contest.published_at is None:
        return 0
    log = announcing.opened(contest)
    known = {(b["act"], b["version"]) for b in Outbox.objects.filter(log=log, kind=KIND).values_list("body", flat=True)}
    rows = Publication.objects.filter(ruling__contest=contest, state__in=OUT).select_related("ruling")
    fresh = [one for one in rows.order_by("ruling_id", "version") if (one.ruling.number, one.version) not in known]
    return publiclog.announce(log, KIND, [body_of(one) for one in fresh]) if fresh else 0


def turn() -> int:
    """Of every contest: what was published before its log was open, or by an earlier version of this program."""
    rows = Contest.objects.filter(rulings__publications__state__in=OUT).exclude(published_at=None)
    return sum(tell(one) for one in rows.select_related("election__pack", "election__geography").distinct())
