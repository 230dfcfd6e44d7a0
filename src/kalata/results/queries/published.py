"""Reads: what of a contest has been public, station by station (`rules.published`), and where its papers stand.

The one door to versions for pages, notices, exports and the public log's neighbours; no other module asks whether a
version was public.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import numpy as np
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.ledger.queries import acts
from kalata.people.models import Approval
from kalata.results import papers
from kalata.results.models import RecallNotice, StationReport
from kalata.results.numeric.table import Ints
from kalata.results.rules.boxes import Standing
from kalata.results.rules.coverage import CAUSES
from kalata.results.rules.published import Window, both, numbers, turns

SLICE = 500


def mark() -> list[tuple[object, ...]]:
    """What a public page of results was drawn on: each contest's revision, register and publication (`Urls.crowd`)."""
    return list(Contest.objects.order_by("pk").values_list("pk", "revision", "register_revision", "published_at"))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a station's report. number: among those that were public; 0, never public."""

    row: StationReport
    number: int


@dataclass(slots=True)
class History:
    """Every version of a station, latest first, and when its report was public."""

    versions: list[Version]
    windows: list[Window] = field(default_factory=list)

    @property
    def told(self) -> list[Version]:
        """What everybody may read, latest first: the public versions, and that the last one was taken back."""
        out: list[Version] = []
        for one in reversed(self.versions):
            if one.number or (one.row.standing == Standing.MISSING and out and out[-1].number):
                out.append(one)
        return out[::-1]

    @property
    def latest(self) -> int:
        """The number of the last version that was public; 0: none was."""
        return max((v.number for v in self.versions), default=0)

    @property
    def shown_now(self) -> Version | None:
        """The version that everybody may read now."""
        now = next((v for v in self.versions if v.row.current), None)
        open_ = any(end is None for _begin, end in self.windows)
        return now if now is not None and now.number and open_ else None

    def shown(self, public: bool) -> Version | None:
        """The version whose figures a page shows: the one in force for these eyes; else the last that was public."""
        now = next((v for v in self.versions if v.row.current and v.row.standing != Standing.MISSING), None)
        return (self.shown_now if public else now) or next((v for v in self.versions if v.number), None)

    def number_before(self, at: datetime) -> int:
        """The public version in force just before a moment: what a recall then took back."""
        return next((v.number for v in self.versions if v.number and v.row.at < at), 0)


SHOWING = ("results.publication", "results.batch")


def first_public(contest: Contest) -> datetime | None:
    """Since when a contest has been public for the first time; a withdrawal since changes nothing to it."""
    rows = Approval.objects.filter(kind__in=SHOWING, state="approved", subject=f"contest:{contest.code}")
    first = rows.order_by("decided_at").values_list("decided_at", flat=True).first()
    return first or contest.published_at


def in_turn(contest: Contest, decided: Mapping[int, tuple[str, datetime]]) -> list[int]:
    """These approvals as they were decided: by their places in the ledger, whatever clocks said."""
    kinds = {f"{kind}.approved" for kind, _at in decided.values()}
    told = acts(kind="results.").filter(subject=f"contest:{contest.code}", kind__in=kinds)
    places = {(after or {}).get("approval"): pk for pk, after in told.values_list("pk", "after")}
    return sorted(decided, key=lambda pk: (places.get(pk, 0), decided[pk][1], pk))


def contest_windows(contest: Contest) -> list[Window]:
    """When the contest was public: publications and batches approved, withdrawals, and what the contest says now."""
    kinds = {"results.publication": True, "results.batch": True, "results.withdrawal": False}
    rows = Approval.objects.filter(
        kind__in=kinds, state="approved", subject=f"contest:{contest.code}", decided_at__isnull=False
    )
    decided = {pk: (kind, at) for pk, kind, at in rows.values_list("pk", "kind", "decided_at") if at is not None}
    found = turns([(at, kinds[kind]) for kind, at in (decided[pk] for pk in in_turn(contest, decided))])
    if contest.published_at is None:
        return [(a, b if b is not None else timezone.now()) for a, b in found]
    if not found or found[-1][1] is not None:
        found.append((contest.published_at, None))
    return found


def histories(contest: Contest, stations: Iterable[int]) -> dict[int, History]:
    """The history of each of these stations that has one."""
    wanted = sorted(set(stations))
    whole = contest_windows(contest)
    out: dict[int, History] = {}
    for start in range(0, len(wanted), SLICE):
        part = wanted[start : start + SLICE]
        passages = papers.followed_by().turns(part)
        rows: dict[int, list[StationReport]] = defaultdict(list)
        for row in StationReport.objects.filter(station__in=part).select_related("source").order_by("version"):
            rows[row.station_id].append(row)
        for station, mine in rows.items():
            windows = both(whole, turns(passages[station])) if station in passages else whole
            ranks = numbers([(r.at, r.standing) for r in mine], windows)
            held = [Version(r, n) for r, n in zip(mine, ranks, strict=True)]
            out[station] = History(held[::-1], windows)
    return out


def history_of(station: Station) -> History:
    return histories(station.contest, [station.pk]).get(station.pk, History([]))


def notices(contest: Contest, most: int | None = None) -> list[tuple[RecallNotice, int]]:
    """The public notices of recall, latest first, each with the published version that it took back."""
    rows = list(contest.recalls.filter(published=True).select_related("station")[:most])
    held = histories(contest, [r.station_id for r in rows])
    return [(r, held[r.station_id].number_before(r.at) if r.station_id in held else 0) for r in rows]


def recalled(contest: Contest, missing: Ints) -> Ints:
    """Of these stations, those whose report was public and was taken back: none of theirs is in force."""
    if not len(missing):
        return missing
    room = papers.followed_by()
    back = StationReport.objects.filter(contest=contest, current=True, standing=Standing.MISSING, version__gt=1)
    back = back.exclude(station__in=room.followed(contest))
    some = {*room.taken_back(contest), *back.values_list("station_id", flat=True)}
    some &= set(missing.tolist())
    found = [pk for pk, held in histories(contest, some).items() if held.latest]
    return np.array(sorted(found), np.int64)


_causes: dict[int, tuple[tuple[int, int], Ints]] = {}
_lock = Lock()
CAUSE_PLACES = {code: place for place, (code, _label, _received) in enumerate(CAUSES)}


def causes_of(contest: Contest, ids: Ints) -> Ints:
    """By station, the place in CAUSES of where its paper stands now; 0 where it has none, or a public one.

    Kept in memory until a paper moves: pages ask it each time, and most of an evening no desk is at work.
    """
    room = papers.followed_by()
    key = (room.mark(), len(ids))
    with _lock:
        kept = _causes.get(contest.pk)
    if kept is not None and kept[0] == key:
        return kept[1]
    made = np.zeros(len(ids), np.int64)
    found = room.causes(contest)
    if found:
        stations = np.fromiter((station for station, _code in found), np.int64, len(found))
        places = np.fromiter((CAUSE_PLACES[code] for _station, code in found), np.int64, len(found))
        known = np.isin(stations, ids)
        made[np.searchsorted(ids, stations[known])] = places[known]
    with _lock:
        _causes[contest.pk] = (key, made)
    return made


def forget() -> None:
    with _lock:
        _causes.clear()
