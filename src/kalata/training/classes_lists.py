"""The lists of classes and of certificates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.training.forms.classes import CertificateList, ClassList, UpdateList
from kalata.training.models import Certificate
from kalata.training.rules.classes_states import BADGE, CLASS, Badge, Held
from kalata.training.rules.manuals.words import role_in
from kalata.ui.lists import Listing
from kalata.ui.templatetags.kalata import lang as language

TONES: dict[Any, tuple[str, str]] = {
    Held.PLANNED: ("inf", "wait"), Held.HELD: ("warn", "pen"), Held.SETTLED: ("ok", "ok"), Held.CANCELLED: ("bad", "off"),
    Badge.VALID: ("ok", "ok"), Badge.UPDATE: ("warn", "swap"), Badge.REVOKED: ("bad", "bad"),
}  # fmt: skip



def roles() -> Iterator[tuple[str, str]]:
    """Roles of the certificates that were given, in words."""
    yield from ((r, role_in(r, language())) for r in Certificate.objects.order_by().values_list("role", flat=True).distinct())  # fmt: skip


CLASSES = Listing(
    name="seances",
    title=_("Séances"),
    filters=ClassList,
    orders={"jour": ("first", "code"), "seance": ("code",), "lieu": ("area", "venue", "room")},
    order=("first", "code"),
    empty=_("Aucune séance ne répond à cette recherche."),
    counted=_("%(n)s {n:séance|séances}"),
    columns=(
        Column("code", _("Séance"), lambda c: c.code, Kind.CODE, sort="seance", href=lambda c: reverse("classes:class", args=[c.pk]), means=_("Code de la séance dans le plan publié")),
        Column("first", _("Premier jour"), lambda c: c.first, Kind.DAY, sort="jour"),
        Column("last", _("Dernier jour"), lambda c: c.last, Kind.DAY),
        Column("area", _("Zone"), lambda c: c.unit.name if c.unit else c.area, sort="lieu", means=_("zone où se tient la classe")),
        Column("venue", _("Lieu"), lambda c: f"{c.venue} · {c.room}", means=_("Lieu et salle")),
        Column("language", _("Langue"), lambda c: c.language, means=_("langue de la classe")),
        Column("pair", _("Binôme"), lambda c: c.pair, Kind.CODE, means=_("binôme de formateurs")),
        Column("expected", _("Attendus"), lambda c: c.expected, Kind.COUNT, means=_("places de la séance, nommées ou à nommer")),
        Column("came", _("Présents"), lambda c: c.came, Kind.COUNT, means=_("présences prouvées deux fois")),
        Column("state", _("État"), lambda c: c.state, Kind.STATE, states={s.value: (CLASS.labels[s], *TONES[s]) for s in Held}),
    ),
)  # fmt: skip

CERTIFICATES = Listing(
    name="attestations",
    title=_("Attestations"),
    filters=CertificateList,
    orders={"date": ("awarded_on", "pk"), "nom": ("agent__name_key", "pk")},
    order=("-pk",),
    empty=_("Aucune attestation ne répond à cette recherche."),
    counted=_("%(n)s {n:attestation|attestations}"),
    options={"role": roles},
    every={"role": _("Toutes")},
    columns=(
        Column("number", _("Numéro"), lambda c: c.number, Kind.CODE, href=lambda c: reverse("certificates:certificate", args=[c.pk]), means=_("Numéro de l’attestation, que chacun vérifie")),
        Column("agent", _("Personne"), lambda c: c.agent.name, sort="nom", means=_("Nom de la personne, donnée personnelle ; l’attestation ne le porte pas")),
        Column("person_code", _("Matricule"), lambda c: c.agent.code, Kind.CODE, means=_("Matricule de la personne")),
        Column("role", _("Fonction"), lambda c: role_in(c.role, language()), means=_("Fonction pour laquelle la personne est formée")),
        Column("version", _("Version des procédures"), lambda c: c.version, Kind.CODE, means=_("Version des procédures portée sur l’attestation")),
        Column("class", _("Séance"), lambda c: c.seat.training_class.code, Kind.CODE, means=_("Séance où la personne a été reçue")),
        Column("awarded_on", _("Délivrée le"), lambda c: c.awarded_on, Kind.DAY, sort="date"),
        Column("expires_on", _("Vaut jusqu’au"), lambda c: c.expires_on, Kind.DAY),
        Column("state", _("État"), lambda c: c.state, Kind.STATE, states={s.value: (BADGE.labels[s], *TONES[s]) for s in Badge}),
    ),
)  # fmt: skip

UPDATES = Listing(
    name="mises-a-jour",
    title=_("Attestations à mettre à jour"),
    filters=UpdateList,
    orders={"date": ("at", "pk"), "numero": ("certificate__number", "pk")},
    order=("-pk",),
    empty=_("Aucune attestation n’attend de rappel."),
    counted=_("%(n)s {n:rappel attendu|rappels attendus}"),
    columns=(
        Column("number", _("Attestation"), lambda u: u.certificate.number, Kind.CODE, sort="numero", href=lambda u: reverse("certificates:certificate", args=[u.certificate_id])),
        Column("agent", _("Personne"), lambda u: u.certificate.agent.name, means=_("Nom de la personne, donnée personnelle")),
        Column("person_code", _("Matricule"), lambda u: u.certificate.agent.code, Kind.CODE),
        Column("phone", _("Téléphone"), lambda u: u.certificate.agent.phone, Kind.CODE, shown=False, means=_("Pour l’appel ou le message ; donnée personnelle")),
        Column("class", _("Séance"), lambda u: u.certificate.seat.training_class.code, Kind.CODE, href=lambda u: reverse("classes:class", args=[u.certificate.seat.training_class_id])),
        Column("procedure", _("Procédure changée"), lambda u: f"{u.version.procedure.code}, {u.version.number}", Kind.CODE, href=lambda u: reverse("certificates:course", args=[u.version_id]), means=_("Code et version qui a changé une étape décisive")),
        Column("asked", _("Depuis le"), lambda u: u.at, Kind.INSTANT, sort="date"),
        Column("state", _("Rappel"), lambda u: "done" if u.done else "todo", Kind.STATE, states={"todo": (_("à répondre"), "warn", "wait"), "done": (_("répondu juste, à confirmer"), "inf", "pen")}),
    ),
)  # fmt: skip
