"""Lots as the log tells them: a promise (`lot`), the secret opened (`draw`), a new act that sets both aside (`undraw`).

A promise is for one tie that the log itself shows: lists of the manifest under a law that draws lots, with the votes
that the reports in force give them at that entry. The secret has the promised hash, and the order is the one that it
and the public number give. Two promises of one tie never stand together: nobody chooses the better one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LOT = "lot"
SHARES = "proportional"
"""The kind of contest in which the tied may have different votes: it is their quotients or remainders that are equal."""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def order_of(secret: str, public: str, lists: Sequence[int]) -> list[int]:
    """The lists in the order of the draw: by SHA-256 of `secret|public|number of the list`, smallest first."""
    return sorted(lists, key=lambda n: sha(f"{secret}|{public}|{n}"))


@dataclass(slots=True)
class Lots:
    """One promise and what became of it. drawn, undone: the entries that say so, with their indices."""

    index: int
    entry: Mapping[str, Any]
    drawn: Mapping[str, Any] | None = None
    drawn_at: int = -1
    undone: Mapping[str, Any] | None = None
    undone_at: int = -1

    @property
    def lists(self) -> list[int]:
        return [v["list"] for v in self.entry["votes"]]

    @property
    def holds(self) -> bool:
        """True where it was drawn and no act set it aside."""
        return self.drawn is not None and self.undone is None

    @property
    def tie(self) -> tuple[str, int, dict[int, int]]:
        return self.entry["constituency"], self.entry["places"], {v["list"]: v["n"] for v in self.entry["votes"]}


def promise(
    index: int,
    entry: Mapping[str, Any],
    before: Sequence[Lots],
    system: Mapping[str, Any],
    known: Sequence[int],
    votes: Callable[[str], Sequence[int] | None],
) -> Lots:
    """A `lot` entry. votes: of a constituency ("": the whole), by place on the ballot; None where there is none.
    Raises ValueError where it makes no sense."""
    made = Lots(index, entry)
    if system.get("tie_rule") != LOT:
        raise ValueError("the law of the manifest draws no lots")
    if before and entry["number"] <= before[-1].entry["number"]:
        raise ValueError("the number of a promise is above those before it")
    if len(made.lists) <= entry["places"] or any(n not in known for n in made.lists):
        raise ValueError("lots part more lists of the ballot than there are places")
    sums = votes(entry["constituency"])
    if sums is None or any(sums[known.index(v["list"])] != v["n"] for v in entry["votes"]):
        raise ValueError("the tied do not have these votes in the reports in force")
    counts = {v["n"] for v in entry["votes"]}
    if 0 in counts or (len(counts) > 1 and system.get("kind") != SHARES):
        raise ValueError("these lists are not tied")
    if any(old.undone is None and old.tie == made.tie for old in before):
        raise ValueError("this tie has a promise already")
    return made


def opened(index: int, entry: Mapping[str, Any], made: Lots | None) -> None:
    """A `draw` entry. Raises ValueError where it does not open its promise."""
    if made is None or made.drawn is not None or made.undone is not None:
        raise ValueError("it opens no promise that waits")
    secret, public = entry["secret"], entry["public"]
    if "|" in secret or "|" in public or sha(secret) != made.entry["promise"]:
        raise ValueError("it is not the promised secret")
    if entry["order"] != order_of(secret, public, made.lists):
        raise ValueError("it is not the order of this secret and this number")
    made.drawn, made.drawn_at = entry, index


def undone(index: int, entry: Mapping[str, Any], made: Lots | None) -> None:
    """An `undraw` entry. Raises ValueError where there is nothing to undo."""
    if made is None or made.undone is not None:
        raise ValueError("it undoes no promise that stands")
    made.undone, made.undone_at = entry, index
