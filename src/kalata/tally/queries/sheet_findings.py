"""What the registry finds on one typed sheet, with what the house knows beside it: image, reception, agents' copies."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from kalata.results import images
from kalata.results.queries import board as boards
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import MARKS, Box, Sheet
from kalata.results.rules.checks import BY_CODE, Finding, Level, findings, signals
from kalata.results.rules.sheets import lines_of
from kalata.tally.models import Copy, Paper
from kalata.tally.rules.lifecycle import State


def findings_on(paper: Paper, sheet: Sheet) -> list[Finding]:
    """What the registry finds on one sheet, under the checks the pack applies, errors first."""
    limits, applied = boards.limits_of(paper.contest)
    found = findings(sheet, form=frozenset(sheet.boxes), register=paper.station.registered, limits=limits)
    found += signals(sheet, register=paper.station.registered, limits=limits)
    if paper.image and images.path(paper.image) is None:  # E12 on the image: it must be there
        found.append(Finding(BY_CODE["E12"], {"n": 0, "least": limits.signatures}))
    if "E13" in applied and (when := too_early(paper)) is not None:
        found.append(Finding(BY_CODE["E13"], {"when": when}))
    if "W09" in applied and (n := copies_against(paper, sheet)):
        found.append(Finding(BY_CODE["W09"], {"n": n}))
    return [f for f in found if f.code in applied]


def too_early(paper: Paper) -> datetime | None:
    """E13: the moment of reception, where it comes before polling day (an exercise has no day of its own)."""
    day = paper.contest.polling_day
    if day is None or paper.contest.election.exercise:
        return None
    last = paper.passages.filter(to=State.RECEIVED.value).order_by("-pk").values_list("at", flat=True).first()
    if last is None or timezone.localtime(last).date() >= day:
        return None
    return timezone.localtime(last)


def copies_against(paper: Paper, sheet: Sheet) -> int:
    """How many unanswered copies of agents say something else than this sheet (W09)."""
    rows = Copy.objects.filter(station=paper.station_id, answer="").exclude(status__in=["illegible", "duplicate"])
    there = lines_of(sheet)
    boxes = [Box(b) for b in paper.contest.boxes]
    n = 0
    for blob in rows.values_list("sheet", flat=True):
        said = lines_of(sheet_of(blob, boxes)).items()
        n += any(v is not None and v != there.get(k) for k, v in said if k not in MARK_LINES)
    return n


MARK_LINES = frozenset(m.value for m in MARKS)


def found_on(paper: Paper, sheet: Sheet) -> tuple[frozenset[str], frozenset[str]]:
    """Codes of the errors and warnings of one sheet."""
    found = findings_on(paper, sheet)
    return (
        frozenset(f.code for f in found if f.check.level is Level.ERROR),
        frozenset(f.code for f in found if f.check.level is Level.WARNING),
    )
