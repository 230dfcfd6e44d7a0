"""The lists of cases and of sittings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.forms.moots import CaseList, SittingList
from kalata.training.queries.moots import case_in
from kalata.training.rules.moot_states import MOOT_SITTING, MOOT_VERSION, Sitting, Version
from kalata.training.rules.moots.case import SORTS, TOPICS
from kalata.ui.lists import Listing
from kalata.ui.templatetags.kalata import lang as language

TONES: dict[Any, tuple[str, str]] = {
    Version.DRAFT: ("warn", "pen"), Version.APPROVED: ("ok", "ok"), Version.REPLACED: ("inf", "swap"), Version.DROPPED: ("bad", "off"),
    Sitting.PREPARED: ("inf", "wait"), Sitting.RUNNING: ("warn", "clock"), Sitting.RATING: ("warn", "pen"), Sitting.RELEASED: ("ok", "ok"),
    Sitting.CANCELLED: ("bad", "off"),
}  # fmt: skip


def sort_name(sort: str) -> str:
    return next((translate(w, language()) for s, w in SORTS.items() if s == sort), sort)


def title_of(version: Any) -> str:
    return str(version.title_en if language() == "en" else version.title_fr)


CASES = Listing(
    name="affaires-ecoles",
    title=_("Dossiers"),
    filters=CaseList,
    orders={"code": ("case__code", "-number"), "titre": ("title_fr", "pk")},
    order=("case__code", "-number"),
    empty=_("Aucun dossier ne répond à cette recherche : reprenez ceux du pack."),
    counted=_("%(n)s {n:dossier|dossiers}"),
    columns=(
        Column("code", _("Affaire"), lambda v: v.case.code, Kind.CODE, sort="code", href=lambda v: reverse("moots:version", args=[v.pk]), means=_("Code de l’affaire, le même dans toutes ses versions")),
        Column("title", _("Titre"), title_of, sort="titre", means=_("Titre, dans la langue de la page")),
        Column("sort", _("Sorte"), lambda v: sort_name(v.case.sort)),
        Column("topics", _("Sujets"), lambda v: ", ".join(translate(TOPICS[t], language()) for t in case_in(v).topics)),
        Column("difficulty", _("Difficulté"), lambda v: case_in(v).difficulty, Kind.COUNT, means=_("De 1 à 3")),
        Column("version", _("Version"), lambda v: v.number, Kind.COUNT),
        Column("sha256", _("Empreinte"), lambda v: v.sha256, Kind.CODE, shown=False, means=_("SHA-256 du contenu de la version")),
        Column("state", _("État"), lambda v: v.state, Kind.STATE, states={s.value: (MOOT_VERSION.labels[s], *TONES[s]) for s in Version}),
    ),
)  # fmt: skip

SITTINGS = Listing(
    name="affaires-seances",
    title=_("Séances d’affaires-écoles"),
    filters=SittingList,
    orders={"date": ("made_at", "pk"), "titre": ("title", "pk")},
    order=("-made_at", "-pk"),
    empty=_("Aucune séance ne répond à cette recherche."),
    counted=_("%(n)s {n:séance|séances}"),
    columns=(
        Column("title", _("Séance"), lambda s: s.title, sort="titre", href=lambda s: reverse("moots:sitting", args=[s.pk])),
        Column("case", _("Affaire"), lambda s: s.version.case.code, Kind.CODE),
        Column("sort", _("Sorte"), lambda s: sort_name(s.version.case.sort)),
        Column("bench", _("Siègent"), lambda s: s.bench, Kind.COUNT, means=_("personnes de la formation de jugement")),
        Column("made", _("Préparée le"), lambda s: s.made_at, Kind.INSTANT, sort="date"),
        Column("begun", _("Commencée le"), lambda s: s.begun_at, Kind.INSTANT),
        Column("state", _("État"), lambda s: s.state, Kind.STATE, states={s.value: (MOOT_SITTING.labels[s], *TONES[s]) for s in Sitting}),
    ),
)  # fmt: skip
