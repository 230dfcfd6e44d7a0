"""What the pages of a plan are sent: typed at the edge, refused by field."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.country.pickers import TerritoryField
from kalata.planning.rules.plan import LagUnit, LinkType, Unit
from kalata.ui import edge, fields

ZOOMS = (("day", _("Jour")), ("week", _("Semaine")), ("month", _("Mois")), ("quarter", _("Trimestre")))
GROUPS = (("phase", _("Phase")), ("body", _("Organe")), ("territory", _("Territoire")))
SHOWN = (
    ("", _("Tout")), ("critical", _("Critiques")), ("legal", _("Dates légales")), ("late", _("Dates légales manquées")),
    ("open", _("À faire")),
)  # fmt: skip
TYPES = ((LinkType.FS.value, _("fin → début")), (LinkType.SS.value, _("début → début")), (LinkType.FF.value, _("fin → fin")), (LinkType.SF.value, _("début → fin")))  # fmt: skip
UNITS = ((Unit.CALENDAR.value, _("jours calendaires")), (Unit.WORKING.value, _("jours ouvrés")))
LAGS = ((LagUnit.CALENDAR.value, _("jours calendaires")), (LagUnit.WORKING.value, _("jours ouvrés")), (LagUnit.ELAPSED.value, _("jours écoulés")), (LagUnit.PERCENT.value, _("% de la durée")))  # fmt: skip


class LookForm(edge.Edge):
    """How the workshop is looked at: the scale, the groups, what is shown, the activity opened."""

    zoom = fields.ChoiceField(ZOOMS, label=_("Échelle"))
    group = fields.ChoiceField(GROUPS, label=_("Grouper par"))
    show = fields.ChoiceField(SHOWN, label=_("Afficher"))
    q = fields.TextField(label=_("Chercher"), most=80)
    a = fields.CodeField(most=64)
    start = fields.DateField(label=_("À partir du"))


class MakeForm(edge.Edge):
    act = "make"
    name = fields.TextField(label=_("Nom du plan"), required=True)
    code = fields.CodeField(label=_("Nom court, dans les adresses"), most=60, required=True)
    election = fields.IdField(label=_("Élection"), required=True)
    family = fields.CodeField(label=_("Genre de scrutin"), most=40, required=True)
    rounds = fields.ChoiceField(
        [("2", _("deux tours")), ("1", _("un tour"))], unsaid=_("à dire"), label=_("Tours"), required=True
    )
    t0 = fields.DateField(label=_("Premier jour du plan"), required=True)
    j1 = fields.DateField(label=_("Jour du scrutin envisagé"), required=True)


class DraftForm(edge.Edge):
    act = "draft"
    plan = fields.IdField(required=True)


class ChangeForm(edge.Edge):
    """An activity: one that is there (`code` as it is), or a new one after another."""

    act = "save"
    code = fields.CodeField(label=_("Identifiant"), most=64, required=True)
    name_fr = fields.TextField(label=_("Intitulé"), most=300)
    optimistic = fields.CountField(label=_("Optimiste"), required=True)
    likely = fields.CountField(label=_("Probable"), required=True)
    pessimistic = fields.CountField(label=_("Pessimiste"), required=True)
    why_optimistic = fields.TextField(label=_("Motif de l’optimiste"), most=300)
    why_likely = fields.TextField(label=_("Motif du probable"), most=300)
    why_pessimistic = fields.TextField(label=_("Motif du pessimiste"), most=300)
    unit = fields.ChoiceField(UNITS, label=_("Unité"), required=True)
    owner = fields.TextField(label=_("Responsable"))
    calendar = fields.CodeField(label=_("Calendrier suivi"), most=40)
    territory = fields.TextField(label=_("Territoire"), most=120)
    evidence = fields.FlagField(label=_("faite seulement sur pièce"))
    seen = fields.CodeField(most=64, label=_("page lue"))


class AddForm(ChangeForm):
    act = "add"
    after = fields.CodeField(label=_("Après"), most=64)


class LinkForm(edge.Edge):
    act = "link"
    pred = fields.CodeField(label=_("Antécédent"), most=64, required=True)
    succ = fields.CodeField(label=_("Activité"), most=64, required=True)
    type = fields.ChoiceField(TYPES, label=_("Liaison"))
    lag = fields.TextField(label=_("Délai (− pour une avance)"), most=7)
    unit = fields.ChoiceField(LAGS, label=_("Unité du délai"))
    seen = fields.CodeField(most=64, label=_("page lue"))


class UnlinkForm(edge.Edge):
    act = "unlink"
    pred = fields.CodeField(most=64, required=True)
    succ = fields.CodeField(most=64, required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class SplitForm(edge.Edge):
    act = "split"
    code = fields.CodeField(most=64, required=True)
    days = fields.CountField(label=_("Jours de la première partie"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class ShiftForm(edge.Edge):
    act = "shift"
    code = fields.CodeField(most=64, required=True)
    days = fields.ChoiceField([(str(n), f"{n:+d}") for n in range(-366, 367) if n], required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class RemoveForm(edge.Edge):
    act = "remove"
    code = fields.CodeField(most=64, required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class PasteForm(edge.Edge):
    act = "paste"
    table = fields.LinesField(label=_("Tableau copié, titre compris"), most=400_000, required=True, strip=False)
    seen = fields.CodeField(most=64, label=_("page lue"))


class UndoForm(edge.Edge):
    act = "undo"


class RedoForm(edge.Edge):
    act = "redo"


class DayForm(edge.Edge):
    act = "day"
    j1 = fields.DateField(label=_("Autre jour du scrutin"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class TryForm(edge.Edge):
    j1 = fields.DateField(label=_("Autre jour du scrutin"))


class SubmitForm(edge.Edge):
    act = "submit"
    reason = fields.TextField(label=_("Motif"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class EndorseForm(edge.Edge):
    act = "endorse"
    reason = fields.TextField(label=_("Ce qui a été vérifié"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class BackForm(edge.Edge):
    act = "back"
    reason = fields.TextField(label=_("Motif"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class CommentForm(edge.Edge):
    act = "comment"
    code = fields.CodeField(label=_("Activité, s’il y en a une"), most=64)
    text = fields.TextField(label=_("Remarque"), most=2_000, required=True)


class ResolveForm(edge.Edge):
    act = "resolve"
    comment = fields.IdField(required=True)
    answer = fields.TextField(label=_("Réponse"), most=2_000, required=True)


class AgainstForm(edge.Edge):
    against = fields.IdField(label=_("Comparer à"))
    pertes = fields.FlagField()


class DrawForm(edge.Edge):
    act = "run"
    seen = fields.CodeField(most=64, label=_("page lue"))


class StopForm(edge.Edge):
    act = "stop"


DONE = (("late", _("En retard")), ("blocked", _("Bloquées")), ("running", _("En cours")), ("silent", _("Sans parole")), ("all", _("Toutes")))  # fmt: skip


class DoingForm(edge.Edge):
    """How the progress is looked at: the plan, what is shown, the activity opened."""

    plan = fields.CodeField(most=60, label=_("Plan"))
    show = fields.ChoiceField(DONE, label=_("Afficher"))
    q = fields.TextField(label=_("Chercher"), most=80)
    a = fields.CodeField(most=64)


class SayForm(edge.Edge):
    act = "say"
    plan = fields.CodeField(most=60, label=_("Plan"), required=True)
    code = fields.CodeField(most=64, label=_("Activité"), required=True)
    on = fields.DateField(label=_("Situation au"), required=True)
    percent = fields.CountField(label=_("Fait, en pour cent"), most=100, required=True)
    started = fields.DateField(label=_("Commencée le"))
    finished = fields.DateField(label=_("Finie le"))
    unit = TerritoryField(label=_("Territoire"), required=False)
    blocked = fields.TextField(label=_("Bloquée par"), most=300)
    note = fields.TextField(label=_("Note"), most=600)
    evidence = fields.TextField(label=_("Pièce qui le prouve"), most=600)
    seen = fields.CodeField(most=64, label=_("page lue"))


PAPERS = (("livre", _("Plan opérationnel et budget")), ("gantt", _("Diagramme de Gantt (A3)")), ("affiche", _("Calendrier électoral (A3)")), ("marches", _("Plan de passation des marchés")))  # fmt: skip
LANGUAGES = (("fr", _("français")), ("en", _("anglais")))


class PaperLook(edge.Edge):
    langue = fields.ChoiceField(LANGUAGES, label=_("Langue"))


class IssueForm(edge.Edge):
    act = "issue"
    what = fields.ChoiceField(PAPERS, label=_("Papier"), required=True)
    lang = fields.ChoiceField(LANGUAGES, label=_("Langue"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))


class PublishForm(edge.Edge):
    act = "publish"
    reason = fields.TextField(label=_("Motif"), required=True)
    seen = fields.CodeField(most=64, label=_("page lue"))
