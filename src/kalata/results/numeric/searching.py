"""Words looked up in many short texts: all of them end to end, so that one search of the whole does it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kalata.results.numeric.table import Ints

END = "\n"
"""Between two texts: no folded text holds one."""


class Search:
    """Texts that `fold` has made; `rows` says which hold some words."""

    def __init__(self, texts: Iterable[str]) -> None:
        held = list(texts)
        self.whole = END.join(held)
        lengths = np.fromiter((len(t) + 1 for t in held), np.int64, len(held))
        self.ends: Ints = np.cumsum(lengths)

    def __getitem__(self, row: int) -> str:
        return self.whole[int(self.ends[row - 1]) if row else 0 : int(self.ends[row]) - 1]

    def rows(self, words: str) -> Ints:
        """The rows whose text holds these folded words, in order."""
        if not words:
            return np.arange(len(self.ends))
        places = np.fromiter(self.places(words), np.int64)
        return np.unique(np.searchsorted(self.ends, places, side="right"))

    def places(self, words: str) -> Iterator[int]:
        at = self.whole.find(words)
        while at >= 0:
            yield at
            at = self.whole.find(words, at + 1)
