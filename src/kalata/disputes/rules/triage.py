"""Triage: which case first. By the time left, then whether the result could change, then what is at stake.

A case that nobody has touched for long comes up by itself: an office once left cases for months with judges who had
never asked for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kalata.text import Message
from kalata.text import gettext_noop as _


class Ceiling(StrEnum):
    """Whether annulling all that a case attacks could change the result, by the conservative test."""

    COULD = "could"
    CANNOT = "cannot"
    UNKNOWN = "unknown"


CEILING_LABELS: Mapping[Ceiling, str] = {
    Ceiling.COULD: _("pourrait changer l’issue"),
    Ceiling.CANNOT: _("ne peut pas changer l’issue"),
    Ceiling.UNKNOWN: _("effet non calculé"),
}
WEIGHT = {Ceiling.COULD: 0, Ceiling.UNKNOWN: 1, Ceiling.CANNOT: 2}


class Urgency(StrEnum):
    """How near the next limit is."""

    PAST = "past"
    HOURS = "hours"
    DAY = "day"
    LATER = "later"
    NONE = "none"


URGENCY_LABELS: Mapping[Urgency, str] = {
    Urgency.PAST: _("échéance passée"),
    Urgency.HOURS: _("moins de quatre heures"),
    Urgency.DAY: _("moins d’un jour"),
    Urgency.LATER: _("plus tard"),
    Urgency.NONE: _("sans échéance"),
}
SILENCE = timedelta(days=2)
"""Without an act for that long in an open case, it is said and told: electoral cases last days, not months."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A case as triage sees it. next: its nearest limit, the first instant that is too late; last_act: in the case;
    votes, seats: at stake in the stations attacked; held_by: who has to act, in words; stayed: an act suspends it."""

    key: int
    received_at: datetime
    last_act: datetime
    next: datetime | None = None
    ceiling: Ceiling = Ceiling.UNKNOWN
    votes: int = 0
    seats: int = 0
    could_join: int = 0
    held_by: str = ""
    stayed: bool = False
    open: bool = True


def urgency(facts: Facts, now: datetime) -> Urgency:
    if not facts.open or facts.next is None:
        return Urgency.NONE
    left = facts.next - now
    if left <= timedelta():
        return Urgency.PAST
    if left <= timedelta(hours=4):
        return Urgency.HOURS
    return Urgency.DAY if left <= timedelta(days=1) else Urgency.LATER


def silent(facts: Facts, now: datetime, most: timedelta = SILENCE) -> bool:
    """True where nothing was done for longer than `most` in a case that is open and not stayed by an act."""
    return facts.open and not facts.stayed and now - facts.last_act > most


def silence(facts: Facts, now: datetime) -> Message | None:
    """Since when nobody acts, and who has the case; None where somebody does."""
    if not silent(facts, now):
        return None
    values: dict[str, object] = {"since": now - facts.last_act, "who": facts.held_by}
    if facts.held_by:
        return Message(_("Aucun acte depuis %(since)s ; l’affaire est entre les mains de : %(who)s."), values)
    return Message(_("Aucun acte depuis %(since)s, et personne n’a cette affaire en main."), values)


def ordered(cases: Iterable[Facts], now: datetime) -> list[Facts]:
    """Which first: a limit of today before stakes; then silence, the ceiling test, seats, votes, the limit, the receipt."""
    rank = {u: i for i, u in enumerate(Urgency)}
    far = datetime.max.replace(tzinfo=now.tzinfo)

    def key(f: Facts) -> tuple[object, ...]:
        near = urgency(f, now)
        pressing = near in (Urgency.PAST, Urgency.HOURS, Urgency.DAY)
        return (
            not f.open, rank[near] if pressing else len(rank), not silent(f, now), WEIGHT[f.ceiling],
            -f.seats, -f.votes, f.next or far, f.received_at, f.key,
        )  # fmt: skip

    return sorted(cases, key=key)


def words(facts: Facts, now: datetime) -> list[Message]:
    """Why a case stands where it stands."""
    out = [Message(CEILING_LABELS[facts.ceiling])]
    if (near := urgency(facts, now)) is not Urgency.NONE:
        out.insert(0, Message(URGENCY_LABELS[near]))
    if (said := silence(facts, now)) is not None:
        out.append(said)
    if facts.could_join:
        out.append(Message(_("%(n)d {n:autre requête pourrait|autres requêtes pourraient} y être jointes"), {"n": facts.could_join}))
    return out
