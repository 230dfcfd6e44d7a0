"""The list of the areas of a geography: its columns, what narrows and orders it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from kalata.country.models import Unit
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui import edge, fields
from kalata.ui.lists import Listing


class Units(edge.Edge):
    """What narrows the units of a geography."""

    q = fields.TextField(label=gettext_lazy("Nom"))
    niveau = fields.CountField(most=99, label=gettext_lazy("Niveau"))


def elsewhere(unit: Unit) -> list[str]:
    """Where an area lies in other divisions, with its share."""
    return [f"{walk.target.name} {walk.share} ({walk.method})" for walk in unit.goes_to.all()]


UNITS = Listing(
    name="zones",
    title=_("Zones"),
    filters=Units,
    orders={"nom": ("sort_name", "pk"), "niveau": ("level", "sort_name", "pk"), "code": ("code",)},
    order=("level", "sort_name", "pk"),
    empty=_("Aucune zone ne répond à cette recherche."),
    size=60,
    wide=True,
    columns=(
        Column("name", _("Zone"), lambda u: u.name, sort="nom", href=lambda u: reverse("country:zone", args=[u.geography.code, u.pk]), means=_("Nom de la zone")),
        Column("code", _("Code"), lambda u: u.code, Kind.CODE, sort="code", means=_("Code de la zone dans son découpage")),
        Column("level", _("Niveau"), lambda u: u.level, Kind.COUNT, sort="niveau", means=_("1 : le plus haut niveau du découpage")),
        Column("kind", _("Genre"), lambda u: u.kind, means=_("Comment la zone se nomme : région, cercle, commune")),
        Column("parent", _("Dans"), lambda u: u.parent.name if u.parent else None, means=_("Zone qui la contient")),
        Column("parent_code", _("Code de la zone qui la contient"), lambda u: u.parent.code if u.parent else None, Kind.CODE, shown=False, means=_("Code de la zone qui la contient")),
        Column("elsewhere", _("Dans l’autre découpage"), elsewhere, Kind.LINES, means=_("Zones d’un autre découpage où elle se trouve, avec sa part")),
        Column("source", _("Source"), lambda u: u.source, shown=False, means=_("D’où vient cette zone")),
        Column("confidence", _("Confiance"), lambda u: u.confidence, shown=False, means=_("Comment la source a été vue")),
    ),
)  # fmt: skip
