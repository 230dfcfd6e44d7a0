"""What the page of the file of money is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kalata.ui import edge, fields


class TryMoney(edge.Edge):
    """A file that is looked at first: nothing is written."""

    act = "try"
    file = fields.UploadField(most=2 << 20, label=_("Fichier XLSX ou CSV"), required=True)


class KeepMoney(edge.Edge):
    act = "keep"
    table = fields.LinesField(most=2_000_000, required=True, strip=False)
    seen = fields.CodeField(most=64, label=_("page lue"))
