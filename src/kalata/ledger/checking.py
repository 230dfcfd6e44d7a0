"""What `kalata check` asks of the ledger: processes alive, the chain whole, every guard in its place."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from kalata.ledger import answers, locks, queries
from kalata.ledger import pulse as pulses
from kalata.processes import AlreadyRunning, only_house, release
from kalata.text import Message, plainly
from kalata.text import gettext_noop as _


def pulse() -> tuple[bool, str | Message]:
    """Where the house runs, each background process has given a sign of life within a minute."""
    try:
        release(only_house(settings.VAR))
    except AlreadyRunning:
        silent = [message for name, message in pulses.alarms() if name in pulses.MISSING]
        return not silent, joined(silent) if silent else plainly(_("séquenceur et travaux de fond à l’œuvre"))
    return True, plainly(_("la maison ne tourne pas"))


def joined(said: Sequence[Message]) -> Message:
    return Message("; ".join(f"%(m{n})s" for n in range(len(said))), {f"m{n}": one for n, one in enumerate(said)})


def chain() -> tuple[bool, str | Message]:
    broken = list(queries.breaks())
    if broken:
        return False, plainly(_("chaîne rompue au sceau %(n)s"), n=broken[0].seal)
    return True, plainly(_("%(n)s actes pas encore scellés"), n=queries.unsealed())


def told() -> tuple[bool, str | Message]:
    """Each row that counts has its act, and is what the act says."""
    faults = answers.faults()
    if not faults:
        return True, plainly(_("chaque ligne qui compte a son acte"))
    first = joined([answers.message(one) for one in faults[:5]])
    return False, plainly(_("%(n)s lignes ou actes : %(first)s"), n=len(faults), first=first)


def guards() -> tuple[bool, str | Message]:
    unguarded = locks.faults()
    return not unguarded, "; ".join(map(str, unguarded[:5])) or plainly(_("%(n)s tables"), n=len(locks.guarded()))
