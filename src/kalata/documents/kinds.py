"""The acts of this package that the ledger keeps. Their subject is the record that the paper is of."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

ISSUED = declare(
    "document.issued", _("Document émis"), "*", "reference version document lang pages digest sha256 supersedes?"
)
