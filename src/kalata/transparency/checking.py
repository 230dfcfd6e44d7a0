"""What `kalata check` asks of the public log: no log halted or in alarm, a key that signs."""

from __future__ import annotations

from kalata.ledger import machines
from kalata.text import Message, plainly
from kalata.text import gettext_noop as _
from kalata.transparency import publiclog, watching
from kalata.transparency.models import PublicLog

STOPPED = _("rien n’est publié : %(why)s ; arrêts : %(faults)s")


def public_log() -> tuple[bool, str | Message]:
    logs = list(PublicLog.objects.all())
    faults = [
        f"{one.origin}: {(one.halted or {}).get('code') or 'differs from the database'}"
        for one in logs
        if one.halted or one.alarm
    ]
    key = watching.key_state()
    if logs and key:
        return False, Message(STOPPED, {"why": watching.why(machines.here(), key), "faults": "; ".join(faults) or "-"})
    state = plainly(
        _("%(n)s {n:journal|journaux}, %(entries)s {entries:inscription signée|inscriptions signées} ; la plus ancienne en attente depuis %(waits)s s")
        if not key
        else _("%(n)s {n:journal|journaux}, %(entries)s {entries:inscription signée|inscriptions signées} ; aucune clé ouverte : rien n’est signé"),
        n=len(logs), entries=publiclog.signed_entries(), waits=int(watching.oldest_s()),
    )  # fmt: skip
    late = bool(logs) and watching.oldest_s() > watching.LATE_S
    return not faults and not late, "; ".join(faults) or state
