"""What a log has come to at one size, written down: the tree and the replay, without the reports themselves.

`rest` and `risen` are each other's inverse, to the byte: what a whole replay comes to and what was written down are
compared by their SHA-256. The bytes are for who wrote them, never for a stranger: reading them trusts them.
"""

from __future__ import annotations

import gc
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import starmap
from typing import Any

from kalata.transparency.rules.draws import Lots
from kalata.transparency.rules.listing import Indices
from kalata.transparency.rules.merkle import Tree
from kalata.transparency.rules.register import Area, Key, Place, Register, Zone
from kalata.transparency.rules.replay import Replay, Sum, Version

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
    """A replay and its tree as bytes: the same bytes for the same log. Words as JSON, hashes and numbers as they are."""
    flat = [version for versions in replay.history.values() for version in versions]
    areas = {area: n for n, area in enumerate(replay.register.expected | dict.fromkeys([*replay.sums, *replay.totals], 0))}
    lines = (replay.declarations, replay.keys, replay.rulings)
    words = {
        "head": [replay.size, replay.changed_at, replay.manifest],
        "areas": list(areas),
        "dirty": [areas[one] for one in sorted(replay.dirty)],
        "history": [[part for part, _station in replay.history], [station for _part, station in replay.history]],
        "why": [one.why for one in flat if one.excluded is not None],
        "sums": [[areas[area], one.figures, one.kept] for area, one in replay.sums.items()],
        "totals": [[areas[area], index, dict(entry)] for area, (index, entry) in replay.totals.items()],
        "lines": [[[index, dict(entry)] for index, entry in told] for told in lines],
        "versions": replay.versions,
        "batches": list(replay.batches.items()),
        "lots": [lots_told(one) for one in replay.lots],
        "register": register_told(replay.register, areas),
    }
    raw = [
        numbers(map(len, replay.history.values())),
        numbers(one.index for one in flat),
        numbers(-1 if one.excluded is None else one.excluded for one in flat),
        *(numbers(one.indices) for one in replay.sums.values()),
        *(b"".join(level) for level in tree.levels),
    ]
    text = json.dumps({**words, "raw": [len(one) for one in raw]}, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(8, "big"), text, *raw])


def numbers(of: Iterable[int]) -> bytes:
    return array("q", of).tobytes()


def lots_told(one: Lots) -> list[Any]:
    said = (None if entry is None else dict(entry) for entry in (one.entry, one.drawn, one.undone))
    return [*said, one.index, one.drawn_at, one.undone_at]


def register_told(register: Register, areas: Mapping[Area, int]) -> list[Any]:
    """Stations by column: a name once each, and the number of their chain of areas."""
    chains: dict[tuple[Area, ...], int] = {}
    rows = [
        (p.station, p.part, p.name, p.centre, p.registered, p.constituency, chains.setdefault(p.areas, len(chains)))
        for p in register.places.values()
    ]
    zones = [[z.level, z.code, z.name, z.kind, z.parent] for z in register.zones.values()]
    expected = [[areas[area], n] for area, n in register.expected.items()]
    return [list(zip(*rows, strict=True)), [[areas[a] for a in chain] for chain in chains], zones, expected, register.parts]


def risen(data: bytes, load: Callable[[str, str], Register], read: Read) -> tuple[Tree, Replay]:
    """The tree and the replay that `rest` wrote down. load: as a replay is given it. read: gives back an entry."""
    busy = gc.isenabled()
    gc.disable()  # millions of objects, none of them rubbish
    try:
        end = 8 + int.from_bytes(data[:8], "big")
        told = json.loads(data[8:end])
        raw: list[bytes] = []
        for length in told["raw"]:
            raw.append(data[end : end + length])
            end += length
        return rebuilt(told, raw, load, read)
    finally:
        if busy:
            gc.enable()


def rebuilt(
    told: Mapping[str, Any], raw: list[bytes], load: Callable[[str, str], Register], read: Read
) -> tuple[Tree, Replay]:
    areas: list[Area] = [(level, code) for level, code in told["areas"]]
    made = Replay(load)
    made.size, made.changed_at, manifest = told["head"]
    if manifest:
        made.named(manifest)
    made.dirty = {areas[n] for n in told["dirty"]}
    made.history, made.at = histories(told, raw[:3], read)
    sums = told["sums"]
    made.sums = {
        areas[n]: Sum(figures, kept, Indices.of(array("q", held)))
        for (n, figures, kept), held in zip(sums, raw[3:], strict=False)
    }
    made.totals = {areas[n]: (index, entry) for n, index, entry in told["totals"]}
    made.declarations, made.keys, made.rulings = ([(i, entry) for i, entry in lines] for lines in told["lines"])
    made.versions, made.batches = told["versions"], dict(told["batches"])
    made.lots = [
        Lots(index, entry, drawn, drawn_at, undone, undone_at)
        for entry, drawn, undone, index, drawn_at, undone_at in told["lots"]
    ]
    made.register = register_of(told["register"], areas)
    tree = Tree()
    tree.levels = [[level[i : i + 32] for i in range(0, len(level), 32)] for level in raw[3 + len(sums) :]]
    return tree, made


def register_of(told: list[Any], areas: list[Area]) -> Register:
    columns, chained, zones, expected, parts = told
    chains = [tuple(areas[n] for n in chain) for chain in chained]
    places: dict[Key, Place] = {}
    if columns:
        stations, of = columns[0], columns[1]
        every = zip(*columns[:6], (chains[n] for n in columns[6]), strict=True)
        places = dict(zip(zip(of, stations, strict=True), starmap(Place, every), strict=True))
    return Register(
        places,
        {(level, code): Zone(level, code, name, kind, tuple(parent) if parent else None) for level, code, name, kind, parent in zones},
        {areas[n]: count for n, count in expected},
        parts,
    )  # fmt: skip


def histories(told: Mapping[str, Any], raw: list[bytes], read: Read) -> tuple[dict[Key, list[Version]], dict[int, Key]]:
    counts, indices, excluded = (array("q", one) for one in raw)
    found: dict[Key, list[Version]] = {}
    at: dict[int, Key] = {}
    every, reasons = zip(indices, excluded, strict=True), iter(told["why"])
    for key, count in zip(zip(*told["history"], strict=True), counts, strict=True):
        versions = found[key] = []
        for _n in range(count):
            index, out = next(every)
            at[index] = key
            if out < 0:
                versions.append(Version(index, Kept(index, read)))
            else:
                versions.append(Version(index, Kept(index, read), out, next(reasons)))
    return found, at
