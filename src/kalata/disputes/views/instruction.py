"""What the liaison of the EMB answers, what anybody with a place in a case opens of its pieces, and the checklist."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms.portal import AnswerForm, CheckForm
from kalata.disputes.queries import docket as queries
from kalata.disputes.queries.instruction import case_for_reading, measures_of
from kalata.disputes.rules.admissible import PROPOSAL_LABELS
from kalata.disputes.rules.checklist import ITEM_LABELS, STATE_LABELS
from kalata.disputes.rules.clocks import State
from kalata.disputes.rules.steps import LIAISON, REGISTRY
from kalata.disputes.services import checking, intake, measures, reading
from kalata.disputes.services.sheets import stamp
from kalata.disputes.views.docket import who
from kalata.evidence.answers import sent
from kalata.people.queries import may, may_somewhere
from kalata.refusals import Forbidden
from kalata.ui import edge


@login_required
def asked(request: HttpRequest) -> HttpResponse:
    """The measures asked of the EMB, and nothing else of any case."""
    if not may_somewhere(request.user, LIAISON):
        raise Forbidden(right=LIAISON)
    if request.method == "POST":
        v = edge.acted(request, AnswerForm).v
        measures_of(who(request)).get(pk=v.measure)
        kept = intake.keep(v.piece.chunks(), name=v.piece.name, by=who(request)) if v.piece else None
        measures.answer(
            measure_id=v.measure, text=v.text, by=who(request), content=kept, name=v.piece.name if v.piece else ""
        )
        messages.success(request, _t("Réponse remise à la Cour."))
        return redirect("disputes:measures")
    context = {
        "section": "measures", "page": edge.paged(request, measures_of(who(request)), 30), "kinds": measures.KINDS,
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "disputes/measures.html", context)


@login_required
def piece(request: HttpRequest, number: str, n: int) -> HttpResponseBase:
    """The bytes of a piece, for whoever has a place in its case that opens it."""
    found, exhibit = reading.read(petition=case_for_reading(number), number=n, by=who(request))
    return sent(found, f"{number}-P{exhibit.number}")


@login_required
def checklist(request: HttpRequest, number: str) -> HttpResponse:
    """The checklist by article: a draft with its reasons. Whoever signs a refusal is a person, and another one decides."""
    petition = queries.case_of(who(request), number)
    if request.method == "POST":
        v = edge.acted(request, CheckForm).v
        checking.check(petition_id=petition.pk, by=who(request), form={"certified": v.certified}, seen=v.seen)
        return redirect("disputes:checklist", number)
    last, lang = petition.checklists.last(), get_language() or "fr"
    said: dict[str, Any] = last.said if last else {"items": [], "draft_reasons": {lang: []}, "warnings": []}
    context = {
        "section": "docket", "p": petition, "last": last, "rows": [row_of(i, lang) for i in said["items"]],
        "reasons": said["draft_reasons"].get(lang, said["draft_reasons"].get("fr", [])),
        "warnings": [w.get(lang) or w.get("fr") for w in said["warnings"]], "proposals": PROPOSAL_LABELS, "stamp": stamp(petition),
        "keeps": may(request.user, REGISTRY, contest=petition.contest_id),
    }  # fmt: skip
    return render(request, "disputes/checklist.html", context)


TONES = {"met": ("ok", "ok"), "not_met": ("bad", "bad"), "curable": ("warn", "warn"), "disputed": ("warn", "warn")}


def row_of(item: dict[str, Any], lang: str) -> dict[str, Any]:
    """A point of the checklist as it is drawn."""
    tone, icon = TONES.get(item["state"], ("", "inf"))
    return {
        "label": ITEM_LABELS[item["item"]], "said": item.get(lang) or item.get("fr"), "state": STATE_LABELS[State(item["state"])],
        "tone": tone, "icon": icon, "norms": item.get("norms", []),
    }  # fmt: skip
