"""The records that a decision is taken on, kept the moment it is signed: what an archive computes again from.

Later versions of the records change nothing of them. They are pieces of the decision, by their names.
"""

from __future__ import annotations

from kalata.disputes.rules import frozen
from kalata.disputes.rules.election import Election
from kalata.evidence import services as evidence
from kalata.evidence import store
from kalata.evidence.models import Custody
from kalata.evidence.rules.access import Access

RECORDS, PROFILE = "records.csv", "profile.yaml"
MEDIA = {RECORDS: "text/csv", PROFILE: "application/yaml"}


def freeze(*, subject: str, election: Election) -> None:
    """Keep the election as it is for a decision; called inside the transaction of its signature."""
    for name, data in ((RECORDS, frozen.records(election)), (PROFILE, frozen.profile(election))):
        one = evidence.keep_ours(data, media=MEDIA[name])
        evidence.join(sha256=one.sha256, subject=subject, access=Access.STAFF, by=None, name=name)


def kept(subject: str, name: str) -> bytes | None:
    """The bytes kept for a decision under this name; None where there are none, or no longer."""
    row = Custody.objects.filter(subject=subject, name=name).select_related("content").order_by("-pk").first()
    return store.content(row.content.sha256, row.content.place) if row else None
