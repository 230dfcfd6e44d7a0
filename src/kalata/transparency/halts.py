"""Why the sequencer does not sign: said on the log, on screen and by the command line (docs: public-log)."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Refuses(Refused):
    """The sequencer does not sign. Subclasses say why; the message is kept on the log and shown."""


class OlderThanDisk(Refuses):
    code = "LOG-201"
    says = _("La base connaît %(here)d {here:inscription|inscriptions} ; le journal déjà publié en a %(there)d (%(where)s) : une ancienne sauvegarde a été remise.")  # fmt: skip
    remedy = _("Reprenez d’abord les inscriptions publiées : kalata log recover. Signer maintenant ferait une fourche.")


class Forked(Refuses):
    code = "LOG-202"
    says = _("Le journal publié et la base disent autre chose à la taille %(size)d (%(where)s).")
    remedy = _("Ne publiez rien. Comparez la base, le dossier du journal et les copies des témoins.")


class Altered(Refuses):
    code = "LOG-203"
    says = _("Les inscriptions gardées dans la base ne mènent plus à la racine déjà signée (taille %(size)d).")
    remedy = _("La base a été modifiée hors de l’application. Restaurez-la, puis kalata log verify.")


class NotConsistent(Refuses):
    code = "LOG-204"
    says = _("Le nouvel état n’est pas la suite de l’état signé (taille %(size)d) : %(why)s.")
    remedy = _("Rien n’a été signé. kalata log verify dit où.")


class KeyUnannounced(Refuses):
    code = "LOG-206"
    says = _("La clé de la maison n’est pas celle que le journal a annoncée (taille %(size)d).")
    remedy = _("Remettez les fichiers de la clé annoncée, ou changez de clé par kalata log rotate. Rien n’a été signé.")


class Restored(Refuses):
    code = "LOG-205"
    says = _("Une sauvegarde vient d’être remise : le journal publié peut en savoir plus que la base.")
    remedy = _("Comparez d’abord avec une copie publiée : kalata log recover SCRUTIN DOSSIER.")
