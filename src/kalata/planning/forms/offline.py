"""What the pages of progress without a network are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.country.pickers import TerritoryField
from kalata.ui import edge, fields

MOST = 1 << 20


class OfflineLook(edge.Edge):
    plan = fields.CodeField(most=60, label=_("Plan"))
    kept = fields.CountField(most=10_000)


class PageForm(edge.Edge):
    """Which page goes out."""

    plan = fields.CodeField(most=60, label=_("Plan"))
    unit = TerritoryField(label=_("Territoire"), required=False)


class BringForm(edge.Edge):
    act = "try"
    plan = fields.CodeField(most=60, required=True)
    file = fields.UploadField(most=MOST, label=_("Fichier rapporté (avancement-….csv)"), required=True)


class MergeForm(edge.Edge):
    act = "merge"
    plan = fields.CodeField(most=60, required=True)
    table = fields.LinesField(most=MOST, required=True, strip=False)
    take = fields.ManyField(fields.CodeField(most=64), most=2_000)
    seen = fields.CodeField(most=64, label=_("page lue"))
