"""The lists of the tally centre: their columns, what narrows and orders them."""

from __future__ import annotations

from kalata.country.models import Contest
from kalata.tables.lists import Column, Kind
from kalata.tally.forms import PaperList
from kalata.tally.rules.lifecycle import STATE_LABELS
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing


def notes(contest: Contest) -> list[tuple[str, str]]:
    """What every file about a contest says before its rows."""
    told = [(_("Scrutin"), f"{contest.code}, {contest.name_fr}")]
    if contest.election.exercise:
        told.append((_("Exercice"), "fictif / fictional"))
    return told


PAPERS = Listing(
    name="proces-verbaux",
    saved=True,
    title=_("Procès-verbaux"),
    filters=PaperList,
    orders={"since": ("since", "pk"), "code": ("station__code", "pk"), "etat": ("state", "since", "pk")},
    order=("since", "pk"),
    counted=_("%(n)s {n:procès-verbal|procès-verbaux}"),
    empty=_("Aucun procès-verbal ne répond à cette recherche."),
    options={"etat": lambda: ((s.value, label) for s, label in STATE_LABELS.items())},
    columns=(
        Column("bureau", _("Bureau"), lambda p: p.station.code, Kind.CODE, sort="code", partial="tally/_paper_name.html", means=_("Code du bureau dans ce scrutin")),
        Column("nom", _("Nom du bureau"), lambda p: p.station.name, shown=False),
        Column("lieu", _("Lieu"), lambda p: p.station.unit.name if p.station.unit else None, means=_("La plus petite zone où se trouve le bureau")),
        Column("etat", _("État"), lambda p: p.state, Kind.STATE, sort="etat", partial="tally/_paper_state.html", states={s.value: (label, "", "") for s, label in STATE_LABELS.items()}),
        Column("erreurs", _("Constats"), lambda p: p.errors, Kind.LINES, partial="tally/_paper_findings.html", means=_("Codes des contrôles qui ne tombent pas juste, séparés par une espace")),
        Column("alertes", _("Alertes"), lambda p: p.warnings, Kind.LINES, shown=False, means=_("Codes des contrôles à regarder, séparés par une espace")),
        Column("depuis", _("Depuis"), lambda p: p.since, Kind.INSTANT, sort="since", partial="tally/_paper_since.html", means=_("Depuis quand il est dans cet état")),
    ),
)  # fmt: skip
