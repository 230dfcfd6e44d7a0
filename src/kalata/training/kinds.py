"""The acts of this room that the ledger keeps. A procedure is named by its code."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

PROCEDURES_IMPORTED = declare(
    "procedures.imported", _("Procédures reprises du pack"), "house", "pack source made changed same"
)
PROCEDURE_OPENED = declare(
    "procedures.opened", _("Brouillon d’une procédure ouvert"), "procedure", "version base? sha256"
)
PROCEDURE_EDITED = declare("procedures.edited", _("Procédure modifiée"), "procedure", "version what sha256")
PROCEDURE_VERIFIED = declare("procedures.verified", _("Texte cité vérifié"), "procedure", "version article sha256")
PROCEDURE_LEGAL_OK = declare("procedures.legal_ok", _("Textes d’une procédure relus"), "procedure", "version sha256")
PROCEDURE_TESTED = declare("procedures.tested", _("Procédure éprouvée"), "procedure", "version sha256")
PROCEDURE_RETURNED = declare("procedures.returned", _("Procédure rendue au brouillon"), "procedure", "version sha256")
PROCEDURE_APPROVED = declare("procedures.approved", _("Procédure approuvée"), "procedure", "version sha256 base?")
PROCEDURE_RETIRED = declare("procedures.retired", _("Procédure retirée"), "procedure", "version by?")
PROCEDURE_COMMENTED = declare(
    "procedures.commented", _("Remarque sur une procédure"), "procedure", "version comment element"
)
PROCEDURE_RESOLVED = declare("procedures.comment_resolved", _("Remarque sur une procédure résolue"), "procedure", "version comment")  # fmt: skip
