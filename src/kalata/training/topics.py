"""What this room tells."""

from __future__ import annotations

from kalata.notices.rules.topics import topic
from kalata.text import gettext_noop as _

PLAN_DUE = topic("training.plan_due", _("Suivi d’un plan d’action"), icon="clock", tone="warn", task=True, settles=True)
