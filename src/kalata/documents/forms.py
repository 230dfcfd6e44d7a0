"""What the page of the register takes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kalata.documents.rules import references
from kalata.ui import edge, fields


class Question(edge.Edge):
    """A reference and a fingerprint, typed from a paper or read from its square."""

    reference = fields.TextField(
        most=40, label=_("Référence"), help_text=_("Par exemple D26-000417-V"),
    )  # fmt: skip
    empreinte = fields.TextField(
        most=100, label=_("Empreinte du document, ou code de la page"),
        help_text=_("Chiffres 0 à 9 et lettres a à f, au bas de la page ; l’empreinte SHA-256 du fichier convient aussi."),
    )  # fmt: skip

    def clean_reference(self) -> str:
        """The reference as it is printed, "" where none is typed."""
        typed = str(self.cleaned_data["reference"])
        try:
            return str(references.parsed(typed)) if typed else ""
        except references.NotAReference as wrong:
            raise ValidationError(f"{wrong.message.text(lang())} {wrong.how.text(lang())}") from wrong


def lang() -> str:
    return "en" if get_language() == "en" else "fr"
