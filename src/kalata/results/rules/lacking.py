"""What an act must come with, and the refusal where it is not there. Pure."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

DOCUMENT = _("un document")


class Lacks(Refused):
    code = "RES-411"
    says = _("Ce passage demande %(need)s.")
    remedy = _("Complétez la demande et recommencez. Rien n’a été enregistré.")
    status = 422
