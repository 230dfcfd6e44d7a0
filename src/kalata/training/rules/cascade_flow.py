"""Classes of rows given to kinds of pairs: as many as can be, and where some cannot, the rows that prove it.

Pairs with the same reach and languages are one kind, whose capacity is what all of them can hold. A row that finds no
place walks from kind to row to kind (who serves it, whom that one serves) until a kind has a place left. When nothing has,
the rows it met need more than every kind that can teach any of them: Hall's condition broken, and by how much.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(slots=True)
class Flow:
    """needs by row, caps by kind, serves: kinds of each row in order of preference; given, holds: who teaches whom."""

    needs: list[int]
    caps: list[int]
    serves: Sequence[Sequence[int]]
    given: list[dict[int, int]] = field(init=False)
    holds: list[dict[int, int]] = field(init=False)
    left: list[int] = field(init=False)
    free: list[int] = field(init=False)
    undo: list[tuple[int, int, int]] | None = None

    def __post_init__(self) -> None:
        self.given = [{} for _r in self.needs]
        self.holds = [{} for _k in self.caps]
        self.left, self.free = list(self.needs), list(self.caps)

    def move(self, row: int, kind: int, n: int) -> None:
        """n classes more (or fewer) of a row by a kind."""
        for where, key in ((self.given[row], kind), (self.holds[kind], row)):
            after = where.get(key, 0) + n
            if after:
                where[key] = after
            else:
                where.pop(key, None)
        self.left[row] -= n
        self.free[kind] -= n
        if self.undo is not None:
            self.undo.append((row, kind, n))

    def filled(self) -> Flow:
        """As many as can be: each row takes what is free, then asks others to move."""
        for row in range(len(self.needs)):
            for kind in self.serves[row]:
                if not self.left[row]:
                    break
                if n := min(self.left[row], self.free[kind]):
                    self.move(row, kind, n)
        self.pressed(range(len(self.needs)))
        return self

    def pressed(self, rows: Iterable[int]) -> int | None:
        """Find a place for what is left of these rows; the first that has none, if one has not."""
        short = None
        for row in rows:
            while self.left[row] > 0:
                if not self.pushed(row):
                    short = row if short is None else short
                    break
        return short

    def walk(self, start: int) -> tuple[int | None, dict[int, int], dict[int, int]]:
        """(kind with a place left or None, row by which each kind was met, kind by which each row was met)."""
        by_kind: dict[int, int] = {}
        by_row: dict[int, int] = {start: -1}
        queue = deque([start])
        while queue:
            row = queue.popleft()
            for kind in self.serves[row]:
                if kind in by_kind:
                    continue
                by_kind[kind] = row
                if self.free[kind] > 0:
                    return kind, by_kind, by_row
                for other in self.holds[kind]:
                    if other not in by_row:
                        by_row[other] = kind
                        queue.append(other)
        return None, by_kind, by_row

    def pushed(self, start: int) -> bool:
        end, by_kind, by_row = self.walk(start)
        if end is None:
            return False
        steps = [(by_kind[end], end)]
        while by_row[steps[-1][0]] >= 0:
            kind = by_row[steps[-1][0]]
            steps.append((by_kind[kind], kind))
        n = min(self.left[start], self.free[end])
        for (row, _kind), (_before, through) in pairwise(steps):
            n = min(n, self.given[row][through])
        for (row, kind), (_before, through) in pairwise(steps):
            self.move(row, through, -n)
            self.move(row, kind, n)
        self.move(start, steps[-1][1], n)
        return True

    def drop(self, row: int) -> None:
        for kind, n in list(self.given[row].items()):
            self.move(row, kind, -n)
        self.left[row] = 0

    def back(self, row: int) -> None:
        """Undo what was done since `undo` was opened, `row` having been dropped."""
        done, self.undo = self.undo or [], None
        for moved, kind, n in reversed(done):
            self.move(moved, kind, -n)
        self.left[row] = self.needs[row] - sum(self.given[row].values())


def clashing(flow: Flow, start: int) -> list[int]:
    """Rows that need more than all kinds able to teach any of them, none of which can be taken out: by deletion.

    start: a row without a place in a full flow. Each row is taken out in order: where the rest still does not fit it stays
    out, and the rest becomes what its own row without a place meets; where the rest fits, it is needed and comes back.
    """
    met = flow.walk(start)[2]
    kept = sorted(met)
    inside = only(flow, kept)
    alive = set(range(len(kept)))
    without = [r for r in alive if inside.left[r]]
    for row in range(len(kept)):
        if row not in alive:
            continue
        left = inside.left[row]
        inside.undo = []
        inside.drop(row)
        short = inside.pressed(r for r in without if r != row)
        if short is None:
            inside.back(row)
            inside.left[row] = left
            continue
        inside.undo = None
        reached = set(inside.walk(short)[2])
        for other in alive - reached:
            inside.drop(other)
        alive &= reached
        without = [r for r in without if inside.left[r]]
    return [kept[r] for r in sorted(alive)]


def only(flow: Flow, rows: Collection[int]) -> Flow:
    """The same kinds for these rows alone, their places kept."""
    part = Flow([flow.needs[r] for r in rows], list(flow.caps), [flow.serves[r] for r in rows])
    for at, row in enumerate(rows):
        for kind, n in flow.given[row].items():
            part.move(at, kind, n)
    return part
