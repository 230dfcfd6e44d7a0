"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

DONE = declare("notice.done", _("Ce qu’un avis demandait est dit fait"), "notice", "subject")
ESCALATED = declare("notice.escalated", _("Avis resté sans suite, porté plus haut"), "notice", "subject right persons")
