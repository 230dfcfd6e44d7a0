"""Who teaches what on which day: every class its slot, no pair and no room twice in one, by colouring the edges of pairs and rooms.

A pair has at most as many classes as there are slots, and so has a room: by König's theorem that many colours are enough.
A class that finds no colour free at both its ends makes one by swapping two colours along a path that ends at neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Edge = tuple[int, int]
"""(pair, room)."""


def coloured(edges: Sequence[Edge], slots: int) -> list[int]:
    """The slot of each edge, the earliest free ones first; every node has at most `slots` edges."""
    at: dict[tuple[int, int], dict[int, int]] = {}
    """(side, node) -> slot -> edge."""
    free: dict[tuple[int, int], int] = {}
    colour = [-1] * len(edges)
    whole = (1 << slots) - 1

    def lowest(bits: int) -> int:
        return (bits & -bits).bit_length() - 1

    def put(edge: int, slot: int) -> None:
        colour[edge] = slot
        for side in (0, 1):
            node = (side, edges[edge][side])
            at[node][slot] = edge
            free[node] &= ~(1 << slot)

    def taken(edge: int) -> None:
        for side in (0, 1):
            node = (side, edges[edge][side])
            at[node].pop(colour[edge])
            free[node] |= 1 << colour[edge]

    for edge, (pair, room) in enumerate(edges):
        here, there = (0, pair), (1, room)
        for node in (here, there):
            at.setdefault(node, {})
            free.setdefault(node, whole)
        common = free[here] & free[there]
        if not common:
            first, second = lowest(free[here]), lowest(free[there])
            path: list[int] = []
            node, slot = there, first
            while slot in at[node]:  # alternates first, second; parity keeps it away from `here`
                path.append(at[node][slot])
                side = 1 - node[0]
                node, slot = (side, edges[path[-1]][side]), first + second - slot
            was = [colour[e] for e in path]
            for e in path:
                taken(e)
            for e, c in zip(path, was, strict=True):
                put(e, first + second - c)
            common = 1 << first
        put(edge, lowest(common))
    return colour


def shared_out(given: Mapping[int, int], pairs: int, slots: int, evenly: bool) -> list[tuple[int, int]]:
    """(row, which pair of the kind) of each class, rows in order: evenly, or one pair after another so that few travel."""
    rows = [row for row, n in sorted(given.items()) for _c in range(n)]
    if not evenly:
        return [(row, i // slots) for i, row in enumerate(rows)]
    used = min(pairs, len(rows)) or 1
    return [(row, i * used // len(rows)) for i, row in enumerate(rows)]
