"""Totals that a reader adds up by hand, and what explains a gap between them: no sum is left unexplained.

A national page shows voters, ballots, null and valid votes. Where two of these sums differ, the difference is made
of stations where the paper itself does not balance (E01, E02, E03 name them) and of stations where one of the boxes
is empty. A `Balance` holds both parts; they add up to the gap exactly. Pure: works on whole numbers and on columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

from .boxes import ABSENT, Box


@dataclass(frozen=True, slots=True)
class Rule:
    """left and right: boxes to add on each side ("votes": the sum of the votes); may: added where the form has them."""

    code: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    label: str
    may: tuple[str, ...] = ()

    def fits(self, figures: Mapping[str, Any]) -> bool:
        return all(name in figures for name in (*self.left, *self.right))


BALANCES = (
    Rule("E03", (Box.BALLOTS.value,), (Box.VOTERS.value,), _("Bulletins dans l’urne %(left)d, votants %(right)d : écart %(gap)d.")),
    Rule("E02", (Box.VALID.value, Box.NULL_BALLOTS.value), (Box.BALLOTS.value,), _("Exprimés, nuls, blancs et annulés %(left)d, bulletins %(right)d : écart %(gap)d."), (Box.BLANK_BALLOTS.value, Box.ANNULLED_VOTES.value)),
    Rule("E01", ("votes",), (Box.VALID.value,), _("Somme des voix %(left)d, suffrages exprimés %(right)d : écart %(gap)d.")),
)  # fmt: skip
"""code: the check of the registry that names the stations."""


def sides(rule: Rule, figures: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    """(left, right, left - right, are all its boxes filled) of whole numbers or of columns; an empty box adds 0."""
    totals, filled = [], True
    for names in ((*rule.left, *(n for n in rule.may if n in figures)), rule.right):
        total: Any = 0
        for name in names:
            there = figures[name] != ABSENT
            total = total + figures[name] * there
            if name not in rule.may:
                filled = filled & there
        totals.append(total)
    return totals[0], totals[1], totals[0] - totals[1], filled


@dataclass(frozen=True, slots=True)
class Balance:
    """Two totals, and the parts of their gap: stations with more on the left, with less, with an empty box."""

    rule: Rule
    left: int = 0
    right: int = 0
    more_stations: int = 0
    more: int = 0
    less_stations: int = 0
    less: int = 0
    empty_stations: int = 0
    empty: int = 0

    @property
    def gap(self) -> int:
        return self.left - self.right

    @property
    def even(self) -> bool:
        """Nothing to explain: equal, and in every station."""
        return not (self.gap or self.more_stations or self.less_stations or self.empty_stations)

    @property
    def stations(self) -> int:
        return self.more_stations + self.less_stations + self.empty_stations

    def sentences(self) -> list[Message]:
        """The gap, then its parts; empty where there is nothing to explain."""
        if self.even:
            return []
        out = [Message(self.rule.label, {"left": self.left, "right": self.right, "gap": self.gap})]
        for n, amount, text in (
            (self.more_stations, self.more, _("Bureaux en plus : %(n)d, pour %(gap)d.")),
            (self.less_stations, self.less, _("Bureaux en moins : %(n)d, pour %(gap)d.")),
            (
                self.empty_stations,
                self.empty,
                _("Bureaux où l’une des cases est vide ou n’est pas retenue : %(n)d, pour %(gap)d."),
            ),
        ):
            if n:
                out.append(Message(text, {"n": n, "gap": amount}))
        return out

    def record(self) -> dict[str, Any]:
        return {
            "check": self.rule.code, "left": self.left, "right": self.right, "gap": self.gap,
            "more": {"stations": self.more_stations, "sum": self.more}, "less": {"stations": self.less_stations, "sum": self.less},
            "empty": {"stations": self.empty_stations, "sum": self.empty},
        }  # fmt: skip
