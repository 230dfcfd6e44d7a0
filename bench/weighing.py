"""What the Court weighs, on 24,697 stations: a decision recomputed with its annexes, the smallest set that changes it.

CPU time, beside what one plain sum of the same numbers costs here, so that machines compare.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from kalata.disputes.rules.effect import recompute
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.minimal import smallest
from kalata.disputes.rules.places import Place
from kalata.results.rules.boxes import Box, Standing
from kalata.results.rules.systems import Kind, System

STATIONS, OPTIONS = 24_697, 8


def election(seed: int = 1) -> Election:
    """A presidential first round of about 6.5 million votes, won at once."""
    chance = random.Random(seed)
    votes = [[chance.randint(60, 260) if j == 0 else chance.randint(0, 200 // (j + 1)) for _s in range(STATIONS)] for j in range(OPTIONS)]  # fmt: skip
    valid = [sum(row) for row in zip(*votes, strict=True)]
    nulls = [chance.randint(0, 20) for _s in range(STATIONS)]
    voters = [v + n for v, n in zip(valid, nulls, strict=True)]
    registered = [v + chance.randint(0, 300) for v in voters]
    return Election(
        contest="bench",
        system=System(Kind.TWO_ROUND_MAJORITY),
        options=tuple(f"Liste {j}" for j in range(OPTIONS)),
        boxes=(Box.REGISTERED, Box.VOTERS, Box.NULL_BALLOTS, Box.VALID),
        keys=[(f"{i:05d}",) for i in range(STATIONS)],
        areas=[(f"R{i % 20}", f"C{i % 819}") for i in range(STATIONS)],
        standing=[int(Standing.COUNTED)] * STATIONS,
        figures=[registered, voters, nulls, valid],
        votes=votes,
    )


def cpu(what: Callable[[], Any], times: int = 5) -> float:
    """The least CPU time of a few runs, in seconds."""
    best = float("inf")
    for _n in range(times):
        start = time.process_time()
        what()
        best = min(best, time.process_time() - start)
    return best


def measure(line: Callable[..., None]) -> None:
    base = election()
    plain = cpu(lambda: [sum(column) for column in [*base.figures, *base.votes]])

    def decision() -> None:
        half = [list(key) for key in base.keys[::2]]
        acts = [{"id": "1", "act": "ANNUL_STATION", "stations": half}]
        done = recompute(base.with_(), {"decision": "bench", "acts": acts})
        assert len(done.record()["annexes"][0]["rows"]) == len(half) and done.digest

    def least() -> None:
        found = smallest(place(base))
        assert found.exact and found.size > 100

    def place(one: Election) -> Place:
        return Place(one, 0, range(STATIONS))

    base.outcomes  # noqa: B018  (what is in force is known before anything is weighed)
    for what, took, goal in (("half of 24,697 annulled, annexes, digest", cpu(decision), 1.0), ("smallest set of 24,697 stations", cpu(least), 0.05)):  # fmt: skip
        line(f"{what}: CPU seconds", f"{took:.3f} ({took / plain:.0f} x a plain sum)", f"<= {goal}", took <= goal)
