"""One page that holds a class without a network: who came, the codes written on the sheet, answers; its file is the one of entries."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.rules.badges.page import inside
from kalata.training.rules.class_entries import ENTRIES

HERE = Path(__file__).parent
TEXTS = {
    "INTRO": _("Cette page tient la séance sans réseau, sur un téléphone ou un ordinateur. Elle ne garde rien quand on la ferme : prenez le fichier souvent, il reprend la séance. Envoyez-le à la fin sur la page de la séance, une fois ou dix : il ne compte qu’une fois."),
    "NOSCRIPT": _("Sans script, tenez la séance sur la feuille imprimée."), "TAKE": _("Prendre le fichier"), "BACK": _("Reprendre depuis un fichier"),
    "SEATS": _("Personnes"),
}  # fmt: skip
SAID = {
    "present": _("présent, a signé la feuille"), "agent": _("Matricule, si ce n’est pas la personne prévue"), "code": _("Code du jour, comme écrit sur la feuille"),
    "paper": _("Une autre personne, ou une copie tapée à la main"), "form": _("Épreuve, code imprimé sur la feuille"), "answers": _("Réponses, une lettre par question, un tiret pour une laissée"), "seat": _("Place"), "nobody": _("à nommer"), "none": _("pas de copie ici"),
    "came": _("présents"), "proofs": _("avec les deux preuves"), "papers": _("copies tapées"), "untaken": _("fichier à prendre"), "other": _("Ce fichier n’est pas celui de cette séance de formation."),
    "odd": _("Un code a six chiffres."), "short": _("Une lettre ou un tiret par question : il en faut"),
}  # fmt: skip


@lru_cache(maxsize=1)
def files() -> tuple[str, str]:
    return (HERE / "class_page.html").read_text("utf-8"), (HERE / "class_page.js").read_text("utf-8")


def page(code: str, title: str, seats: Sequence[Sequence[Any]], forms: Sequence[tuple[str, str, int]], lang: str) -> str:
    """seats: the lines of the blank file of entries, a post after each; forms: mark, words, number of questions."""
    frame, script = files()
    told = {"code": code, "head": list(ENTRIES), "seats": [list(s) for s in seats], "forms": [list(f) for f in forms]}
    values = {name: escape(translate(text, lang)) for name, text in TEXTS.items()} | {
        "LANG": lang, "TITLE": escape(title), "CLASS": inside(told), "SAID": inside({k: translate(v, lang) for k, v in SAID.items()}),
        "SCRIPT": script, "HASH": "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }  # fmt: skip
    return re.sub(r"@@([A-Z]+)@@", lambda m: values[m[1]], frame)
