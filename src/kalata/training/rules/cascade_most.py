"""The plan that serves as many classes as can be when not all can: rooms of each area and pairs together (Dinic's flow)."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence


class Net:
    """Arcs with what they can still carry; the arc back of arc i is i ^ 1."""

    def __init__(self, nodes: int) -> None:
        self.out: list[list[int]] = [[] for _n in range(nodes)]
        self.to: list[int] = []
        self.left: list[int] = []

    def arc(self, start: int, end: int, most: int) -> int:
        self.out[start].append(len(self.to))
        self.out[end].append(len(self.to) + 1)
        self.to += (end, start)
        self.left += (most, 0)
        return len(self.to) - 2

    def levels(self, source: int, sink: int) -> list[int] | None:
        level = [-1] * len(self.out)
        level[source] = 0
        queue = deque([source])
        while queue:
            node = queue.popleft()
            for arc in self.out[node]:
                if self.left[arc] and level[self.to[arc]] < 0:
                    level[self.to[arc]] = level[node] + 1
                    queue.append(self.to[arc])
        return level if level[sink] >= 0 else None

    def flood(self, source: int, sink: int) -> None:
        while level := self.levels(source, sink):
            turn = [0] * len(self.out)
            path: list[int] = []
            node = source
            while True:
                if node == sink:
                    n = min(self.left[arc] for arc in path)
                    for arc in path:
                        self.left[arc] -= n
                        self.left[arc ^ 1] += n
                    path, node = [], source
                    continue
                arcs = self.out[node]
                while turn[node] < len(arcs):
                    arc = arcs[turn[node]]
                    if self.left[arc] and level[self.to[arc]] == level[node] + 1:
                        break
                    turn[node] += 1
                if turn[node] < len(arcs):
                    path.append(arcs[turn[node]])
                    node = self.to[path[-1]]
                elif path:
                    node = self.to[path.pop() ^ 1]
                    turn[node] += 1
                else:
                    break


def most_served(
    needs: Sequence[int], caps: Sequence[int], serves: Sequence[Sequence[int]], area_of: Sequence[int], rooms: Sequence[int]
) -> list[dict[int, int]]:  # fmt: skip
    """For each row, how many of its classes each kind teaches: the sum over all is the greatest there is.

    rooms: classes that each area can hold in all.
    """
    rows, areas = len(needs), len(rooms)
    source, sink = 0, 1
    area, row, kind = 2, 2 + areas, 2 + areas + rows
    net = Net(kind + len(caps))
    for a, most in enumerate(rooms):
        net.arc(source, area + a, most)
    for k, most in enumerate(caps):
        net.arc(kind + k, sink, most)
    given: list[list[tuple[int, int]]] = []
    for r, need in enumerate(needs):
        net.arc(area + area_of[r], row + r, need)
        given.append([(k, net.arc(row + r, kind + k, need)) for k in serves[r]])
    net.flood(source, sink)
    return [{k: n for k, arc in arcs if (n := net.left[arc ^ 1])} for arcs in given]
