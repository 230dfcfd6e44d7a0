"""Days, instants and limits, kept apart: "24:00" is the end of a day, never 23:59:59.

A `Deadline` prints as the law says it (3 August, 24 h 00) and compares as an exclusive bound
(4 August 00:00): `in_time = received < bound`. A limit to the minute (18:00, 48 h) includes its
minute: 18:00 is in time, 18:01 is late. Civil days are local days of the country; instants are
aware. Nothing here reads a clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
UTC = ZoneInfo("UTC")


class BadMoment(Refused):
    """A date or an hour that cannot be read, or an instant without its zone."""

    code = "DL-101"
    says = _("%(record)s, champ « %(field)s » : « %(value)s » n’est ni une date ni un instant lisible.")
    remedy = _("Écrivez 2027-02-28 pour un jour, 2027-02-28T18:00 pour un instant.")
    status = 422


class Edge(StrEnum):
    """Which moment of its day a limit is."""

    END = "24:00"  # until the end of the day
    START = "00:00"  # from the first instant of the day (taking office)
    DAY = "day"  # the whole day (polling day, opening of the campaign)
    MINUTE = "minute"  # to the minute, included


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit: its civil day, which moment of it, and the hour where it has one (MINUTE)."""

    day: date
    edge: Edge = Edge.END
    at: time | None = None
    tz: str = "Africa/Bamako"

    @property
    def instant(self) -> datetime:
        """The moment as people name it, in UTC: the end of the day for END and DAY."""
        if self.edge is Edge.MINUTE and self.at is not None:
            local = datetime.combine(self.day, self.at, zone(self.tz))
        else:
            local = datetime.combine(self.day if self.edge is Edge.START else self.day + DAY, time(), zone(self.tz))
        return local.astimezone(UTC)

    @property
    def bound(self) -> datetime:
        """The first instant that is too late, in UTC."""
        return self.instant + (MINUTE if self.edge is Edge.MINUTE else timedelta())

    def iso(self) -> str:
        """2018-08-03T24:00, 2018-08-04T21:00, 2013-09-04T00:00, 2013-08-11 (the whole day)."""
        if self.edge is Edge.DAY:
            return self.day.isoformat()
        hour = f"{self.at:%H:%M}" if self.edge is Edge.MINUTE and self.at else self.edge.value
        return f"{self.day.isoformat()}T{hour}"

    def sentence(self) -> Message:
        if self.edge is Edge.MINUTE:
            return Message(_("%(day)s à %(hour)s"), {"day": self.day, "hour": self.at})
        if self.edge is Edge.END:
            return Message(_("%(day)s à 24 h 00"), {"day": self.day})
        if self.edge is Edge.START:
            return Message(_("%(day)s à 0 h 00"), {"day": self.day})
        return Message("%(day)s", {"day": self.day})

    def on(self, day: date) -> Deadline:
        return Deadline(day, self.edge, self.at, self.tz)


def deadline_at(instant: datetime, tz: str) -> Deadline:
    """The limit to the minute at an instant; seconds count for the minute they are in."""
    local = aware(instant).astimezone(zone(tz))
    return Deadline(local.date(), Edge.MINUTE, time(local.hour, local.minute), tz)


def aware(instant: datetime) -> datetime:
    """The instant itself; a naive one is refused (DL-101)."""
    if instant.tzinfo is None:
        raise BadMoment(record="–", field="instant", value=instant.isoformat())
    return instant


def local_day(moment: date | datetime, tz: str) -> date:
    """The civil day of a moment in the country."""
    return moment.astimezone(zone(tz)).date() if isinstance(moment, datetime) else moment


LIMIT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}):(\d{2})(?::\d{2})?)?")


def parse_moment(text: str, tz: str, *, record: str = "–", field: str = "event") -> date | datetime:
    """'2018-07-29' is a day; '2018-08-02T21:00' an instant of the zone; an offset or Z is obeyed. DL-101."""
    text = str(text).strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise BadMoment(record=record, field=field, value=text[:40]) from None
    return found if found.tzinfo else found.replace(tzinfo=zone(tz))


def parse_deadline(text: str, tz: str, *, record: str = "–", field: str = "expected") -> Deadline:
    """A limit from its printed form: the reverse of `Deadline.iso`. DL-101."""
    text = text.strip()
    found = LIMIT.fullmatch(text)
    if not found:
        raise BadMoment(record=record, field=field, value=text[:40])
    try:
        day = date.fromisoformat(found[1])
        if found[2] is None:
            return Deadline(day, Edge.DAY, None, tz)
        hour, minute = int(found[2]), int(found[3])
        if (hour, minute) == (24, 0):
            return Deadline(day, Edge.END, None, tz)
        if (hour, minute) == (0, 0):
            return Deadline(day, Edge.START, None, tz)
        return Deadline(day, Edge.MINUTE, time(hour, minute), tz)
    except ValueError:
        raise BadMoment(record=record, field=field, value=text[:40]) from None


class Verdict(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Judged:
    """An act held against a limit: the verdict and by how much (None where only days are known)."""

    verdict: Verdict
    margin: timedelta | None
    sentence: Message


def judge(received: date | datetime, earliest: Deadline, latest: Deadline) -> Judged:
    """In time before the earliest bound, late only after the latest, undetermined between them.

    A day without an hour is held against the day of the limit: on the very day of a limit with
    an hour, it is undetermined.
    """
    if isinstance(received, datetime):
        received = aware(received)
        when: dict[str, object] = {"filed": received.astimezone(zone(latest.tz))}
        if received < earliest.bound:
            left = earliest.instant - received
            return Judged(
                Verdict.IN_TIME,
                left,
                Message(_("Déposée le %(filed)s : dans le délai, reste %(left)s."), {**when, "left": left}),
            )
        if received >= latest.bound:
            over = received - latest.instant
            return Judged(
                Verdict.LATE, over, Message(_("Déposée le %(filed)s : hors délai de %(over)s."), {**when, "over": over})
            )
    else:
        when = {"filed": received}
        if received < earliest.day or (received == earliest.day and earliest.edge in (Edge.END, Edge.DAY)):
            return Judged(Verdict.IN_TIME, None, Message(_("Déposée le %(filed)s : dans le délai."), when))
        if received > latest.day or (received == latest.day and latest.edge is Edge.START):
            return Judged(
                Verdict.LATE,
                timedelta(days=(received - latest.day).days),
                Message(_("Déposée le %(filed)s : hors délai."), when),
            )
    return Judged(
        Verdict.UNDETERMINED,
        None,
        Message(_("Déposée le %(filed)s : indéterminé, une personne habilitée tranche avec motif."), when),
    )
