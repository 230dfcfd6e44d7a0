"""The list of the counter: what was received, where, when, and what it looks like."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from kalata.disputes.forms.intake import RegistryList
from kalata.disputes.models import Counter, Petition
from kalata.disputes.rules.filing import CHANNELS
from kalata.disputes.rules.steps import LABELS, State
from kalata.tables.lists import Column, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.ui.lists import Listing

TONES = {State.RECEIVED: ("inf", "doc"), State.TO_CURE: ("warn", "warn"), State.CLOSED: ("ok", "ok")}
STATES = {s.value: (LABELS[s], *TONES.get(s, ("", "wait"))) for s in State}


def counters() -> Iterator[tuple[str, str]]:
    yield from Counter.objects.values_list("code", "code")


def channel(petition: Petition) -> str:
    from django.utils.translation import get_language

    return translate(CHANNELS[petition.channel], get_language() or "fr")


REGISTRY = Listing(
    name="requetes",
    saved=True,
    title=_("Requêtes reçues"),
    filters=RegistryList,
    orders={"numero": ("number",), "recue": ("received_at", "pk"), "role": ("roll",)},
    order=("-received_at", "-pk"),
    empty=_("Aucune requête reçue."),
    counted=_("%(n)s {n:requête|requêtes}"),
    every={"etat": _("Tous"), "canal": _("Toutes")},
    options={"guichet": counters},
    columns=(
        Column(
            "number", _("Numéro"), lambda p: p.number, Kind.CODE, sort="numero",
            href=lambda p: reverse("disputes:receipt", args=[p.number]), means=_("Numéro permanent du récépissé, attribué par le guichet"),
        ),
        Column("roll", _("Rôle"), lambda p: p.roll, Kind.COUNT, sort="role", means=_("Numéro de rôle ; vide : pas encore attribué")),
        Column("received_at", _("Reçue le"), lambda p: p.received_at, Kind.INSTANT, sort="recue", means=_("Instant de la réception, écrit une fois")),
        Column("about", _("Objet"), lambda p: p.about_words or p.relief, means=_("Objet de la requête, en quelques mots")),
        Column("counter", _("Guichet"), lambda p: p.counter.code if p.counter else "", Kind.CODE, means=_("Guichet qui a reçu la requête")),
        Column("channel", _("Voie"), channel, means=_("Comment la requête est venue")),
        Column("since", _("Dans la file depuis"), lambda p: getattr(getattr(p, "receipt", None), "since", None), Kind.INSTANT, shown=False, means=_("Instant du ticket de file, ou de l’arrivée du courrier ; vide : reçue à l’arrivée")),
        Column("twins", _("Ressemble à"), lambda p: p.alike, Kind.COUNT, means=_("Requêtes qui lui ressemblent, à examiner")),
        Column("points", _("Recevabilité"), lambda p: getattr(getattr(p, "sheet", None), "points", ""), partial="disputes/_docket_points.html",
               means=_("Les sept points de la liste de recevabilité dans l’ordre, une lettre chacun : m rempli, n non rempli, c à régulariser, d discuté, u à examiner ; vide : liste non établie")),
        Column("state", _("État"), lambda p: p.state, Kind.STATE, states=STATES, means=_("État de la requête")),
    ),
)  # fmt: skip
