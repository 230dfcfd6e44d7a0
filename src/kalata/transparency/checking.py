"""What `kalata check` asks of the public log: no log halted or in alarm, a key that signs."""

from __future__ import annotations

from kalata.text import Message, plainly
from kalata.text import gettext_noop as _
from kalata.transparency import publiclog
from kalata.transparency.models import PublicLog


def public_log() -> tuple[bool, str | Message]:
    logs = list(PublicLog.objects.all())
    faults = [
        f"{one.origin}: {(one.halted or {}).get('code') or 'differs from the database'}"
        for one in logs
        if one.halted or one.alarm
    ]
    signing = publiclog.key_path().exists() and bool(publiclog.passphrase())
    state = plainly(
        _("%(n)s journaux, %(entries)s inscriptions signées")
        if signing
        else _("%(n)s journaux, %(entries)s inscriptions signées ; aucune clé ouverte : rien n’est signé"),
        n=len(logs), entries=publiclog.signed_entries(),
    )  # fmt: skip
    return not faults and (signing or not logs), "; ".join(faults) or state
