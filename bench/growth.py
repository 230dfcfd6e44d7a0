"""How cost grows with the country: each work at several sizes, in seconds of processor, and its exponent.

A work that doubles when the country doubles has the exponent 1. `python -m bench growth`; KALATA_BENCH_SIZES="10000 25000
100000" asks for other sizes. Each (work, size) is measured in a process of its own; the figures are kept in
.bench/growth.json, and the next run says the ratio to them.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.lines import line, not_measured

KEPT = Path(__file__).resolve().parents[1] / ".bench" / "growth.json"
SIZES = "2500 10000 25000"
PARTS = ("log", "house")
GOALS: dict[str, tuple[str, float]] = {
    "log: append of one entry, with every total": ("cpu", 0.050),
    "log: sequencer started again": ("cpu", 3.0),
    "first page after a change": ("cpu", 1.0),
    "page of stations": ("cpu", 0.150),
    "search of a station": ("cpu", 0.150),
    "page of stations, sorted": ("cpu", 0.150),
    "page of the whole": ("cpu", 0.150),
    "one-row correction: file, dry run, commit": ("cpu", 0.1),
    "  another, the register in memory": ("cpu", 0.1),
    "  as served": ("cpu", 1.0),
}
"""What is measured -> ("cpu", seconds at most at the greatest size)."""
EXPONENT = 1.05


def sizes() -> list[int]:
    return sorted(int(n) for n in os.environ.get("KALATA_BENCH_SIZES", SIZES).split())


def exponent(small: tuple[int, float], great: tuple[int, float]) -> float:
    """Of the power of N by which a cost grows between two sizes."""
    return math.log(max(great[1], 1e-9) / max(small[1], 1e-9)) / math.log(great[0] / small[0])


def measured(part: str, size: int) -> dict[str, float]:
    """CPU seconds by what was done, from a process of its own; {} where it did not end well."""
    ran = subprocess.run(
        [sys.executable, "-m", f"bench.growth_{part}", str(size)], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        not_measured.append(f"{part} at {size}: {ran.stderr.strip().splitlines()[-1:]}")
        return {}
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


def measure(parts: tuple[str, ...] = PARTS) -> None:
    load = " ".join(f"{n:.1f}" for n in os.getloadavg())
    last: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    print(f"load of the machine {load}; {'compared with the last kept run' if last else 'no kept run to compare with'}")
    kept = dict(last)
    for part in parts:
        at = {size: measured(part, size) for size in sizes()}
        for what in dict.fromkeys(name for found in at.values() for name in found):
            told(what, {size: found[what] for size, found in at.items() if what in found}, last)
            kept[what] = {str(size): found[what] for size, found in at.items() if what in found}
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def told(what: str, found: dict[int, float], last: dict[str, Any]) -> None:
    """A line for the figures, one for the exponent, each beside its goal."""
    shown = " / ".join(f"{seconds:.3g}" for seconds in found.values())
    great = max(found)
    before = last.get(what, {}).get(str(great))
    ratio = f" ({found[great] / before:.2f} x last)" if before else ""
    _kind, most = GOALS.get(what, ("cpu", 0.0))
    goal, held = (f"<= {most} s at {great:,}", found[great] <= most) if most else ("", None)
    line(what, f"{shown} s{ratio}", goal, held, of=len(found), least=len(sizes()))
    if len(found) > 1:
        power = exponent((min(found), found[min(found)]), (great, found[great]))
        steady = power <= EXPONENT or (most > 0 and found[great] <= most)
        line("  its exponent", f"{power:.2f}", f"<= {EXPONENT}, or the cost above", steady)
