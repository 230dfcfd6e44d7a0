"""Persons of the demonstration: each with the passphrase that everybody knows."""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from kalata.country.models import Unit
from kalata.people import services
from kalata.people.models import Person

PASSPHRASE = "demonstration-sans-valeur"


@cache
def kept() -> str:
    """What is kept of the passphrase: reckoned once, fifty persons share it, and it protects nothing."""
    return make_password(PASSPHRASE)


def person(name: str, role: str, label: str, unit: Unit | None = None) -> Person:
    """One person in activity with one role."""
    one = Person.objects.create(username=name, full_name=label, is_active=True, activated_at=timezone.now(), password=kept())
    services.give_mandate(person=one, role=role, unit=unit)
    return one
