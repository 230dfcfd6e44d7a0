"""What the pages of purchases are sent."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.planning.rules.buying_steps import ASKED, BUYING, Bought
from kalata.ui import edge, fields

SEEN = _("page lue")
PAPER = _("Pièce")


class PurchaseList(edge.Edge):
    q = fields.TextField(label=_("Marché ou procédure"), most=80)
    etat = fields.ChoiceField([(s.value, _(w)) for s, w in BUYING.labels.items()], label=_("État"))


class ItemForm(edge.Edge):
    act = "item"
    code = fields.CodeField(label=_("Nom court"), most=40, required=True)
    name = fields.TextField(label=_("Objet du marché"), required=True)
    method = fields.TextField(label=_("Procédure"), most=60, required=True)
    tender = fields.CodeField(label=_("Activité de l’appel d’offres"), most=64, required=True)
    making = fields.CodeField(label=_("Activité de fabrication, s’il y en a une"), most=64)
    delivering = fields.CodeField(label=_("Activité de livraison, s’il y en a une"), most=64)
    needed = fields.CodeField(label=_("Activité qui en a besoin"), most=64, required=True)
    lots = fields.CountField(label=_("Lots"), least=1, most=500, initial=1)
    sensitive = fields.FlagField(label=_("matériel sensible"))
    quantity = fields.CountField(label=_("Quantité utile"), most=10**12)
    reserve_percent = fields.CountField(label=_("Stock de réserve, en pour cent"), most=100)
    fails_percent = fields.CountField(label=_("Chance supposée d’un appel infructueux, en pour cent"), most=100)
    legal_days = fields.CountField(label=_("Publication minimale, en jours (vide : inconnue)"), most=365)
    legal_source = fields.TextField(label=_("Texte qui la fixe"), most=300)
    seen = fields.CodeField(most=64, label=SEEN)


class MoveForm(edge.Edge):
    act = "move"
    to = fields.ChoiceField([(s.value, _(w)) for s, w in BUYING.labels.items() if s not in (Bought.AWARDED, Bought.DIRECT, Bought.ACCEPTED)], unsaid=_("à dire"), label=_("Étape"), required=True)  # fmt: skip
    on = fields.DayField(label=_("Le"), required=True)
    document = fields.TextField(label=PAPER, most=300)
    reason = fields.TextField(label=_("Motif"), most=400)
    seen = fields.CodeField(most=64, label=SEEN)


class ReceiveForm(edge.Edge):
    act = "receive"
    on = fields.DayField(label=_("Le"), required=True)
    document = fields.TextField(label=_("Procès-verbal de réception"), most=300, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class AwardForm(edge.Edge):
    act = "award"
    to = fields.ChoiceField([(s.value, _(BUYING.labels[s])) for s in ASKED], unsaid=_("à dire"), label=_("Demande"), required=True)  # fmt: skip
    supplier = fields.TextField(label=_("Attributaire proposé"))
    document = fields.TextField(label=_("Procès-verbal, ou autorisation de gré à gré"), most=300, required=True)
    reason = fields.TextField(label=_("Motif"), most=400, required=True)
    seen = fields.CodeField(most=64, label=SEEN)

    def clean(self) -> dict[str, Any]:
        """An award names who receives it; the end of one does not."""
        given = super().clean() or self.cleaned_data
        if given.get("to") in (Bought.AWARDED, Bought.DIRECT) and not given.get("supplier"):
            self.add_error("supplier", self.fields["supplier"].error_messages["required"])
        return given


