"""The docket of an office of first instance as a list of the house."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.disputes.forms.offices import OfficeList
from kalata.disputes.listings import STATES, VERDICTS, sheet
from kalata.disputes.models import Petition
from kalata.disputes.rules.offices import OUTCOMES
from kalata.disputes.rules.recourse import ABOUT_LABELS
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing


def decided(petition: Petition, name: str) -> Any:
    """A column of the decision of a case, once it is signed."""
    found = getattr(petition, "first_ruling", None)
    return getattr(found, name) if found is not None and found.signed_at else None


DOCKET = Listing(
    name="premiere-instance",
    saved=True,
    presets=((_("Par échéance"), "tri=echeance"), (_("À enrôler"), "etat=received"), (_("En délibéré"), "etat=deliberation")),
    title=_("Affaires"),
    filters=OfficeList,
    region=_("Tableau des affaires"),
    counted=_("%(n)s {n:affaire|affaires}"),
    every={"etat": _("Toutes"), "acte": _("Tous")},
    orders={
        "role": ("roll", "pk"), "depot": ("received_at", "pk"), "echeance": ("sheet__next_at", "pk"), "numero": ("number",),
    },
    order=("-received_at", "-pk"),
    empty=_("Aucune affaire ne répond à cette recherche."),
    columns=(
        Column("number", _("Affaire"), lambda p: p.number, Kind.CODE, sort="numero",
               href=lambda p: reverse("disputes:first_case", args=[p.number]), means=_("Numéro du récépissé, donné par le guichet")),
        Column("roll", _("Rôle"), lambda p: p.roll, Kind.COUNT, sort="role", means=_("Numéro de rôle, donné par le greffe")),
        Column("about", _("Acte attaqué"), lambda p: ABOUT_LABELS.get(p.about, p.about), means=_("Ce qui est attaqué")),
        Column("object", _("Objet"), lambda p: sheet(p, "title"), means=_("Objet de la requête, avec les mots du requérant")),
        Column("petitioner", _("Requérant"), lambda p: sheet(p, "petitioner"), means=_("Requérant, donnée personnelle")),
        Column("received_at", _("Dépôt"), lambda p: p.received_at, Kind.INSTANT, sort="depot", means=_("Instant du dépôt, écrit une fois")),
        Column("verdict", _("Délai de recours"), lambda p: sheet(p, "verdict"), Kind.STATE, states=VERDICTS,
               means=_("Tous griefs ensemble : in_time, late, undetermined selon la lecture ; vide : non calculé")),
        Column("state", _("État"), lambda p: p.state, Kind.STATE, states=STATES, means=_("Étape de la vie de la requête")),
        Column("next_at", _("Prochaine échéance"), lambda p: sheet(p, "next_at", None), Kind.INSTANT, sort="echeance",
               partial="disputes/_docket_next.html", means=_("Premier instant qui serait trop tard")),
        Column("decision", _("Décision"), lambda p: decided(p, "number") or "", Kind.CODE, means=_("Numéro de la décision signée")),
        Column("outcome", _("Issue"), lambda p: OUTCOMES.get(decided(p, "outcome") or "", ""), means=_("Ce que la décision fait de la demande")),
    ),
)  # fmt: skip
