"""Which tests stay together in one process of a run (`--dist loadgroup`), told by where they stand.

The tests of a group share a house, a browser or a story. xdist writes its groups into the names of the tests, which
pytest 9.2 no longer lets it do: it then keeps nothing together and says nothing (pytest-dev/pytest-xdist#1386).
So the processes are dealt out here, by the name of each test alone.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

FULL_FUZZ = os.environ.get("KALATA_FUZZ") == "full"
GROUPS = (
    ("matrix", r"tests/web/test_matrix\.py::(RealMode|DemonstrationMode)"),
    ("browser-journeys", r"tests/(disputes|planning|training)/browser/test_\w*journey\.py|tests/planning/browser/|tests/training/browser/"),
    ("browser-court", r"tests/disputes/browser/|tests/disputes/test_sealing_page\.py"),
    ("browser-night", r"tests/browser/test_(tally_night|hands|import|lists)\.py"),
    ("browser-tasks", r"tests/browser/|tests/site/test_(look|verifier)\.py"),
    ("house", r"tests/house/"),
    *([] if FULL_FUZZ else [("fuzz", r"tests/web/test_fuzz\.py")]),
)
"""Group -> the tests in it, the first that fits. Browsers go in four groups of nearly the same length."""


FIRST = (
    "matrix",
    "browser-journeys",
    "browser-court",
    "house",
    "browser-night",
    "browser-tasks",
    "tests/test_commands.py",
    "fuzz",
    "tests/archive/",
    "tests/web/test_languages.py",
    "tests/services/test_fresh.py",
    "tests/truth/",
    "tests/services/test_moving.py",
    "tests/site/",
    "tests/disputes/services/test_kills.py",
    "tests/disputes/test_archive.py",
    "tests/rules/test_bounded.py",
)
"""The groups and files that last longest, begun first: no process is left with minutes of work when the others are done."""
SHARED = re.compile(r'scope="module"|setUpTestData|setUpClass|from tests.trees import')


@cache
def file_is_one(file: str) -> bool:
    """Whether the tests of a file share something dear that is made once (a world, a site, an archive, the parsed source)."""
    path = Path(__file__).parents[1] / file
    return path.is_file() and bool(SHARED.search(path.read_text(encoding="utf-8")))


@cache
def group(test: str) -> str:
    """The group of a test by its name (`file::name[variant]`): its file where that shares something, or its own name."""
    named = next((name for name, where in GROUPS if re.match(where, test)), "")
    file = test.split("::")[0]
    return named or (file if file_is_one(file) else test)


def rank(scope: str, tests: int) -> tuple[int, int]:
    """Those of `FIRST` in its order, then whoever has most tests."""
    return next((at for at, name in enumerate(FIRST) if scope.startswith(name)), len(FIRST)), -tests


def longest_first(items: list) -> None:
    """The tests in the order in which their groups are begun: a group stands where its first test does."""
    many = Counter(group(item.nodeid) for item in items)
    items.sort(key=lambda item: rank(scope := group(item.nodeid), many[scope]))


class Together(LoadScopeScheduling):
    """Hands out groups in the order of the tests, each whole to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") != "loadgroup":
        return None
    config.option.loadscopereorder = False  # `longest_first` is the order, not the number of tests
    return Together(config, log)
