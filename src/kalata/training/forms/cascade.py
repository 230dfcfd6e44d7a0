"""What the planner of the cascade is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import edge, fields

LARGEST = 4 * 2**20


class TryForm(edge.Edge):
    """A plan to try with one's own lists: its terms as the command has them, its two tables."""

    act = "try"
    first = fields.DateField(required=True, label=_("Premier jour"))
    last = fields.DateField(required=True, label=_("Dernier jour"))
    closed = fields.TextField(most=400, label=_("Jours fermés (AAAA-MM-JJ, séparés par des espaces)"))
    class_max = fields.CountField(required=True, least=1, most=500, label=_("Taille des classes"))
    class_days = fields.CountField(required=True, least=1, most=30, label=_("Jours d’une classe"))
    per_station = fields.CountField(required=True, least=1, most=100, label=_("Agents par bureau"))
    reserve = fields.CountField(required=True, least=0, most=100, label=_("Réserve, en pour cent"))
    travel = fields.CountField(required=True, least=0, most=30, label=_("Jours perdus d’un lieu à l’autre"))
    areas = fields.UploadField(most=LARGEST, required=True, label=_("Lieux (CSV ou XLSX)"))
    pairs = fields.UploadField(most=LARGEST, required=True, label=_("Binômes (CSV ou XLSX)"))
