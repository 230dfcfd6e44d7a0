"""What this room tells."""

from __future__ import annotations

from kalata.notices.rules.topics import topic
from kalata.text import gettext_noop as _

CALLED = topic("tally.called", _("Appel à un poste de centralisation"), icon="swap")
