"""A list of staff as an office sends it: one row a post, with who holds it or "to be named". Names are never an identity.

What cannot be told apart is refused with its rows, before anything is kept: two people of one name without number or
birth date, one person on two posts, one telephone for many, a date that does not go with the day of the vote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kalata.text import fold
from kalata.training.rules.posts_refusals import (
    AfterThePoll,
    BadRow,
    EmptyList,
    Homonyms,
    MissingColumn,
    OnePersonTwoPosts,
    PostTwice,
    SharedTelephone,
)

COLUMNS = (
    "station", "position", "code", "name", "sex", "born", "phone", "languages", "proposed_by", "roll_number",
    "certificate_role", "certificate_version", "certificate_expires", "payment",
)  # fmt: skip
NEEDED = ("station", "position", "name")
SHARED = 4
"""People that one telephone serves without a question: a household, a station."""
OF_AGE = 18
SEXES = frozenset({"", "f", "m"})
YES, NO = frozenset({"1", "oui", "yes", "true"}), frozenset({"", "0", "non", "no", "false"})
TO_BE_NAMED = frozenset({"", "a nommer", "to be named", "a designer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """row: its number in the file. name "": the post is listed, its holder to be named."""

    row: int
    station: str
    position: str
    code: str = ""
    name: str = ""
    sex: str = ""
    born: date | None = None
    phone: str = ""
    languages: tuple[str, ...] = ()
    proposed_by: str = ""
    roll_number: int | None = None
    certificate_role: str = ""
    certificate_version: str = ""
    certificate_expires: date | None = None
    payment: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this person: the number of the service, else name and birth; () where only a name is given."""
        if self.code:
            return ("code", self.code)
        return ("name", fold(self.name), self.born.isoformat()) if self.born else ()


def needs(header: Sequence[str]) -> None:
    """POS-208 where a column that every list must have is not there."""
    for name in NEEDED:
        if name not in header:
            raise MissingColumn(name=name, known=", ".join(h for h in header if h)[:200])


def rows_of(cells: Iterable[tuple[int, Mapping[str, str]]], day_of: Callable[[str], date]) -> list[Row]:
    """Each row, read. day_of: a day as people write it, or ValueError. POS-201 names row and column."""
    return [row_of(number, row, day_of) for number, row in cells]


def row_of(number: int, cells: Mapping[str, str], day_of: Callable[[str], date]) -> Row:
    said = {name: (cells.get(name) or "").strip() for name in COLUMNS}

    def bad(field: str, form: str) -> BadRow:
        return BadRow(row=number, field=field, value=said[field][:60], form=form)

    def day(field: str) -> date | None:
        try:
            return day_of(said[field]) if said[field] else None
        except ValueError:
            raise bad(field, "1998-04-30") from None

    for field in ("station", "position"):
        if not said[field]:
            raise bad(field, "KAY-001, assessor-2")
    for field, most in (("station", 250), ("position", 60), ("code", 40), ("name", 200), ("phone", 30), ("proposed_by", 40), ("certificate_role", 40), ("certificate_version", 20)):  # fmt: skip
        if len(said[field]) > most:
            raise bad(field, f"≤ {most}")
    if said["sex"].casefold() not in SEXES:
        raise bad("sex", "F, M")
    if said["roll_number"] and not (said["roll_number"].isascii() and said["roll_number"].isdigit() and 0 < int(said["roll_number"]) < 100_000):  # fmt: skip
        raise bad("roll_number", "217")
    if (paid := fold(said["payment"])) not in YES | NO:
        raise bad("payment", "oui, non")
    named = fold(said["name"]) not in TO_BE_NAMED
    tongues = tuple(t.strip()[:20] for t in said["languages"].replace(",", ";").split(";") if t.strip())[:8]
    return Row(
        row=number, station=said["station"], position=said["position"].casefold(), code=said["code"],
        name=said["name"] if named else "", sex=said["sex"].casefold(), born=day("born"), phone=said["phone"],
        languages=tongues, proposed_by=said["proposed_by"].casefold(), certificate_role=said["certificate_role"],
        certificate_version=said["certificate_version"], certificate_expires=day("certificate_expires"),
        roll_number=int(said["roll_number"]) if said["roll_number"] else None, payment=paid in YES,
    )  # fmt: skip


def of_age(born: date, poll: date) -> bool:
    """Eighteen on the day of the vote; a birth on 29 February is reached on 1 March."""
    return (poll.year - born.year - ((poll.month, poll.day) < (born.month, born.day))) >= OF_AGE


def looked_at(rows: Sequence[Row], poll: date | None, *, shared_read: bool) -> list[Row]:
    """The rows that name somebody or a post to be named, once nothing in them is doubtful. POS-203 to POS-210.

    shared_read: a person says that telephones given for many people are really shared.
    """
    if not rows:
        raise EmptyList
    seen: dict[tuple[str, str], int] = {}
    for one in rows:
        if (first := seen.setdefault((one.station, one.position), one.row)) != one.row:
            raise PostTwice(first=first, row=one.row, position=one.position, station=one.station)
    named = [one for one in rows if one.name]
    told_apart(named)
    if not shared_read:
        telephones(named)
    if poll:
        dates(named, poll)
    return list(rows)


def told_apart(named: Sequence[Row]) -> None:
    """POS-204 for one name without anything to tell two people by; POS-205 for one person on two posts."""
    people: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    names: dict[str, list[Row]] = defaultdict(list)
    for one in named:
        names[fold(one.name)].append(one)
        if one.identity:
            people[one.identity].append(one)
    for same in people.values():
        if len(same) > 1:
            raise OnePersonTwoPosts(rows=listed(same), name=same[0].name)
    for same in names.values():
        if len(same) > 1 and any(not one.identity for one in same):
            raise Homonyms(rows=listed(same), name=same[0].name)


def telephones(named: Sequence[Row]) -> None:
    lines: dict[str, list[Row]] = defaultdict(list)
    for one in named:
        if digits := "".join(c for c in one.phone if c.isdigit()):
            lines[digits[-8:]].append(one)
    for same in lines.values():
        if len(same) > SHARED:
            raise SharedTelephone(rows=listed(same), n=len(same), phone=same[0].phone)


def dates(named: Sequence[Row], poll: date) -> None:
    for one in named:
        if one.born and not of_age(one.born, poll):
            raise AfterThePoll(row=one.row, field="born", value=one.born, poll=poll)
        if one.certificate_expires and one.certificate_expires.year > poll.year + 10:
            raise AfterThePoll(row=one.row, field="certificate_expires", value=one.certificate_expires, poll=poll)


def listed(rows: Sequence[Row]) -> str:
    return ", ".join(str(one.row) for one in rows[:12]) + ("…" if len(rows) > 12 else "")
