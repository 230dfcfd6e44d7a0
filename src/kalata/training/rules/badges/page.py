"""One page by which a stranger checks a certificate, with the issuer's keys in it: it asks no network and no program of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape

from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.rules.badges.issuer import Issuer, coded, raw

TEXTS = {
    "TITLE": _("Vérifier une attestation de formation"),
    "INTRO": _("Cette page vérifie, sans réseau, une attestation signée par %(name)s. La clé est dans la page : ce que l’attestation dit de sa propre clé n’est jamais cru. Prenez cette page chez l’émetteur lui-même."),
    "NOSCRIPT": _("Sans script, cette page ne peut rien vérifier."), "TOKEN": _("Texte de l’attestation"), "FILE": _("ou son fichier (.jwt)"),
    "LIST": _("Liste des attestations retirées (.jwt), si vous l’avez"), "AT": _("Vérifier au"), "SEND": _("Vérifier"),
}  # fmt: skip
WORDS = {
    "valid": _("Cette attestation est valable."), "expired": _("Cette attestation a expiré."), "not_yet": _("Cette attestation ne vaut pas encore."),
    "revoked": _("Cette attestation a été retirée."), "bad_signature": _("Fausse signature : ne vous y fiez pas."),
    "unknown_issuer": _("Cet émetteur n’est pas celui de cette page : ne vous y fiez pas."), "malformed": _("Ce n’est pas une attestation lisible : ne vous y fiez pas."),
    "revocation_not_checked": _("Non vérifié : si elle a été retirée depuis. Donnez la liste des attestations retirées."),
    "status": _("C’est la liste des attestations retirées qui ne tient pas : rien n’est dit de l’attestation."), "reason": _("Motif :"),
    "certificate": _("Attestation"), "person_code": _("Code de la personne"), "role": _("Fonction"), "level": _("Niveau"),
    "procedure_version": _("Version des procédures"), "place": _("Lieu"), "awarded_on": _("Délivrée le"), "expires_on": _("Vaut jusqu’au"),
}  # fmt: skip
LANGUAGES = ("fr", "en")


def inside(value: object) -> str:
    """JSON that closes no script."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def page(issuer: Issuer, lang: str, frame: str, script: str) -> str:
    """The page of an issuer in a language. frame, script: the files beside this one."""
    keys = [
        {"kid": kid, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": coded(raw(key))}} for kid, key in issuer.keys.items()
    ]
    said = {"id": issuer.id, "name": issuer.name, "keys": keys, "status_list": issuer.status_list}
    values = {name: escape(translate(text, lang) % {"name": issuer.name}) for name, text in TEXTS.items()} | {
        "LANG": lang, "ISSUER": inside(said), "WORDS": inside({k: translate(v, lang) for k, v in WORDS.items()}), "SCRIPT": script,
        "HASH": "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }  # fmt: skip
    return re.sub(r"@@([A-Z]+)@@", lambda m: values[m[1]], frame)
