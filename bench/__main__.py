"""`make bench`: each named figure, measured on this machine, as a ratio to its goal or its peer.

Nothing here is a test and nothing fails on time: it prints what was measured. Real files are
read from the reference data beside the checkout; where they are absent the line says so.
A check that had nothing, or too little, to check is NOT MEASURED, never held, and the exit
status is then 1. ARGS="tabulate store" runs some of them.
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

from bench.lines import line, not_measured

SHARED = Path(os.environ.get("KALATA_SHARED", Path(__file__).resolve().parents[2] / "shared" / "data"))
MEXICO = SHARED / "results" / "mexico-2012-presidential" / "stations.csv.gz"
PROFILE = Path(__file__).resolve().parents[1] / "tests" / "profiles" / "mexico-2012.yaml"
DUCK = """
import duckdb, sys
duckdb.connect().execute(f"select edo_id, distrito_fed_12, count(*), sum(pri_pvem), sum(pan), sum(panal), sum(prd_pt_mc), sum(otros), sum(total), sum(ln) from read_csv('{sys.argv[1]}') group by all").fetchall()
"""


def inside(*args: str) -> None:
    """A part of the bench in a process of its own; exit status 3: something in it was not measured."""
    status = subprocess.run([sys.executable, "-m", *args], check=False).returncode
    if status:
        not_measured.append(f"{args[0]}: exit status {status}")


def process(args: list[str]) -> tuple[float, float, bool]:
    """Wall seconds and peak MiB of a whole process, and whether it did its work (status 0, or 1: findings)."""
    start = time.perf_counter()
    child = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return time.perf_counter() - start, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status) in (0, 1)


def tabulate() -> None:
    """Whole process against DuckDB reading and grouping the same file once, in turns."""
    if not MEXICO.exists():
        return line("tabulate 143,132 stations", "no file", "-", of=0)
    ours = [sys.executable, "-m", "kalata", "results", "tabulate", str(MEXICO), "--profile", str(PROFILE), "--json"]
    theirs = [sys.executable, "-c", DUCK, str(MEXICO)]
    times = [(process(ours), process(theirs)) for _n in range(5)]
    whole = sum(ours_did and theirs_did for (*_o, ours_did), (*_t, theirs_did) in times)
    best, peak = min(t[0][0] for t in times), max(t[0][1] for t in times)
    ratio = statistics.median(t[0][0] / t[1][0] for t in times)
    line(
        "tabulate 143,132 stations, all levels, whole process: seconds",
        f"{best:.2f} s",
        "<= 3 s",
        best <= 3,
        of=whole,
        least=5,
    )
    line("  its peak memory", f"{peak:.0f} MiB", "<= 400 MiB", peak <= 400, of=whole, least=5)
    line(
        "  ratio to DuckDB reading and grouping once (median of 5)",
        f"{ratio:.2f} x",
        "<= 2.5 x",
        ratio <= 2.5,
        of=whole,
        least=5,
    )


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
        inside("bench.inside", str(path), ",".join(names))
        inside("bench.export")
        os.environ["KALATA_VAR"] = f"{folder}/corrections"
        inside("bench.corrections")


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
    """The sequencer killed at any moment; then any process of a house at work."""
    from bench import log_kills, tally

    log_kills.measure(line)
    tally.kills(line)


def nodes() -> None:
    """Two machines on one PostgreSQL, 300 clerks, one machine killed."""
    from bench import nodes as two

    two.measure(line)


def slow() -> None:
    """64 clients that send and read slowly, beside others that do not."""
    from bench import slow_clients

    slow_clients.measure(line)


def bounds() -> None:
    """20,000 small elections, every content of what is missing or contested tried: false "secured", tightness."""
    from tests.rules.small_elections import survey

    seen = survey(1, 20_000)
    wrong = seen["false"] + seen["overstated"] + seen["wrong"]
    line("20,000 small elections: false « secured », wrong verdicts", str(wrong), "0", wrong == 0)
    tight = 100 * (seen["open"] - seen["cautious"]) / seen["open"]
    line("  « open » where a content does change the outcome", f"{tight:.2f} %", "said, not promised")


def gate() -> None:
    from bench import gate as part

    part.main()


def weighing() -> None:
    """A decision on 24,697 stations, and the smallest set that changes the outcome."""
    from bench import weighing as part

    part.measure(line)


def materiality() -> None:
    """The screen of the reporting judge, whole page, on 24,697 stations."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"KALATA_VAR": folder, "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1"}
        inside("bench.materiality")


def docket() -> None:
    """2,000 petitions of 50 pieces, in a process of its own database."""
    inside("bench.docket")


def desks() -> None:
    """Desk pages of the demonstration that KALATA_VAR holds."""
    inside("bench.desk_pages")


def newcomer() -> None:
    """From an empty machine to the first public page, in a terminal and a browser."""
    inside("bench.newcomer")


def execution() -> None:
    """A decision on 1,000 stations carried out with its log entries, in a process of its own database."""
    inside("bench.execution")


def archive() -> None:
    """The archive of a case of 50 pieces of 2 MB, verified."""
    from bench import archive as part

    part.measure(line)


def precedents() -> None:
    """5,000 decisions searched by their words, in a process of its own database."""
    inside("bench.precedents")


def counters() -> None:
    """100,000 receipts of counters without network, merged."""
    from bench import counters as part

    part.main()


def budget() -> None:
    from bench import money

    money.budget(line)


def odds() -> None:
    from bench import odds as drawn

    drawn.speed()
    drawn.agreement()


def levelling() -> None:
    from bench import money

    money.levelling(line)


def growth() -> None:
    """Each work at several sizes: how its cost grows with the country."""
    from bench import growth as sizes

    sizes.measure()


def cascade() -> None:
    """The national cascade, planted impossibilities, readiness of every post."""
    from bench import cascade as part

    part.measure(line)


def sheets() -> None:
    """500 synthetic answer sheets of a class."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.test")
    import django

    django.setup()
    from bench import sheets as part

    part.main(500)


def manuals() -> None:
    """A manual of sixty pages, exact sets of changed articles, questions through every form, certificates."""
    from bench import manuals as part

    part.measure()


def packs() -> None:
    """The pack of each centre, drawn, issued and joined by lots."""
    inside("bench.packs")


def main() -> int:
    os.environ.setdefault("KALATA_MICRO_CACHE", "0")  # a page measured is a page drawn
    wanted = sys.argv[1:] or [
        "tabulate",
        "bounds",
        "store",
        "deadlines",
        "tally",
        "forms",
        "night",
        "site",
        "kills",
        "slow",
        "nodes",
        "gate",
        "weighing",
        "materiality",
        "execution",
        "archive",
        "precedents",
        "counters",
        "docket",
        "budget",
        "levelling",
        "odds",
        "growth",
        "cascade",
        "manuals",
        "packs",
        "sheets",
    ]
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}; peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )
    for name in wanted:
        globals()[name]()
    for what in not_measured:
        print(f"NOT MEASURED: {what}")
    return 1 if not_measured else 0


if __name__ == "__main__":
    sys.exit(main())
