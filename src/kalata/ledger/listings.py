"""The list of acts: its columns, what narrows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from kalata.ledger import queries
from kalata.ledger.rules.kinds import ANY, SUBJECTS, titled
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui import edge, fields
from kalata.ui.lists import Listing


class Narrow(edge.Edge):
    """What the reader of the ledger asks for."""

    q = fields.TextField(label=gettext_lazy("Objet, motif ou personne"))
    genre = fields.TextField(label=gettext_lazy("Acte"), most=60)
    objet = fields.TextField(label=gettext_lazy("Sur"), most=60)
    qui = fields.TextField(most=60)
    du = fields.DateField(label=gettext_lazy("Du"))
    au = fields.DateField(label=gettext_lazy("Au"))
    perso = fields.FlagField(label=gettext_lazy("données personnelles"))


def acts_kept() -> list[tuple[str, str]]:
    return titled(queries.kinds(), get_language() or "fr")


def subjects() -> Iterator[tuple[str, str]]:
    lang = get_language() or "fr"
    named = ((k, translate(v, lang)) for k, v in SUBJECTS.items() if k != ANY)
    yield from sorted(named, key=lambda pair: pair[1].casefold())


def of(key: str) -> Any:
    return lambda act: getattr(act, key)


ACTS = Listing(
    name="journal",
    title=_("Actes"),
    filters=Narrow,
    empty=_("Aucun acte ne répond à cette recherche."),
    wide=True,
    options={"genre": acts_kept, "objet": subjects},
    columns=(
        Column("id", _("N°"), of("pk"), Kind.COUNT, means=_("Numéro de l’acte, dans l’ordre où il a été gardé")),
        Column("at", _("Quand"), of("at"), Kind.INSTANT),
        Column("actor", _("Qui"), of("actor"), means=_("Identifiant de la personne, ou nom du système")),
        Column("kind", _("Acte"), of("kind"), Kind.CODE, partial="ledger/_act.html", means=_("Genre de l’acte : voir la liste des genres")),
        Column("subject", _("Objet"), of("subject"), means=_("Genre et nom de ce sur quoi porte l’acte")),
        Column("territory", _("Territoire"), of("territory"), Kind.CODE, shown=False),
        Column("before", _("Avant"), of("before"), shown=False, means=_("Ce qui valait avant, en JSON")),
        Column("after", _("Après"), of("after"), shown=False, means=_("Ce qui vaut après, en JSON")),
        Column("change", _("De quoi à quoi"), of("pk"), partial="ledger/_change.html", filed=False),
        Column("reason", _("Motif"), of("reason"), shown=False),
        Column("address", _("Adresse"), of("address"), shown=False, means=_("Adresse du réseau d’où l’acte est venu, donnée personnelle")),
        Column("personal", _("données personnelles"), of("personal"), Kind.COUNT, shown=False, means=_("1 : l’acte touche à des données personnelles")),
    ),
)  # fmt: skip
