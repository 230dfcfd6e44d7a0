"""The lists about persons: their columns, what narrows and orders them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kalata.people import services
from kalata.people.forms import PeopleList
from kalata.people.models import Person
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing
from kalata.ui.templatetags.kalata import name


def state(person: Person) -> str:
    return "active" if person.is_active else "closed" if person.activated_at else "waiting"


def roles() -> Iterator[tuple[str, Any]]:
    yield from ((key, name(role)) for key, role in services.pack_roles().items())


PERSONS = Listing(
    name="personnes",
    title=_("Personnes"),
    filters=PeopleList,
    orders={"identifiant": ("username",), "nom": ("full_name", "username")},
    order=("username",),
    empty=_("Personne ne répond à cette recherche."),
    options={"role": roles},
    columns=(
        Column(
            "username", _("Identifiant"), lambda p: p.username, Kind.CODE, sort="identifiant",
            href=lambda p: reverse("people:person", args=[p.username]), means=_("Identifiant du compte, tel qu’il signe"),
        ),
        Column("full_name", _("Nom"), lambda p: p.full_name, sort="nom", means=_("Nom complet, donnée personnelle")),
        Column("email", _("Courriel"), lambda p: p.email, shown=False, means=_("Courriel, donnée personnelle ; vide : aucun")),
        Column("active", _("Actif"), lambda p: p.is_active, Kind.COUNT, shown=False, means=_("1 : le compte est ouvert ; 0 : fermé ou jamais activé")),
        Column(
            "roles", _("Rôles"), lambda p: [m.role for m in p.mandates.all() if not m.revoked_at], Kind.LINES,
            partial="people/_roles.html", means=_("Rôles des mandats qui ne sont pas retirés"),
        ),
        Column(
            "state", _("État"), state, Kind.STATE, filed=False,
            states={
                "active": (_("actif"), "ok", "ok"), "closed": (_("fermé"), "bad", "lock"),
                "waiting": (_("attend l’activation"), "", "wait"),
            },
        ),
    ),
)  # fmt: skip
