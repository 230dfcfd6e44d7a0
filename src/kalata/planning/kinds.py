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
PROGRESS_MERGED = declare("planning.progress_merged", _("Avancement rapporté d’un lieu sans réseau"), "plan", "file kept held same left")
DATES_PUBLISHED = declare("planning.published", _("Dates du plan rendues publiques"), "plan", "version publication sha256")
ODDS_ASKED = declare("planning.odds_asked", _("Tirage du plan demandé"), "plan", "version run sha256 draws seed")
ODDS_DRAWN = declare("planning.odds_drawn", _("Tirage du plan fait"), "plan", "version run sha256 figures")
ODDS_ENDED = declare("planning.odds_ended", _("Tirage du plan arrêté"), "plan", "version run fault?")
POOL_KEPT = declare("planning.pool_kept", _("Réserve du plan décrite"), "plan", "pool was now")
POOLS_IMPORTED = declare("planning.pools_imported", _("Réserves du plan importées"), "plan", "pools sha256")
LEVEL_ASKED = declare("planning.level_asked", _("Nivellement du plan demandé"), "plan", "version run sha256 pools limit")
LEVEL_DONE = declare("planning.level_done", _("Nivellement du plan fait"), "plan", "version run answer stopped")
LEVEL_ENDED = declare("planning.level_ended", _("Nivellement du plan arrêté"), "plan", "version run fault?")
LEVEL_CHOSEN = declare(
    "planning.level_chosen", _("Lignes d’un nivellement décidées"), "plan", "version run accepted discarded"
)
SIZED_CHOSEN = declare("planning.sized_chosen", _("Chiffres d’une autre partie de la maison repris ou écartés"), "plan", "version source accepted discarded")
ACCOUNTS_KEPT = declare("planning.accounts_kept", _("Plan de comptes tenu"), "plan", "what was now")
FUNDER_KEPT = declare("planning.funder_kept", _("Bailleur du plan décrit"), "plan", "funder was now")
PLEDGED = declare("planning.pledged", _("Promesse de financement inscrite"), "plan", "pledge funder amount on document")
PLEDGE_MOVED = declare("planning.pledge_moved", _("Promesse de financement : étape"), "plan", "pledge from to")
MONEY_MOVED = declare(
    "planning.money_moved", _("Mouvement d’argent du plan"), "plan", "pledge movement stage amount on document corrects?"
)
COMMITTED = declare("planning.committed", _("Dépense engagée"), "plan", "payment line funder amount due payee")
PAYMENT_MOVED = declare("planning.payment_moved", _("Paiement : étape"), "plan", "payment from to document?")
PURCHASE_KEPT = declare("planning.purchase_kept", _("Marché du plan décrit"), "plan", "purchase was now")
PURCHASE_MOVED = declare("planning.purchase_moved", _("Marché du plan : étape"), "plan", "purchase from to on document?")
READY_SAID = declare("planning.ready_said", _("Préparation d’un lieu dite"), "plan", "place days point answer row piece?")
READY_MOVED = declare("planning.ready_moved", _("Décision de préparation : étape"), "plan", "place days from to go shown")
