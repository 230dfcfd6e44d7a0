"""Which tests stay together in one process of a run (`--dist loadgroup`), told by where they stand.

The tests of a group share a house, a browser or a story. xdist writes its groups into the names of the tests, which
pytest 9.2 no longer lets it do: it then keeps nothing together and says nothing (pytest-dev/pytest-xdist#1386).
So the processes are dealt out here, by the name of each test alone.
"""

from __future__ import annotations

import os
import re

import pytest
from xdist.scheduler import LoadScopeScheduling

FULL_FUZZ = os.environ.get("KALATA_FUZZ") == "full"
GROUPS = (
    ("browser", r"tests/browser/"),
    ("browser-2", r"tests/.+/browser/|tests/site/test_(look|verifier)\.py|tests/disputes/test_sealing_page\.py"),
    ("matrix", r"tests/web/test_matrix\.py::RealMode"),
    ("house", r"tests/house/"),
    *([] if FULL_FUZZ else [("fuzz", r"tests/web/test_fuzz\.py")]),
)
"""Group -> the tests in it. Browsers go in two groups: one after the other they outlast the rest."""


def group(test: str) -> str:
    """The group of a test by its name (`file::name[variant]`): its own name where it stands alone."""
    return next((name for name, where in GROUPS if re.match(where, test)), test)


class Together(LoadScopeScheduling):
    """Hands out groups, the greatest first, each whole to one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None
