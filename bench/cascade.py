"""The cascade of the nation and the readiness of every post: seconds of processor, beside reading the same files once."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.lines import line
from kalata.training.cascading import solved
from kalata.training.commands.cascade import read
from kalata.training.rules.cascade_telling import record
from kalata.training.rules.readiness import COLUMNS, Position, Rules, readiness_of
from kalata.training.rules.rows import table_of
from tests.training.cascades import broken
from tests.training.rules.test_cascade import PLANTED, minimal
from tests.training.test_cascade_command import nation
from tests.training.test_statistics_commands import cascade as answers
from tests.training.test_statistics_commands import found_in


def cpu(act: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _n in range(times):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return min(taken)


def planned(line: Callable[..., None] = line) -> None:
    """24,416 stations, 816 communes, three languages: planned, and refuted when a few classes are too many."""
    with tempfile.TemporaryDirectory() as folder:
        path = nation(Path(folder), lambda n, chance: [chance.choice(("bm|fr", "bm|fr|ff", "fr|ff"))] * (n * 24 // 1000 + 1))  # fmt: skip
        plan = read(str(path))
        taken = cpu(lambda: solved(read(str(path)), 60))
        once = cpu(lambda: [list(csv.DictReader((Path(folder) / f).open())) for f in ("areas.csv", "pairs.csv")])
        line("national cascade: seconds of processor", f"{taken:.2f} s", "<= 60 s", taken <= 60)
        line("  ratio to reading its files once", f"{taken / once:.0f} x", "said, not promised")
        faults = broken(record(solved(plan, 60).answer, (), ()), plan)
        line("  pairs or rooms booked twice, by a checker apart", str(len(faults)), "0", not faults)
        rest = "\n".join(["pair,home,scope,languages", *(f"N{i},,national,bm|fr|ff" for i in range((sum(plan.needs()) - 1) // 9))])  # fmt: skip
        (Path(folder) / "pairs.csv").write_text(rest, encoding="utf-8")
        short = read(str(path))
        taken = cpu(lambda: solved(short, 60), 1)
        line("  the same, short of a few classes: conflict and ways out", f"{taken:.2f} s", "<= 60 s", taken <= 60)
    held = sum(
        (found := record(solved(p, 60).answer, (), ()))["conflict"]["rows"] == rows and minimal(p, found["conflict"])
        for _said, p, _kind, rows, _lack in PLANTED
    )
    line("planted impossibilities named by a minimal set of rows", f"{held} of {len(PLANTED)}", "10 of 10", held == len(PLANTED))  # fmt: skip


def readiness(line: Callable[..., None] = line) -> None:
    """122,080 posts."""
    chance = random.Random(1)
    rows = [",".join(COLUMNS)]
    for n in range(122_080):
        holder = "" if chance.random() < 0.03 else f"P{n}"
        rows.append(f"S{n // 5:05d},{'president' if n % 5 == 0 else 'assessor'},{holder},A{n},2027-02-10,{'president' if n % 5 == 0 else 'assessor'},3,2027-12-31,yes,")  # fmt: skip
    text = "\n".join(rows)
    rules = Rules({r: Position(r, frozenset("3")) for r in ("president", "assessor")}, date(2027, 2, 13))
    taken = cpu(lambda: readiness_of(table_of(text, "posts", COLUMNS), rules, date(2027, 2, 28)))
    once = cpu(lambda: list(csv.reader(text.splitlines())))
    line("readiness of 122,080 posts: seconds of processor", f"{taken:.2f} s", "<= 1 s", taken <= 1)
    line("  ratio to reading the rows once", f"{taken / once:.1f} x", "said, not promised")


def dilution(line: Callable[..., None] = line) -> None:
    """A branch that lost twelve points, and 200 cascades that lost nothing."""
    large = {"sessions": 12, "persons": 30, "items": 20, "spread": 0.02}
    seen = [found_in(answers(random.Random(s), 0.12, **large))["drops"] for s in range(12)]
    named = sum(any(d["branch"] == "B3" for d in drops) for drops in seen)
    false = sum(bool(found_in(answers(random.Random(s), sessions=3, persons=6, items=5))["drops"]) for s in range(200))
    line("a branch that lost 12 points named", f"{named} of 12", "12 of 12", named == 12)
    line("200 runs in which nothing was lost: runs that name a drop", str(false), "<= 10", false <= 10)


def measure(line: Callable[..., None] = line) -> None:
    planned(line)
    readiness(line)
    dilution(line)
