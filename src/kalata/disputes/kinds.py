"""The acts of this room that the ledger keeps. A case is named by its number, never by a person of it."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

COUNTER_OPENED = declare("disputes.counter_opened", _("Guichet du greffe ouvert"), "counter", "code key here")
COUNTER_CLOSED = declare("disputes.counter_closed", _("Guichet du greffe fermé"), "counter", "code")
ROLL_OPENED = declare("disputes.roll_opened", _("Rôle d’un scrutin ouvert"), "contest", "short year")
PETITION_RECEIVED = declare(
    "disputes.petition_received", _("Requête reçue"), "petition", "number received_at channel root exhibits roll? counter?"
)  # fmt: skip
PETITION_MOVED = declare("disputes.petition_moved", _("Requête passée d’un état à un autre"), "petition", "from to act")
PETITION_CORRECTED = declare("disputes.petition_corrected", _("Fiche d’une requête précisée"), "petition", "fields")
STRUCK = declare("disputes.struck", _("Mention rayée dans une requête"), "petition", "what row words")
EXHIBIT_ADDED = declare(
    "disputes.exhibit_added", _("Pièce versée à une requête"), "petition", "number sha256 kind access"
)
EXHIBIT_READ = declare("disputes.exhibit_read", _("Pièce sous scellé lue"), "petition", "number sha256", personal=True)
CUSTODY_NOTED = declare("disputes.custody_noted", _("Garde d’une pièce"), "petition", "number kind hash")
CUSTODY_ROOT = declare("disputes.custody_root", _("Racine du jour des pièces"), "house", "day root petitions")
CUSTODY_FAULT = declare(
    "disputes.custody_fault", _("Pièce qui n’est plus ce qu’elle était"), "petition", "number sha256 why"
)
TWIN_FOUND = declare("disputes.twin_found", _("Requêtes qui se ressemblent"), "petition", "other kind score")
TWIN_ANSWERED = declare("disputes.twin_answered", _("Ressemblance examinée"), "petition", "other kind answer")
BUNDLE_EXPORTED = declare("disputes.bundle_exported", _("Lot d’un guichet remis"), "counter", "sha256 petitions")
BUNDLE_MERGED = declare(
    "disputes.bundle_merged", _("Lot d’un guichet fusionné"), "counter", "sha256 petitions fresh drift_ms?"
)
