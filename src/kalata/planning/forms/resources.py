"""What the page of resources is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.country.pickers import TerritoryField
from kalata.ui import edge, fields

FLAGS = (("A", _("hypothèse")), ("S", _("source citée")))
SEEN = _("page lue")
TABLES = (("pools", _("des réserves, par période")), ("needs", _("des besoins, par activité")))
SECONDS = tuple((str(n), f"{n} s") for n in (10, 30, 60, 120))


class ResourceLook(edge.Edge):
    """The pool whose chart is open, the one whose form is."""

    pool = fields.CodeField(label=_("Réserve"), most=40)
    q = fields.TextField(label=_("Chercher"), most=80)


class PoolForm(edge.Edge):
    act = "pool"
    pool = fields.CodeField(label=_("Nom court"), most=40, required=True)
    name = fields.TextField(label=_("Intitulé"), most=200)
    measure = fields.TextField(label=_("Ce qui est compté : équipes, véhicules, salles"), most=60)
    unit = TerritoryField(label=_("Territoire (aucun : tout le pays)"), required=False)
    flag = fields.ChoiceField(FLAGS, label=_("Certitude"), required=True)
    source = fields.TextField(label=_("Source"), most=600)
    seen = fields.CodeField(most=64, label=SEEN)


class PeriodForm(edge.Edge):
    act = "period"
    pool = fields.CodeField(label=_("Réserve"), most=40, required=True)
    first = fields.DateField(label=_("Du"), required=True)
    last = fields.DateField(label=_("Au (vide : sans fin)"))
    amount = fields.CountField(label=_("Capacité par jour"), most=1_000_000, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class UnperiodForm(edge.Edge):
    act = "unperiod"
    pool = fields.CodeField(most=40, required=True)
    period = fields.IdField(required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class UnpoolForm(edge.Edge):
    act = "unpool"
    pool = fields.CodeField(most=40, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class NeedForm(edge.Edge):
    act = "need"
    code = fields.CodeField(label=_("Activité"), most=64, required=True)
    pool = fields.CodeField(label=_("Réserve"), most=40, required=True)
    units = fields.CountField(label=_("Besoin par jour (0 l’ôte)"), most=1_000_000, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class TryTable(edge.Edge):
    """A table that is looked at first: nothing is written."""

    act = "try"
    what = fields.ChoiceField(TABLES, label=_("Ce tableau donne"), required=True)
    table = fields.LinesField(label=_("Tableau copié, titre compris"), most=400_000, strip=False)
    file = fields.UploadField(most=400_000, label=_("ou un fichier CSV"))


class KeepTable(edge.Edge):
    act = "keep"
    what = fields.ChoiceField(TABLES, required=True)
    table = fields.LinesField(most=400_000, required=True, strip=False)
    seen = fields.CodeField(most=64, label=SEEN)


class LevelForm(edge.Edge):
    act = "level"
    seconds = fields.ChoiceField(SECONDS, label=_("Temps laissé au calcul"), required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class HaltForm(edge.Edge):
    act = "halt"


class Lines(edge.Edge):
    run = fields.IdField(required=True)
    line = fields.ManyField(fields.CodeField(most=64), most=2_000, required=True, label=_("lignes cochées"))
    seen = fields.CodeField(most=64, label=SEEN)


class AcceptForm(Lines):
    act = "accept"


class DiscardForm(Lines):
    act = "discard"
