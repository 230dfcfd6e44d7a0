"""Legal time: a two-round calendar recomputed, a conflict among 200 norms found, the reference case."""

from __future__ import annotations

import itertools
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from kalata.country import packs
from kalata.deadlines.holidays import days_off_of
from kalata.deadlines.rules.calendar import build
from kalata.deadlines.rules.explaining import explain
from kalata.deadlines.rules.feasibility import Bound, Problem, sentence, solve
from kalata.deadlines.rules.graph import DAY_MINUTES as D
from kalata.deadlines.rules.lawbook import Lawbook, lawbook
from kalata.deadlines.rules.lines import VOTE, Given, Moment, Standing
from kalata.deadlines.rules.steps import Roll


def median_ms(act: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _n in range(times):
        start = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def whole(book: Lawbook, rolled: bool) -> Lawbook:
    """Every norm of the pack at once, whatever its version: more lines than any real calendar."""
    norms = []
    for norm in book.norms:
        counting = norm.counting
        if rolled and counting is not None and not counting.by_clock:
            counting = replace(counting, roll=Roll.NEXT)
        norms.append(replace(norm, valid=(None, None), counting=counting))
    return replace(book, norms=tuple(norms))


def two_rounds() -> Given:
    def planned(day: date) -> Moment:
        return Moment(day, day, Standing.PLANNED)

    events = {
        (VOTE, 1): planned(date(2026, 5, 24)),
        (VOTE, 2): planned(date(2026, 6, 28)),
        ("END_OF_TERM", 0): planned(date(2026, 7, 10)),
        ("FINAL_RESULTS", 1): planned(date(2026, 6, 3)),
        ("PROVISIONAL_CANDIDATE_LIST", 0): planned(date(2026, 4, 20)),
        ("CONVENING_DECREE_PUBLISHED", 0): planned(date(2026, 2, 10)),
    }
    return Given(rounds=2, events=events, days_off=days_off_of("ML", 2023, 2032))


def conflict_of(count: int) -> Problem:
    """`count` norms that can hold together but for a cycle of six spread among them."""
    chance = random.Random(7)
    bounds = []
    for i in range(count - 6):
        u = chance.randrange(0, count // 4)
        v = u + chance.randrange(1, 6)
        bounds.append(Bound(f"n{i}", f"e{u}", f"e{v}", 0, (v - u) * 30 * D, rank=chance.randrange(1, 6)))
    chain = [f"e{i}" for i in (0, 9, 17, 28, 41)]
    for i, (u, v) in enumerate(itertools.pairwise(chain)):
        bounds.append(Bound(f"least{i}", u, v, 20 * D, None, rank=4))
    bounds.append(Bound("constitution", chain[-1], "end", 21 * D, 21 * D, 6, rank=6))
    bounds.append(Bound("law", chain[0], "end", None, 60 * D, rank=4))
    chance.shuffle(bounds)
    return Problem(tuple(bounds), weekdays={"e0": 6})


REFERENCE = Problem(
    (
        Bound("provisional", "J1", "PROV", None, 5 * D),
        Bound("counting", "J1", "PROV", 2 * D, None),
        Bound("petitions", "PROV", "FINAL", 2 * D, None),
        Bound("final", "J1", "FINAL", None, 12 * D),
        Bound("constitution", "FINAL", "J2", 21 * D, 21 * D),
        Bound("art152", "J1", "J2", 14 * D, 14 * D),
    )
)


def run(line: Callable[..., None]) -> None:
    book = lawbook(packs.load_pack(packs.find_pack("ml")).sections)
    given = two_rounds()
    for rolled, name in ((False, "as the pack counts"), (True, "every rule rolled, estimated feasts")):
        every = whole(book, rolled)
        lines = build(every, "presidential", given).lines
        took = median_ms(lambda every=every: build(every, "presidential", given))
        line(f"calendar of two rounds, {len(lines)} lines, {name}", f"{took:.1f} ms", "<= 50 ms", took <= 50)
    every = whole(book, False)
    built = build(every, "presidential", given)
    took = median_ms(lambda: [s.message.text("fr") for x in built.lines for s in explain(x, every)])
    line("  every line of it explained in French", f"{took:.1f} ms", "-")
    problem = conflict_of(200)
    answer = solve(problem)
    took = median_ms(lambda: [m.text("fr") for m in sentence(solve(problem), problem)])
    what = f"conflict of {len(answer.conflict)} norms among 200, shortfall {answer.shortfall_days} days, in words"
    line(what, f"{took:.1f} ms", "<= 50 ms", took <= 50 and not answer.feasible)
    answer = solve(REFERENCE)
    took = median_ms(lambda: solve(REFERENCE), 200)
    right = answer.shortfall_days == 11 and len(answer.conflict) == 4
    line("art. 152 / Constitution: four norms, 11 days", f"{1000 * took:.0f} us", "4 norms, 11 days", right)
    command = [
        sys.executable,
        "-m",
        "kalata",
        "deadlines",
        "calendar",
        "--vote",
        "2027-02-28",
        "--rounds",
        "2",
        "--json",
    ]
    took = median_ms(lambda: subprocess.run(command, check=True, capture_output=True), 5)
    line("kalata deadlines calendar, whole process", f"{took:.0f} ms", "<= 600 ms", took <= 600)
