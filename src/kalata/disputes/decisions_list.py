"""The register of decisions as a list of the house."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kalata.disputes.forms.decisions import OUTCOMES, RegisterList
from kalata.disputes.rules import publications as texts
from kalata.disputes.rules.rulings import LABELS, State
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.ui.lists import Listing

STATES = {
    s.value: (LABELS[s], "ok" if s in (State.PUBLISHED, State.APPLIED) else "inf", "gavel") for s in State
}  # fmt: skip
TONES = {"draft": ("warn", "pen"), "proposed": ("inf", "wait"), "published": ("ok", "ok"), "superseded": ("", "back"), "withdrawn": ("bad", "eyeoff")}  # fmt: skip
TEXTS = {s.value: (texts.LABELS[s], *TONES[s.value]) for s in texts.State}


def outcomes(ruling: Any) -> str:
    found = dict.fromkeys(str(OUTCOMES.get(o.outcome, o.outcome)) for o in ruling.outcomes.all() if o.outcome)
    return ", ".join(found)


REGISTER = Listing(
    name="decisions",
    title=_("Décisions"),
    filters=RegisterList,
    wide=True,
    region=_("Tableau des décisions"),
    counted=_("%(n)s {n:décision|décisions}"),
    every={"etat": _("Tous"), "issue": _("Toutes"), "texte": _("Tous")},
    orders={"numero": ("number",), "signature": ("signed_at", "pk"), "publication": ("published_at", "pk")},
    order=("-signed_at", "-pk"),
    empty=_("Aucune décision ne répond à cette recherche."),
    columns=(
        Column("number", _("Décision"), lambda r: r.number, Kind.CODE, sort="numero", href=lambda r: reverse("disputes:decision", args=[r.pk]), means=_("Numéro de la décision")),
        Column("words", _("Objet"), lambda r: r.words, means=_("Ce que la décision dit de son objet")),
        Column("contest", _("Scrutin"), lambda r: r.contest.code, Kind.CODE, means=_("Code du scrutin")),
        Column("petitions", _("Requêtes"), lambda r: ", ".join(o.petition.number or "" for o in r.outcomes.all()), shown=False, means=_("Numéros des requêtes jugées")),
        Column("outcome", _("Issue"), outcomes, means=_("Ce que la décision fait de chaque requête, sans doublon")),
        Column("signed_at", _("Signature"), lambda r: r.signed_at, Kind.INSTANT, sort="signature", means=_("Instant de la signature")),
        Column("state", _("État"), lambda r: r.state, Kind.STATE, states=STATES, means=_("Étape de la vie de la décision")),
        Column("text", _("Texte public"), lambda r: r.text_state or "", Kind.STATE, states=TEXTS,
               means=_("État de la dernière version du texte public ; vide : aucune")),
        Column("version", _("Version"), lambda r: r.text_version, Kind.COUNT, shown=False, means=_("Version du texte public en vigueur")),
        Column("published_at", _("Publication"), lambda r: r.published_at, Kind.INSTANT, sort="publication", means=_("Instant de la publication en vigueur")),
    ),
)  # fmt: skip
