"""What a workbook may not hold where a plan wants a value."""

from __future__ import annotations

from kalata.planning.rules.faults import PlanFault
from kalata.text import gettext_noop as _


class TypedFormula(PlanFault):
    code = "PLN-131"
    says = _("Ligne %(row)s, colonne « %(field)s » : « %(value)s » est une formule écrite comme un texte ; le tableur ne la calcule pas.")  # fmt: skip
    remedy = _("Écrivez la valeur, ou ôtez l’apostrophe ou le format Texte pour que le tableur la calcule, puis enregistrez. Rien n’a été enregistré.")  # fmt: skip


class NoValue(PlanFault):
    code = "PLN-132"
    says = _("Ligne %(row)s, colonne « %(field)s » : la formule « %(value)s » n’a pas de valeur, ou donne une erreur.")
    remedy = _("Ouvrez le classeur dans un tableur, corrigez la formule, enregistrez, puis recommencez. Rien n’a été enregistré.")  # fmt: skip
