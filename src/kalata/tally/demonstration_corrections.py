"""Corrections of the fictional election after its publication, so that its public register has something to show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from kalata.country.models import Contest, Station
from kalata.people import services as people
from kalata.people.models import Approval, Person
from kalata.results.models import StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import Box, Sheet, Standing
from kalata.results.rules.rulings import Order, Ruling
from kalata.results.services import committing, importing, rulings

Change = Callable[[list[int]], list[int]]


def swapped(votes: list[int]) -> list[int]:
    """Two lines of the paper read one for the other."""
    return [votes[0], votes[2], votes[1], *votes[3:]]


def misread(votes: list[int]) -> list[int]:
    """Nine votes read on the line above: the sum stays."""
    return [votes[0] - 9, votes[1], votes[2], votes[3] + 9, *votes[4:]]


WANTED = 5
"""Stations looked for by the two files; a demonstration of 60 stations finds them seven apart."""
FILES: Sequence[tuple[str, str, int, Change]] = (
    ("rectification-1.csv", "Lignes 2 et 3 interverties sur l’exemplaire 1.", 4, swapped),
    ("rectification-2.csv", "Copies de trois délégués conformes à l’exemplaire 2.", 3, misread),
)


def correct(contest: Contest, users: Mapping[str, Person]) -> None:
    """Two files by two persons, two stations annulled by the court's decision, one of them counted again."""
    contest.refresh_from_db()
    boxes = [Box(b) for b in contest.boxes]
    counted = StationReport.objects.filter(contest=contest, current=True, standing=Standing.COUNTED)
    rows = list(counted.select_related("station").order_by("station__code"))
    # far apart, so that several zones have a line; of a small election, all that there are
    apart = max(min(7, len(rows) // WANTED), 1)
    sound = [(row.station, sheet) for row in rows[::apart] if plain(sheet := sheet_of(row.sheet, boxes))]
    step = max(len(sound) // 9, 1)
    picked = sound[::step][:9]
    for name, reason, most, change in FILES:
        some, picked = picked[:most], picked[most:]
        if some:  # a file without a row is no file
            brought(contest, name, reason, boxes, some, change, users)
    for number, (station, _sheet) in enumerate(picked[:2], 1):
        decided(station, Standing.ANNULLED, number, "Scellé rompu, procès-verbal sans signature (exercice).", users)
    for station, _sheet in picked[:1]:
        decided(station, Standing.COUNTED, 3, "Exemplaire 2 retrouvé scellé à la commune (exercice).", users)


def plain(sheet: Sheet) -> bool:
    """A sheet that adds up, on which both changes can be told."""
    votes = [v for v in sheet.votes if v is not None]
    return len(votes) == len(sheet.votes) and sum(votes) == sheet.boxes.get(Box.VALID) and votes[0] >= 9 and votes[1] != votes[2]  # fmt: skip


def brought(
    contest: Contest, name: str, reason: str, boxes: Sequence[Box], some: Sequence[tuple[Station, Sheet]], change: Change, users: Mapping[str, Person]
) -> None:  # fmt: skip
    options = [o.code for o in contest.options.all()]
    rows = [",".join(["bureau", *(b.value for b in boxes), *options])]
    for station, sheet in some:
        votes = change([v or 0 for v in sheet.votes])
        rows.append(",".join([station.code, *("" if (v := sheet.boxes.get(b)) is None else str(v) for b in boxes), *map(str, votes)]))  # fmt: skip
    profile = {"rows": "wide", "station": ["bureau"], "figures": {b.value: b.value for b in boxes}, "options": options}
    one = importing.upload(contest=contest, name=name, content=[("\n".join(rows) + "\n").encode()], by=users["superviseur"])  # fmt: skip
    importing.set_mapping(one=one, profile=profile, create="none", by=users["superviseur"])
    asked = committing.ask_or_commit(one=importing.dry_run(one), reason=reason, by=users["superviseur"])
    if isinstance(asked, Approval):
        people.decide_approval(approval_id=asked.pk, to=people.Decision.APPROVED, by=users["publication"])


def decided(station: Station, to: Standing, number: int, reason: str, users: Mapping[str, Person]) -> None:
    """A decision signed by a member of the court, carried out by its registry."""
    name = f"2027-{number:02d}/CC-EL"
    act = "ANNUL_STATION" if to is Standing.ANNULLED else "RESTORE"
    ruling = Ruling(
        number=name, digest=hashlib.sha256(f"{name} {act} {station.code}".encode()).hexdigest(),
        signed_by=users["juge"].pk, words=reason, orders=(Order(station.code, act, to),),
        acts=({"id": "1", "act": act, "stations": [[station.code]]},),
    )  # fmt: skip
    rulings.carry_out(contest=station.contest, ruling=ruling, by=users["greffe"])
