"""The list of the posts of a contest: who holds each, and what each still lacks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.forms.posts import PostList
from kalata.training.queries.posts import title_of
from kalata.training.rules.posts import LABELS, SIDES, State
from kalata.training.rules.reasons import WORDS
from kalata.ui.lists import Listing

TONES = {
    State.VACANT: ("bad", "bad"), State.PROPOSED: ("warn", "wait"), State.APPOINTED: ("inf", "doc"), State.CONFIRMED: ("ok", "ok"),
    State.AWAY: ("warn", "pause"), State.PRESENT: ("ok", "ok"), State.ABSENT: ("bad", "bad"), State.REPLACED: ("inf", "swap"),
}  # fmt: skip
STATES = {s.value: (LABELS[s], *TONES[s]) for s in State}


def lang() -> str:
    from django.utils.translation import get_language

    return get_language() or "fr"


def lacks(post: Any) -> list[str]:
    """What the one rule of readiness says against a post; a list read from a query carries it on each row."""
    return [translate(WORDS[reason], lang()) for reason in getattr(post, "reasons", ())]


POSTS = Listing(
    name="postes",
    saved=True,
    title=_("Postes"),
    filters=PostList,
    orders={"bureau": ("body", "-head", "position"), "nom": ("agent__name_key", "pk")},
    order=("body", "-head", "position"),
    empty=_("Aucun poste ne répond à cette recherche."),
    counted=_("%(n)s {n:poste|postes}"),
    columns=(
        Column("body", _("Bureau ou commission"), lambda p: p.body, Kind.CODE, sort="bureau", means=_("Code du bureau, ou de l’institution et de son lieu")),
        Column("position", _("Poste"), lambda p: title_of(p, lang()), href=lambda p: reverse("posts:post", args=[p.contest.code, p.pk]), means=_("Poste tel que le pack le nomme, avec son rang")),
        Column("key", _("Code du poste"), lambda p: p.position, Kind.CODE, shown=False, means=_("Poste comme une liste d’agents le nomme : president, assessor-2")),
        Column("agent", _("Titulaire"), lambda p: p.agent.name if p.agent else "", sort="nom", means=_("Nom de la personne proposée ou nommée, donnée personnelle ; vide : personne")),
        Column("code", _("Matricule"), lambda p: p.agent.code if p.agent else "", Kind.CODE, shown=False, means=_("Matricule de la personne")),
        Column("side", _("Proposé par"), lambda p: translate(SIDES.get(p.side, SIDES[""]), lang()), means=_("Organe qui propose pour ce poste, selon le pack")),
        Column("act", _("Acte"), lambda p: p.appointment.number if p.appointment else "", Kind.CODE, means=_("Numéro de l’acte de nomination ; vide : aucun")),
        Column("lacks", _("Manque"), lacks, Kind.LINES, means=_("Ce qui manque pour que le poste soit couvert, selon la règle de kalata posts readiness ; vide : couvert")),
        Column("state", _("État"), lambda p: p.state, Kind.STATE, states=STATES, means=_("État du poste")),
    ),
)  # fmt: skip
