"""Is the public log at work? Its key, what waits to be published, and what stopped it: said on every staff page."""

from __future__ import annotations

from collections.abc import Iterable

from kalata.ledger import machines
from kalata.ledger.models import Machine, Pulse
from kalata.ledger.turns import clock
from kalata.ledger.watching import Gauge, age
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.transparency import keys, publiclog
from kalata.transparency.models import Outbox, PublicLog

LATE_S = 600
"""Seconds that what is announced may wait for its signature before it is an alarm."""
SAYS = {
    "none": _("la cérémonie n’a pas eu lieu sur %(machine)s : aucune clé"),
    "locked": _("la phrase secrète n’est pas donnée à %(machine)s (KALATA_LOG_PASSPHRASE_FILE)"),
    "unreadable": _("le fichier de la phrase secrète ne peut être lu sur %(machine)s"),
    "wrong": _("la phrase secrète donnée à %(machine)s n’ouvre pas la clé"),
}
STOPPED = _("Rien n’est publié : %(why)s. Le journal public attend, les résultats continuent d’être saisis.")
LATE = _("%(n)d {n:inscription attend sa|inscriptions attendent leur} signature depuis %(minutes)d {minutes:minute|minutes} : rien de neuf n’est publié.")
HALTED = _("Le journal public %(log)s est arrêté : %(code)s.")


def key_state() -> str:
    """What stands between this machine and a signature: "" for nothing, else a word of SAYS."""
    if not publiclog.key_path().exists():
        return "none"
    try:
        phrase = publiclog.passphrase()
    except (OSError, UnicodeDecodeError):
        return "unreadable"
    if not phrase:
        return "locked"
    try:
        keys.open_key(publiclog.key_path(), phrase)
    except Refused:
        return "wrong"
    return ""


def signer() -> tuple[str, str]:
    """(machine, its key's state): of the one that has the sequencer's turn, else of this one."""
    turn = Pulse.objects.filter(name="sequencer").exclude(holder="").first()
    held = Machine.objects.filter(name=turn.holder).first() if turn else None
    if held is not None and "key" in held.state:
        return held.name, str(held.state["key"] or "")
    return machines.here(), key_state()


def why(machine: str, state: str) -> Message:
    return Message(SAYS.get(state, SAYS["wrong"]), {"machine": machine})


def oldest_s() -> float:
    """How long the first announcement has waited; 0.0 where none waits."""
    first = Outbox.objects.filter(done=False).order_by("at").values_list("at", flat=True).first()
    return age(clock(), first)


def alarms() -> Iterable[tuple[str, Message]]:
    logs = list(PublicLog.objects.values("origin", "halted"))
    if not logs:
        return
    machine, state = signer()
    if state:
        yield "key", Message(STOPPED, {"why": why(machine, state)})
    elif (late := oldest_s()) > LATE_S:
        yield "unpublished", Message(LATE, {"n": Outbox.objects.filter(done=False).count(), "minutes": int(late // 60)})
    for one in logs:
        if one["halted"]:
            yield (
                f"log-{one['origin'].rpartition('/')[2]}",
                Message(HALTED, {"log": one["origin"], "code": one["halted"].get("code", "?")}),
            )


def gauges() -> Iterable[Gauge]:
    yield Gauge("log_waiting", "Announcements that no signature covers yet", Outbox.objects.filter(done=False).count())
    yield Gauge("unpublished_seconds", "How long the first of them has waited", oldest_s())
    _machine, state = signer()
    yield Gauge("log_key_usable", "1 where the signing machine can open the log's key", float(not state))
    halted = sum(1 for one in PublicLog.objects.values_list("halted", flat=True) if one)
    yield Gauge("log_halted", "Public logs that refuse to sign", halted)
    yield Gauge("log_entries", "Entries under a signature", publiclog.signed_entries())
