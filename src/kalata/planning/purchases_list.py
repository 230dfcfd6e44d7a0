"""The procurement plan as a list: where each purchase stands, and the latest day on which its tender may be published."""

from __future__ import annotations

from django.urls import reverse

from kalata.planning.forms.buying import PurchaseList
from kalata.planning.rules.buying import reserve
from kalata.planning.rules.buying_steps import BUYING, Bought
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing

DONE, BAD = (Bought.ACCEPTED,), (Bought.FAILED, Bought.CONTESTED, Bought.CANCELLED)
STATES = {
    s.value: (BUYING.labels[s], "ok" if s in DONE else "bad" if s in BAD else "inf", "ok" if s in DONE else "bad" if s in BAD else "wait")
    for s in Bought
}  # fmt: skip

PURCHASES = Listing(
    name="plan-de-passation",
    title=_("Plan de passation des marchés"),
    filters=PurchaseList,
    empty=_("Aucun marché ne répond à cette recherche."),
    counted=_("%(n)s {n:marché|marchés}"),
    wide=True,
    columns=(
        Column("name", _("Marché"), lambda t: f"{t.item.code} {t.item.name}", href=lambda t: reverse("planning:purchase", args=[t.item.pk]), means=_("Nom court et objet")),
        Column("method", _("Procédure"), lambda t: t.item.method, means=_("Procédure de passation")),
        Column("lots", _("Lots"), lambda t: t.item.lots, Kind.COUNT, shown=False, means=_("Nombre de lots")),
        Column("quantity", _("Quantité utile"), lambda t: t.item.quantity, Kind.COUNT, means=_("Quantité sans la réserve ; vide : pas dite")),
        Column("reserve", _("Réserve"), lambda t: reserve(t.item.quantity, t.item.reserve_percent), Kind.COUNT, means=_("Stock de réserve, arrondi vers le haut ; vide : pas dit")),
        Column("needed", _("Nécessaire le"), lambda t: t.needed, Kind.DAY, means=_("Début probable de l’activité qui en a besoin")),
        Column("hold", _("Publier au plus tard"), lambda t: t.hold, Kind.DAY, means=_("Dernière publication qui tient quatre fois sur cinq ; vide : non calculable")),
        Column("published", _("Publié le"), lambda t: t.published, Kind.DAY, means=_("Dernière publication ; vide : pas publié")),
        Column("late", _("Retard"), lambda t: t.late, Kind.STATE, states={True: (_("trop tard à 80 %"), "bad", "warn"), False: (_("tient, ou non calculable"), "", "")}, means=_("La publication est, ou serait, après la date qui tient quatre fois sur cinq")),
        Column("state", _("État"), lambda t: t.item.state, Kind.STATE, states=STATES, means=_("État du marché")),
    ),
)  # fmt: skip
