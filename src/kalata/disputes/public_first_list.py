"""The public list of first instance: its columns are also the schema of the open data."""

from __future__ import annotations

from kalata.disputes.forms.public import PublicFirst
from kalata.disputes.public_lists import STATES
from kalata.disputes.rules.offices import OUTCOMES
from kalata.disputes.rules.public import ABOUT, Stage
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing

STAGES = STATES | {stage.value: (_("décidée"), "inf", "gavel") for stage in (Stage.DECIDED, Stage.PUBLISHED)}
"""The text of a decision of first instance stays in its office: nobody waits for it to appear."""
FIRST = Listing(
    name="premiere-instance-publique",
    title=_("Requêtes en première instance"),
    filters=PublicFirst,
    wide=True,
    region=_("Tableau des requêtes de première instance"),
    counted=_("%(n)s {n:requête|requêtes}"),
    every={"etape": _("Toutes")},
    orders={"numero": (), "depot": (), "etape": (), "echeance": ()},
    empty=_("Aucune requête ne répond à cette recherche."),
    columns=(
        Column("number", _("Requête"), lambda r: r.number, Kind.CODE, sort="numero", means=_("Numéro du récépissé, donné par le guichet")),
        Column("contest", _("Scrutin"), lambda r: r.contest, Kind.CODE, shown=False, means=_("Code du scrutin")),
        Column("office", _("Greffe"), lambda r: r.office, Kind.CODE, shown=False, means=_("Code du greffe qui l’a reçue")),
        Column("office_name", _("Organe saisi"), lambda r: r.office_name, means=_("Nom du greffe qui l’a reçue")),
        Column("body", _("Organe"), lambda one: one.body, Kind.CODE, shown=False, means=_("Organe du pack qui décide")),
        Column("place", _("Lieu"), lambda r: r.place, shown=False, means=_("Territoire de l’organe ; vide : tout le pays")),
        Column("about", _("Contre"), lambda r: r.about, Kind.STATE, states={k: (v, "", "scale") for k, v in ABOUT.items()}, means=_("Acte attaqué")),
        Column("received_at", _("Dépôt"), lambda r: r.received, Kind.INSTANT, sort="depot", means=_("Instant du dépôt, écrit une fois")),
        Column("stage", _("Étape"), lambda r: r.stage.value, Kind.STATE, states=STAGES, sort="etape", means=_("Étape de la vie de l’affaire, telle que tous la lisent")),
        Column("since", _("Depuis"), lambda r: r.since, Kind.INSTANT, shown=False, means=_("Quand cette étape a commencé")),
        Column("limit_at", _("Fin du délai pour décider"), lambda r: r.limit, Kind.INSTANT, sort="echeance", means=_("Premier instant qui serait trop tard, selon la lecture retenue ; vide : le pack n’en donne pas")),
        Column("decision", _("Décision"), lambda r: r.decision, Kind.CODE, means=_("Numéro de la décision, une fois lue")),
        Column("outcome", _("Issue"), lambda r: r.outcome, Kind.STATE, states={k: (v, "", "gavel") for k, v in OUTCOMES.items()}, means=_("Ce que la décision fait de la demande ; vide : elle n’est pas lue")),
        Column("decided_at", _("Décidée"), lambda r: r.decided, Kind.INSTANT, shown=False, means=_("Quand la décision a été lue")),
        Column("appeal_of", _("En appel de"), lambda r: r.appeal_of, Kind.CODE, shown=False, means=_("Affaire dont elle attaque la décision")),
        Column("appeals", _("Attaquée par"), lambda r: list(r.appeals), Kind.LINES, shown=False, means=_("Affaires qui attaquent sa décision")),
    ),
)  # fmt: skip
