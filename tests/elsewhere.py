"""What has just passed on PostgreSQL is not done once more on SQLite in the same `make test`.

The run on PostgreSQL writes the name of each test that passed (`KALATA_PASSED`); the run on SQLite that follows leaves
them out (`KALATA_ELSEWHERE`), all but those in which the two may differ: commits and races, guards and triggers, raw
sentences, errors of the database, copies of its file. SQLite is met by every page, house and browser in any case.
`make nightly`, a plain `pytest` and a machine without PostgreSQL repeat everything.
"""

from __future__ import annotations

import inspect
import os
import re
from functools import cache
from pathlib import Path

from tests.sizes import NIGHTLY

DIFFER = re.compile(
    r"sqlite|postgres|vendor|connection|cursor|trigger|guard|IntegrityError|OperationalError|DatabaseError|InternalError"
    r"|Thread|migrat|backup|select_for_update|on_commit",
    re.IGNORECASE,
)
FILES = re.compile(r"test_(guards|bonds|ledger\w*|moving|machines|queue|\w*race\w*|kills|fresh|states|chains|lists|feeds|told|keeping)\.py")
left_out: list[str] = []
"""Of this process: the tests not repeated."""
told: list[int] = []
"""How many each worker left out: the same in each."""


@cache
def passed() -> frozenset[str]:
    """The tests that passed on PostgreSQL in this `make test`; none where it did not run."""
    where = os.environ.get("KALATA_ELSEWHERE", "")
    if NIGHTLY or not where or not Path(where).is_file():
        return frozenset()
    return frozenset(Path(where).read_text(encoding="utf-8").splitlines())


def may_differ(item) -> bool:
    """Whether what this test does may end otherwise on another database."""
    if FILES.search(item.nodeid) or any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")):
        return True
    test = getattr(item, "obj", None)
    try:
        return test is None or bool(DIFFER.search(inspect.getsource(inspect.unwrap(getattr(test, "__func__", test)))))
    except (OSError, TypeError):
        return True


def leave_out(config, items) -> None:
    elsewhere = passed()
    if not elsewhere:
        return
    out = {i.nodeid for i in items if i.nodeid in elsewhere and not may_differ(i)}
    config.hook.pytest_deselected(items=[i for i in items if i.nodeid in out])
    items[:] = [i for i in items if i.nodeid not in out]
    left_out[:] = sorted(out)


def note(report) -> None:
    """Called for each report, in the process that hears of all of them."""
    where = os.environ.get("KALATA_PASSED")
    if where and report.when == "call" and report.passed and not os.environ.get("PYTEST_XDIST_WORKER"):
        with open(where, "a", encoding="utf-8") as out:
            out.write(report.nodeid + "\n")


def tell(config) -> None:
    """A worker says at its end how many it left out."""
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = len(left_out)


def pytest_testnodedown(node, error):
    told.append(getattr(node, "workeroutput", {}).get("left_out", 0))


def pytest_terminal_summary(terminalreporter) -> None:
    if many := max([len(left_out), *told]):
        terminalreporter.write_line(
            f"{many} tests passed on PostgreSQL a moment ago and are not repeated on SQLite; `make nightly` repeats them."
        )
