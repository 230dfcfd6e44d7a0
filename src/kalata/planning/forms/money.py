"""What the pages of money are sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.planning.rules.money_steps import KINDS, PAYMENT, STAGES
from kalata.ui import edge, fields

SEEN = _("page lue")
PAPER = _("Pièce qui le prouve")
TABLES = (("accounts", _("des comptes : code, label, parent")), ("lines", _("des lignes : line, account")))


class FunderForm(edge.Edge):
    act = "funder"
    code = fields.CodeField(label=_("Nom court"), most=40, required=True)
    name = fields.TextField(label=_("Nom"), required=True)
    kind = fields.ChoiceField([(k, _(w)) for k, w in KINDS.items()], unsaid=_("à dire"), label=_("Genre"), required=True)
    word = fields.TextField(label=_("Comment les lignes du plan l’appellent"), most=60)
    readers = fields.TextField(label=_("Comptes qui lisent cet argent, séparés par une virgule"), most=400)
    seen = fields.CodeField(most=64, label=SEEN)


class PledgeForm(edge.Edge):
    act = "pledge"
    funder = fields.CodeField(label=_("Bailleur"), most=40, required=True)
    label = fields.TextField(label=_("Promesse"), required=True)
    amount = fields.AmountField(label=_("Montant annoncé, en francs"), required=True)
    on = fields.DayField(label=_("Annoncée le"), required=True)
    expected = fields.DayField(label=_("Versement attendu le"))
    document = fields.TextField(label=_("Pièce, s’il y en a une"), most=300)


class MoveForm(edge.Edge):
    act = "move"
    stage = fields.ChoiceField([(k, _(w)) for k, w in STAGES.items()], unsaid=_("à dire"), label=_("Étape"), required=True)
    amount = fields.AmountField(label=_("Montant, en francs"), required=True)
    on = fields.DayField(label=_("Le"), required=True)
    document = fields.TextField(label=PAPER, most=300, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class BackForm(edge.Edge):
    act = "back"
    movement = fields.IdField(required=True)
    document = fields.TextField(label=PAPER, most=300, required=True)
    reason = fields.TextField(label=_("Motif"), most=400, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class CloseForm(edge.Edge):
    act = "close"
    reason = fields.TextField(label=_("Motif"), most=400, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class PaymentList(edge.Edge):
    q = fields.TextField(label=_("Ligne, objet ou bénéficiaire"), most=80)
    etat = fields.ChoiceField([(s.value, _(w)) for s, w in PAYMENT.labels.items()], label=_("État"))
    bailleur = fields.CodeField(most=40, label=_("Bailleur"))
    ligne = fields.CodeField(most=64)


class CommitForm(edge.Edge):
    act = "commit"
    line = fields.CodeField(label=_("Ligne du budget"), most=64, required=True)
    funder = fields.CodeField(label=_("Bailleur"), most=40, required=True)
    label = fields.TextField(label=_("Objet"), required=True)
    payee = fields.TextField(label=_("Bénéficiaire"), required=True)
    amount = fields.AmountField(label=_("Montant, en francs"), required=True)
    due = fields.DayField(label=_("À payer le"), required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class VerifyForm(edge.Edge):
    act = "verify"
    document = fields.TextField(label=_("Pièce du service fait"), most=300, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class OrderForm(edge.Edge):
    act = "order"
    reason = fields.TextField(label=_("Ce qui a été vérifié"), most=400, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class PayForm(edge.Edge):
    act = "pay"
    on = fields.DayField(label=_("Payé le"), required=True)
    document = fields.TextField(label=_("Preuve du paiement"), most=300, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class CancelForm(edge.Edge):
    act = "cancel"
    reason = fields.TextField(label=_("Motif"), most=400, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class AccountForm(edge.Edge):
    act = "account"
    code = fields.CodeField(label=_("Compte"), most=40, required=True)
    label = fields.TextField(label=_("Libellé"), required=True)
    parent = fields.CodeField(label=_("Compte supérieur"), most=40)
    seen = fields.CodeField(most=64, label=SEEN)


class DropForm(edge.Edge):
    act = "drop"
    code = fields.CodeField(most=40, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class BookForm(edge.Edge):
    act = "book"
    line = fields.ManyField(fields.CodeField(most=64), most=2_000, required=True, label=_("lignes cochées"))
    account = fields.CodeField(label=_("Compte"), most=40, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class KeepChart(edge.Edge):
    act = "keep"
    what = fields.ChoiceField(TABLES, label=_("Ce tableau donne"), required=True)
    table = fields.LinesField(label=_("Tableau copié, titre compris"), most=400_000, required=True, strip=False)
    seen = fields.CodeField(most=64, label=SEEN)
