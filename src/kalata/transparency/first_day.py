"""What this room states of a first day: the ceremony of the log's key, the witnesses."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.ledger import queries as ledger
from kalata.steps import CONSOLE, Step
from kalata.transparency import publiclog
from kalata.transparency.models import Witness


def steps(request: HttpRequest) -> Iterator[Step]:
    yield ceremony()
    yield witnesses()


def ceremony() -> Step:
    title, href = _t("Cérémonie de la clé"), reverse("log:index")
    custodians = _t("Deux dépositaires, à la console : « kalata log init »")
    if not publiclog.key_path().exists():
        says = _t("Deux dépositaires tapent chacun leur moitié de la phrase secrète, l’un après l’autre ; le procès-verbal porte l’empreinte à lire à voix haute.")  # fmt: skip
        return Step(
            place=600, title=title, says=says, who=custodians, href=CONSOLE, do=_t("La commande")
        )
    who, when = ledger.last_of("log.key.rotated", "log.key.created")
    if not publiclog.passphrase():
        says = _t("La clé est faite, mais sa phrase n’est pas donnée à la maison : rien n’est signé ni publié.")
        return Step(place=600, title=title, says=says, state="part", tag=_t("Phrase à donner"), who=_t("Les deux dépositaires, à la console : « kalata log phrase »"), when=when, href=CONSOLE, do=_t("La commande"))  # fmt: skip
    says = _t("La clé est faite et sa phrase est donnée : ce qui sera publié sera signé.")
    return Step(place=600, title=title, says=says, state="done", tag=_t("Fait"), who=who, when=when, href=href, do=_t("Voir le journal public"))  # fmt: skip


def witnesses() -> Step:
    title, href = _t("Témoins"), reverse("log:index") + "#temoins"
    names = list(Witness.objects.filter(active=True).values_list("name", flat=True))
    if not names:
        says = _t(
            "Au moins un témoin extérieur doit recevoir la clé lue à voix haute, et sa propre clé être enregistrée ici."
        )
        return Step(place=700, title=title, says=says, who=_t("Chaque témoin, chez lui"), href=href, do=_t("Enregistrer un témoin"), after=(6,), opens=("log.keys",))  # fmt: skip
    says = _t("Témoins enregistrés : %(which)s.") % {"which": ", ".join(names)}
    who, when = ledger.last_of("log.witness.added")
    return Step(place=700, title=title, says=says, state="done", tag=_t("Fait"), who=who, when=when, href=href, do=_t("Voir les témoins"))  # fmt: skip
