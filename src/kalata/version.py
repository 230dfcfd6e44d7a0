"""Which build this is: the version of the product and the commit it was made from, 2026.1+g0123456789ab.

A built wheel carries its commit (`build.txt`, written when it is made: tools/building.py). A checkout is read from git's own
files and says .src: its files may have been changed since. Standard library only: it is read at each start.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

RELEASE = "2026.1"
HERE = Path(__file__).parent
SHOWN = 12


def commit_of(checkout: Path) -> str:
    """The commit that a checkout stands on, "" where it is none. Worktrees and packed references are followed."""
    git = checkout / ".git"
    try:
        if git.is_file():
            git = (checkout / git.read_text().partition("gitdir: ")[2].strip()).resolve()
        common = git / "commondir"
        shared = (git / common.read_text().strip()).resolve() if common.exists() else git
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        name = head[5:]
        for place in (git, shared):
            if (place / name).exists():
                return (place / name).read_text().strip()
        rows = (line.split() for line in (shared / "packed-refs").read_text().splitlines())
        return next((row[0] for row in rows if len(row) == 2 and row[1] == name), "")
    except OSError:
        return ""


def built() -> str:
    """The version that a wheel made here bears (pyproject.toml asks it): the commit of the checkout, or KALATA_COMMIT."""
    commit = os.environ.get("KALATA_COMMIT") or commit_of(HERE.parents[1])
    return f"{RELEASE}+g{commit[:SHOWN]}" if commit else RELEASE


@cache
def version() -> str:
    """2026.1+g0123456789ab of a build, with .src of a checkout; 2026.1+unknown where neither says its commit."""
    try:
        return f"{RELEASE}+g{(HERE / 'build.txt').read_text().strip()[:SHOWN]}"
    except OSError:
        pass
    commit = commit_of(HERE.parents[1])
    return f"{RELEASE}+g{commit[:SHOWN]}.src" if commit else f"{RELEASE}+unknown"
