"""Which version of a paper does one hold? Answered from its reference and fingerprint, without a word of its content."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t

from kalata.documents import queries
from kalata.documents.forms import Question
from kalata.documents.rendering import declared
from kalata.documents.rules.verdicts import SAYS, Answer, Verdict
from kalata.ui import edge

TONES = {
    Verdict.UNKNOWN: ("e", "bad"), Verdict.OTHER: ("e", "bad"), Verdict.REFERENCE: ("", "inf"),
    Verdict.SUPERSEDED: ("w", "warn"), Verdict.IN_FORCE: ("o", "ok"),
}  # fmt: skip


def verify(request: HttpRequest) -> HttpResponse:
    asked = edge.read(request, Question)
    typed = asked.v
    answer = None
    if asked.is_valid() and (typed.reference or typed.empreinte):
        answer = shown(queries.asked(typed.reference, typed.empreinte, hidden(request)))
    context = {
        "section": "documents", "form": asked, "answer": answer, "public_site": True,
        "crumbs": [("", _t("Vérifier un document"))],
    }  # fmt: skip
    return render(request, "documents/verify.html", context, status=200 if asked.is_valid() else 422)


def hidden(request: HttpRequest) -> frozenset[str]:
    """Kinds of paper that only staff are answered about."""
    if request.user.is_authenticated:
        return frozenset()
    return frozenset(key for key, (_room, one) in declared().items() if one.staff)


def shown(answer: Answer) -> dict[str, object]:
    tone, icon = TONES[answer.verdict]
    return {
        "tone": tone, "icon": icon, "says": _t(SAYS[answer.verdict]), "held": answer.held, "latest": answer.latest,
        "page": answer.page, "superseded": answer.verdict is Verdict.SUPERSEDED,
    }  # fmt: skip
