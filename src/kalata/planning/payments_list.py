"""The list of the payments of a plan."""

from __future__ import annotations

from django.urls import reverse

from kalata.planning.forms.money import PaymentList
from kalata.planning.rules.money_steps import PAYMENT, Paid
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing

TONES = {
    Paid.COMMITTED: ("inf", "doc"), Paid.VERIFIED: ("inf", "eye"), Paid.ORDERED: ("warn", "wait"), Paid.PAID: ("ok", "ok"),
    Paid.CANCELLED: ("", "bad"),
}  # fmt: skip
STATES = {s.value: (PAYMENT.labels[s], *TONES[s]) for s in Paid}

PAYMENTS = Listing(
    name="paiements",
    title=_("Paiements du plan"),
    filters=PaymentList,
    orders={"ligne": ("line", "pk"), "montant": ("amount", "pk"), "terme": ("due", "pk")},
    order=("-due", "pk"),
    empty=_("Aucun paiement ne répond à cette recherche."),
    counted=_("%(n)s {n:paiement|paiements}"),
    columns=(
        Column("label", _("Objet"), lambda p: p.label, href=lambda p: reverse("planning:payment", args=[p.pk]), means=_("Ce qui est payé")),
        Column("line", _("Ligne"), lambda p: p.line, Kind.CODE, sort="ligne", means=_("Activité du plan dont c’est le crédit")),
        Column("funder", _("Bailleur"), lambda p: p.funder.name, means=_("Dont c’est l’argent")),
        Column("payee", _("Bénéficiaire"), lambda p: p.payee, means=_("Qui est payé")),
        Column("amount", _("Francs"), lambda p: p.amount, Kind.COUNT, sort="montant", means=_("Montant en francs entiers")),
        Column("due", _("À payer le"), lambda p: p.due, Kind.DAY, sort="terme", means=_("Jour où le paiement tombe")),
        Column("committed_on", _("Engagé le"), lambda p: p.committed_on, Kind.DAY, shown=False, means=_("Jour de l’engagement")),
        Column("verified_on", _("Liquidé le"), lambda p: p.verified_on, Kind.DAY, shown=False, means=_("Jour où le service fait est constaté")),
        Column("ordered_on", _("Ordonnancé le"), lambda p: p.ordered_on, Kind.DAY, shown=False, means=_("Jour de l’ordre de payer")),
        Column("paid_on", _("Payé le"), lambda p: p.paid_on, Kind.DAY, means=_("Jour où l’argent est parti ; vide : pas encore")),
        Column("state", _("État"), lambda p: p.state, Kind.STATE, states=STATES, means=_("État du paiement")),
    ),
)  # fmt: skip
