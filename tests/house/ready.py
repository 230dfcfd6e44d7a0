"""One empty database of the run, with every migration: houses under test copy it, since making it takes nine seconds.

Its migrations are applied by the command, once, in a process of its own; whoever comes while they are waits for it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def kept(tmp_path_factory) -> Path:
    """The folder of the run: the same for all its workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


def empty_house(tmp_path_factory) -> Path:
    """A folder as `kalata manage migrate` leaves it on a new machine. Not to be written into: copy it (`furnish`)."""
    folder = kept(tmp_path_factory) / "empty-house"
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            env = {**os.environ, "KALATA_VAR": str(making), "DJANGO_SETTINGS_MODULE": "tests.house.settings", "KALATA_KEY": "k" * 60,
                   "PYTHONPATH": str(ROOT)}  # fmt: skip
            done = subprocess.run(
                [sys.executable, "-m", "kalata", "manage", "migrate", "--verbosity", "0"],
                env=env, capture_output=True, text=True,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            making.rename(folder)
    return folder


def furnish(var: Path, tmp_path_factory) -> Path:
    """The same database in the folder of a house that starts."""
    var.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(empty_house(tmp_path_factory), var)
    return var
