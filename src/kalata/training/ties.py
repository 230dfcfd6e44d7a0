"""What this room has of a subject that another room shows (`kalata.rooms.ties`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import may
from kalata.rooms import Tie
from kalata.training.rules.rights import READ


def shown(person: Any, subject: str) -> Iterator[Tie]:
    if subject == "training" and may(person, READ):
        yield Tie(_t("Formation en cascade"), reverse("cascade:plan"))
