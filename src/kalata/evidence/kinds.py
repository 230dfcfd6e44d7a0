"""The acts of this package that the ledger keeps. Their subject is the record that holds the content."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

EVIDENCE_KEPT = declare("evidence.kept", _("Pièce gardée"), "*", "sha256 size type name access rule? until?")
EVIDENCE_RECLASSED = declare("evidence.reclassed", _("Accès à une pièce changé"), "*", "sha256 access")
EVIDENCE_ENDED = declare("evidence.ended", _("Pièce retirée d’un dossier"), "*", "destroyed")
EVIDENCE_DAMAGED = declare("evidence.damaged", _("Pièce abîmée ou disparue"), "content", "fault records")
EVIDENCE_SOUND = declare("evidence.sound", _("Pièce de nouveau saine"), "content", "fault records")
READ_EVIDENCE = declare("read.evidence", _("Pièce personnelle lue"), "*", personal=True)
