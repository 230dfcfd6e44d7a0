"""The page that goes out to a cercle: one file, its script inside, nothing asked of any network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from html import escape

from kalata.planning.rules.offline.entries import COLUMNS
from kalata.text import gettext_noop as _
from kalata.text import translate

TEXTS = {
    "TITLE": _("Avancement hors réseau"),
    "INTRO": _("Cette page fonctionne sans réseau. Dites l’avancement de ce que vous connaissez, laissez le reste vide, enregistrez le fichier, puis rapportez-le par n’importe quel moyen. Rien n’est gardé si la page est fermée avant : un fichier enregistré se reprend."),
    "NOSCRIPT": _("Sans script, cette page ne peut rien enregistrer : demandez le tableau vide."), "FIND": _("Chercher"), "ON": _("Situation au"),
    "SAVE": _("Enregistrer le fichier à rapporter"), "CLEAR": _("Tout effacer"), "AGAIN": _("Reprendre un fichier déjà enregistré"),
}  # fmt: skip
WORDS = {
    "percent": _("Fait, en pour cent"), "started": _("Commencée le"), "finished": _("Finie le"), "blocked": _("Bloquée par"),
    "note": _("Note"), "evidence": _("Pièce qui le prouve"), "planned": _("Prévue"), "needs": _("Cette activité n’est faite que sur pièce."),
    "count": _("activités dites"), "sure": _("Effacer tout ce qui est tapé ici ?"), "late": _("en retard"), "nothing": _("Rien n’est dit encore."),
    "other": _("Ce fichier n’est pas de ce plan et de ce lieu."),
    "bad": _("À corriger : un pour cent va de 0 à 100, une fin demande 100 %, aucune date n’est à venir, une pièce est nommée où elle est exigée."),
}  # fmt: skip


def inside(value: object) -> str:
    """JSON that closes no script."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def page(said: Mapping[str, object], rows: Sequence[Mapping[str, object]], lang: str, frame: str, script: str) -> str:
    """said: plan, mark, unit, names. rows: code, name, start, last, evidence, base, percent. frame, script: the files beside."""
    values = {name: escape(translate(text, lang)) for name, text in TEXTS.items()} | {
        "LANG": lang, "NAME": escape(f"{said['name']} – {said['place']}"), "SAID": inside({**said, "columns": COLUMNS}), "ROWS": inside(rows),
        "WORDS": inside({k: translate(v, lang) for k, v in WORDS.items()}), "SCRIPT": script,
        "HASH": "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }  # fmt: skip
    return re.sub(r"@@([A-Z]+)@@", lambda m: values[m[1]], frame)
