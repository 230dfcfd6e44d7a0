"""What this room has of a subject that another room shows (`kalata.rooms.ties`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.disputes.rules.steps import BENCH, PRESIDE, RAPPORTEUR, REGISTRY
from kalata.people.queries import rights_of
from kalata.rooms import Tie


def shown(person: Any, subject: str) -> Iterator[Tie]:
    """The docket, for the Court; the ways of appeal, for everybody."""
    if subject != "petitions":
        return
    if rights_of(person) & {REGISTRY, RAPPORTEUR, BENCH, PRESIDE}:
        yield Tie(_t("Rôle des affaires"), reverse("disputes:docket"))
    yield Tie(_t("Voies de recours"), reverse("disputes:recourse"))
