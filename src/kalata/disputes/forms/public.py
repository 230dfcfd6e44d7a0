"""What the public pages of the Court take."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.disputes.rules.public import ABOUT, LABELS, OUTCOMES
from kalata.ui import fields
from kalata.ui.edge import Edge


class PublicDocket(Edge):
    """The filters of the public docket."""

    q = fields.TextField(label=_("Chercher"))
    scrutin = fields.TextField(most=60, label=_("Scrutin"))
    etape = fields.ChoiceField([(s.value, label) for s, label in LABELS.items()], label=_("Étape"))
    objet = fields.ChoiceField(list(ABOUT.items()), label=_("Contre"))
    issue = fields.ChoiceField(list(OUTCOMES.items()), label=_("Issue"))


class PublicFirst(Edge):
    """The filters of the public list of first instance."""

    q = fields.TextField(label=_("Chercher"))
    scrutin = fields.TextField(most=60, label=_("Scrutin"))
    greffe = fields.TextField(most=20, label=_("Organe"))
    etape = fields.ChoiceField([(s.value, label) for s, label in LABELS.items()], label=_("Étape"))
    objet = fields.ChoiceField(list(ABOUT.items()), label=_("Contre"))


class PublicDecisions(Edge):
    """The filters of the list of decisions."""

    q = fields.TextField(label=_("Chercher"))
    scrutin = fields.TextField(most=60, label=_("Scrutin"))


class OfContest(Edge):
    """One contest, where there are several."""

    scrutin = fields.TextField(most=60, label=_("Scrutin"))
