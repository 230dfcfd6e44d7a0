"""The seven points of admissibility in one bar: a letter a point, in the order of the checklist.

It says what the last checklist said, and no more: where none was drawn, every point is still to be examined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kalata.country.rules.remedies import ITEMS
from kalata.text import gettext_noop as _

from .checklist import ITEM_LABELS
from .clocks import State

LETTERS: Mapping[State, str] = {
    State.MET: "m", State.NOT_MET: "n", State.CURABLE: "c", State.DISPUTED: "d", State.UNKNOWN: "u",
}  # fmt: skip
UNSEEN = "u" * len(ITEMS)
CLASSES: Mapping[str, str] = {"m": "", "n": "x", "c": "w", "d": "w", "u": "o"}
"""How a letter is drawn; `LEGEND` says each drawing in words."""
LEGEND: tuple[tuple[str, str], ...] = (
    ("", _("rempli")), ("w", _("à discuter ou à régulariser")), ("x", _("non rempli")), ("o", _("à examiner")),
)  # fmt: skip


def letters(items: Iterable[Mapping[str, object]]) -> str:
    """The bar of a checklist as it was kept. A point that it does not name is to be examined."""
    said = {str(i["item"]): LETTERS[State(str(i["state"]))] for i in items}
    return "".join(said.get(name, "u") for name in ITEMS)


@dataclass(frozen=True, slots=True)
class Bar:
    """marks: a drawing a point; met: how many are met; open: labels of the points that are not, in order."""

    marks: tuple[str, ...]
    met: int
    open: tuple[str, ...]
    drawn: bool
    """False: nobody has drawn the checklist."""


def bar(word: str) -> Bar:
    shown = word or UNSEEN
    left = tuple(ITEM_LABELS[name] for name, letter in zip(ITEMS, shown, strict=True) if letter != "m")
    return Bar(tuple(CLASSES[one] for one in shown), shown.count("m"), left if word else (), bool(word))
