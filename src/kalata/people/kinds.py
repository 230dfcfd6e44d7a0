"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

PERSON_CREATED = declare("person.created", _("Compte créé"), "person", "full_name", personal=True)
PERSON_IMPORTED = declare("person.imported", _("Comptes créés depuis un fichier"), "persons", "count", personal=True)
PERSON_CODE_ISSUED = declare("person.code_issued", _("Code d’activation remis"), "person", personal=True)
PERSON_CODE_REFUSED = declare("person.code_refused", _("Code d’activation refusé"), "person")
PERSON_ACTIVATED = declare(
    "person.activated", _("Compte activé par son titulaire"), "person", "sheets factors_reset by", personal=True
)
PERSON_REISSUE_OPENED = declare(
    "person.reissue_opened", _("Nouvelle activation à deux feuilles ouverte"), "person",
    "asked_by factors sessions_ended", personal=True,
)  # fmt: skip
PERSON_REISSUE_CANCELLED = declare(
    "person.reissue_cancelled", _("Nouvelle activation annulée par son titulaire"), "person", personal=True
)
PERSON_SHEET_PRINTED = declare(
    "person.sheet_printed", _("Feuille d’activation imprimée"), "person", "sheet", personal=True
)
PERSON_CLOSED = declare("person.closed", _("Compte fermé"), "person", "is_active sessions_ended", personal=True)
PERSON_PASSPHRASE_CHANGED = declare(
    "person.passphrase_changed", _("Phrase de passe changée"), "person", "sessions_ended", personal=True
)
FACTOR = "type sessions_ended"
PERSON_FACTOR_ADDED = declare("person.factor_added", _("Second facteur ajouté"), "person", FACTOR, personal=True)
PERSON_FACTOR_REMOVED = declare("person.factor_removed", _("Second facteur retiré"), "person", FACTOR, personal=True)
PERSON_FACTOR_RENEWED = declare(
    "person.factor_renewed", _("Codes de secours renouvelés"), "person", FACTOR, personal=True
)
MANDATE_GIVEN = declare("mandate.given", _("Mandat donné"), "person", "role unit contest rights", personal=True)
MANDATE_REVOKED = declare("mandate.revoked", _("Mandat retiré"), "person", personal=True)
SESSION_OPENED = declare("session.opened", _("Connexion"), "person", "with")
SESSION_PROVED = declare("session.proved", _("Second facteur montré de nouveau"), "person", "with")
SESSION_CLOSED = declare("session.closed", _("Déconnexion"), "person")
SESSION_REFUSED = declare("session.refused", _("Connexion refusée"), "person")
SESSION_CODE_REFUSED = declare("session.code_refused", _("Code du second facteur refusé"), "person", "tries")
SESSIONS_ENDED = declare("sessions.ended", _("Sessions terminées d’office"), "person everybody", "ended", personal=True)

TOKEN_CREATED = declare("token.created", _("Clé de machine créée"), "person", "name scopes days")
TOKEN_REVOKED = declare("token.revoked", _("Clé de machine révoquée"), "person", "name why", personal=True)
READ_PERSONS = declare("read.persons", _("Liste des personnes lue"), "persons", personal=True)
READ_PERSONS_EXPORT = declare("read.persons.export", _("Liste des personnes exportée"), "persons", personal=True)
READ_PERSON = declare("read.person", _("Fiche d’une personne lue"), "person", personal=True)
VIEW_SAVED = declare("view.saved", _("Vue d’une liste enregistrée"), "person", "list role fresh", personal=True)
VIEW_DROPPED = declare("view.dropped", _("Vue d’une liste retirée"), "person", "list role", personal=True)
