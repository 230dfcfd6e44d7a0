"""Classes placed one after another where pairs lose days on the road: routes first, then those who stay, then what is left.

No proof is made here: what it places holds, what it leaves may still have a place (`kalata.training.cascading` says which).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kalata.training.rules.cascade import Class, Pair, Plan, Scope
from kalata.training.rules.cascade_flow import Flow
from kalata.training.rules.cascade_solving import Kinds, seated

ORDERS = ("most", "fitting", "least")
"""How a pair on the road chooses where it goes next."""


@dataclass(slots=True)
class Board:
    """Days of each pair and rooms taken of each area, as classes are placed."""

    plan: Plan
    kinds: Kinds
    left: list[int] = field(init=False)
    placed: list[tuple[int, int, str]] = field(default_factory=list)
    """(row, first day, pair)."""
    stays: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    taken: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left = self.plan.needs()
        self.taken = {a: [0] * len(self.plan.days) for a in self.plan.areas}

    def room(self, area: str, first: int) -> bool:
        most = self.plan.areas[area].rooms
        return all(n < most for n in self.taken[area][first : first + self.plan.class_days])

    def can(self, pair: str, area: str, first: int) -> bool:
        days, travel = self.plan.class_days, self.plan.travel_days
        for begun, where in self.stays.get(pair, ()):
            gap = days + (travel if where != area else 0)
            if begun - gap < first < begun + gap:
                return False
        return self.room(area, first)

    def put(self, row: int, first: int, pair: str) -> None:
        area = self.plan.rows[row].area
        self.placed.append((row, first, pair))
        self.left[row] -= 1
        self.stays.setdefault(pair, []).append((first, area))
        for day in range(first, first + self.plan.class_days):
            self.taken[area][day] += 1

    def classes(self) -> tuple[Class, ...]:
        """With rooms: the earliest begun class takes the lowest room that is free, which never needs more than there are."""
        until: dict[str, list[int]] = {}
        out = []
        for row, first, pair in sorted(self.placed, key=lambda c: (c[1], c[0], c[2])):
            rooms = until.setdefault(self.plan.rows[row].area, [])
            room = next((i for i, end in enumerate(rooms) if end <= first), len(rooms))
            rooms[room : room + 1] = [first + self.plan.class_days]
            out.append((row, first, room + 1, pair))
        return seated(self.plan, out)


def routed(plan: Plan, kinds: Kinds, order: str) -> Board:
    """A board on which as much as this order finds a place for has one."""
    board = Board(plan, kinds)
    if not plan.slots:
        return board
    flow = Flow(plan.needs(), kinds.caps(plan.slots), kinds.serves).filled()
    goes = [k for k, alike in enumerate(kinds.pairs) if alike[0].scope is not Scope.AREA]
    shares = [sum(flow.given[r].get(k, 0) for k in goes) + flow.left[r] for r in range(len(plan.rows))]
    by_kind: dict[int, list[int]] = {}
    for row, able in enumerate(kinds.serves):
        for k in able:
            by_kind.setdefault(k, []).append(row)
    for k in goes:
        for pair in kinds.pairs[k]:
            travel(board, pair, by_kind.get(k, ()), shares, order)
    at_home(board)
    fill(board)
    return board


def travel(board: Board, pair: Pair, rows: Sequence[int], shares: list[int], order: str) -> None:
    """One pair's way: it stays where work is left, else goes where `order` says."""
    plan, day, here = board.plan, 0, ""
    while day + plan.class_days <= len(plan.days):
        best: tuple[tuple[int, int], int, int] | None = None
        for row in rows:
            if not shares[row]:
                continue
            area = plan.rows[row].area
            first = day + (plan.travel_days if here and here != area else 0)
            last = len(plan.days) - plan.class_days
            first = next((d for d in range(first, last + 1) if board.room(area, d)), last + 1)
            if first > last:
                continue
            able = (len(plan.days) - first) // plan.class_days
            rank = {"most": -shares[row], "fitting": abs(able - shares[row]), "least": shares[row]}[order]
            key = (0 if area == here else 1, rank)
            if best is None or key < best[0]:
                best = (key, row, first)
        if best is None:
            return
        _key, row, first = best
        board.put(row, first, pair.code)
        shares[row] -= 1
        day, here = first + plan.class_days, plan.rows[row].area


def at_home(board: Board) -> None:
    """Those who stay: day after day, whoever has most classes before them takes the rooms that are left."""
    plan, kinds = board.plan, board.kinds
    stays = [k for k, alike in enumerate(kinds.pairs) if alike[0].scope is Scope.AREA]
    known = set(stays)
    serves = [[k for k in able if k in known] for able in kinds.serves]
    flow = Flow(list(board.left), kinds.caps(plan.slots), serves).filled()
    work: dict[str, list[tuple[str, list[int]]]] = {}
    for k in stays:
        rows = [r for r, n in sorted(flow.holds[k].items()) for _c in range(n)]
        alike = kinds.pairs[k]
        for i, pair in enumerate(alike):
            own = rows[i * len(rows) // len(alike) : (i + 1) * len(rows) // len(alike)]
            if own:
                work.setdefault(pair.home, []).append((pair.code, own))
    for area, pairs in sorted(work.items()):
        for day in range(len(plan.days) - plan.class_days + 1):
            for code, own in sorted(pairs, key=lambda p: (-len(p[1]), p[0])):
                if own and board.can(code, area, day):
                    board.put(own.pop(0), day, code)


def fill(board: Board) -> None:
    """What is left, wherever a pair able to teach it has a day and the area a room."""
    plan, kinds = board.plan, board.kinds
    for row, able in enumerate(kinds.serves):
        area = plan.rows[row].area
        for k in able:
            for pair in kinds.pairs[k]:
                for day in range(len(plan.days) - plan.class_days + 1):
                    if not board.left[row]:
                        break
                    if board.can(pair.code, area, day):
                        board.put(row, day, pair.code)


def best_routes(plan: Plan, kinds: Kinds) -> Board:
    """The fullest of the boards that each order makes; the first that is full."""
    best: Board | None = None
    for order in ORDERS:
        board = routed(plan, kinds, order)
        if best is None or sum(board.left) < sum(best.left):
            best = board
        if not sum(best.left):
            break
    assert best is not None
    return best
