"""Errors of the published records of a contest, each with the pair that trained whoever presides its station. Of the cell alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kalata.country.models import Contest, Station
from kalata.results import access
from kalata.results.queries import board as boards
from kalata.results.rules.checks import BY_CODE, Level
from kalata.training.joining import Joined, Record, joined
from kalata.training.models import Enrolment
from kalata.training.rules.classes_states import Seat

SEED = 20270228
"""Of the shuffles: printed, so that anybody of the cell gets the same answer."""
TAUGHT = (Seat.ATTENDED, Seat.PASSED, Seat.FAILED, Seat.REJECTED, Seat.CERTIFIED)


@dataclass(frozen=True, slots=True)
class Found:
    """codes: the checks that count as an error of arithmetic, with how many records break each."""

    records: int
    trained: int
    codes: tuple[tuple[str, int], ...]
    answer: Joined


def trained_by(contest: Contest) -> dict[str, str]:
    """The pair that taught whoever presides each station, by its code."""
    found = Enrolment.objects.filter(
        training_class__contest=contest, post__head=True, post__station__isnull=False, state__in=TAUGHT
    )
    return dict(found.values_list("post__body", "training_class__pair"))


def found_in(person: Any, contest: Contest) -> Found:
    """What the published records say. person: for whose eyes the records are read; the cell sees what everybody sees."""
    seen = boards.board(access.as_seen_by(person, contest))
    flags = {c: m for c, m in seen.flags.items() if BY_CODE[c].level is Level.ERROR}
    there = seen.table.counted
    wrong = np.logical_or.reduce(list(flags.values())) if flags else np.zeros(len(seen.table), bool)
    pairs = trained_by(contest)
    rows = {s.pk: s for s in Station.objects.filter(contest=contest).select_related("unit__parent")}
    records = []
    for at, pk in enumerate(seen.frame.ids.tolist()):
        station = rows.get(pk)
        if station is None or not there[at]:
            continue
        region = station.unit.parent.code if station.unit and station.unit.parent else ""
        records.append(Record(station.code, region, pairs.get(station.code, ""), bool(wrong[at])))
    codes = tuple((c, int((m & there).sum())) for c, m in sorted(flags.items()))
    return Found(len(records), sum(1 for r in records if r.trainer), codes, joined(records, SEED))
