"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

LOG_KEY_CREATED = declare("log.key.created", _("Clé du journal public créée"), "log", "fingerprint with", public=True)
LOG_KEY_GIVEN = declare("log.key.given", _("Phrase de la clé du journal donnée à la maison"), "log", "with")
LOG_KEY_ROTATED = declare("log.key.rotated", _("Clé du journal public changée"), "log", "fingerprint with", public=True)
LOG_OPENED = declare("log.opened", _("Journal public ouvert"), "log", "stations_sha256 areas_sha256", public=True)
LOG_HALTED = declare("log.halted", _("Journal public arrêté : rien n’est plus signé"), "log", "*")
LOG_RESUMED = declare("log.resumed", _("Journal public repris"), "log", "size")
LOG_RECOVERED = declare("log.recovered", _("Journal public repris d’une copie publiée"), "log", "from to", public=True)
LOG_COSIGNED = declare(
    "log.cosigned", _("Journal public contresigné par un témoin"), "log", "size witness", public=True
)
LOG_WITNESS_ADDED = declare("log.witness.added", _("Témoin ajouté"), "witness", "vkey url", public=True)
LOG_WITNESS_DROPPED = declare("log.witness.dropped", _("Témoin retiré"), "witness", public=True)
