"""Django's door to `rules.passphrase`: the words of this house, of its countries and of the person."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kalata.country.queries import latest_packs
from kalata.people.rules import passphrase


class NotExpected:
    """Refuses what somebody who knows the house would try early; says so, never which word."""

    def validate(self, password: str, user: Any = None) -> None:
        names = [str(version.pack.head[key]) for version in latest_packs() for key in ("name_fr", "name_en")]
        names += [str(unit["name"]) for version in latest_packs() for unit in version.pack.records("units")]
        own = [getattr(user, field, "") or "" for field in ("username", "full_name", "email")]
        words = [w for text in (*names, *own) for w in (text, *text.replace("-", " ").replace("@", " ").split())]
        if passphrase.guessable(password, words):
            raise ValidationError(self.get_help_text(), code="passphrase_expected")

    def get_help_text(self) -> str:
        return _(
            "Elle est faite de mots attendus ici, d’une répétition ou d’une suite. Choisissez quatre mots sans lien."
        )
