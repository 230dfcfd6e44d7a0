"""What the pages of manuals are sent: what to make, what was printed of it, what narrows their lists."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kalata.country.pickers import TerritoryField
from kalata.training.queries import manual_builds as queries
from kalata.training.queries import packs
from kalata.training.rules.manuals.kept import KINDS, PRINTED
from kalata.training.rules.manuals.words import role_in
from kalata.ui import edge, fields

LANGUAGES = {"fr": _("français"), "en": _("anglais")}


def sources() -> Iterator[tuple[str, str]]:
    for one, _roles, _langs in queries.offered():
        yield one.code, str(one.head.get("title", {}).get(get_language() or "fr") or one.code)


def roles() -> Iterator[tuple[str, str]]:
    known = {role for _one, found, _langs in queries.offered() for role in found}
    yield from sorted(((r, role_in(r, get_language() or "fr")) for r in known), key=lambda pair: pair[1])


def languages() -> Iterator[tuple[str, str]]:
    known = {lang for _one, _roles, found in queries.offered() for lang in found}
    yield from ((lang, str(LANGUAGES.get(lang, lang))) for lang in sorted(known, key=lambda w: (w != "fr", w)))


def made_languages() -> Iterator[tuple[str, str]]:
    yield from ((lang, str(LANGUAGES.get(lang, lang))) for lang in packs.languages())


class BuildForm(edge.Edge):
    act = "make"
    source = fields.ChoiceField(sources, required=True, label=_("Source"))
    role = fields.ChoiceField(roles, required=True, label=_("Fonction"))
    language = fields.ChoiceField(languages, required=True, label=_("Langue"))
    draft = fields.FlagField(label=_("Un projet : des procédures non approuvées, PROJET sur chaque page"))


class StopForm(edge.Edge):
    act = "stop"


class RunForm(edge.Edge):
    act = "print"
    number = fields.TextField(required=True, most=60, label=_("Numéro du bon d’impression"))
    kind = fields.ChoiceField([(k, _(KINDS[k])) for k in PRINTED], required=True, label=_("Pièce"))
    copies = fields.CountField(required=True, least=1, most=1_000_000, label=_("Exemplaires"))


class FileAsked(edge.Edge):
    voir = fields.FlagField()


class BuildList(edge.Edge):
    role = fields.ChoiceField(roles, label=_("Fonction"))
    langue = fields.ChoiceField(languages, label=_("Langue"))
    etat = fields.ChoiceField(
        [("made", _("approuvées")), ("draft", _("projets")), ("making", _("en fabrication")), ("ended", _("arrêtées"))],
        label=_("État"),
    )


class HandedList(edge.Edge):
    q = fields.TextField(label=_("Bureau, séance, lieu, formateur, tirage ou code de page"), most=80)


class CentreList(edge.Edge):
    scrutin = fields.CodeField(most=80, label=_("Scrutin"))
    q = fields.TextField(label=_("Centre ou lieu"), most=80)


class PacksForm(edge.Edge):
    act = "packs"
    scrutin = fields.CodeField(required=True, most=80, label=_("Scrutin"))
    unit = TerritoryField(depth=4, required=False, label=_("Lieu (aucun : tous les centres du scrutin)"))
    language = fields.ChoiceField(made_languages, required=True, label=_("Langue des pièces"))
    draft = fields.FlagField(label=_("Avec des pièces en projet, pour un exercice : chaque papier le dit"))


class StopPacksForm(edge.Edge):
    act = "stop"
    scrutin = fields.CodeField(required=True, most=80, label=_("Scrutin"))


class ResumePacksForm(edge.Edge):
    act = "resume"
    scrutin = fields.CodeField(required=True, most=80, label=_("Scrutin"))


class LotList(edge.Edge):
    scrutin = fields.CodeField(most=80, label=_("Scrutin"))
    etat = fields.ChoiceField(
        [("making", _("en fabrication")), ("made", _("faits")), ("stopped", _("arrêtés")), ("failed", _("en échec"))], label=_("État"),
    )  # fmt: skip


class PackList(edge.Edge):
    q = fields.TextField(label=_("Centre, lieu ou référence"), most=80)
    scrutin = fields.CodeField(most=80, label=_("Scrutin"))
    etat = fields.ChoiceField([("now", _("en vigueur"))], label=_("Versions"))
