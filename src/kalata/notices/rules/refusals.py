"""What this room refuses."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NothingToDo(Refused):
    code = "NTC-101"
    says = _("Cet avis n’attend rien de vous : il informe, ou ce qu’il demandait est déjà fait.")
    remedy = _("Rechargez la page des avis. Rien n’a été enregistré.")
    status = 409


class NotYourDesk(Refused):
    code = "NTC-102"
    says = _("Cet avis s’adresse à un poste que vous ne tenez plus.")
    remedy = _("Qui tient ce poste aujourd’hui a reçu le même avis. Rien n’a été enregistré.")
    status = 403
