"""What a log has come to at one size, written down: the tree and the replay, without the reports themselves.

`rest` and `risen` are each other's inverse, to the byte: what a whole replay comes to and what was written down are
compared by their SHA-256. The bytes are for who wrote them, never for a stranger: reading them trusts them.
"""

from __future__ import annotations

import gc
import marshal
from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kalata.transparency.rules.draws import Lots
from kalata.transparency.rules.listing import Indices
from kalata.transparency.rules.merkle import Tree
from kalata.transparency.rules.register import Area, Key, Place, Register, Zone
from kalata.transparency.rules.replay import Replay, Sum, Version

FORM = 2
"""Of `marshal`: the last in which equal values are equal bytes, whoever else holds them."""
Read = Callable[[int], Mapping[str, Any]]
"""Gives the entry of an index."""


class Kept(Mapping[str, Any]):
    """An entry that is read again when it is asked for: a number in memory instead of a hundred objects."""

    __slots__ = ("index", "read")

    def __init__(self, index: int, read: Read) -> None:
        self.index, self.read = index, read

    def __getitem__(self, name: str) -> Any:
        return self.read(self.index)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.read(self.index))

    def __len__(self) -> int:
        return len(self.read(self.index))


def rest(tree: Tree, replay: Replay) -> bytes:
    """A replay and its tree as bytes: the same bytes for the same log."""
    flat = [version for versions in replay.history.values() for version in versions]
    return marshal.dumps(
        (
            tuple(b"".join(level) for level in tree.levels),
            (replay.size, replay.changed_at, replay.manifest, sorted(replay.dirty)),
            (
                list(replay.history),
                numbers(len(versions) for versions in replay.history.values()),
                numbers(one.index for one in flat),
                numbers(-1 if one.excluded is None else one.excluded for one in flat),
                [one.why for one in flat if one.excluded is not None],
            ),
            [(area, one.figures, one.kept, numbers(one.indices)) for area, one in replay.sums.items()],
            [(area, index, dict(entry)) for area, (index, entry) in replay.totals.items()],
            [
                [(index, dict(entry)) for index, entry in told]
                for told in (replay.declarations, replay.keys, replay.rulings)
            ],
            (replay.versions, replay.batches, [lots_told(one) for one in replay.lots]),
            register_told(replay.register),
        ),
        FORM,
    )


def numbers(of: Any) -> bytes:
    return array("q", of).tobytes()


def lots_told(one: Lots) -> tuple[Any, ...]:
    said = (None if entry is None else dict(entry) for entry in (one.entry, one.drawn, one.undone))
    return (one.index, one.drawn_at, one.undone_at, *said)


def register_told(register: Register) -> tuple[Any, ...]:
    chains: dict[tuple[Area, ...], int] = {}
    places = [
        (p.station, p.part, p.name, p.centre, p.registered, p.constituency, chains.setdefault(p.areas, len(chains)))
        for p in register.places.values()
    ]
    zones = [(z.level, z.code, z.name, z.kind, z.parent) for z in register.zones.values()]
    return list(chains), places, zones, register.expected, register.parts


def risen(data: bytes, load: Callable[[str, str], Register], read: Read) -> tuple[Tree, Replay]:
    """The tree and the replay that `rest` wrote down. load: as a replay is given it. read: gives back an entry."""
    busy = gc.isenabled()
    gc.disable()  # millions of objects, none of them rubbish
    try:
        return rebuilt(marshal.loads(data), load, read)  # noqa: S302  ours: the caller has checked its seal
    finally:
        if busy:
            gc.enable()


def rebuilt(told: tuple[Any, ...], load: Callable[[str, str], Register], read: Read) -> tuple[Tree, Replay]:
    levels, head, history, sums, totals, lines, rest_of, register = told
    tree = Tree()
    tree.levels = [[level[i : i + 32] for i in range(0, len(level), 32)] for level in levels]
    made = Replay(load)
    made.size, made.changed_at, manifest, dirty = head
    if manifest:
        made.named(manifest)
    made.dirty = set(dirty)
    made.history, made.at = histories(history, read)
    made.sums = {area: Sum(figures, kept, Indices.of(array("q", held))) for area, figures, kept, held in sums}
    made.totals = {area: (index, entry) for area, index, entry in totals}
    made.declarations, made.keys, made.rulings = lines
    made.versions, made.batches, lots = rest_of
    made.lots = [Lots(index, entry, drawn, drawn_at, undone, undone_at) for index, drawn_at, undone_at, entry, drawn, undone in lots]  # fmt: skip
    chains, places, zones, expected, parts = register
    made.register = Register(
        {(p[1], p[0]): Place(p[0], p[1], p[2], p[3], p[4], p[5], chains[p[6]]) for p in places},
        {(z[0], z[1]): Zone(*z) for z in zones},
        expected,
        parts,
    )
    return tree, made


def histories(told: tuple[Any, ...], read: Read) -> tuple[dict[Key, list[Version]], dict[int, Key]]:
    keys, counts, indices, excluded, whys = told
    found: dict[Key, list[Version]] = {}
    at: dict[int, Key] = {}
    every = zip(array("q", indices), array("q", excluded), strict=True)
    reasons = iter(whys)
    for key, count in zip(keys, array("q", counts), strict=True):
        versions = found[key] = []
        for _n in range(count):
            index, out = next(every)
            at[index] = key
            if out < 0:
                versions.append(Version(index, Kept(index, read)))
            else:
                versions.append(Version(index, Kept(index, read), out, next(reasons)))
    return found, at
