"""Why a file that somebody gives is not read: each with its code, the place in the file and what to do."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class UnreadableFile(Refused):
    code = "IMP-110"
    says = _("Le fichier %(file)s ne peut pas être lu : %(why)s.")
    remedy = _("Enregistrez-le en CSV (UTF-8) ou en XLSX et recommencez. Rien n’a été enregistré.")
    status = 422


class TooLarge(Refused):
    code = "IMP-111"
    says = _("Le fichier %(file)s est trop grand : %(size)d Mio pour %(limit)d Mio permis.")
    remedy = _("Découpez-le par région, ou compressez-le en CSV.gz. Rien n’a été enregistré.")
    status = 413


class WrongEncoding(Refused):
    code = "IMP-112"
    says = _("L’encodage du fichier %(file)s n’est pas reconnu (octet %(byte)s en position %(place)d).")
    remedy = _("Enregistrez-le en UTF-8. Rien n’a été enregistré.")
    status = 422


class RaggedRow(Refused):
    code = "IMP-113"
    says = _("Fichier %(file)s, ligne %(row)d : %(got)d {got:colonne|colonnes} au lieu de %(want)d.")
    remedy = _(
        "Vérifiez les guillemets et les séparateurs de cette ligne. Des colonnes qui se répètent à droite se disent dans le profil (options: groups). Rien n’a été enregistré."
    )
    status = 422


class EmptyFile(Refused):
    code = "IMP-114"
    says = _("Le fichier %(file)s ne contient aucune ligne de données.")
    remedy = _("Choisissez un fichier avec une ligne d’en-tête et au moins une ligne.")
    status = 422


class DoubledColumn(Refused):
    code = "IMP-115"
    says = _("La colonne « %(field)s » figure deux fois dans l’en-tête du fichier %(file)s.")
    remedy = _("Renommez l’une des deux colonnes. Rien n’a été enregistré.")
    status = 422


class TooWide(Refused):
    code = "IMP-116"
    says = _("Fichier %(file)s, ligne %(row)d : %(got)d {got:colonne|colonnes} pour %(limit)d {limit:permise|permises}.")
    remedy = _("Ne gardez que les colonnes utiles. Rien n’a été enregistré.")
    status = 422


class TooManyCells(Refused):
    code = "IMP-117"
    says = _("Le fichier %(file)s dépasse %(limit)d {limit:case|cases} (ligne %(row)d).")
    remedy = _("Ne gardez que les colonnes utiles, ou découpez-le par région. Rien n’a été enregistré.")
    status = 422


class OpenQuote(Refused):
    """A quotation mark that swallows what follows it, in whatever column: rows would be lost without a word."""

    code = "IMP-118"
    says = _("Fichier %(file)s, ligne %(row)d : un guillemet ouvert là n’est pas fermé dans sa case ; %(n)d {n:ligne du fichier y disparaîtrait|lignes du fichier y disparaîtraient}.")  # fmt: skip
    remedy = _("Fermez ou doublez ce guillemet, ou enregistrez le fichier de nouveau depuis un tableur. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class WhichSheet(Refused):
    code = "IMP-119"
    says = _("Le classeur %(file)s a plusieurs feuilles possibles : %(found)s.")
    remedy = _("Nommez dans le profil celle qu’il faut lire (sheet: …), ou celles qui se suivent (sheets: […]). Rien n’a été enregistré.")  # fmt: skip
    status = 422


class NulByte(Refused):
    code = "IMP-120"
    says = _("Fichier %(file)s, ligne %(row)d : un octet nul (U+0000) s’y trouve ; ce n’est pas un texte entier.")
    remedy = _("Enregistrez-le de nouveau en CSV (UTF-8) ; un fichier UTF-16 sans marque se dit dans le profil (encoding: utf-16-le). Rien n’a été enregistré.")  # fmt: skip
    status = 422


class OtherSheet(Refused):
    code = "IMP-121"
    says = _("Classeur %(file)s, feuille « %(sheet)s » : ses colonnes ne sont pas celles de la feuille « %(first)s » (%(field)s).")  # fmt: skip
    remedy = _("Donnez les mêmes colonnes, dans le même ordre, à toutes les feuilles lues ensemble. Rien n’a été enregistré.")  # fmt: skip
    status = 422
