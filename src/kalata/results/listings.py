"""The list of stations of a contest: its columns, what narrows and orders it.

Its files are the exports of the contest, made once for everybody: a list open to all makes none at each request.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy

from kalata.results.rules import checks
from kalata.results.rules.coverage import SITUATION_LABELS, Situation
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui import edge, fields
from kalata.ui.lists import Listing

SORTS = ("code", "inscrits", "votants", "participation", "exprimes")


class StationList(edge.Edge):
    """What narrows a list of stations."""

    q = fields.TextField(label=gettext_lazy("Village, quartier, école ou code du bureau"))
    zone = fields.IdField(label=gettext_lazy("Zone"))
    etat = fields.ChoiceField([(str(int(s)), SITUATION_LABELS[s]) for s in Situation], label=gettext_lazy("État"))
    constat = fields.ChoiceField([c.code for c in checks.CHECKS], label=gettext_lazy("Constat"))


def turnout(row: dict[str, Any]) -> Fraction | None:
    voters, registered = row["voters"], row["registered"]
    return Fraction(voters, registered) if voters is not None and registered else None


STATIONS = Listing(
    name="bureaux",
    title=_("Bureaux"),
    filters=StationList,
    orders=dict.fromkeys(SORTS, ()),
    empty=_("Aucun bureau ne répond à cette recherche. Élargissez les filtres."),
    wide=True,
    region=_("Tableau des bureaux"),
    every={"zone": _("Toutes")},
    files=False,
    marks=lambda s: {"station": s["code"], "situation": s["standing"]},
    columns=(
        Column("bureau", _("Bureau"), lambda s: s["code"], Kind.CODE, sort="code", partial="results/_station_name.html"),
        Column("etat", _("État"), lambda s: s["standing"], Kind.STATE, partial="results/_station_state.html"),
        Column("inscrits", _("Inscrits"), lambda s: s["registered"], Kind.COUNT, sort="inscrits"),
        Column("votants", _("Votants"), lambda s: s["voters"], Kind.COUNT, sort="votants"),
        Column("participation", _("Participation"), turnout, Kind.SHARE, sort="participation"),
        Column("exprimes", _("Exprimés"), lambda s: s["valid"], Kind.COUNT, sort="exprimes"),
        Column("en_tete", _("En tête"), lambda s: s["leader"].name if s["leader"] else None),
        Column("constats", _("Constats"), lambda s: s["codes"], Kind.LINES, partial="results/_station_codes.html"),
    ),
)  # fmt: skip
