"""What this room refuses."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NothingToDo(Refused):
    code = "NTC-101"
    says = _("Cet avis n’attend rien de vous : il informe, ou ce qu’il demandait est déjà fait.")
    remedy = _("Rechargez la page des avis. Rien n’a été enregistré.")
    status = 409
