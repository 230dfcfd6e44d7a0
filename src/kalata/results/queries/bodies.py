"""Which body ordered an act, as the public is told: from the mandates of who acted and the institutions of the pack."""

from __future__ import annotations

from kalata.country.models import Contest
from kalata.people.models import Person

PUBLISHED_ON = {"results.publish": "commission", "results.decide": "court", "results.proclaim": "court"}
"""Right of a step of a paper -> the body: a report is published on the act of the commission, the court decides."""


def body_of(contest: Contest, right: str, *persons: Person | int | None) -> str:
    """ "court", "commission", or "two_persons" (of the electoral authority): of all who acted, or the last.

    A role of an institution that judges is the court's; one that sits in the collation commission is the commission's.
    """
    if right in PUBLISHED_ON:
        return PUBLISHED_ON[right]
    pack = contest.election.pack.pack
    judges = {str(i["id"]) for i in pack.records("institutions") if str(i.get("kind", "")).startswith("juridiction")}
    roles: dict[str, str] = {}
    for role in pack.records("roles"):
        rights = [str(r) for r in role.get("rights") or ()]  # type: ignore[attr-defined]
        if right in rights:
            court, sits = str(role.get("institution", "")) in judges, "results.commission" in rights
            roles[str(role["id"])] = "court" if court else "commission" if sits else "two_persons"
    found = set()
    for one in persons:
        person = Person.objects.filter(pk=one).first() if isinstance(one, int) else one
        held = {roles[m.role] for m in person.mandates.filter(revoked_at__isnull=True) if m.role in roles and right in m.rights} if person else set()  # fmt: skip
        found.add(held.pop() if len(held) == 1 else "two_persons")
    return found.pop() if len(found) == 1 else "two_persons"
