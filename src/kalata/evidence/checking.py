"""What `kalata check` asks of the kept files."""

from __future__ import annotations

from kalata.evidence import rehash

MOST_READ = 2 * 2**30


def kept() -> tuple[bool, str]:
    """Every kept file is there; those read longest ago are read again, up to MOST_READ bytes."""
    return rehash.checked(MOST_READ)
