"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

PACK_LOADED = declare("pack.loaded", _("Pack chargé"), "pack", "version sha256", public=True)
GEOGRAPHY_CREATED = declare("geography.created", _("Découpage créé"), "geography", "levels")
GEOGRAPHY_IMPORTED = declare("geography.imported", _("Découpage importé"), "geography", "units added problems")
GEOGRAPHY_OUTLINES = declare("geography.outlines", _("Contours dessinés"), "geography", "drawn erased")
ZONE_CHANGED = declare("zone.changed", _("Zone du découpage corrigée"), "geography", "zone name kind parent")
ZONE_DROPPED = declare("zone.dropped", _("Zone du découpage retirée"), "geography", "zone name level")
CROSSWALK_IMPORTED = declare("crosswalk.imported", _("Table de passage importée"), "crosswalk", "added unmapped")
ELECTION_CREATED = declare("election.created", _("Élection créée"), "election", "name pack geography polling_day")
CONTEST_CREATED = declare("contest.created", _("Scrutin créé"), "contest", "name system round")
CONTEST_CHANGED = declare("contest.changed", _("Réglages du scrutin changés"), "contest", "*")
CONTEST_OPTIONS = declare("contest.options", _("Candidatures ou listes du scrutin fixées"), "contest", "*")
CONTEST_CONSTITUENCIES = declare("contest.constituencies", _("Circonscriptions et sièges fixés"), "contest", "*")
