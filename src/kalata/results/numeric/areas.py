"""Sums of every area at once, and what is said of one made only when it is asked. Pure.

A country has ten times more areas than a page shows: the sums of all of them are one addition of columns, an object for
each of them is what costs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from kalata.results.numeric.table import AreaSum, Ints, Path, Table, as_sum, contributions, group_sums

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lazily(Mapping[K, V], Generic[K, V]):
    """A value for each key, made from its line of sums the first time it is asked."""

    def __init__(self, at: Mapping[K, int], sums: Ints, make: Callable[[K, list[int]], V]) -> None:
        self.at, self.sums, self.make = at, sums, make
        self.made: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = self.make(key, self.sums[self.at[key]].tolist())
        return found

    def __iter__(self) -> Iterator[K]:
        return iter(self.at)

    def __len__(self) -> int:
        return len(self.at)

    def __contains__(self, key: object) -> bool:
        return key in self.at


@dataclass(frozen=True, slots=True)
class Shape:
    """How the paths of a table lie in each other. at: path -> its line in the sums, () the first, then level by level,
    as they are met. inside, lift: of each level, the paths as deep, and which area of that level each lies in."""

    at: dict[Path, int]
    inside: list[Ints]
    lift: list[Ints]
    sizes: list[int]


def shape_of(paths: Sequence[Path]) -> Shape:
    at: dict[Path, int] = {(): 0}
    made = Shape(at, [], [], [])
    for level in range(1, max((len(p) for p in paths), default=0) + 1):
        first = len(at)
        inside = [i for i, p in enumerate(paths) if len(p) >= level]
        heads = [at.setdefault(paths[i][:level], len(at)) for i in inside]
        made.inside.append(np.array(inside, np.int64))
        made.lift.append(np.array(heads, np.int64) - first)
        made.sizes.append(len(at) - first)
    return made


def lifted(table: Table, columns: Ints) -> tuple[dict[Path, int], Ints]:
    """(path of every area -> its line, the sums of its stations' columns line by line), () for the whole first."""
    shape = table.shape or shape_of(table.paths)
    leaves = group_sums(table.area, len(table.paths), columns, table.area_order)
    parts = [leaves.sum(axis=0, keepdims=True)]
    for inside, lift, size in zip(shape.inside, shape.lift, shape.sizes, strict=True):
        parts.append(group_sums(lift, size, leaves[inside]))
    return shape.at, np.concatenate(parts)


def by_unit(table: Table) -> tuple[AreaSum, Mapping[int, AreaSum]]:
    """(the whole, the totals of each area by the number that ends its path): what `pyramid` says, as it is asked."""
    at, sums = lifted(table, contributions(table))
    path_of = {int(path[-1]): path for path in at if path}
    lines = {unit: at[path] for unit, path in path_of.items()}
    whole = as_sum(table, (), sums[0].tolist())
    return whole, Lazily(lines, sums, lambda unit, line: as_sum(table, path_of[unit], line))
