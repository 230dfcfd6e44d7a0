"""Difference constraints: x_v - x_u <= w, in minutes. Possible exactly where no cycle is negative.

Bellman-Ford from a source that reaches everything; a negative cycle names the constraints that
contradict each other. Weekdays are a lattice on top: bounds are pushed up to the next allowed day
until nothing moves, or until they pass what the other constraints allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DAY_MINUTES = 1440
INFINITE = 10**12


@dataclass(frozen=True, slots=True)
class Edge:
    """x_v <= x_u + w. norm: who asks it; "" for the order of things, which nobody can relax."""

    u: str
    v: str
    w: int
    norm: str = ""


def contradiction(edges: Sequence[Edge]) -> list[Edge]:
    """The edges of one negative cycle, in order; empty where the constraints can hold together."""
    dist: dict[str, int] = {}
    via: dict[str, Edge] = {}
    for e in edges:
        dist[e.u] = dist[e.v] = 0
    for turn in range(len(dist) + 1):
        moved = ""
        for e in edges:
            if dist[e.u] + e.w < dist[e.v]:
                dist[e.v] = dist[e.u] + e.w
                via[e.v] = e
                moved = e.v
        if not moved:
            return []
        if (turn % 4 == 3 or turn == len(dist)) and (found := cycle_of(via)):
            return found
    return cycle_of(via)


def cycle_of(via: Mapping[str, Edge]) -> list[Edge]:
    """A cycle of the parents' graph; empty where it is still a forest."""
    seen: dict[str, int] = {}
    for mark, start in enumerate(via, 1):
        node = start
        while node in via and node not in seen:
            seen[node] = mark
            node = via[node].u
        if node in via and seen.get(node) == mark:
            cycle, at = [], node
            while True:
                cycle.append(via[at])
                at = via[at].u
                if at == node:
                    return cycle[::-1]
    return []


def shortest(edges: Sequence[Edge], source: str) -> dict[str, int]:
    """Greatest lawful x_v - x_source of every node it bounds. Only for sets without contradiction."""
    out: dict[str, list[Edge]] = {}
    for e in edges:
        out.setdefault(e.u, []).append(e)
    dist = {source: 0}
    queue = [source]
    while queue:
        following: dict[str, None] = {}
        for node in queue:
            base = dist[node]
            for e in out.get(node, ()):
                if base + e.w < dist.get(e.v, INFINITE):
                    dist[e.v] = base + e.w
                    following[e.v] = None
        queue = list(following)
    return dist


def least(
    edges: Sequence[Edge], anchor: str, weekdays: Mapping[str, int], anchor_weekday: int
) -> tuple[dict[str, int] | None, list[str]]:
    """The least x_v - x_anchor of every node, on whole days of the asked weekdays.

    Returns (bounds, []) or (None, norms on the chain that cannot close). The anchor stands at 0 on
    `anchor_weekday`.
    """
    into: dict[str, list[Edge]] = {}
    for e in edges:
        into.setdefault(e.v, []).append(e)
    low = {anchor: 0}
    via: dict[str, Edge] = {}
    queue = [anchor]
    horizon = sum(abs(e.w) for e in edges) + 14 * DAY_MINUTES * (len(weekdays) + 2)
    while queue:
        following: dict[str, None] = {}
        for node in queue:
            for e in into.get(node, ()):  # x_node <= x_u + w, so x_u >= x_node - w
                bound = low[node] - e.w
                if e.u in weekdays:
                    bound = aligned(bound, weekdays[e.u], anchor_weekday)
                if bound <= low.get(e.u, -INFINITE):
                    continue
                via[e.u] = e
                if e.u == anchor or bound > horizon:
                    return None, chain_of(via, e.u)
                low[e.u] = bound
                following[e.u] = None
        queue = list(following)
    return low, []


def clash(edges: Sequence[Edge], weekdays: Mapping[str, int], pinned: str, pinned_weekday: int) -> list[str] | None:
    """The norms of a chain that cannot close once weekdays are obeyed; None where all can hold.

    Every node starts far below and is pushed up by its constraints to its next lawful day; where
    they can hold together this stops, where they cannot it climbs for ever. `pinned` (if any) stands
    at 0 on `pinned_weekday`; without it days of the week are counted from an arbitrary Monday.
    """
    into: dict[str, list[Edge]] = {}
    for e in edges:
        into.setdefault(e.v, []).append(e)
    nodes = nodes_of(edges)
    far = sum(abs(e.w) for e in edges) + 14 * DAY_MINUTES * (len(nodes) + 2)
    frame = pinned_weekday if pinned else 0
    low = {n: aligned(-far, weekdays[n], frame) if n in weekdays else -far for n in nodes}
    if pinned:
        low[pinned] = 0
    via: dict[str, Edge] = {}
    queue = list(nodes)
    while queue:
        following: dict[str, None] = {}
        for node in queue:
            for e in into.get(node, ()):
                bound = low[node] - e.w
                if e.u in weekdays:
                    bound = aligned(bound, weekdays[e.u], frame)
                if bound <= low[e.u]:
                    continue
                via[e.u] = e
                low[e.u] = bound
                if bound > far or e.u == pinned:
                    return chain_of(via, e.u)
                following[e.u] = None
        queue = list(following)
    return None


def aligned(minutes: int, weekday: int, anchor_weekday: int) -> int:
    """The first midnight at or after `minutes` that falls on `weekday`."""
    days = -(-minutes // DAY_MINUTES)
    return (days + (weekday - anchor_weekday - days) % 7) * DAY_MINUTES


def chain_of(via: Mapping[str, Edge], node: str) -> list[str]:
    norms: dict[str, None] = {}
    seen: set[str] = set()
    while node in via and node not in seen:
        seen.add(node)
        if via[node].norm:
            norms[via[node].norm] = None
        node = via[node].v
    return list(norms)


def nodes_of(edges: Iterable[Edge]) -> list[str]:
    return list(dict.fromkeys(n for e in edges for n in (e.u, e.v)))
