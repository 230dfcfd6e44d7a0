"""What the pack of a contest says that a clock needs: its zone, its ways of counting, its holidays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kalata.country.models import Contest, PackVersion
from kalata.country.rules.pack import Pack
from kalata.deadlines import queries as deadlines
from kalata.deadlines.rules.dayoff import DaysOff


@lru_cache(maxsize=16)
def pack_of_id(pk: int) -> Pack:
    return PackVersion.objects.get(pk=pk).pack


def pack_of(contest: Contest) -> Pack:
    return contest.election.pack.pack


def zone_of(contest: Contest) -> str:
    return deadlines.zone_name(pack_of(contest))


def counting_rules(contest: Contest) -> Mapping[str, Mapping[str, object]]:
    """Ways of counting by name, as the pack declares them."""
    return {str(r["id"]): r["count"] for r in pack_of(contest).records("counting_rules")}  # type: ignore[misc]


def days_off(contest: Contest, year: int) -> DaysOff:
    return deadlines.days_off(pack_of(contest), max(year - 1, 1583), year + 1)
