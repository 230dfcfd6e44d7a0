"""`make bench`: each named figure, measured on this machine, as a ratio to its goal or its peer.

Nothing here is a test and nothing fails on time: it prints what was measured. Real files are
read from the reference data beside the checkout; where they are absent the line says so.
ARGS="tabulate store" runs some of them.
"""

from __future__ import annotations

import gzip
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHARED = Path(os.environ.get("KALATA_SHARED", Path(__file__).resolve().parents[2] / "shared" / "data"))
MEXICO = SHARED / "results" / "mexico-2012-presidential" / "stations.csv.gz"
PROFILE = Path(__file__).resolve().parents[1] / "tests" / "profiles" / "mexico-2012.yaml"
DUCK = """
import duckdb, sys
duckdb.connect().execute(f"select edo_id, distrito_fed_12, count(*), sum(pri_pvem), sum(pan), sum(panal), sum(prd_pt_mc), sum(otros), sum(total), sum(ln) from read_csv('{sys.argv[1]}') group by all").fetchall()
"""


def line(what: str, got: str, goal: str, held: bool | None = None) -> None:
    mark = {True: "held", False: "NOT HELD", None: ""}[held]
    print(f"{what:<68}{got:>22}   goal {goal:<26}{mark}", flush=True)


def process(args: list[str]) -> tuple[float, float]:
    """Wall seconds and peak MiB of a whole process."""
    start = time.perf_counter()
    child = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, _status, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return time.perf_counter() - start, used.ru_maxrss / 1024


def tabulate() -> None:
    """Whole process against DuckDB reading and grouping the same file once, in turns."""
    if not MEXICO.exists():
        return line("tabulate 143,132 stations", "no file", "-")
    ours = [sys.executable, "-m", "kalata", "results", "tabulate", str(MEXICO), "--profile", str(PROFILE), "--json"]
    theirs = [sys.executable, "-c", DUCK, str(MEXICO)]
    times = [(process(ours), process(theirs)) for _n in range(5)]
    best, peak = min(t[0][0] for t in times), max(t[0][1] for t in times)
    ratio = statistics.median(t[0][0] / t[1][0] for t in times)
    line("tabulate 143,132 stations, all levels, whole process: seconds", f"{best:.2f} s", "<= 3 s", best <= 3)
    line("  its peak memory", f"{peak:.0f} MiB", "<= 400 MiB", peak <= 400)
    line("  ratio to DuckDB reading and grouping once (median of 5)", f"{ratio:.2f} x", "<= 2.5 x", ratio <= 2.5)


def synthetic(path: Path, stations: int = 25_000, options: int = 20) -> list[str]:
    chance = random.Random(1)
    names = [f"Liste {i:02d}" for i in range(1, options + 1)]
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.write("region,cercle,commune,bureau,inscrits,votants,bulletins,nuls,exprimes," + ",".join(names) + "\n")
        for i in range(stations):
            votes = [chance.randint(0, 30) for _o in names]
            valid, null = sum(votes), chance.randint(0, 9)
            out.write(
                f"R{i % 10},C{i % 160},K{i % 800},{i:06d},{valid + null + 150},{valid + null},{valid + null},{null},{valid},{','.join(map(str, votes))}\n"
            )
    return names


def store() -> None:
    """Import, recomputation, pages and export of 25,000 stations x 20 options on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"KALATA_VAR": folder, "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1"}
        path = Path(folder) / "f.csv.gz"
        names = synthetic(path)
        inside = [sys.executable, "-m", "bench.inside", str(path), ",".join(names)]
        subprocess.run(inside, check=True)
        subprocess.run([sys.executable, "-m", "bench.export"], check=True)


def deadlines() -> None:
    from bench import legal_time

    legal_time.run(line)


def tally() -> None:
    from bench import tally as desks

    desks.run(line)


def forms() -> None:
    from bench import tally as desks

    desks.forms(line)


def night() -> None:
    from bench import tally as desks

    desks.night(line)


def site() -> None:
    """The public log and site of 25,000 stations."""
    from bench import transparency

    transparency.measure(line)


def kills() -> None:
    """The sequencer killed at any moment."""
    from bench import log_kills

    log_kills.measure(line)


def main() -> None:
    wanted = sys.argv[1:] or ["tabulate", "store", "deadlines", "tally", "forms", "night", "site", "kills"]
    print(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )
    for name in wanted:
        globals()[name]()


if __name__ == "__main__":
    main()
