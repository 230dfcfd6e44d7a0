"""The lists of manuals: what was made, what went out, what each centre is to be sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.forms.manuals import BuildList, CentreList, HandedList
from kalata.training.queries import manual_builds as queries
from kalata.training.rules.manuals.kept import KINDS, Copies
from kalata.training.rules.manuals.words import role_in
from kalata.ui.lists import Listing
from kalata.ui.templatetags.kalata import lang as language

STATES = {
    "making": (_("en fabrication"), "inf", "wait"), "made": (_("approuvées"), "ok", "ok"), "draft": (_("projet"), "warn", "pen"),
    "stopped": (_("arrêtées"), "warn", "off"), "failed": (_("en échec"), "bad", "bad"),
}  # fmt: skip


def role_name(one: Any) -> str:
    return role_in(one.role, language())


def kind_name(kind: str) -> str:
    return translate(KINDS.get(kind, kind), language())


def state_of(one: Any) -> str:
    return "draft" if one.whole and one.draft else str(one.state)


BUILDS = Listing(
    name="manuels",
    title=_("Pièces faites"),
    filters=BuildList,
    orders={"date": ("at", "pk"), "role": ("role", "language", "-pk")},
    order=("-pk",),
    empty=_("Aucune pièce n’a été faite. Choisissez une fonction et une langue."),
    counted=_("%(n)s {n:fabrication|fabrications}"),
    every={"role": _("Toutes"), "langue": _("Toutes")},
    columns=(
        Column("role", _("Fonction"), role_name, sort="role", href=lambda b: reverse("manuals:build", args=[b.pk]), means=_("Fonction dont ce sont les pièces")),
        Column("language", _("Langue"), lambda b: b.language, Kind.CODE, means=_("Langue des pièces")),
        Column("files", _("Pièces"), lambda b: b.n, Kind.COUNT, means=_("Pièces gardées par leur empreinte")),
        Column("pages", _("Pages"), lambda b: len(b.pages) if b.pages is not None else None, Kind.COUNT, means=_("Pages du manuel, une par procédure")),
        Column("digest", _("Empreinte"), lambda b: b.digest[:12], Kind.CODE, means=_("Empreinte des procédures dont elles sont faites")),
        Column("by", _("Demandées par"), lambda b: b.by.full_name),
        Column("at", _("Le"), lambda b: b.at, Kind.INSTANT, sort="date"),
        Column("state", _("État"), state_of, Kind.STATE, states=STATES),
    ),
)  # fmt: skip

HANDED = Listing(
    name="manuels-remis",
    title=_("Manuels remis"),
    filters=HandedList,
    orders={"date": ("on", "pk"), "tirage": ("run__number", "-pk")},
    order=("-pk",),
    empty=_("Aucun manuel remis ne répond à cette recherche."),
    counted=_("%(n)s {n:remise|remises}"),
    columns=(
        Column("run", _("Tirage"), lambda h: h.run.number, Kind.CODE, sort="tirage", href=lambda h: reverse("manuals:run", args=[h.run_id])),
        Column("kind", _("Pièce"), lambda h: f"{kind_name(h.run.kind)}, {role_name(h.run)}, {h.run.language}"),
        Column("class", _("Séance"), lambda h: h.training_class.code, Kind.CODE, href=lambda h: reverse("classes:class", args=[h.training_class_id])),
        Column("place", _("Lieu"), lambda h: h.training_class.unit.name if h.training_class.unit else h.training_class.area),
        Column("taken_by", _("Pris par"), lambda h: h.taken_by.full_name if h.taken_by else "", means=_("Formateur qui a pris les exemplaires, donnée personnelle")),
        Column("copies", _("Exemplaires"), lambda h: h.copies, Kind.COUNT),
        Column("on", _("Le"), lambda h: h.on, Kind.DAY, sort="date"),
    ),
)  # fmt: skip


def copies(row: dict[str, Any]) -> Copies:
    return queries.sent_to(row["n"], row["staff"])


CENTRES = Listing(
    name="commande-centres",
    title=_("Commande des centres"),
    filters=CentreList,
    empty=_("Aucun centre ne répond à cette recherche : les bureaux d’un scrutin se lisent avec leur centre."),
    counted=_("%(n)s {n:centre|centres}"),
    columns=(
        Column("centre", _("Centre"), lambda r: r["centre"] or "–", means=_("Centre de vote, comme la liste des bureaux le nomme ; un tiret où elle n’en nomme aucun")),
        Column("place", _("Lieu"), lambda r: ", ".join(filter(None, (r["unit__name"], r["place"]))), means=_("Commune et ce qui la contient")),
        Column("unit", _("Code du lieu"), lambda r: r["unit__code"] or "", Kind.CODE, shown=False),
        Column("contest", _("Scrutin"), lambda r: r["contest__code"], Kind.CODE),
        Column("stations", _("Bureaux"), lambda r: r["n"], Kind.COUNT),
        Column("registered", _("Inscrits"), lambda r: r["voters"], Kind.COUNT, shown=False),
        Column("manuals", _("Manuels"), lambda r: copies(r).manuals, Kind.COUNT, means=_("Par bureau, comme le pack le dit")),
        Column("cards", _("Cartes de poche"), lambda r: copies(r).cards, Kind.COUNT, means=_("Une par agent, réserve comprise")),
        Column("posters", _("Affiches"), lambda r: copies(r).posters, Kind.COUNT, means=_("Par bureau, comme le pack le dit")),
    ),
)  # fmt: skip
