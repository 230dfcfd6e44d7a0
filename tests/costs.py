"""What each test costs in seconds of processor, its own process and those it waited for: not what a clock says.

A clock measures the machine and its other guests; the processor's time is nearly the same whoever else works.
At the end of a run the tests that cost more than `DEAR` and do not say so (marker `long`) are named: make them cheaper
(docs/en/tests.md), or mark them and write there why. Nothing fails by it: no test depends on the machine's speed.

    KALATA_COSTS=costs.jsonl make test       one line for each test: name, seconds, of which before it begins
    python -m tests.costs costs.jsonl        sums by folder and by file, and the dearest tests
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

DEAR = 15.0
"""Seconds of processor. A browser's own time is not in it: it lasts for many tests."""
SPENT = "processor"


def spent() -> float:
    """Seconds of processor of this process and of the ended processes that it started."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "setup":
        item.setup_spent = spent() - item.begun
    if call.when == "teardown":
        all_of_it = spent() - item.begun
        report = outcome.get_result()
        report.user_properties = [*report.user_properties, (SPENT, (round(all_of_it, 3), round(item.setup_spent, 3)))]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    item.begun = spent()


def pytest_runtest_logreport(report):
    """Each end of a test, in the process that hears of all of them."""
    found = dict(report.user_properties).get(SPENT)
    if report.when != "teardown" or found is None or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    if where := os.environ.get("KALATA_COSTS"):
        with open(where, "a", encoding="utf-8") as out:
            out.write(json.dumps([report.nodeid, *found]) + "\n")
    if found[0] - found[1] > DEAR and not {"long", "nightly"} & set(report.keywords):
        DEAREST[report.nodeid] = found[0] - found[1]


DEAREST: dict[str, float] = {}


def pytest_terminal_summary(terminalreporter):
    for name, seconds in sorted(DEAREST.items(), key=lambda pair: -pair[1]):
        terminalreporter.write_line(
            f"WARNING: {name} took {seconds:.0f} s of processor: make it cheaper or mark it `long` (docs/en/tests.md).",
            yellow=True,
        )


def told(path: Path) -> str:
    """The sums of a file of costs, the dearest first."""
    tests = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    folders: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for name, seconds, _before in tests:
        file = name.split("::")[0]
        files[file] += seconds
        folders["/".join(file.split("/")[:-1][:3])] += seconds
    lines = [f"{sum(folders.values()):8.0f}  all {len(tests)} tests"]
    for title, rows in (("folders", folders.most_common()), ("files", files.most_common(30))):
        lines += ["", title, *(f"{seconds:8.0f}  {name}" for name, seconds in rows)]
    dearest = sorted(tests, key=lambda row: -row[1])[:30]
    return "\n".join([*lines, "", "tests", *(f"{seconds:8.1f}  {name}" for name, seconds, _before in dearest)])


if __name__ == "__main__":
    print(told(Path(sys.argv[1])))
