"""What a house needs before a contest goes from its stations to a published batch: how many persons for each right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kalata.people.models import Mandate
from kalata.people.services import pack_roles

NEEDED = {
    "people.manage": 1,
    "people.approve": 1,
    "results.setup": 1,
    "results.import": 1,
    "results.publish": 2,
    "log.keys": 2,
}
"""Two to publish, one asks and another approves; two for the key of the log, each with a half of its passphrase."""


def mandates() -> list[tuple[int, list[str]]]:
    """(person, rights) of every mandate that is held."""
    found = Mandate.objects.filter(revoked_at=None)
    gone = {"person__is_active": False, "person__activated_at__isnull": False}
    return list(found.exclude(**gone).values_list("person_id", "rights"))


def lacking(live: Iterable[tuple[int, list[str]]]) -> dict[str, int]:
    """The rights that too few persons hold, with how many are still wanted."""
    holders: dict[str, set[int]] = {right: set() for right in NEEDED}
    for person, rights in live:
        for right in holders.keys() & set(rights):
            holders[right].add(person)
    return {right: n - len(holders[right]) for right, n in NEEDED.items() if len(holders[right]) < n}


def to_give(wanted: Mapping[str, int]) -> list[str]:
    """Roles of the packs that would give them, one for each person to invite: the one that fills most first."""
    left, given = dict(wanted), []
    known = {key: set(one["rights"]) for key, one in pack_roles().items()}
    while left:
        role = max(known, key=lambda key: (len(known[key] & left.keys()), -len(known[key])), default="")
        if not role or not known[role] & left.keys():
            break
        given.append(role)
        left = {right: n - (right in known[role]) for right, n in left.items() if n > (right in known[role])}
    return given
