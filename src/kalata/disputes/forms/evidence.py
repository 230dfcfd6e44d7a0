"""What the pages of evidence take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kalata.disputes.rules.evidence import LARGEST, LISTED, OFFICERS
from kalata.ui import fields
from kalata.ui.edge import Edge

BARE = [("sans", _("sans pièce"))]


class MatrixFilter(Edge):
    moyen = fields.TextField(most=60, label=_("Moyen"))
    pieces = fields.ChoiceField(BARE, label=_("Pièces"))


class LinkForm(Edge):
    act = "link"
    piece = fields.CountField(least=1, most=9_999, required=True, label=_("Pièce"))
    ground = fields.TextField(most=60, required=True, label=_("Moyen"))
    codes = fields.LinesField(most=20_000, label=_("Bureaux, aucun pour tout le moyen"))
    note = fields.TextField(most=300, label=_("Ce qu’elle montre"))


class UnlinkForm(Edge):
    act = "unlink"
    link = fields.IdField(required=True, label=_("rattachement"))


class OfficerForm(Edge):
    act = "officer"
    code = fields.TextField(most=120, required=True, label=_("Bureau"))
    role = fields.ChoiceField(OFFICERS.items(), required=True, label=_("Fonction"), unsaid=_("à choisir"))
    day = fields.DayField(required=True, label=_("Jour"))
    hour = fields.HourField(required=True, label=_("Heure"))
    decided_by = fields.TextField(most=200, required=True, label=_("Décidé par (fonction)"))
    basis = fields.TextField(most=300, label=_("Texte ou acte invoqué"))
    listed = fields.ChoiceField(LISTED.items(), required=True, label=_("Liste des nominations"), unsaid=_("à choisir"))
    piece = fields.CountField(least=1, most=9_999, label=_("Pièce qui le montre"))


class UnofficerForm(Edge):
    act = "unofficer"
    officer = fields.IdField(required=True, label=_("remplacement"))


class CopyForm(Edge):
    """The figures of a copy, line by line; a line left empty is empty on the paper."""

    act = "copy"
    piece = fields.CountField(least=1, most=9_999, required=True, label=_("Pièce"))
    page = fields.CountField(least=1, most=9_999, required=True, label=_("Page"))
    code = fields.TextField(most=120, required=True, label=_("Bureau"))

    def __init__(self, *args: Any, lines: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"l_{line}"] = fields.CountField(most=LARGEST, label=line)


class CopyAt(Edge):
    """Which page is read: of an address, so that a piece opens beside its boxes."""

    piece = fields.CountField(least=1, most=9_999, label=_("Pièce"))
    page = fields.CountField(least=1, most=9_999, label=_("Page"))
    bureau = fields.IdField(label=_("Bureau"))


class ReportForm(Edge):
    """The words of the reporting judge; one box a ground (w0, w1 …), in the order of the page."""

    act = "file"
    facts = fields.LinesField(most=20_000, label=_("Faits et procédure"))
    options = fields.LinesField(most=10_000, label=_("Options proposées à la formation"))
    whatif = fields.ManyField(fields.IdField(), most=20, label=_("simulations versées au rapport"))
    lang = fields.ChoiceField([("fr", "français"), ("en", "English")], initial="fr", label=_("Langue"))

    def __init__(self, *args: Any, grounds: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(grounds):
            self.fields[f"w{n}"] = fields.LinesField(most=4_000, label=f"{n + 1}")


class PreviewForm(ReportForm):
    act = "preview"
