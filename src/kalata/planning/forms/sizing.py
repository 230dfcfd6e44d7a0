"""What the page of figures to take up is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import edge, fields


class Lines(edge.Edge):
    source = fields.CodeField(most=64, required=True)
    line = fields.ManyField(fields.CodeField(most=64), most=200, required=True, label=_("lignes cochées"))
    seen = fields.CodeField(most=64, label=_("page lue"))


class TakeForm(Lines):
    act = "take"


class LeaveForm(Lines):
    act = "leave"
