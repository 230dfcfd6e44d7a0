"""Reads about reports."""

from __future__ import annotations

from datetime import datetime

from kalata.country.models import Station
from kalata.results.models import Passage, StationReport
from kalata.results.rules.boxes import Standing
from kalata.results.rules.lifecycle import PUBLIC, State


def history(station: Station, *, only_published: bool = False) -> list[StationReport]:
    """Every version of a station's report, latest first; for the public, those that were public while in force."""
    rows = list(StationReport.objects.filter(station=station).select_related("source").order_by("-version"))
    if not only_published:
        return rows
    windows = public_windows(station)
    if windows is None:
        return rows
    shown: list[StationReport] = []
    until: datetime | None = None
    for row in rows:
        if (
            any((until is None or begin < until) and (end is None or row.at < end) for begin, end in windows)
            or row.source
        ):
            shown.append(row)
        elif row.standing == Standing.MISSING and any(end is not None for _begin, end in windows):
            shown.append(row)  # taken back after it was public: the public sees that, never figures
        until = row.at
    return shown


def public_windows(station: Station) -> list[tuple[datetime, datetime | None]] | None:
    """From when to when the paper of a station was public; None where the station has no paper at all."""
    passages = Passage.objects.filter(paper__station=station).order_by("pk").values_list("to", "at")
    windows: list[tuple[datetime, datetime | None]] = []
    public, seen = False, False
    for to, at in passages:
        seen = True
        if (State(to) in PUBLIC) != public:
            public = not public
            if public:
                windows.append((at, None))
            else:
                windows[-1] = (windows[-1][0], at)
    return windows if seen else None
