"""The public docket and the list of decisions as lists of the house: their columns are also the schema of the open data."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.disputes.forms.public import PublicDecisions, PublicDocket
from kalata.disputes.rules.public import ABOUT, LABELS, OUTCOMES, CaseRow, Stage
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing

TONES: dict[Stage, tuple[str, str]] = {
    Stage.RECEIVED: ("", "doc"), Stage.DOCKETED: ("", "list"), Stage.EXAMINED: ("", "search"), Stage.SERVED: ("inf", "doc"),
    Stage.INSTRUCTION: ("", "gavel"), Stage.READY: ("inf", "ok"), Stage.HEARING: ("inf", "people"),
    Stage.DELIBERATION: ("inf", "people"), Stage.DECIDED: ("inf", "gavel"), Stage.PUBLISHED: ("ok", "ok"),
    Stage.CLOSED: ("ok", "ok"), Stage.JOINED: ("", "link"), Stage.SEVERED: ("", "branch"), Stage.WITHDRAWN: ("", "back"),
    Stage.STAYED: ("warn", "pause"),
}  # fmt: skip
STATES = {s.value: (LABELS[s], *TONES[s]) for s in Stage}


def limit(row: CaseRow, name: str) -> Any:
    return getattr(row.limit, name) if row.limit else None


DOCKET = Listing(
    name="requetes",
    title=_("Requêtes devant la Cour"),
    filters=PublicDocket,
    wide=True,
    region=_("Tableau des requêtes"),
    counted=_("%(n)s {n:requête|requêtes}"),
    every={"etape": _("Toutes"), "issue": _("Toutes")},
    orders={"numero": (), "role": (), "depot": (), "etape": (), "echeance": (), "bureaux": ()},
    empty=_("Aucune requête ne répond à cette recherche."),
    columns=(
        Column("number", _("Requête"), lambda r: r.number, Kind.CODE, sort="numero", partial="disputes/public/_cell_case.html",
               href=lambda r: reverse("court:case", args=[r.number]), means=_("Numéro du récépissé, donné par le guichet")),
        Column("roll", _("Rôle"), lambda r: r.roll, Kind.COUNT, shown=False, means=_("Numéro de rôle, donné par le greffe")),
        Column("contest", _("Scrutin"), lambda r: r.contest, Kind.CODE, shown=False, means=_("Code du scrutin")),
        Column("about", _("Contre"), lambda r: r.about, Kind.STATE, states={k: (v, "", "scale") for k, v in ABOUT.items()}, means=_("Acte attaqué")),
        Column("grounds", _("Griefs"), lambda r: list(r.grounds), Kind.LINES, shown=False,
               means=_("Griefs en termes généraux, par leur code ; jamais les mots du requérant")),
        Column("place", _("Lieu"), lambda r: r.place, means=_("Lieu que la requête vise"), shown=False),
        Column("stations", _("Bureaux visés"), lambda r: r.stations, Kind.COUNT, sort="bureaux", means=_("Bureaux de vote que la requête vise, reconnus par leur code")),
        Column("petitioners", _("Requérants nommés"), lambda r: list(r.petitioners), Kind.LINES, shown=False, means=_("Candidats, listes, partis et autorités ; un électeur n’est jamais nommé")),
        Column("respondents", _("Défendeurs nommés"), lambda r: list(r.respondents), Kind.LINES, shown=False, means=_("Candidats, listes, partis et autorités ; un électeur n’est jamais nommé")),
        Column("unnamed", _("Parties non nommées"), lambda r: r.unnamed, Kind.COUNT, shown=False, means=_("Combien de parties ne sont pas nommées")),
        Column("received_at", _("Dépôt"), lambda r: r.received, Kind.INSTANT, sort="depot", means=_("Instant du dépôt, écrit une fois")),
        Column("stage", _("Étape"), lambda r: r.stage.value, Kind.STATE, states=STATES, sort="etape", means=_("Étape de la vie de l’affaire, telle que tous la lisent")),
        Column("since", _("Depuis"), lambda r: r.since, Kind.INSTANT, shown=False, means=_("Quand cette étape a commencé")),
        Column("limit_kind", _("Délai de"), lambda r: limit(r, "kind"), shown=False, means=_("Ce que le délai attend ; vide : aucun ne court")),
        Column("limit_at", _("Délai"), lambda r: limit(r, "bound"), Kind.INSTANT, sort="echeance", partial="disputes/public/_cell_limit.html",
               means=_("Premier instant qui serait trop tard, selon la lecture retenue")),
        Column("lead", _("Jointe à"), lambda r: r.lead, Kind.CODE, shown=False, means=_("Numéro du chef de file")),
        Column("outcome", _("Issue"), lambda r: r.outcome, Kind.STATE, partial="disputes/public/_cell_outcome.html",
               states={k: (v, "", "gavel") for k, v in OUTCOMES.items()}, means=_("Ce que la décision publiée fait de la requête ; vide : rien n’est publié")),
        Column("decision", _("Décision"), lambda r: r.decision, Kind.CODE, shown=False, means=_("Numéro de la décision publiée")),
    ),
)  # fmt: skip
DECISIONS = Listing(
    name="decisions",
    title=_("Décisions publiées"),
    filters=PublicDecisions,
    wide=True,
    region=_("Tableau des décisions"),
    counted=_("%(n)s {n:décision|décisions}"),
    orders={"numero": (), "date": (), "bureaux": ()},
    empty=_("Aucune décision ne répond à cette recherche."),
    columns=(
        Column("number", _("Décision"), lambda r: r.number, Kind.CODE, sort="numero", partial="disputes/public/_cell_decision.html",
               href=lambda r: reverse("court:decision", args=[r.slug]), means=_("Numéro du registre de la Cour")),
        Column("ecli", "ECLI", lambda r: r.ecli, Kind.CODE, shown=False, means=_("Identifiant de la forme ECLI ; il n’est pas enregistré")),
        Column("contest", _("Scrutin"), lambda r: r.contest, Kind.CODE, shown=False, means=_("Code du scrutin")),
        Column("signed_at", _("Date"), lambda r: r.signed, Kind.INSTANT, sort="date", means=_("Instant de la signature")),
        Column("cases", _("Requêtes"), lambda r: list(r.cases), Kind.LINES, means=_("Requêtes jugées, par leur numéro")),
        Column("outcomes", _("Issue"), lambda r: list(r.outcomes), Kind.LINES, partial="disputes/public/_cell_outcomes.html",
               means=_("Issue de chaque requête, dans le même ordre")),
        Column("annulled", _("Bureaux annulés"), lambda r: r.annulled, Kind.COUNT, sort="bureaux", means=_("Bureaux dont les suffrages sont annulés")),
        Column("rectified", _("Bureaux rectifiés"), lambda r: r.rectified, Kind.COUNT, means=_("Bureaux dont une case est rectifiée")),
        Column("applied_at", _("Exécutée"), lambda r: r.applied, Kind.INSTANT, shown=False, means=_("Quand les résultats ont changé ; vide : pas encore, ou rien ne change")),
        Column("pdf_sha256", "PDF", lambda r: r.pdf, Kind.CODE, shown=False, means=_("SHA-256 de la décision signée, PDF")),
        Column("xml_sha256", "XML", lambda r: r.xml, Kind.CODE, shown=False, means=_("SHA-256 de la décision signée, Akoma Ntoso")),
    ),
)  # fmt: skip
