"""SCORM 1.2 out: one page of questions that reports its score to a platform, and still corrects itself without one.

Without script the page shows its questions and, folded under each, what is right.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.rules.quiz.packing import zipped
from kalata.training.rules.quiz.question import Question
from kalata.training.rules.quiz.shown import html, name_of, words

KINDS = ("choice", "multi", "true_false", "short", "numeric", "match", "essay", "description")
MASTERY = 80
WORDS = {
    "send": _("Corriger"), "answer": _("Voir la réponse"), "true": _("Vrai"), "false": _("Faux"), "choose": _("Choisir"),
    "score": _("Résultat"), "right": _("Juste"), "wrong": _("Faux ou incomplet"), "question": _("Question"), "points": _("sur 100"),
    "noscript": _("Sans script, cette page ne corrige pas : la réponse est sous chaque question."), "yours": _("Votre réponse"),
}  # fmt: skip
LANGUAGES = ("fr", "en")


def package(questions: Sequence[Question], title: str, lang: str, page: str) -> bytes:
    """The zip: imsmanifest.xml and the page. page: the text of the page's frame, with its style and script."""
    mark = hashlib.sha256("".join(q.id for q in questions).encode()).hexdigest()[:16]
    said = escape(title, quote=False)
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest identifier="M' + mark + '" version="1.0" '
        'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        f'<organizations default="O1"><organization identifier="O1"><title>{said}</title>'
        f'<item identifier="I1" identifierref="R1"><title>{said}</title><adlcp:masteryscore>{MASTERY}</adlcp:masteryscore></item></organization></organizations>'
        '<resources><resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="index.html"><file href="index.html"/></resource></resources></manifest>\n'
    )
    return zipped({"imsmanifest.xml": manifest.encode(), "index.html": filled(questions, title, lang, page).encode()})


def filled(questions: Sequence[Question], title: str, lang: str, page: str) -> str:
    say = {k: translate(v, lang if lang in LANGUAGES else "fr") for k, v in WORDS.items()}
    body = "".join(shown(one, n, say) for n, one in enumerate(questions, 1))
    key = json.dumps({"mastery": MASTERY, "questions": [key_of(q) for q in questions]}, ensure_ascii=False).replace("<", "\\u003c")  # fmt: skip
    values = {
        "LANG": escape(lang), "TITLE": escape(title), "NOSCRIPT": say["noscript"], "SEND": say["send"],
        "WORDS": json.dumps(say, ensure_ascii=False), "KEY": key, "BODY": body,
    }  # fmt: skip
    return re.sub(r"@@([A-Z]+)@@", lambda m: values[m[1]], page)


def key_of(one: Question) -> dict[str, Any]:
    """What the page needs to correct a question."""
    base: dict[str, Any] = {"id": one.id, "kind": one.kind}
    if one.kind == "true_false":
        return base | {"right": ["1" if one.answer else "0"], "said": [one.feedback_wrong, one.feedback_right]}
    if one.kind == "match":
        return base | {"right": [half for left, half in one.pairs if left]}
    if one.kind == "short":
        return base | {"answers": [[a.text, a.fraction] for a in one.answers]}
    if one.kind == "numeric":
        return base | {"answers": [[a.low or a.value, a.high or a.tolerance or "0", bool(a.low), a.fraction] for a in one.answers]}  # fmt: skip
    return base | {"parts": [a.fraction for a in one.answers]}


def shown(one: Question, n: int, say: dict[str, str]) -> str:
    name = f"q{n}"
    inside = fields(one, name, say)
    told = "".join(f"<p>{html(t, one.format)}</p>" for t in (right_of(one, say), one.feedback) if t)
    folded = f'<details class="told"><summary>{say["answer"]}</summary>{told}</details>' if told else ""
    head = f'<span class="n">{say["question"]} {n}</span> {html(one.text, one.format)}'
    if one.kind == "description":
        return f'<section class="q">{html(one.text, one.format)}{folded}</section>'
    return f'<fieldset class="q" id="{name}"><legend>{head}</legend>{inside}<p class="mark" role="status"></p>{folded}</fieldset>'


def right_of(one: Question, say: dict[str, str]) -> str:
    """What is right, in words of the question's own format."""
    if one.kind == "true_false":
        return say["true"] if one.answer else say["false"]
    if one.kind == "match":
        return " ; ".join(f"{left} → {half}" for left, half in one.pairs if left)
    if one.kind == "numeric":
        return " ; ".join(f"{a.low} – {a.high}" if a.low else a.value for a in one.answers if a.fraction == "1")
    return " ; ".join(a.text for a in one.answers if not a.fraction.startswith("-") and a.fraction != "0")


def fields(one: Question, name: str, say: dict[str, str]) -> str:
    if one.kind in ("choice", "multi", "true_false"):
        kind = "checkbox" if one.kind == "multi" else "radio"
        texts = [(say["true"], "1"), (say["false"], "0")] if one.kind == "true_false" else [(html(a.text, one.format), str(n)) for n, a in enumerate(one.answers)]  # fmt: skip
        said = [a.feedback for a in one.answers] if one.answers else [one.feedback_right if one.answer else one.feedback_wrong, one.feedback_wrong if one.answer else one.feedback_right]  # fmt: skip
        return "".join(
            f'<label><input type="{kind}" name="{name}" value="{value}"/> <span>{text}</span></label>'
            + (f'<p class="fb" data-of="{value}" hidden>{html(fb, one.format)}</p>' if fb else "")
            for (text, value), fb in zip(texts, said, strict=True)
        )
    if one.kind == "match":
        halves = sorted({half for _left, half in one.pairs})
        options = "".join(f'<option value="{escape(h)}">{escape(words(h, one.format))}</option>' for h in halves)
        return "".join(
            f'<label class="pair"><span>{html(left, one.format)}</span> <select name="{name}"><option value="">{say["choose"]}</option>{options}</select></label>'
            for left, _half in one.pairs if left
        )  # fmt: skip
    if one.kind == "essay":
        return f'<label>{say["yours"]}<textarea name="{name}" rows="5"></textarea></label>'
    mode = ' inputmode="decimal"' if one.kind == "numeric" else ""
    return f'<label>{say["yours"]} <input type="text" name="{name}" autocomplete="off"{mode}/></label>'


def title_of(questions: Sequence[Question], path: str) -> str:
    category = questions[0].category if questions else ""
    return category.rsplit("/", 1)[-1] or (
        name_of(questions[0]) if len(questions) == 1 else Path(path).name.split(".")[0]
    )
