"""The lists of packs: lots with how far each is, and every paper issued to a centre."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.training.forms.manuals import LotList, PackList
from kalata.ui.lists import Listing

LOT_STATES = {
    "making": (_("en fabrication"), "inf", "wait"), "made": (_("fait"), "ok", "ok"), "stopped": (_("arrêté"), "warn", "off"),
    "failed": (_("en échec"), "bad", "bad"),
}  # fmt: skip
PAPER_STATES = {"now": (_("en vigueur"), "ok", "ok"), "before": (_("remplacé"), "neutral", "off")}


def state_of(one: Any) -> str:
    if one.running:
        return "making"
    return "made" if one.sha256 else "failed" if one.fault else "stopped"


LOTS = Listing(
    name="lots-de-colis",
    title=_("Lots de colis"),
    filters=LotList,
    orders={"date": ("at", "pk")},
    order=("-pk",),
    empty=_("Aucun lot n’a été demandé. Choisissez un scrutin et une langue."),
    counted=_("%(n)s {n:lot|lots}"),
    columns=(
        Column("place", _("Lieu"), lambda b: b.args.get("place") or "–", href=lambda b: reverse("manuals:lot", args=[b.pk]) if b.sha256 else "", means=_("Le plus petit lieu qui tient les centres du lot ; le lien ouvre le fichier à imprimer, une fois le lot fait")),
        Column("language", _("Langue"), lambda b: b.args.get("language", ""), Kind.CODE),
        Column("done", _("Colis faits"), lambda b: b.done, Kind.COUNT),
        Column("total", _("Centres"), lambda b: b.total, Kind.COUNT),
        Column("fault", _("Ce qui l’a arrêté"), lambda b: b.fault, means=_("Vide où rien ne l’a arrêté")),
        Column("by", _("Demandé par"), lambda b: b.by.full_name),
        Column("at", _("Le"), lambda b: b.at, Kind.INSTANT, sort="date"),
        Column("state", _("État"), state_of, Kind.STATE, states=LOT_STATES),
    ),
)  # fmt: skip

PACKS = Listing(
    name="registre-des-colis",
    title=_("Colis émis"),
    filters=PackList,
    orders={"date": ("at", "pk"), "titre": ("title", "-pk")},
    order=("-pk",),
    empty=_("Aucun colis émis ne répond à cette recherche."),
    counted=_("%(n)s {n:colis|colis}"),
    every={"etat": _("Toutes")},
    columns=(
        Column("reference", _("Référence"), lambda d: d.reference, Kind.CODE, href=lambda d: reverse("manuals:paper", args=[d.pk]), means=_("Numéro du papier au registre des documents émis")),
        Column("version", _("Version"), lambda d: d.version, Kind.COUNT),
        Column("title", _("Colis"), lambda d: d.title, sort="titre", means=_("Centre et lieu")),
        Column("lang", _("Langue"), lambda d: d.lang, Kind.CODE),
        Column("pages", _("Pages"), lambda d: d.pages, Kind.COUNT),
        Column("digest", _("Empreinte"), lambda d: d.digest[:16], Kind.CODE, means=_("Ce que le pied du papier porte et que la page de vérification demande")),
        Column("at", _("Émis le"), lambda d: d.at, Kind.INSTANT, sort="date"),
        Column("state", _("État"), lambda d: "before" if d.superseded_by_id else "now", Kind.STATE, states=PAPER_STATES),
    ),
)  # fmt: skip
