"""What the page of a version's calendar is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.planning.rules.days import LABELS
from kalata.ui import edge, fields

FLAGS = (("S", _("source citée")), ("A", _("hypothèse")))
SEEN = _("page lue")


class Day(edge.Edge):
    kind = fields.ChoiceField([(k.value, _(v)) for k, v in LABELS.items()], label=_("Ce jour est"), required=True)
    name = fields.TextField(label=_("Fête, comme la liste la nomme, ou motif"), most=120, required=True)
    day = fields.DateField(label=_("Jour chômé le"), required=True)
    flag = fields.ChoiceField(FLAGS, label=_("Certitude"), required=True)
    source = fields.TextField(label=_("Décret ou source"), most=600)
    seen = fields.CodeField(most=64, label=SEEN)


class TryDay(Day):
    act = "try"


class KeepDay(Day):
    act = "keep"


class DropDay(edge.Edge):
    act = "drop"
    row = fields.IdField(required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class CalendarLook(edge.Edge):
    montre = fields.ChoiceField([("", _("Tout")), ("estimated", _("Estimés")), ("written", _("Écrits ici"))], label=_("Afficher"))
