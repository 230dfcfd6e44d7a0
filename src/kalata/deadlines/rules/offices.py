"""Hours of the office that receives: not the end of a right, but who comes after closing finds a shut door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from kalata.text import Message
from kalata.text import gettext_noop as _

from .definition import DAYS, BadDefinition, hour, word
from .moments import Deadline, Edge


@dataclass(frozen=True, slots=True)
class Office:
    """closes: last minute of reception; open_days: weekdays (0 Monday) on which it receives."""

    closes: time
    open_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})

    def warnings(self, limit: Deadline) -> list[Message]:
        """Nothing where the last moment of the right falls within the hours of the office."""
        if limit.day.weekday() not in self.open_days:
            return [
                Message(
                    _(
                        "Le droit court jusqu’au %(limit)s, un jour où le bureau ne reçoit pas : prévoyez une permanence."
                    ),
                    {"limit": limit.sentence()},
                )
            ]
        if limit.edge in (Edge.START, Edge.DAY) or (limit.at is not None and limit.at <= self.closes):
            return []
        return [
            Message(
                _(
                    "Le droit court jusqu’au %(limit)s, après la fermeture du bureau (%(closes)s) : prévoyez une permanence."
                ),
                {"limit": limit.sentence(), "closes": self.closes},
            )
        ]


def office_from(raw: object, record: str) -> Office | None:
    """{closes: "16:00", days: [monday, …]} of a pack record; None where it says nothing."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise BadDefinition(record=record, field="office", value=str(raw)[:40], expected="{closes: '16:00', days: […]}")
    _edge, closes = hour(record, "office", raw.get("closes", ""))
    if closes is None:
        raise BadDefinition(record=record, field="office", value=str(raw.get("closes")), expected="16:00")
    days = raw.get("days")
    if days is None:
        return Office(closes)
    if not isinstance(days, list):
        raise BadDefinition(record=record, field="office", value=str(days)[:40], expected="[monday, tuesday, …]")
    return Office(closes, frozenset(word(record, "office", d, DAYS) for d in days))
