"""The outside view: elections that cost something comparable, with the year of their prices and the weakness of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kalata.text import Message
from kalata.text import gettext_noop as _

PARTS = ("carte", "bulletin", "distribution")
RANGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:-([0-9]+(?:\.[0-9]+)?))?")


@dataclass(frozen=True, slots=True)
class Comparable:
    country: str
    year: str
    event: str
    stage: str
    amount: tuple[Fraction, Fraction] | None
    """In milliards of francs, from and to."""
    per_voter: tuple[Fraction, Fraction] | None
    """In francs of that year."""
    flag: str
    source: str
    note: str
    weaknesses: tuple[Message, ...]

    @property
    def executed(self) -> bool:
        return self.stage.startswith("execut")

    @property
    def whole(self) -> bool:
        """A whole election, not one thing bought for it."""
        return not any(word in self.event.casefold() for word in PARTS)


def range_of(text: str) -> tuple[Fraction, Fraction] | None:
    met = RANGE.fullmatch(text.strip())
    return (Fraction(met[1]), Fraction(met[2] or met[1])) if met else None


def comparables_of(rows: Iterable[Mapping[str, str]]) -> list[Comparable]:
    return [comparable(row) for row in rows]


def comparable(row: Mapping[str, str]) -> Comparable:
    one = Comparable(
        row.get("country", ""), row.get("year", ""), row.get("event", ""), row.get("stage", ""), range_of(row.get("amount_xof_bn", "")),
        range_of(row.get("xof_per_voter", "")), row.get("flag", ""), row.get("source", ""), row.get("note", ""), (),
    )  # fmt: skip
    found = [Message(_("prix de %(year)s, non actualisés"), {"year": one.year})]
    if not one.executed:
        found.append(Message(_("annoncé ou prévu, pas dépensé")))
    if not one.whole:
        found.append(Message(_("une partie de l’élection seulement")))
    if one.per_voter is None:
        found.append(Message(_("sans nombre d’électeurs")))
    if "faible" in one.note.casefold():
        found.append(Message(_("source faible")))
    return replace(one, weaknesses=tuple(found))


@dataclass(frozen=True, slots=True)
class Class:
    """What the comparable elections say: n whole ones with a cost per voter, executed among them, the spread, ours among them."""

    n: int
    executed: int
    low: Fraction | None
    high: Fraction | None
    above: int
    """Of the n, those whose cost per voter is wholly above ours."""
    pairs: tuple[Fraction, ...]
    """Executed over planned, of one country and year: what an uplift would rest on."""


def class_of(found: Sequence[Comparable], ours: Fraction | None) -> Class:
    usable = [c for c in found if c.whole and c.per_voter]
    bounds = [c.per_voter for c in usable if c.per_voter]
    pairs = tuple(
        did.amount[0] / said.amount[1]
        for did in found
        for said in found
        if did.executed and said.stage == "prevision" and did.amount and said.amount
        and (did.country, did.year, did.event) == (said.country, said.year, said.event)
    )  # fmt: skip
    return Class(
        len(usable), sum(c.executed for c in usable), min((b[0] for b in bounds), default=None), max((b[1] for b in bounds), default=None),
        sum(b[0] > ours for b in bounds) if ours is not None else 0, pairs,
    )  # fmt: skip
