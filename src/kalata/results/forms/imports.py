"""What people send to the wizard of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata.results.mapping import STANDINGS, STATES
from kalata.tables.files import MAX_FILE
from kalata.ui import edge, fields


class UploadForm(edge.Edge):
    """A file, and the mapping to start from."""

    file = fields.UploadField(
        most=MAX_FILE,
        required=True,
        label=_("Fichier CSV, CSV.gz, XLSX ou Parquet"),
        help_text=_("200 Mio au plus. Rien n’est enregistré avant votre dernier clic."),
    )
    profile = fields.TextField(label=_("Profil de correspondance"), required=False, widget=forms.HiddenInput)


class MapForm(edge.Edge):
    """What each column and each value of a file means, or the text of a profile.

    c: columns, k: their questions answered, n: names of new options. s: words of the status column, whose place is
    `status_of`; p, m: values of the column that names the option, whose place is `option_of`, and names they get.
    """

    act = "map"
    mode = fields.ChoiceField(("columns", "yaml"))
    go = fields.ChoiceField(("try", "keep", "look"), initial="try")
    yaml = fields.LinesField(most=256 * 1024, strip=False)
    create = fields.ChoiceField(("none", "stations", "all"), initial="none")
    keep = fields.TextField(most=120)
    areas_in_key = fields.FlagField()
    duplicates = fields.FlagField()
    totals = fields.FlagField()
    left = fields.FlagField()
    named = fields.FlagField()
    base = fields.IdField()
    status_of = fields.CountField(most=9_999)
    option_of = fields.CountField(most=9_999)

    def __init__(
        self,
        *args: Any,
        columns: int = 0,
        roles: Sequence[str] = (),
        words: int = 0,
        values: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for i in range(columns):
            self.fields[f"c{i}"] = fields.ChoiceField(roles)
            self.fields[f"k{i}"] = fields.FlagField()
            self.fields[f"n{i}"] = fields.TextField()
        for i in range(words):
            self.fields[f"s{i}"] = fields.ChoiceField(list(STANDINGS))
        for i in range(values):
            self.fields[f"p{i}"] = fields.ChoiceField(("?", *roles))
            self.fields[f"m{i}"] = fields.TextField()


class CommitForm(edge.Edge):
    act = "commit"
    reason = fields.LinesField()
    seen = fields.TextField(most=64)


class DiscardForm(edge.Edge):
    act = "discard"


class DropProfileForm(edge.Edge):
    name = fields.TextField(most=120, required=True)


class ImportList(edge.Edge):
    etat = fields.ChoiceField(list(STATES))


class Wizard(edge.Edge):
    """Back to the mapping, from a kept profile."""

    etape = fields.ChoiceField(("2",))
    profil = fields.IdField()
