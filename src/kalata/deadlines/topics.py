"""What this room tells."""

from __future__ import annotations

from kalata.notices.rules.topics import topic
from kalata.text import gettext_noop as _

NEAR = topic("deadlines.near", _("Échéance proche"), icon="clock")
LATE = topic("deadlines.late", _("Échéance passée sans constat"), icon="late", tone="bad", task=True, settles=True)
MOVED = topic("deadlines.moved", _("Échéance déplacée"), icon="swap")
