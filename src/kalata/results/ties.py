"""What this room has of a subject that another room shows (`kalata.rooms.ties`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.rooms import Tie


def shown(person: Any, subject: str) -> Iterator[Tie]:
    """The results that everybody reads."""
    if subject == "results":
        yield Tie(_t("Résultats"), reverse("results:index"))
