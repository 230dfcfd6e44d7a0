"""What stands in the database as done by two persons, without their act: the nightly look, and `kalata check`."""

from __future__ import annotations

from collections import defaultdict

from kalata.country.models import Contest
from kalata.ledger.models import Act
from kalata.people.models import Approval, Mandate


def published_by_two(contest: Contest) -> bool:
    """True where an approved request made the contest public, and none has withdrawn it since."""
    about = Approval.objects.filter(state="approved", subject=f"contest:{contest.code}")
    shown = about.filter(kind__in=("results.publication", "results.batch")).order_by("-decided_at").first()
    if shown is None:
        return False
    return not about.filter(kind="results.withdrawal", decided_at__gte=shown.decided_at).exists()


def unsigned() -> list[str]:
    """Contests that are public without their approval; mandates that the ledger never saw given, or gave otherwise."""
    found = [
        f"contest:{one.code} is public and no approved request made it so"
        for one in Contest.objects.filter(published_at__isnull=False).order_by("pk")
        if not published_by_two(one)
    ]
    given: dict[tuple[str, str], list[object]] = defaultdict(list)
    for subject, after in Act.objects.filter(kind="mandate.given").values_list("subject", "after").order_by("pk"):
        given[subject, str((after or {}).get("role"))].append((after or {}).get("rights"))
    for one in Mandate.objects.select_related("person").order_by("pk"):
        said = given[f"person:{one.person.username}", one.role]
        match = next((i for i, rights in enumerate(said) if rights in (None, sorted(one.rights))), None)
        if match is not None:
            del said[match]  # one act gives one mandate
        elif one.revoked_at is None:
            found.append(f"person:{one.person.username} holds {one.role} and the ledger never saw it given")
    return found
