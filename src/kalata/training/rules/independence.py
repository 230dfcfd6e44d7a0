"""The register of independence: what is written there is sealed; how much of each sort is everybody's."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kalata.text import gettext_noop as _

SORTS = {
    "instruction": _("instruction reçue de l’extérieur"),
    "pressure": _("pression ou menace"),
    "refused": _("demande refusée"),
}


def seal(salt: str, sort: str, day: str, text: str) -> str:
    """The digest given back to who writes: it proves later what was written, and tells nothing of it.

    >>> seal("00", "pressure", "2027-02-01", "x") == seal("00", "pressure", "2027-02-01", "x")
    True
    """
    return hashlib.sha256("|".join((salt, sort, day, text)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries of a sort, in a month (AAAA-MM)."""

    month: str
    sort: str
    n: int


def counted(entries: Iterable[tuple[str, str]]) -> list[Count]:
    """(month, sort) of each entry -> how many of each, latest month first."""
    found = Counter(entries)
    return [Count(month, sort, n) for (month, sort), n in sorted(found.items(), key=lambda x: (x[0][0], x[0][1]), reverse=True)]  # fmt: skip
