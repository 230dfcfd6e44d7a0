"""The rights that roles of a pack may hold: the acts of the house, named once."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.text import gettext_noop as _

RIGHTS: Mapping[str, str] = {
    "results.setup": _("créer et modifier les scrutins, les candidatures et les circonscriptions"),
    "results.import": _("importer des bureaux et des résultats"),
    "results.read": _("lire les résultats non publiés"),
    "results.publish": _("demander ou approuver la publication"),
    "results.receive": _("recevoir les plis et les procès-verbaux"),
    "results.scan": _("numériser les procès-verbaux"),
    "results.enter": _("saisir les procès-verbaux, à l’aveugle"),
    "results.arbitrate": _("arbitrer les différences entre deux saisies"),
    "results.visa": _("viser une valeur que nul n’a saisie"),
    "results.review": _("répondre aux constats des contrôles"),
    "results.commission": _("valider, écarter, constater ce qui manque, en commission"),
    "results.copy": _("déposer la copie d’un délégué ou d’un observateur"),
    "results.recall": _("demander ou approuver un rappel"),
    "results.annul": _("demander ou approuver l’annulation d’un bureau"),
    "deadlines.record": _("ouvrir un calendrier légal et constater les événements"),
    "deadlines.derogate": _("demander ou approuver une dérogation à un délai"),
    "people.manage": _("créer des comptes et demander des mandats"),
    "people.approve": _("approuver les mandats demandés par une autre personne"),
    "people.read": _("lire les fiches des personnes"),
    "ledger.read": _("lire et exporter le journal"),
    "log.keys": _("garder la clé du journal public et la liste des témoins"),
    "pack.manage": _("charger une version du pack et des découpages"),
}
CRITICAL = frozenset(
    {
        "results.arbitrate",
        "results.visa",
        "results.review",
        "results.commission",
        "results.recall",
        "results.publish",
        "results.annul",
        "people.manage",
        "people.approve",
        "people.read",
        "ledger.read",
        "pack.manage",
        "results.setup",
        "results.import",
        "deadlines.record",
        "deadlines.derogate",
        "log.keys",
    }
)
"""Rights whose holders must sign in with a second factor."""
DESK = frozenset(right for right in RIGHTS if right.startswith("results.") and right != "results.read")
"""Rights an administrator of accounts may never hold together with people.manage."""
