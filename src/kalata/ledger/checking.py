"""What `kalata check` asks of the ledger: processes alive, the chain whole, every guard in its place."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from kalata.ledger import answers, locks, queries, watching
from kalata.ledger import machines as machines_
from kalata.ledger import pulse as pulses
from kalata.ledger.models import Machine
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
    return True, plainly(_("%(n)s {n:acte pas encore scellé|actes pas encore scellés}"), n=queries.unsealed())


def told() -> tuple[bool, str | Message]:
    """Each row that counts has its act, and is what the act says."""
    faults = answers.faults()
    if not faults:
        return True, plainly(_("chaque ligne qui compte a son acte"))
    first = joined([answers.message(one) for one in faults[:5]])
    return False, plainly(_("%(n)s {n:ligne ou acte|lignes ou actes} : %(first)s"), n=len(faults), first=first)


def guards() -> tuple[bool, str | Message]:
    unguarded = locks.faults()
    return not unguarded, "; ".join(map(str, unguarded[:5])) or plainly(_("%(n)s {n:table|tables}"), n=len(locks.guarded()))


def machines() -> tuple[bool, str | Message]:
    """Each machine that did not stop in order gives signs of life."""
    silent = machines_.silent(pulses.SILENCE)
    if silent and running():
        return False, "; ".join(f"{one.name}: {n} s" for one, n in silent)
    return True, plainly(_("%(n)s {n:machine|machines}"), n=Machine.objects.filter(stopped=False).count())


def running() -> bool:
    """Whether a house runs on this folder."""
    try:
        release(only_house(settings.VAR))
    except AlreadyRunning:
        return True
    return False


def clock() -> tuple[bool, str | Message]:
    """This machine's clock against the database's, and what the kernel says of its own."""
    drift = machines_.drift()
    followed = machines_.followed()
    said = (
        _("écart avec la base %(n)s s, réglée par le réseau")
        if followed
        else _("écart avec la base %(n)s s, réglée par personne")
    )
    return abs(drift) <= machines_.DRIFT, plainly(said, n=Decimal(f"{drift:.1f}"))


def queue() -> tuple[bool, str | Message]:
    found = watching.queue()
    said = plainly(
        _("%(waiting)s {waiting:travail attend|travaux attendent}, le premier depuis %(oldest)s s ; %(failed)s en échec depuis hier"),
        waiting=found["waiting"], oldest=int(found["oldest"]), failed=found["failed"],
    )  # fmt: skip
    return found["oldest"] <= watching.WAITS_S, said


def backup() -> tuple[bool, str | Message]:
    """The last good backup is not too old, its archive is followed, its last trial was good. None ever made: it says so."""
    hours = watching.backup_age_h()
    if late := [message for _name, message in watching.archives()]:
        return False, joined(late)
    if hours is None:
        return True, plainly(_("aucune sauvegarde connue de cette base"))
    last = watching.last_backup(good=False)
    if last is not None and last.fault:
        return False, last.fault
    return hours <= watching.limit_h(), plainly(_("dernière bonne il y a %(n)s h"), n=Decimal(f"{hours:.1f}"))
