"""What a certificate claims: a code for the person, never a name or a score."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NoReturn

from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.rules.badges.faults import BadClaim

COLUMNS = ("certificate", "person_code", "role", "level", "procedure_version", "awarded_on", "place", "expires_on", "status_index")  # fmt: skip
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,79}")
REASON = re.compile(r"[a-z][a-z0-9_]{1,39}")
MOST_INDEX = (1 << 24) - 1


@dataclass(frozen=True, slots=True)
class Claim:
    """expires_on None: it does not expire."""

    certificate: str
    person_code: str
    role: str
    level: str
    procedure_version: str
    awarded_on: date
    place: str
    expires_on: date | None
    status_index: int

    def record(self) -> dict[str, object]:
        return {**asdict(self), "awarded_on": self.awarded_on.isoformat(), "expires_on": self.expires_on.isoformat() if self.expires_on else None}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Withdrawn:
    certificate: str
    status_index: int
    reason: str


class Rows:
    """Rows of a table to values; a fault names row and column."""

    def __init__(self, file: str, known: Sequence[str]) -> None:
        self.file, self.known, self.row = file, known, 1

    def wrong(self, field: str, why: str | Message) -> NoReturn:
        raise BadClaim(file=self.file, row=self.row, field=field, why=why)

    def each(self, rows: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        for name in rows[0] if rows else ():
            if name not in self.known:
                self.wrong(name, _("cette colonne n’entre pas dans une attestation"))
        return [{k: v.strip() for k, v in row.items()} for row in rows]

    def code(self, row: Mapping[str, str], field: str) -> str:
        if not CODE.fullmatch(row[field]):
            self.wrong(field, _("un code est attendu (lettres, chiffres, . _ -)"))
        return row[field]

    def day(self, row: Mapping[str, str], field: str) -> date:
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", row[field]):
                raise ValueError
            return date.fromisoformat(row[field])
        except ValueError:
            self.wrong(field, _("une date comme 2027-02-28 est attendue"))

    def index(self, row: Mapping[str, str], field: str) -> int:
        if not re.fullmatch(r"0|[1-9][0-9]{0,8}", row[field]) or int(row[field]) > MOST_INDEX:
            self.wrong(field, Message(_("un nombre entier de 0 à %(most)d est attendu"), {"most": MOST_INDEX}))
        return int(row[field])


def claims_of(rows: Sequence[Mapping[str, str]], file: str) -> list[Claim]:
    """The certificates of a table, each with its own number and place in the list. TRN-401 names row and column."""
    read = Rows(file, COLUMNS)
    found: list[Claim] = []
    seen: dict[str, set[object]] = {"certificate": set(), "status_index": set()}
    for number, row in enumerate(read.each(rows), 2):
        read.row = number
        expires = read.day(row, "expires_on") if row["expires_on"] else None
        one = Claim(
            read.code(row, "certificate"), read.code(row, "person_code"), read.code(row, "role"), read.code(row, "level"),
            read.code(row, "procedure_version"), read.day(row, "awarded_on"), row["place"], expires, read.index(row, "status_index"),
        )  # fmt: skip
        if expires and expires < one.awarded_on:
            read.wrong("expires_on", _("elle finit avant d’avoir commencé"))
        if not one.place or len(one.place) > 200:
            read.wrong("place", _("un lieu est attendu"))
        for field, taken in seen.items():
            if (value := getattr(one, field)) in taken:
                read.wrong(field, Message(_("« %(value)s » est donné deux fois"), {"value": str(value)}))
            taken.add(value)
        found.append(one)
    return found


def withdrawn_of(rows: Sequence[Mapping[str, str]], file: str) -> list[Withdrawn]:
    """What was withdrawn, each with its coded reason: never a free text."""
    read = Rows(file, ("certificate", "status_index", "reason"))
    found: dict[int, Withdrawn] = {}
    for number, row in enumerate(read.each(rows), 2):
        read.row = number
        one = Withdrawn(read.code(row, "certificate"), read.index(row, "status_index"), row["reason"])
        if not REASON.fullmatch(one.reason):
            read.wrong("reason", _("un motif codé est attendu (minuscules, chiffres, _), jamais un texte libre"))
        if one.status_index in found:
            read.wrong(
                "status_index", Message(_("« %(value)s » est donné deux fois"), {"value": str(one.status_index)})
            )
        found[one.status_index] = one
    return [found[n] for n in sorted(found)]
