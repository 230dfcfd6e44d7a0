"""Which posts are covered: holder, act in time, certificate of that role and version, payment, nothing incompatible.

A post is covered when no reason speaks against it; a station is ready when all its posts are covered. A vacant post
has that one reason; every other has each that holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import itemgetter
from typing import Any

from kalata.training.rules.faults import BadSetting
from kalata.training.rules.rows import Table, bad, day_of

COLUMNS = (
    "station", "position", "holder", "act", "appointed_on", "certificate_role", "certificate_version",
    "certificate_expires", "payment", "incompatible",
)  # fmt: skip
REASONS = (
    "vacant", "no_act", "late_act", "no_certificate", "wrong_role", "old_version", "expired", "incompatible",
    "no_payment", "held_twice",
)  # fmt: skip
NO = frozenset({"", "0", "no", "non", "false", "none", "aucune", "aucun"})
"""What says that there is none, in `payment` and `incompatible`."""


@dataclass(frozen=True, slots=True)
class Position:
    role: str
    versions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    positions: Mapping[str, Position]
    appointed_by: date


@dataclass(frozen=True, slots=True)
class Readiness:
    posts: int
    covered: int
    stations: int
    ready: int
    reasons: Mapping[str, int]
    uncovered: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(station, position, reasons) of each, by station and position."""

    @property
    def share_ready(self) -> Fraction | None:
        """Of the stations; None where there is none."""
        return Fraction(self.ready, self.stations) if self.stations else None

    def record(self) -> dict[str, Any]:
        share = self.share_ready
        return {
            "posts": self.posts, "covered": self.covered, "stations": self.stations, "ready": self.ready,
            "share_ready": None if share is None else str(share), "reasons": dict(self.reasons),
            "uncovered": [{"station": s, "position": p, "reasons": list(r)} for s, p, r in self.uncovered],
        }  # fmt: skip


def rules_of(value: Any, name: str) -> Rules:
    """The rules of a YAML. Raises: TRN-104 by key."""
    if not isinstance(value, dict):
        raise BadSetting(file=name, field="positions", value="", form="positions: {president: {role: president, versions: ['3']}}")  # fmt: skip
    given = value.get("positions")
    if not isinstance(given, dict) or not given:
        raise BadSetting(file=name, field="positions", value=str(given)[:60], form="{president: {role: president, versions: ['3']}}")  # fmt: skip
    positions = {}
    for key, one in given.items():
        role, versions = (one.get("role"), one.get("versions")) if isinstance(one, dict) else (None, None)
        if not isinstance(role, str) or not role:
            raise BadSetting(file=name, field=f"positions.{key}.role", value=str(role)[:60], form="president")
        if not isinstance(versions, list) or not versions or not all(isinstance(v, str | int) for v in versions):
            raise BadSetting(file=name, field=f"positions.{key}.versions", value=str(versions)[:60], form="['3']")
        positions[key] = Position(role, frozenset(map(str, versions)))
    by = day_of(str(value.get("appointed_by") or ""))
    if by is None:
        raise BadSetting(file=name, field="appointed_by", value=str(value.get("appointed_by"))[:60], form="2027-02-13")
    return Rules(positions, by)


def readiness_of(table: Table, rules: Rules, on: date) -> Readiness:
    """What is covered on a day. Raises: TRN-102 for a post without station, a position without rule, a day that is none."""
    column = [table.at[name] for name in COLUMNS]
    at_holder, at_station = column[2], column[0]
    held = Counter(cells[at_holder] for _row, cells in table.rows)
    by, today = rules.appointed_by.isoformat(), on.isoformat()
    positions = rules.positions
    days = {""}
    posts: list[tuple[str, str, tuple[str, ...]]] = []
    taken = itemgetter(*column)
    for row, cells in table.rows:
        station, position, holder, act, since, role, version, expires, payment, odd = taken(cells)
        rule = positions.get(position)
        if not station or rule is None:
            field, value = ("station", station) if not station else ("position", position)
            raise bad(table, row, field, value, "S1" if not station else ", ".join(sorted(positions)))
        if since not in days or expires not in days:
            for field, day in (("appointed_on", since), ("certificate_expires", expires)):
                if day and day_of(day) is None:
                    raise bad(table, row, field, day, "2027-02-13")
                days.add(day)
        if act and holder and not since:
            raise bad(table, row, "appointed_on", since, "2027-02-13")
        if (
            holder and since <= by and act and role == rule.role and version in rule.versions and not odd
            and (not expires or expires >= today) and held[holder] == 1 and payment not in NO and payment.casefold() not in NO
        ):  # fmt: skip
            continue
        if not holder:
            why: tuple[str, ...] = ("vacant",)
        else:
            flags = (
                ("no_act", not act), ("late_act", bool(act) and since > by), ("no_certificate", not role),
                ("wrong_role", bool(role) and role != rule.role), ("old_version", bool(role) and version not in rule.versions),
                ("expired", bool(role) and bool(expires) and expires < today), ("incompatible", odd.casefold() not in NO),
                ("no_payment", payment.casefold() in NO), ("held_twice", held[holder] > 1),
            )  # fmt: skip
            why = tuple([name for name, holds in flags if holds])
        if why:
            posts.append((station, position, why))
    stations = {cells[at_station] for _row, cells in table.rows}
    counts = Counter(reason for _s, _p, why in posts for reason in why)
    posts.sort(key=lambda one: (one[0], one[1], [REASONS.index(r) for r in one[2]]))
    return Readiness(
        posts=len(table.rows), covered=len(table.rows) - len(posts), stations=len(stations),
        ready=len(stations - {s for s, *_rest in posts}), reasons={r: counts[r] for r in REASONS}, uncovered=tuple(posts),
    )  # fmt: skip
