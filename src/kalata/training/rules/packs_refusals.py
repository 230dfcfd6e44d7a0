"""What is refused of the packs of centres."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoPieces(Refused):
    code = "TRN-651"
    says = _("Les pièces de %(n)d {n:fonction|fonctions} ne sont pas faites en %(language)s : %(which)s.")
    remedy = _("Faites-les sur la page des manuels, approuvées ou, pour un exercice, en projet. Rien n’a été demandé.")
    status = 409


class NoCentres(Refused):
    code = "TRN-652"
    says = _("Aucun bureau de ce scrutin ne se trouve dans ce lieu.")
    remedy = _("Choisissez un autre lieu, ou aucun pour tous les centres. Rien n’a été demandé.")
    status = 422


class PacksMaking(Refused):
    code = "TRN-653"
    says = _("Des colis de ce scrutin sont déjà en fabrication : %(n)d {n:lot|lots}.")
    remedy = _("Attendez leur fin, ou arrêtez-les.")
    status = 409


class NothingToResume(Refused):
    code = "TRN-654"
    says = _("Aucun lot arrêté ou en panne n’est à reprendre.")
    remedy = _("La liste des lots dit où chacun en est.")
    status = 409
