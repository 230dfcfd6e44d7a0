"""What the working papers of an instruction take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import fields
from kalata.ui.edge import Edge

SCOPES = [("grounds", _("les bureaux visés par les moyens")), ("all", _("tous les bureaux du scrutin"))]


class WeighForm(Edge):
    """What is tried on a case: read from a form and never from an address, so that no log keeps it."""

    act = "weigh"
    station = fields.ManyField(fields.CodeField(), most=2_000, label=_("bureaux cochés"))
    ground = fields.ManyField(fields.TextField(most=60), most=100, label=_("moyens cochés"))
    codes = fields.LinesField(most=20_000, label=_("Annuler ces bureaux, par code ou par nom"))
    column = fields.TextField(most=60, label=_("Zone"))
    place = fields.TextField(most=200, label=_("Nom de la zone"))
    rectify = fields.LinesField(most=20_000, label=_("Rectifier"))
    deduct = fields.LinesField(most=20_000, label=_("Déduire"))
    restore = fields.LinesField(most=20_000, label=_("Rétablir"))
    irregular = fields.LinesField(most=20_000, label=_("Bulletins irréguliers, bénéficiaire inconnu"))
    revote = fields.FlagField(label=_("avec un nouveau vote dans les bureaux annulés"))
    contested = fields.ChoiceField(SCOPES, label=_("Bureaux parmi lesquels chercher"))


class KeepForm(WeighForm):
    """The same boxes, kept under a name."""

    act = "keep"
    name = fields.TextField(most=120, required=True, label=_("Nom de la simulation"))


class DropForm(Edge):
    act = "drop"


class DraftForm(Edge):
    """number, words: of the decision where the case has no draft yet."""

    act = "draft"
    number = fields.TextField(most=40, label=_("Numéro de la décision"))
    words = fields.TextField(most=400, label=_("Objet, tel que le public le lira"))


class CompareForm(Edge):
    un = fields.IdField(label=_("première simulation"))
    deux = fields.IdField(label=_("seconde simulation"))
