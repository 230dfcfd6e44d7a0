"""Which closed cases have a public archive, and which wait for theirs."""

from __future__ import annotations

from django.db.models import QuerySet

from kalata.disputes.models import Petition, Publication
from kalata.disputes.rules.public import DECIDED
from kalata.disputes.rules.publications import State as Text
from kalata.disputes.rules.steps import State
from kalata.evidence.models import Custody
from kalata.evidence.rules.access import Access

NAME = "archive-publique.zip"


def made() -> QuerySet[Custody]:
    """The archives that the house itself made and opened to everybody; a piece may bear any name, this one too."""
    return Custody.objects.filter(name=NAME, access=Access.PUBLIC, content__ours=True)


def of(numbers: list[str]) -> dict[str, str]:
    """Case -> SHA-256 of its public archive, where it has one. One made before a later version took words out is not served."""
    wanted = {f"petition:{n}": n for n in numbers}
    hidden = Publication.objects.exclude(published_at=None).filter(redactions__decision="hide")
    out = set(
        hidden.filter(ruling__outcomes__petition__number__in=numbers).values_list(
            "ruling__outcomes__petition__number", flat=True
        )
    )
    rows = made().filter(subject__in=[s for s, n in wanted.items() if n not in out]).order_by("pk")
    return {wanted[subject]: sha for subject, sha in rows.values_list("subject", "content__sha256")}


def waiting(most: int) -> list[Petition]:
    """Closed cases whose decision is published and that have no public archive yet, oldest first."""
    done = set(made().values_list("subject", flat=True))
    closed = Petition.objects.filter(
        state=State.CLOSED, outcome__ruling__state__in=DECIDED, outcome__ruling__publications__state=Text.PUBLISHED
    ).order_by("received_at", "pk")
    rows = closed.values_list("pk", "number")
    keys = [pk for pk, number in rows if f"petition:{number}" not in done][:most]
    return list(Petition.objects.filter(pk__in=keys).select_related("contest").order_by("received_at", "pk"))
