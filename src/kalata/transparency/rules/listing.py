"""The indices that count in an area: count, sum and SHA-256 of their ascending list, kept as they come and go.

`plainly` says the same from nothing, in one line; tests hold one against the other. A list of a million asked again
after one change costs the text of one run of it and the hashing of what follows.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

RUN = 1_024
"""Indices in one run at most twice this: their text is written again when one of them comes or goes."""


def plainly(indices: Iterable[int]) -> dict[str, Any]:
    """count, sum and SHA-256 of an ascending list of indices: decimal, one a line."""
    found = sorted(indices)
    data = "".join(f"{i}\n" for i in found).encode()
    return {"count": len(found), "sum": sum(found), "sha256": hashlib.sha256(data).hexdigest()}


class Indices:
    """A growing and shrinking set of indices, each once."""

    __slots__ = ("before", "count", "runs", "sum", "texts")

    def __init__(self, indices: Iterable[int] = ()) -> None:
        """runs: ascending, none empty. texts: of each run, None where it changed. before: the hash of the runs before
        each; as long as what of it still holds."""
        self.runs: list[array[int]] = []
        self.texts: list[bytes | None] = []
        self.before: list[Any] = [hashlib.sha256()]
        self.count = self.sum = 0
        for index in sorted(indices):
            self.add(index)

    @classmethod
    def of(cls, ascending: array[int]) -> Indices:
        """Of indices that are ascending already, each once: a copy instead of a search each."""
        made = cls()
        made.runs = [ascending[i : i + RUN] for i in range(0, len(ascending), RUN)]
        made.texts = [None] * len(made.runs)
        made.count, made.sum = len(ascending), sum(ascending)
        return made

    def __iter__(self) -> Iterator[int]:
        return (index for run in self.runs for index in run)

    def __reduce__(self) -> tuple[Any, ...]:
        """As another process is given it: without what can be made again."""
        return Indices, (array("q", self),)

    def place(self, index: int) -> int:
        """The run where an index is or would be: the last that begins at or before it."""
        if not self.runs or self.runs[-1][0] <= index:
            return len(self.runs) - 1
        return max(bisect_left(self.runs, index + 1, key=lambda run: run[0]) - 1, 0)

    def changed(self, at: int) -> None:
        self.texts[at] = None
        del self.before[at + 1 :]

    def add(self, index: int) -> None:
        """Raises ValueError: it is there."""
        at = self.place(index)
        if at < 0:
            self.runs.append(array("q"))
            self.texts.append(None)
            at = 0
        run = self.runs[at]
        if not run or run[-1] < index:
            run.append(index)
        else:
            here = bisect_left(run, index)
            if run[here] == index:
                raise ValueError(f"{index} is there already")
            run.insert(here, index)
        self.changed(at)
        if len(run) > 2 * RUN:
            self.runs[at : at + 1] = [run[:RUN], run[RUN:]]
            self.texts[at : at + 1] = [None, None]
        self.count += 1
        self.sum += index

    def discard(self, index: int) -> None:
        """Take it out; nothing where it is not there."""
        at = self.place(index)
        if at < 0:
            return
        run = self.runs[at]
        here = bisect_left(run, index)
        if here == len(run) or run[here] != index:
            return
        run.pop(here)
        self.changed(at)
        if not run:
            del self.runs[at], self.texts[at]
        self.count -= 1
        self.sum -= index

    def told(self) -> dict[str, Any]:
        """What `plainly` says of them."""
        for at in range(len(self.before) - 1, len(self.runs)):
            text = self.texts[at]
            if text is None:
                text = self.texts[at] = ("\n".join(map(str, self.runs[at])) + "\n").encode()
            state = self.before[at].copy()
            state.update(text)
            self.before.append(state)
        return {"count": self.count, "sum": self.sum, "sha256": self.before[-1].hexdigest()}
