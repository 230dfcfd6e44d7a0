"""A cascade within a time limit: exact without travel; with it, routes that are tried and, where it is there, a solver that proves.

What comes out was looked at class by class: a plan that does not hold is never given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from kalata.training.cascade_solver import solve
from kalata.training.rules.cascade import Answer, Bound, Conflict, Kind, Plan
from kalata.training.rules.cascade_routes import Board, best_routes
from kalata.training.rules.cascade_solving import Kinds, conflicts, exactly, faults_of, kinds_of, room_lack
from kalata.training.rules.cascade_ways import (
    NewPairs,
    Way,
    added_to,
    by_pairs,
    by_rooms,
    together,
    way_of_class,
    ways_out,
)

TRIES = 25
"""Larger classes, or more days, tried one after another where travel counts."""
SHARE = 0.4
"""Of the time, for the first question to the solver."""


@dataclass(frozen=True, slots=True)
class Found:
    """together: rooms and pairs, where neither is enough alone."""

    answer: Answer
    ways: tuple[Way, ...] = ()
    together: tuple[Way, ...] = ()


def solved(plan: Plan, limit: float) -> Found:
    """The answer within `limit` seconds, and the ways out where it does not hold."""
    found = travelled(plan, limit) if plan.travel_days else still(plan)
    if faults := faults_of(found.answer.plan, found.answer.classes):
        raise AssertionError(faults[:3])
    return found


def still(plan: Plan) -> Found:
    answer = exactly(plan)
    if answer.feasible:
        return Found(answer)
    return Found(answer, tuple(ways_out(plan)), tuple(together(plan)))


def travelled(plan: Plan, limit: float) -> Found:
    """Where travel counts: what clashes without it clashes with it; else routes, else the solver, else nothing is proved."""
    until = time.monotonic() + limit
    kinds = kinds_of(plan)
    clash = conflicts(plan, kinds)
    board = best_routes(plan, kinds)
    needs = sum(plan.needs())
    if clash:
        bound = Bound(proved=True, served_at_most=len(exactly(plan).classes))
        answer = Answer(plan, board.classes(), clash[0], tuple(clash[1:]), bound)
        return Found(answer, tuple(ways(plan, until, clash[0].kind)))
    if not sum(board.left):
        return Found(Answer(plan, board.classes()))
    board, most = asked(plan, kinds, board, limit * SHARE)
    if not sum(board.left):
        return Found(Answer(plan, board.classes()))
    proved = most < needs
    rows = [r for r, n in enumerate(plan.needs()) if n]
    minimal = False
    if proved:
        rows, most, minimal = fewest(plan, kinds, most, until - limit * SHARE)
    asked_for = sum(plan.needs()[r] for r in rows)
    has = most if proved else len(board.placed)
    named = tuple((plan.rows[r].area, plan.rows[r].language) for r in rows)
    conflict = Conflict(Kind.PAIRS, named, asked_for, has, kinds.able(rows))
    bound = Bound(proved, needs - conflict.shortfall if proved else needs, minimal)
    return Found(Answer(plan, board.classes(), conflict, (), bound), tuple(ways(plan, until, Kind.PAIRS)))


def asked(plan: Plan, kinds: Kinds, board: Board, limit: float) -> tuple[Board, int]:
    """A fuller board where the solver finds one, and how many classes no plan exceeds."""
    found = solve(plan, kinds, range(len(plan.rows)), limit)
    needs = sum(plan.needs())
    if found is None:
        return board, needs
    if len(found.placed) > len(board.placed):
        board = Board(plan, kinds)
        for row, first, pair in found.placed:
            board.put(row, first, pair)
    return board, min(found.most, needs)


def fewest(plan: Plan, kinds: Kinds, most: int, until: float) -> tuple[list[int], int, bool]:
    """Rows that are proved not to fit, each taken out that is not needed for it; whether none is left that could be."""
    needs = plan.needs()
    rows, minimal = [r for r, n in enumerate(needs) if n], True
    for row in list(rows):
        rest = [r for r in rows if r != row]
        left = until - time.monotonic()
        found = solve(plan, kinds, rest, max(left / 4, 0.2)) if left > 0 else None
        if found is None:
            minimal = False
        elif found.most < sum(needs[r] for r in rest):
            rows, most = rest, found.most
        elif len(found.placed) < sum(needs[r] for r in rest):
            minimal = False
    return rows, most, minimal


def holds(plan: Plan, until: float) -> bool | None:
    """Whether a plan with travel holds; None where that is not known in time."""
    kinds = kinds_of(plan)
    if conflicts(plan, kinds):
        return False
    board = best_routes(plan, kinds)
    if not sum(board.left):
        return True
    left = until - time.monotonic()
    if left <= 0:
        return None
    board, most = asked(plan, kinds, board, max(left / 8, 0.2))
    return True if not sum(board.left) else False if most < sum(plan.needs()) else None


def ways(plan: Plan, until: float, kind: Kind) -> list[Way]:
    """Ways out where travel counts; `proved` only where every smaller value was proved not to do."""
    most = max((r.trainees for r in plan.rows), default=0)
    size = smallest(range(plan.class_max + 1, min(most, plan.class_max + TRIES) + 1), lambda n: replace(plan, class_max=n), until)  # fmt: skip
    days = smallest(range(len(plan.days) + 1, len(plan.days) + TRIES + 1), lambda n: longer(plan, n), until)
    out = [way_of_class(plan, *size)] if size else []
    out += [Way("days", to=days[0], priced=False, proved=days[1])] if days else []
    if kind is Kind.PAIRS and (more := more_pairs(plan, until)):
        out.append(by_pairs(plan, more, proved=False))
    if kind is Kind.ROOMS:
        lack = room_lack(plan, plan.needs(), plan.slots)
        way = replace(by_rooms(plan, {a: -(-n // plan.slots) for a, n in lack.items()}), proved=False)
        out += [way] if holds(added_to(plan, way), until) else []
    return out


def smallest(values: Sequence[int], made: Callable[[int], Plan], until: float) -> tuple[int, bool] | None:
    proved = True
    for value in values:
        if time.monotonic() > until:
            return None
        found = holds(made(value), until)
        if found:
            return value, proved
        proved = proved and found is False
    return None


def longer(plan: Plan, days: int) -> Plan:
    """The same with more teaching days at the end, one after another."""
    last = plan.days[-1] if plan.days else None
    if last is None:
        return plan
    more = tuple(last + timedelta(n) for n in range(1, days - len(plan.days) + 1))
    return replace(plan, days=(*plan.days, *more))


def more_pairs(plan: Plan, until: float) -> tuple[NewPairs, ...]:
    """Pairs of one area and language with which the routes find a place for all; none can be spared by the same routes."""
    added: dict[tuple[str, str], int] = {}

    def board() -> Board:
        more = tuple(NewPairs(a, lang, n) for (a, lang), n in sorted(added.items()) if n)
        new = added_to(plan, Way("pairs", pairs=more))
        return best_routes(new, kinds_of(new))

    for _n in range(TRIES):
        left = board().left
        if time.monotonic() > until:
            return ()
        if not sum(left):
            break
        for row, n in zip(plan.rows, left, strict=True):
            if n:
                key = (row.area, row.language)
                added[key] = added.get(key, 0) + -(-n // plan.slots)
    else:
        return ()
    for key in sorted(added):
        while added[key]:
            if time.monotonic() > until:
                return ()  # one could perhaps be spared: not said
            added[key] -= 1
            if sum(board().left):
                added[key] += 1
                break
    return tuple(NewPairs(a, lang, n) for (a, lang), n in sorted(added.items()) if n)
