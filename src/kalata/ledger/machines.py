"""The machines of a house: each says every few seconds that it lives and what it sees of itself.

What a machine says is gathered from functions that parts of the house add to `STATES`; what is wrong in it becomes an
alarm on every staff page of every machine (`pulse.alarms`). Names and numbers only: nothing of people, no secret.
"""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from kalata import __version__
from kalata.ledger.models import Machine
from kalata.ledger.rules import marks
from kalata.ledger.turns import clock
from kalata.processes import LIBC, machine
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

log = logging.getLogger("kalata.machines")
STATES: dict[str, Callable[[], Any]] = {}
"""What else a machine says of itself: a shared part adds itself when it is loaded. Called every few seconds, at its own cost."""
DRIFT = 2.0
"""Seconds between a machine's clock and the database's from which it is an alarm."""
SILENT = _("La machine %(name)s ne répond plus depuis %(n)d {n:seconde|secondes}. Prévenez l’exploitation (« kalata machines »).")
DRIFTS = _("L’horloge de %(name)s est fausse de %(n)d {n:seconde|secondes} : les actes y sont datés de travers.")
JUMPED = _("L’horloge de %(name)s a été changée de %(n)d {n:seconde|secondes} : vérifiez l’heure avant tout acte daté.")
LITTLE = _("Il reste %(n)d Mio sur le disque de %(name)s : bientôt plus rien ne pourra y être enregistré.")
_wall: list[float] = [0.0, 0.0]
_jump: list[float] = [0.0, 0.0]
JUMP_S = 3.0
JUMP_SAID_S = 900.0


class OtherSecrets(Refused):
    code = "OPS-130"
    says = _("Les secrets de cette machine (%(here)s) ne sont pas ceux de la machine %(there)s : %(which)s.")
    remedy = _(
        "Copiez key.secret et ledger.secret de l’une à l’autre (ou donnez KALATA_KEY et KALATA_LEDGER), puis recommencez."
    )


class StillThere(Refused):
    code = "OPS-131"
    says = _("La machine %(name)s donne signe de vie, ou n’est pas connue.")
    remedy = _("Arrêtez-la d’abord ; « kalata machines » donne les noms.")


def here() -> str:
    return machine(settings.VAR)


def secrets_of() -> dict[str, str]:
    """What tells two secrets apart and gives away neither."""
    print_ = hmac.new(settings.SECRET_KEY.encode(), b"kalata machine", hashlib.sha256).hexdigest()[:16]
    return {"key": print_, "ledger": marks.name_of(settings.LEDGER_KEY)}


def jumped() -> float:
    """Seconds by which the clock was changed lately, seen against one that only goes forward; 0.0 where it was not."""
    now, steady = time.time(), time.monotonic()
    if _wall[1]:
        gap = (now - _wall[0]) - (steady - _wall[1])
        if abs(gap) > JUMP_S:
            _jump[:] = [gap, steady]
            log.warning("the clock of this machine was changed by %.1f s", gap)
    _wall[:] = [now, steady]
    return _jump[0] if _jump[1] and steady - _jump[1] < JUMP_SAID_S else 0.0


def drift() -> float:
    """Seconds by which this machine's clock is ahead of the database's; 0.0 where they are one."""
    if connection.vendor == "sqlite":
        return 0.0
    before = timezone.now()
    there = clock()
    after = timezone.now()
    return (before + (after - before) / 2 - there).total_seconds()


def followed() -> bool:
    """Whether the kernel says that something keeps this clock right (NTP, chrony). False too where it cannot tell."""
    if LIBC is None:
        return False
    return int(LIBC.adjtimex(ctypes.create_string_buffer(512))) not in (-1, 5)  # 5: TIME_ERROR, nobody does


def seen() -> dict[str, Any]:
    """What this machine sees of itself now."""
    usage = shutil.disk_usage(settings.VAR)
    state: dict[str, Any] = {
        "version": __version__, "drift": round(drift(), 1), "jump": round(jumped(), 1), "free": usage.free,
        "size": usage.total, "secrets": secrets_of(),
    }  # fmt: skip
    for name, source in STATES.items():
        try:
            state[name] = source()
        except Exception as problem:  # one that cannot be told must not silence the others
            log.exception("%s cannot be told", name)
            state[name] = {"fault": type(problem).__name__}
    return state


def report(*, stopped: bool = False) -> None:
    """Say that this machine lives (or stops in order), and what it sees."""
    now, name = clock(), here()
    said = {"at": now, "stopped": stopped, **({} if stopped else {"state": seen()})}
    if not Machine.objects.filter(name=name).update(**said):
        Machine.objects.create(name=name, since=now, **said)


def arrive() -> None:
    """First thing of a machine that starts. OPS-130: another one at work has other secrets."""
    mine = secrets_of()
    for one in others():
        theirs = one.state.get("secrets", {})
        if wrong := [which for which, print_ in mine.items() if theirs.get(which, print_) != print_]:
            raise OtherSecrets(here=here(), there=one.name, which=", ".join(f"{w}.secret" for w in wrong))
    report()
    Machine.objects.filter(name=here()).update(since=clock())


def others() -> list[Machine]:
    """The machines other than this one that were at work within a day."""
    return list(
        Machine.objects.exclude(name=here()).filter(stopped=False, at__gt=clock() - timedelta(days=1))
    )  # fmt: skip


def silent(seconds: int) -> list[tuple[Machine, int]]:
    """Machines that did not stop in order and have said nothing for longer than this."""
    now = clock()
    rows = ((one, int(abs((now - one.at).total_seconds()))) for one in Machine.objects.filter(stopped=False))
    return [(one, n) for one, n in rows if n > seconds]


def forgotten(name: str, seconds: int) -> None:
    """Strike a machine that will not come back. OPS-131 while it lives."""
    found = Machine.objects.filter(name=name).first()
    if found is None or (not found.stopped and (clock() - found.at).total_seconds() < seconds):
        raise StillThere(name=name)
    found.delete()


def alarms(seconds: int, low_disk: int) -> Iterable[tuple[str, Message]]:
    """What is wrong with any machine. Of one machine alone silence is told by its loops."""
    alone = Machine.objects.count() < 2
    for one, n in [] if alone else silent(seconds):
        yield f"machine-{one.name}", Message(SILENT, {"name": one.name, "n": n})
    for one in Machine.objects.filter(stopped=False):
        yield from told_by(one.name, one.state, low_disk, here())


def told_by(name: str, state: Mapping[str, Any], low_disk: int, me: str) -> Iterable[tuple[str, Message]]:
    """Alarms from what one machine said of itself. Its own disk a machine looks at itself, at once."""
    if abs(state.get("drift", 0)) > DRIFT:
        yield f"clock-{name}", Message(DRIFTS, {"name": name, "n": int(state["drift"])})
    if state.get("jump"):
        yield f"jump-{name}", Message(JUMPED, {"name": name, "n": int(state["jump"])})
    if name != me and state.get("free", low_disk) < low_disk:
        yield f"disk-{name}", Message(LITTLE, {"name": name, "n": state["free"] // 2**20})
