"""One page that holds a sitting on one laptop without a network: stages open one after another, answers leave as a file that resumes it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.rules.badges.page import inside
from kalata.training.rules.moots.case import Case, Question
from kalata.training.rules.moots.engines import CHOICES, WORDS, Computed

HERE = Path(__file__).parent
TEXTS = {
    "INTRO": _("Cette page tient la séance sans réseau, sur un seul ordinateur. Prenez le fichier des réponses à la fin de chaque étape : il reprend la séance si l’ordinateur s’arrête, et s’apporte à la maison."),
    "NOSCRIPT": _("Sans script, tenez la séance avec le dossier imprimé."), "SEAT": _("Qui répond"), "OPEN": _("Ouvrir l’étape suivante"), "TAKE": _("Prendre le fichier des réponses"),
    "BACK": _("Reprendre depuis un fichier"),
    "CLOCK": _("Minutes écoulées"),
}  # fmt: skip
SAID = {
    "seal": _("Sceller la réponse"), "sealed": _("scellée, place"), "stage": _("Étape"), "kept": _("réponses gardées"), "minutes": _("min"), "due": _("à ouvrir à la minute"),
    "untaken": _("fichier à prendre"),
    "other": _("Ce fichier n’est pas de cette séance."),
    "confirm": _("Ouvrir l’étape suivante ferme celle-ci. Continuer ?"),
}  # fmt: skip


@lru_cache(maxsize=1)
def files() -> tuple[str, str]:
    return (HERE / "offline.html").read_text("utf-8"), (HERE / "offline.js").read_text("utf-8")


def question(q: Question, computed: Mapping[str, Computed], lang: str) -> dict[str, Any]:
    """What the page asks: never what is right."""
    out: dict[str, Any] = {
        "id": q.id,
        "asks": q.asks.value,
        "text": q.text.text(lang),
        "options": [[o.id, o.text.text(lang)] for o in q.options],
    }
    form = computed[q.id].form if q.id in computed else ""
    if form in CHOICES:
        out |= {"asks": "choice", "options": [[v, translate(WORDS[v], lang)] for v in CHOICES[form]]}
    return out


def told(
    case: Case, computed: Mapping[str, Computed], sitting: int, sha256: str, seats: Sequence[tuple[int, str]], lang: str
) -> dict[str, Any]:
    stages = [
        {
            "no": s.no, "title": s.title.text(lang), "at": s.at, "minutes": s.minutes, "facts": [f.text(lang) for f in s.facts],
            "papers": [[p.title.text(lang), p.text.text(lang)] for p in s.papers], "law": list(s.law), "questions": [question(q, computed, lang) for q in s.questions],
        }
        for s in case.stages
    ]  # fmt: skip
    return {"sitting": sitting, "sha256": sha256, "seats": [list(s) for s in seats], "stages": stages}


def page(
    case: Case, computed: Mapping[str, Computed], sitting: int, sha256: str, title: str, seats: Sequence[tuple[int, str]], lang: str
) -> str:  # fmt: skip
    frame, script = files()
    values = {name: escape(translate(text, lang)) for name, text in TEXTS.items()} | {
        "LANG": lang, "TITLE": escape(title), "CASE": inside(told(case, computed, sitting, sha256, seats, lang)), "SAID": inside({k: translate(v, lang) for k, v in SAID.items()}),
        "SCRIPT": script, "HASH": "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }  # fmt: skip
    return re.sub(r"@@([A-Z]+)@@", lambda m: values[m[1]], frame)
