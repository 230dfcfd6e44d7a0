"""What a file given to a command of training or posts may not hold: each with its file, row, field and what to do."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotATable(Refused):
    code = "TRN-101"
    says = _("« %(file)s » n’a pas la forme attendue : %(why)s.")
    remedy = _("Donnez un CSV en UTF-8 avec une ligne de titres et les colonnes %(form)s. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


class BadCell(Refused):
    """A value that cannot be read. Rows are as a spreadsheet numbers them: the heading is row 1."""

    code = "TRN-102"
    says = _("« %(file)s », ligne %(row)d, colonne « %(field)s » : « %(value)s » ne peut pas être lu.")
    remedy = _("Corrigez cette case sous la forme %(form)s, puis recommencez. Rien n’a été enregistré.")
    status = 422


class Repeated(Refused):
    code = "TRN-103"
    says = _("« %(file)s » : « %(value)s » est donné deux fois (lignes %(first)d et %(row)d).")
    remedy = _("Gardez une seule de ces deux lignes, ou corrigez leur colonne « %(field)s ». Rien n’a été enregistré.")
    status = 422


class BadSetting(Refused):
    """A key of a YAML that cannot be read."""

    code = "TRN-104"
    says = _("« %(file)s », clé « %(field)s » : « %(value)s » ne peut pas être lu.")
    remedy = _("Écrivez cette clé sous la forme %(form)s, puis recommencez. Rien n’a été enregistré.")
    status = 422


class Unopened(Refused):
    code = "TRN-105"
    says = _("« %(file)s » ne peut pas être ouvert : %(why)s.")
    remedy = _("Vérifiez le chemin et le fichier (%(most)d Mio au plus). Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


class TooFew(Refused):
    code = "TRN-121"
    says = _("%(n)d {n:personne|personnes} : aucune statistique n’est donnée sous %(least)d.")
    remedy = _("Réunissez les réponses d’autres séances de la même épreuve.")
    status = 422


class NoKey(Refused):
    code = "TRN-122"
    says = _("« %(file)s » : la question « %(value)s » n’a pas de clé dans « %(key)s ».")
    remedy = _("Ajoutez sa ligne au fichier des clés, ou retirez sa colonne. Rien n’a été enregistré.")
    status = 422
