"""What this room tells."""

from __future__ import annotations

from datetime import timedelta

from kalata.notices.rules.topics import topic
from kalata.text import gettext_noop as _

DAMAGED = topic(
    "evidence.damaged", _("Pièce gardée abîmée"), icon="warn", tone="bad", task=True, settles=True,
    after=timedelta(hours=4), above="ledger.read",
)  # fmt: skip
