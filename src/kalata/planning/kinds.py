"""The acts of this room that the ledger keeps. A plan is named by its code."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

PLAN_MADE = declare("planning.made", _("Plan opérationnel ouvert"), "plan", "version family j1 j2 activities sha256")
VERSION_OPENED = declare("planning.version_opened", _("Version du plan ouverte"), "plan", "version base j1 j2")
EDITED = declare("planning.edited", _("Plan modifié"), "plan", "version what codes changed sha256")
UNDONE = declare("planning.undone", _("Modification du plan annulée"), "plan", "version modification sha256")
REDONE = declare("planning.redone", _("Modification du plan rétablie"), "plan", "version modification sha256")
SUBMITTED = declare("planning.submitted", _("Version du plan soumise"), "plan", "version sha256 request?")
RETURNED = declare("planning.returned", _("Version du plan rendue à la cellule"), "plan", "version sha256")
APPROVED = declare("planning.approved", _("Version du plan approuvée"), "plan", "version sha256 base?")
SUPERSEDED = declare("planning.superseded", _("Version du plan remplacée"), "plan", "version by")
CHANGE_MOVED = declare(
    "planning.change_moved", _("Demande de changement du plan"), "plan", "request version from to sha256"
)
COMMENTED = declare("planning.commented", _("Remarque sur le plan"), "plan", "version comment code")
COMMENT_RESOLVED = declare("planning.comment_resolved", _("Remarque sur le plan résolue"), "plan", "version comment")
PROGRESS_SAID = declare("planning.progress_said", _("Avancement dit"), "plan", "code unit on percent")
ODDS_ASKED = declare("planning.odds_asked", _("Tirage du plan demandé"), "plan", "version run sha256 draws seed")
ODDS_DRAWN = declare("planning.odds_drawn", _("Tirage du plan fait"), "plan", "version run sha256 figures")
ODDS_ENDED = declare("planning.odds_ended", _("Tirage du plan arrêté"), "plan", "version run fault?")
