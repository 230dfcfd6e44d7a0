"""The list of procedures: its columns, what narrows and orders it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.forms.procedures import ListForm
from kalata.training.models import ProcedureVersion
from kalata.training.queries import procedures as queries
from kalata.training.rules.procedures import PHASES, ROLES, State
from kalata.ui.lists import Listing
from kalata.ui.templatetags.kalata import lang as language


def role_name(role: str) -> str:
    return translate(ROLES[role], language()) if role in ROLES else role


def roles(one: ProcedureVersion) -> list[str]:
    return [role_name(role) for role in one.roles.strip("|").split("|")]


def options() -> Iterator[tuple[str, Any]]:
    yield from ((role, role_name(role)) for role in queries.roles_known())


def phase(one: ProcedureVersion) -> str:
    return translate(PHASES[one.phase], language()) if one.phase in PHASES else one.phase


PROCEDURES = Listing(
    name="procedures",
    title=_("Procédures"),
    filters=ListForm,
    orders={"code": ("procedure__code", "-number"), "ordre": ("procedure__file", "-number"), "etat": ("state", "procedure__file")},
    order=("procedure__file", "-number"),
    empty=_("Aucune procédure ne répond à cette recherche."),
    options={"role": options},
    counted=_("%(n)s {n:procédure|procédures}"),
    columns=(
        Column(
            "code", _("Procédure"), lambda v: v.procedure.code, Kind.CODE, sort="code",
            href=lambda v: reverse("procedures:version", args=[v.pk]), means=_("Code de la procédure, le même dans toutes ses versions"),
        ),
        Column("title", _("Titre"), lambda v: v.title_fr if language() == "fr" or not v.title_en else v.title_en, means=_("Titre, dans la langue de la page")),
        Column("roles", _("Rôles"), roles, Kind.LINES, means=_("Rôles dont le manuel porte cette procédure")),
        Column("phase", _("Moment"), phase, means=_("Moment de l’élection")),
        Column("version", _("Version"), lambda v: v.number, Kind.COUNT, means=_("Numéro de la version")),
        Column("steps", _("Étapes"), lambda v: len(v.content.get("steps") or ()), Kind.COUNT, means=_("Nombre d’étapes")),
        Column("items", _("Questions"), lambda v: len(v.content.get("items") or ()), Kind.COUNT, means=_("Nombre de questions")),
        Column("sha256", _("Empreinte"), lambda v: v.sha256, Kind.CODE, shown=False, means=_("SHA-256 du contenu de la version")),
        Column(
            "state", _("État"), lambda v: v.state, Kind.STATE, sort="etat", means=_("État de la version"),
            states={
                State.DRAFT: (_("brouillon"), "", "pen"), State.LEGAL_OK: (_("textes relus"), "warn", "eye"),
                State.TESTED: (_("éprouvée"), "warn", "wait"), State.APPROVED: (_("approuvée"), "ok", "ok"),
                State.RETIRED: (_("retirée"), "", "off"),
            },
        ),
    ),
)  # fmt: skip
