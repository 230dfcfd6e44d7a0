"""What `kalata check` asks of the ledger: processes alive, the chain whole, every guard in its place."""

from __future__ import annotations

from django.conf import settings

from kalata.ledger import locks, queries
from kalata.ledger import pulse as pulses
from kalata.processes import AlreadyRunning, only_house, release


def pulse() -> tuple[bool, str]:
    """Where the house runs, each background process has given a sign of life within a minute."""
    try:
        release(only_house(settings.VAR))
    except AlreadyRunning:
        silent = [message.text("en") for name, message in pulses.alarms() if name in pulses.MISSING]
        return not silent, "; ".join(silent) or "sequencer and worker at work"
    return True, "the house is not running"


def chain() -> tuple[bool, str]:
    broken = list(queries.breaks())
    return not broken, (
        f"chain broken at seal {broken[0].seal}" if broken else f"{queries.unsealed()} acts not yet sealed"
    )


def guards() -> tuple[bool, str]:
    unguarded = locks.faults()
    return not unguarded, "; ".join(map(str, unguarded[:5])) or f"{len(locks.guarded())} tables"
