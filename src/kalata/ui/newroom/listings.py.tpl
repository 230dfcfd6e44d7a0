"""The list of toy: its columns, what narrows and orders it."""

from django.utils.translation import gettext_lazy

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui import edge, fields
from kalata.ui.lists import Listing


class Records(edge.Edge):
    q = fields.TextField(label=gettext_lazy("Titre"))


TOYS = Listing(
    name="toy",
    title=_("Fiches de Toy"),
    filters=Records,
    orders={"titre": ("title", "pk")},
    order=("-pk",),
    empty=_("Aucune fiche."),
    columns=(
        Column("title", _("Titre"), lambda one: one.title, sort="titre", means=_("Titre de la fiche")),
        Column("at", _("Date"), lambda one: one.at, Kind.INSTANT, means=_("Quand elle fut ajoutée")),
        Column("state", _("État"), lambda one: one.state, partial="toy/_state.html", means=_("État de la fiche")),
    ),
)
