"""What the page of a version's calendar is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.planning.rules.days import LABELS
from kalata.planning.rules.spells import KINDS
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


class WorkCells(edge.Edge):
    code = fields.CodeField(label=_("Nom court"), most=40, required=True)
    kind = fields.ChoiceField([(k, _(w)) for k, w in KINDS.items()], unsaid=_("à dire"), label=_("Calendrier pour"), required=True)
    name_fr = fields.TextField(label=_("Nom"), most=120, required=True)
    name_en = fields.TextField(label=_("Nom en anglais"), most=120)
    country = fields.CodeField(label=_("Pays dont il suit les jours fériés (code ISO ; vide : ceux du plan)"), most=2)
    rest = fields.TextField(label=_("Jours de repos, 0 lundi à 6 dimanche, séparés par ; (vide : ceux du plan ; - : aucun)"), most=13)
    territories = fields.TextField(label=_("Territoires dont les activités le suivent sans le nommer, séparés par ;"), most=600)
    flag = fields.ChoiceField(FLAGS, label=_("Certitude"), required=True)
    source = fields.TextField(label=_("Source"), most=600)
    seen = fields.CodeField(most=64, label=SEEN)


class TryWork(WorkCells):
    act = "try_work"


class KeepWork(WorkCells):
    act = "keep_work"


class SpellCells(edge.Edge):
    calendar = fields.CodeField(label=_("Calendrier"), most=40, required=True)
    name_fr = fields.TextField(label=_("Saison ou fermeture"), most=120, required=True)
    name_en = fields.TextField(label=_("Nom en anglais"), most=120)
    percent = fields.CountField(label=_("Travail d’un jour, en pour cent d’un jour ordinaire (0 : fermé)"), most=99, required=True)
    first = fields.TextField(label=_("Premier jour : 07-01 chaque année, ou 2026-08-01 une fois"), most=10)
    last = fields.TextField(label=_("Dernier jour, de même"), most=10)
    feast = fields.TextField(label=_("Ou : les jours avant cette fête"), most=120)
    days = fields.CountField(label=_("Combien de jours avant la fête"), most=60)
    flag = fields.ChoiceField(FLAGS, label=_("Certitude"), required=True)
    source = fields.TextField(label=_("Source"), most=600)
    seen = fields.CodeField(most=64, label=SEEN)


class TrySpell(SpellCells):
    act = "try_spell"


class KeepSpell(SpellCells):
    act = "keep_spell"


class DropSpell(edge.Edge):
    act = "drop_spell"
    calendar = fields.CodeField(most=40, required=True)
    name_fr = fields.TextField(most=120, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class DropWork(edge.Edge):
    act = "drop_work"
    calendar = fields.CodeField(most=40, required=True)
    seen = fields.CodeField(most=64, label=SEEN)


class TakeWorks(edge.Edge):
    act = "take_works"
    seen = fields.CodeField(most=64, label=SEEN)


class UndoDay(edge.Edge):
    act = "undo"


class RedoDay(edge.Edge):
    act = "redo"


class CalendarLook(edge.Edge):
    montre = fields.ChoiceField([("", _("Tout")), ("estimated", _("Estimés")), ("written", _("Écrits ici"))], label=_("Afficher"))
