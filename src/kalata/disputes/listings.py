"""The docket as a list of the house: its columns, what narrows and orders it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.disputes.forms.docket import DocketList
from kalata.disputes.models import Petition
from kalata.disputes.rules.service import CLOCK_LABELS, VERDICT_LABELS
from kalata.disputes.rules.steps import LABELS, State
from kalata.disputes.rules.triage import CEILING_LABELS, Ceiling
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing

TONES: dict[State, tuple[str, str]] = {
    State.RECEIVED: ("", "doc"), State.DOCKETED: ("", "list"), State.TO_CURE: ("warn", "warn"),
    State.ADMISSIBILITY: ("", "search"), State.INADMISSIBLE: ("", "search"), State.NO_JURISDICTION: ("", "scale"),
    State.SERVED: ("inf", "doc"), State.INSTRUCTION: ("", "gavel"), State.READY: ("inf", "ok"),
    State.HEARING: ("inf", "people"), State.DELIBERATION: ("inf", "people"), State.DRAFTED: ("inf", "pen"),
    State.GATE: ("inf", "lock"), State.JOINED: ("", "link"), State.SEVERED: ("", "branch"), State.STAYED: ("warn", "pause"),
    State.WITHDRAWN: ("", "back"),
}  # fmt: skip
STATES = {s.value: (LABELS[s], *TONES.get(s, ("ok", "ok"))) for s in State}
VERDICTS = {
    "in_time": (VERDICT_LABELS["in_time"], "ok", "ok"), "late": (VERDICT_LABELS["late"], "bad", "bad"),  # type: ignore[index]
    "undetermined": (VERDICT_LABELS["undetermined"], "warn", "warn"),  # type: ignore[index]
    "": (_("non calculé"), "", "wait"),
}  # fmt: skip


def sheet(petition: Petition, name: str, default: Any = "") -> Any:
    """A column of the sheet; a case received this minute may have none yet."""
    found = getattr(petition, "sheet", None)
    return default if found is None else getattr(found, name)


DESK = "".join(f"&colonnes={key}" for key in ("state", "next_at", "stakes", "points", "notified"))
"""The columns of the registrar's view: what is left of time, at stake, admissible, notified."""

DOCKET = Listing(
    name="role",
    saved=True,
    presets=(
        (_("Vue du greffe"), f"tri=echeance{DESK}"), (_("Par temps restant"), "tri=echeance"),
        (_("Peut changer un résultat"), "plafond=could&tri=-enjeu"), (_("À notifier"), "suivi=unserved"),
        (_("Hors délai"), "delai=late"),
    ),
    title=_("Requêtes"),
    filters=DocketList,
    wide=True,
    region=_("Tableau des requêtes"),
    counted=_("%(n)s {n:requête|requêtes}"),
    every={"etat": _("Toutes"), "echeance": _("Toutes"), "suivi": _("Toutes"), "plafond": _("Toutes")},
    orders={
        "priorite": ("sheet__rank", "pk"), "role": ("roll", "pk"), "depot": ("received_at", "pk"),
        "echeance": ("sheet__next_at", "pk"), "enjeu": ("sheet__votes", "pk"), "numero": ("number",),
    },
    order=("sheet__rank", "pk"),
    empty=_("Aucune requête ne répond à cette recherche."),
    columns=(
        Column("number", _("Requête"), lambda p: p.number, Kind.CODE, sort="numero", partial="disputes/_docket_case.html",
               href=lambda p: reverse("disputes:case", args=[p.number]), means=_("Numéro du récépissé, donné par le guichet")),
        Column("roll", _("Rôle"), lambda p: p.roll, Kind.COUNT, sort="role", shown=False, means=_("Numéro de rôle, donné par le greffe")),
        Column("about", _("Objet"), lambda p: sheet(p, "title"), shown=False, means=_("Objet de la requête, avec les mots du requérant")),
        Column("where", _("Lieu"), lambda p: sheet(p, "where"), shown=False, means=_("Lieu que la requête vise")),
        Column("petitioner", _("Requérant"), lambda p: sheet(p, "petitioner"), means=_("Requérant, donnée personnelle")),
        Column("received_at", _("Dépôt"), lambda p: p.received_at, Kind.INSTANT, sort="depot", means=_("Instant du dépôt, écrit une fois")),
        Column("verdict", _("Délai de recours"), lambda p: sheet(p, "verdict"), Kind.STATE, states=VERDICTS,
               means=_("Tous griefs ensemble : in_time, late, undetermined selon la lecture ; vide : non calculé")),
        Column("state", _("État"), lambda p: p.state, Kind.STATE, states=STATES, means=_("Étape de la vie de la requête")),
        Column("next_at", _("Prochaine échéance"), lambda p: sheet(p, "next_at", None), Kind.INSTANT, sort="echeance",
               partial="disputes/_docket_next.html", means=_("Premier instant qui serait trop tard")),
        Column("stakes", _("Enjeu et plafond"), lambda p: sheet(p, "stations", None), Kind.COUNT, shown=False, sort="enjeu",
               partial="disputes/_docket_stakes.html", means=_("Bureaux attaqués")),
        Column("points", _("Recevabilité"), lambda p: sheet(p, "points"), shown=False, partial="disputes/_docket_points.html",
               means=_("Les sept points de la liste de recevabilité dans l’ordre, une lettre chacun : m rempli, n non rempli, c à régulariser, d discuté, u à examiner ; vide : liste non établie")),
        Column("notified", _("Notification"), lambda p: sheet(p, "reached", None), shown=False, partial="disputes/_docket_notified.html",
               means=_("Notifications qui ont atteint leur partie, ou dispensées")),
        Column("next_kind", _("Échéance de"), lambda p: CLOCK_LABELS.get(sheet(p, "next_kind"), ""), shown=False, means=_("Ce qui est attendu")),
        Column("unserved", _("Parties non atteintes"), lambda p: sheet(p, "unserved", None), Kind.COUNT, shown=False,
               means=_("Significations qui manquent")),
        Column("ceiling", _("Épreuve du plafond"), lambda p: CEILING_LABELS[Ceiling(sheet(p, "ceiling", "unknown"))], shown=False,
               means=_("Si annuler tout ce qui est attaqué pourrait changer l’issue")),
        Column("votes", _("Voix en jeu"), lambda p: sheet(p, "votes", None), Kind.COUNT, sort="enjeu", shown=False,
               means=_("Suffrages exprimés des bureaux attaqués ; vide : non calculé")),
        Column("lead", _("Jointe à"), lambda p: p.lead.number if p.lead_id else "", Kind.CODE, shown=False, means=_("Numéro du chef de file")),
    ),
)  # fmt: skip
