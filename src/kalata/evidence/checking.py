"""What `kalata check` asks of the kept files."""

from __future__ import annotations

from django.conf import settings

from kalata.evidence import rehash
from kalata.evidence.back import back
from kalata.evidence.s3 import StoreAway

MOST_READ = 2 * 2**30


def kept() -> tuple[bool, str]:
    """Every kept file is there; those read longest ago are read again, up to MOST_READ bytes."""
    there, where = back(), settings.STORE
    if there is None or where is None:
        return rehash.checked(MOST_READ)
    try:
        there.answers()
        holds, told = rehash.checked(MOST_READ)
    except StoreAway as away:
        return False, f"{away.code} {away.params['why']}"
    return holds, f"{where.shown}; {told}"
