"""What a trainer entered without a network comes in: attendance, then papers. Sent twice, it counts once.

A class that is still planned takes who came alone: its papers wait until it is declared held, and the same file is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.db import transaction

from kalata.people.models import Person
from kalata.training.models import TrainingClass
from kalata.training.rules.class_entries import ENTRIES, Entry, entries_of
from kalata.training.rules.classes_refusals import EntryTwice
from kalata.training.rules.classes_states import Held
from kalata.training.services import classes_marks
from kalata.training.services.cascade import table_in
from kalata.training.services.classes_held import Came, begun, guessed, noted, own, told


@dataclass(frozen=True, slots=True)
class Brought:
    """seats changed, papers new, lines that were there already; wait: papers of a class that is not declared held yet."""

    seats: int
    papers: int
    there: int
    wait: int


def bring_entries(*, training_class: TrainingClass, file: IO[bytes], by: Person) -> Brought:
    """The file that a trainer filled in without a network: attendance, then papers. Sent twice, it counts once."""
    with transaction.atomic():
        own(training_class, by)
    lines = entries_of(table_in(file, str(getattr(file, "name", "") or "saisie.csv"), ENTRIES))
    with guessed(training_class, by, (e.code for e in lines)), transaction.atomic():
        return brought(own(training_class, by), lines, by)


def brought(one: TrainingClass, lines: list[Entry], by: Person) -> Brought:
    came = [Came(seat=e.seat, present=e.present, agent=e.agent, code=e.code, entry=e.mark, row=e.row) for e in lines]
    said = [e for e in lines if e.answers]
    if one.state == Held.PLANNED:
        begun(one)
        seats = {s.seat: s for s in one.seats.select_related("post__agent", "agent").select_for_update(of=("self",))}
        some = [s for line in came if (s := noted(one, seats, line))]
        told(one, some, by, "file")
        return Brought(len(some), 0, max(len(lines) - len(some), 0), len(said))
    for seat_line in came:
        again(one, seat_line)
    papers = sum(classes_marks.brought(one, e, by) for e in said)
    return Brought(0, papers, max(len(lines) - papers, 0), 0)


def again(one: TrainingClass, line: Came) -> None:
    """A line of a class that was declared held since: it may only say what is there. TRN-626."""
    seat = one.seats.filter(seat=line.seat).first()
    if seat is None or seat.sheet != line.present or (line.entry and seat.entry and seat.entry != line.entry):
        raise EntryTwice(row=line.row, seat=line.seat)
