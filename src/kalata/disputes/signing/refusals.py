"""What the Court's keys refuse."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoCourtKey(Refused):
    code = "DIS-770"
    says = _("La Cour n’a pas encore de clés de signature : %(folder)s.")
    remedy = _("Faites la cérémonie des clés à deux personnes : kalata disputes authority.")
    status = 404


class WrongPassphrase(Refused):
    code = "DIS-771"
    says = _("Les clés de la Cour ne s’ouvrent pas avec cette phrase secrète.")
    remedy = _("Chaque dépositaire donne sa moitié, dans le même ordre qu’à la cérémonie.")
    status = 403


class CourtKeyThere(Refused):
    code = "DIS-772"
    says = _("La Cour a déjà des clés : %(folder)s. Elles ne s’écrasent pas.")
    remedy = _("Donnez un autre dossier ; l’ancien reste pour vérifier ce qu’il a signé.")


class Expired(Refused):
    code = "DIS-773"
    says = _("Le certificat « %(name)s » vaut du %(start)s au %(end)s : il ne signe pas le %(at)s.")
    remedy = _("Renouvelez les certificats de la Cour, ou remettez l’horloge à l’heure. Rien n’a été signé.")


class ForeignKey(Refused):
    code = "DIS-774"
    says = _("La clé ou le certificat « %(name)s » n’est pas de l’autorité de cette Cour.")
    remedy = _("Remettez les fichiers de la cérémonie des clés. Rien n’a été signé.")


class NotSignable(Refused):
    code = "DIS-775"
    says = _("Ce PDF ne se signe pas : %(why)s.")
    remedy = _("Refaites la décision depuis la salle ; un PDF chiffré, à script ou déjà signé n’est pas signé ici.")
    status = 422


class NotAJudgment(Refused):
    code = "DIS-776"
    says = _("Ce XML n’est pas un arrêt Akoma Ntoso à signer : %(why)s.")
    remedy = _("Refaites-le depuis la décision.")
    status = 422


class NoToken(Refused):
    code = "DIS-777"
    says = _("Le jeton matériel de la Cour (PKCS#11) n’est pas joignable : %(why)s.")
    remedy = _(
        "Vérifiez le module, le nom du jeton et celui de la clé dans les réglages (docs/fr/signature.md). Rien n’a été signé."
    )
    status = 503


class NoTokenLibrary(Refused):
    code = "DIS-779"
    says = _("La clé de la Cour est dans un jeton matériel (PKCS#11), et python-pkcs11 n’est pas installé.")
    remedy = _("Installez l’option « pkcs11 » de Kalata (docs/fr/signature.md). Rien n’a été signé.")
    status = 503


class TokenAbsent(Refused):
    code = "DIS-784"
    says = _("Le jeton matériel « %(token)s » n’est pas branché (%(why)s).")
    remedy = _("Branchez-le, ou corrigez son nom dans les réglages. Rien n’a été signé.")
    status = 503


class WrongPin(Refused):
    code = "DIS-785"
    says = _("Le jeton matériel de la Cour ne s’ouvre pas : le code (PIN) manque, est faux ou bloqué (%(why)s).")
    remedy = _("Donnez-le par KALATA_COURT_PIN_FILE ; après plusieurs essais faux, le jeton se bloque.")
    status = 403


class NoTokenKey(Refused):
    code = "DIS-786"
    says = _("Le jeton matériel n’a pas une clé et une seule du nom « %(key)s » (%(why)s).")
    remedy = _("Corrigez son nom dans les réglages, ou refaites l’import de la clé du sceau. Rien n’a été signé.")
    status = 503


class WeakPassphrase(Refused):
    code = "DIS-778"
    says = _("Chaque moitié de la phrase secrète a au moins %(n)d {n:caractère|caractères}, et les deux moitiés diffèrent.")
    remedy = _("Choisissez quatre mots au hasard chacun, sans vous les dire.")
    status = 422
