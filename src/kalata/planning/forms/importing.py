"""What the page of imports is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import edge, fields

WHAT = (("plan", _("un plan : CSV, XLSX ou MS Project (XML)")), ("budget", _("le classeur du budget, relu")))
MOST = 8 << 20
ABSENT = (("keep", _("les garder")), ("drop", _("les ôter du brouillon")))


class TryFile(edge.Edge):
    """A file that is looked at first: nothing is written."""

    act = "try"
    what = fields.ChoiceField(WHAT, label=_("Ce fichier est"), required=True)
    file = fields.UploadField(most=MOST, label=_("Fichier"), required=True)
    absent = fields.ChoiceField(ABSENT, label=_("Activités que le fichier ne nomme pas"), required=True)


class KeepFile(edge.Edge):
    act = "keep"
    table = fields.LinesField(most=4_000_000, strip=False)
    drivers = fields.LinesField(most=400_000, strip=False)
    gone = fields.ManyField(fields.CodeField(most=64), most=10_000)
    seen = fields.CodeField(most=64, label=_("page lue"))
