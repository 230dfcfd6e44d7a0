"""What a search finds, as a list: the name, the kind, the identifier."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _t

from kalata.chain import registry
from kalata.chain.models import IndexEntry
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui import edge, fields
from kalata.ui.lists import Listing


class SearchForm(edge.Edge):
    q = fields.TextField(label=gettext_lazy("Identifiant, nom, bureau, article, document"), most=200)
    genre = fields.TextField(label=gettext_lazy("Nature"), most=40)


def title(one: IndexEntry) -> str:
    return one.title_en if get_language() == "en" else one.title_fr


def kind(one: IndexEntry) -> str:
    known = registry.every().get(one.kind)
    return _t(known.label) if known else one.kind


def sheet(one: IndexEntry) -> str:
    return reverse("chain:record", args=[one.identifier])


SEARCH = Listing(
    name="recherche",
    title=_("Ce qui répond à la recherche"),
    filters=SearchForm,
    files=False,
    size=30,
    every={"genre": _("Toutes")},
    empty=_("Rien de ce que vous pouvez ouvrir ne répond à ces mots."),
    counted=_("%(n)s {n:fiche|fiches}"),
    columns=(
        Column("title", _("Nom"), title, href=lambda one: one.href or sheet(one), means=_("Titre de l’enregistrement")),
        Column("kind", _("Nature"), kind, means=_("Genre de l’enregistrement")),
        Column(
            "identifier", _("Identifiant"), lambda one: one.identifier, Kind.CODE, href=sheet,
            means=_("Identifiant imprimé, avec sa lettre de contrôle"),
        ),
    ),
)  # fmt: skip
