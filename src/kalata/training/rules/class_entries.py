"""What comes back from a class: an offline file of entries, messages with codes; and the marking of a paper. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kalata.training.rules.classes_refusals import BadAnswers, BadEntry, BadMessage
from kalata.training.rules.rows import Table

ENTRIES = ("entry", "seat", "agent", "name", "present", "code", "form", "answers")
"""Columns of the file that a trainer fills in without a network; entry marks each line, so that it counts once."""
YES = frozenset({"1", "oui", "yes", "x", "o", "p"})
NO = frozenset({"", "0", "non", "no", "n", "a"})
MARK = re.compile(r"[A-Za-z0-9._-]{4,40}")
CODE = re.compile(r"[0-9]{6}")
MESSAGE = re.compile(r"\s*([0-9]{6})\s+(\S{1,40})\s*")
BLANK = "-"


@dataclass(frozen=True, slots=True)
class Entry:
    """answers "": no paper with this entry."""

    row: int
    mark: str
    seat: int
    agent: str
    present: bool
    code: str
    form: str
    answers: str


def entries_of(table: Table) -> list[Entry]:
    """The lines of an offline file. TRN-627 names row and column; a seat or a mark twice is refused."""
    out: list[Entry] = []
    seats: dict[int, int] = {}
    for row, cells in table.records():

        def bad(field: str, form: str, row: int = row, cells: Mapping[str, str] = cells) -> BadEntry:
            return BadEntry(row=row, field=field, value=cells[field][:60], form=form)

        if not MARK.fullmatch(cells["entry"]):
            raise bad("entry", "K0001-01")
        if not re.fullmatch(r"[0-9]{1,4}", cells["seat"]):
            raise bad("seat", "12")
        said = cells["present"].casefold()
        if said not in YES | NO:
            raise bad("present", "oui, non")
        if cells["code"] and not CODE.fullmatch(cells["code"]):
            raise bad("code", "481203")
        if cells["answers"] and not cells["form"]:
            raise bad("form", "a1b2c3d4e5f6")
        seat = int(cells["seat"])
        if seat in seats:
            raise bad("seat", f"≠ {seats[seat]}")
        seats[seat] = row
        out.append(
            Entry(
                row,
                cells["entry"],
                seat,
                cells["agent"],
                said in YES,
                cells["code"],
                cells["form"],
                cells["answers"].upper(),
            )
        )
    return out


@dataclass(frozen=True, slots=True)
class Told:
    """A message that proves a presence: the code of the day and the number of who sends it."""

    row: int
    code: str
    agent: str


def messages_of(table: Table) -> list[Told]:
    """Messages as the gateway of the operator gives them. TRN-632."""
    out = []
    for row, cells in table.records():
        found = MESSAGE.fullmatch(cells["text"])
        if not found:
            raise BadMessage(row=row, text=cells["text"][:60])
        out.append(Told(row, found[1], found[2]))
    return out


# --- marking ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mark:
    """right of out_of; missed: critical items without their right answer. passed: the share, and every critical item."""

    right: int
    out_of: int
    missed: tuple[str, ...]
    passed: bool


def answers_in(text: str, rows: Sequence[Mapping[str, Any]], seat: int) -> dict[str, str]:
    """Answers typed in a row, one letter a question, "-" for one left. TRN-616.

    >>> answers_in("A-", [{"number": 1, "letters": "ABC"}, {"number": 2, "letters": "AB"}], 3)
    {'1': 'A', '2': ''}
    """
    said = re.sub(r"\s", "", text).upper()
    odd = next(
        (f"{r['number']}{a}" for r, a in zip(rows, said, strict=False) if a != BLANK and a not in r["letters"]), ""
    )
    if len(said) != len(rows) or odd:
        raise BadAnswers(seat=seat, got=len(said), want=len(rows), odd=odd or "–")
    return {str(r["number"]): "" if a == BLANK else a for r, a in zip(rows, said, strict=True)}


def marked(answers: Mapping[str, str], rows: Sequence[Mapping[str, Any]], percent: int) -> Mark:
    """The mark of a paper. rows: number, item, right, critical. In whole numbers: right * 100 >= percent * questions.

    >>> rows = [{"number": 1, "item": "I1", "right": "A", "critical": True}, {"number": 2, "item": "I2", "right": "B", "critical": False}]
    >>> marked({"1": "A", "2": "B"}, rows, 80)
    Mark(right=2, out_of=2, missed=(), passed=True)
    >>> marked({"1": "B", "2": "B"}, rows, 50).passed
    False
    """
    right = [r for r in rows if answers.get(str(r["number"])) == r["right"]]
    missed = tuple(str(r["item"]) for r in rows if r["critical"] and r not in right)
    return Mark(len(right), len(rows), missed, len(right) * 100 >= percent * len(rows) and not missed)
