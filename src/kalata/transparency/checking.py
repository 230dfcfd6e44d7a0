"""What `kalata check` asks of the public log: no log halted or in alarm, a key that signs."""

from __future__ import annotations

from kalata.transparency import publiclog
from kalata.transparency.models import PublicLog


def public_log() -> tuple[bool, str]:
    logs = list(PublicLog.objects.all())
    faults = [
        f"{one.origin}: {(one.halted or {}).get('code') or 'differs from the database'}"
        for one in logs
        if one.halted or one.alarm
    ]
    signing = publiclog.key_path().exists() and bool(publiclog.passphrase())
    state = f"{len(logs)} logs, {publiclog.signed_entries()} signed entries" + (
        "" if signing else "; no open key: nothing is signed"
    )
    return not faults and (signing or not logs), "; ".join(faults) or state
