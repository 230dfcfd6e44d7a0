"""What does not hold on a report, told in the same words on every page and file, with the reason it was accepted for.

Sentences hold figures: whoever calls has asked whether the reader may see those of this very version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalata.country.models import Contest, Station
from kalata.results import papers
from kalata.results.models import StationReport
from kalata.results.queries import board as boards
from kalata.results.queries import published
from kalata.results.queries.store import lacked, sheet_of
from kalata.results.rules.boxes import Box, Sheet
from kalata.results.rules.checks import Check, Finding, findings, signals
from kalata.results.rules.coverage import Situation

SLICE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One finding and the reason for which two persons accepted it; "" where it was never asked."""

    finding: Finding
    accepted: str = ""

    @property
    def code(self) -> str:
        return self.finding.code

    @property
    def check(self) -> Check:
        return self.finding.check

    @property
    def message(self) -> Any:
        return self.finding.message


Lacks = frozenset[Box | int]


def on_sheet(
    contest: Contest, sheet: Sheet, registered: int | None, accepted: str = "", lacks: Lacks = frozenset()
) -> list[Told]:
    """What the registry finds on one sheet, under the checks that the pack applies. lacks: not in its file."""
    limits, applied = boards.limits_of(contest)
    form = frozenset(Box(b) for b in contest.boxes)
    found = findings(sheet, form=form, register=registered, limits=limits, lacks=lacks)
    found += signals(sheet, register=registered, limits=limits)
    return [Told(f, accepted) for f in found if f.code in applied]


def lacks_of(contest: Contest, history: published.History, version: published.Version) -> Lacks:
    """Boxes, and ranks of options, that the file of a version does not have; a decision keeps those of its file."""
    if version.row.authority == "paper":
        return frozenset()
    past = (v.row.source for v in history.versions if v.row.version <= version.row.version and v.row.source)
    source = next(past, None)
    if source is None:
        return frozenset()
    boxes, options = [Box(b) for b in contest.boxes], list(contest.options.all())
    away = lacked(source.report or {}, boxes, [o.code for o in options])
    names: list[Box | int] = [*boxes, *(o.rank for o in options)]
    return frozenset(n for n, gone in zip(names, away.tolist(), strict=True) if gone)


def accepted_for(rows: Iterable[StationReport]) -> dict[int, str]:
    """Version (its id) -> the reason with which its findings were answered, the last before it counted."""
    wanted = {r.station_id: r for r in rows if r.authority == "paper"}
    out: dict[int, str] = {}
    stations = sorted(wanted)
    for start in range(0, len(stations), SLICE):
        part = stations[start : start + SLICE]
        for station, at, reason in papers.followed_by().answers(part):
            row = wanted[station]
            if at <= row.at:
                out[row.pk] = reason
    return out


def on_version(
    contest: Contest, station: Station, version: published.Version, sheet: Sheet, lacks: Lacks
) -> list[Told]:
    row = version.row
    return on_sheet(contest, sheet, station.registered, accepted_for([row]).get(row.pk, ""), lacks)


def public_findings(contest: Contest) -> dict[tuple[str, str], tuple[int, list[tuple[str, str, dict[str, str], str]]]]:
    """(part, code of the station) -> (public version, [(code, level, sentence in both languages, accepted reason)]),
    for every public report on which something does not hold."""
    seen = contest_seen(contest)
    board = boards.board(seen)
    masks = [*board.flags.values(), board.situation == Situation.ANNULLED, board.situation == Situation.RECALLED]
    flagged = [int(pk) for pk in board.frame.ids[np.logical_or.reduce(masks)]]
    stations = {s.pk: s for s in stations_of(flagged)}
    held = published.histories(contest, flagged)
    now = {pk: v for pk, h in held.items() if (v := h.shown(True)) is not None}
    reasons = accepted_for(v.row for v in now.values())
    boxes = tuple(Box(b) for b in contest.boxes)
    out = {}
    for pk, version in now.items():
        sheet = sheet_of(version.row.sheet, boxes)
        reason = reasons.get(version.row.pk, "")
        found = on_sheet(contest, sheet, stations[pk].registered, reason, lacks_of(contest, held[pk], version))
        if found:
            rows = [(t.code, t.check.level.value, t.message.both(), t.accepted) for t in found]
            out[stations[pk].part, stations[pk].code] = version.number, rows
    return out


def stations_of(wanted: Sequence[int]) -> list[Station]:
    return [
        s
        for start in range(0, len(wanted), SLICE)
        for s in Station.objects.filter(pk__in=wanted[start : start + SLICE])
    ]


def contest_seen(contest: Contest) -> Contest:
    """The contest as everybody reads it."""
    seen = Contest.objects.select_related("election__pack", "election__geography").get(pk=contest.pk)
    seen.eyes = ()  # type: ignore[attr-defined]
    return seen
