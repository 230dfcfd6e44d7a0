"""Mandates approved together: each whole request is read on one page, each is decided by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kalata.people import approving, fresh, queries, services
from kalata.people.guard import require
from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.people.rules.picture import Picture
from kalata.people.views import sheet_of, sheet_response, who
from kalata.refusals import Refused
from kalata.ui import edge, fields

NUMBERED = re.compile(r"\d{1,18}:[0-9a-f]{64}\Z")
MOST = 50
"""Requests read on one page: each with all it says."""


class TogetherForm(edge.Edge):
    """one: "12:…", a request and the hash of what was read of it, for each that is ticked."""

    one = fields.ManyField(fields.TextField(most=90), most=MOST)
    code = fields.TextField(most=20)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands: what it gives, or why it can no longer be approved."""

    request: Approval
    drawn: Picture | None
    fault: str = ""

    @property
    def seen(self) -> str:
        return f"{self.request.pk}:{self.drawn.seen()}" if self.drawn else ""


def waiting(request: HttpRequest) -> list[Asked]:
    """The mandates that this person decides, oldest first, drawn on the records as they are now."""
    found = [one for one in reversed(queries.waiting_approvals(who(request))) if one.kind == "people.mandate"]
    lang = get_language() or "fr"
    asked = []
    for one in found[:MOST]:
        try:
            drawn = approving.picture_of(one)
            stale = drawn.digest() != one.sha256 or not approving.may_ask(one, one.asked_by)
            asked.append(
                Asked(one, None if stale else drawn, _("La situation a changé depuis la demande.") if stale else "")
            )
        except Refused as refused:
            asked.append(Asked(one, None, f"{refused.code} {refused.message.text(lang)}"))
    return asked


@login_required
def mandates(request: HttpRequest) -> HttpResponse:
    """Every mandate that waits for this person, whole; those that are ticked are approved one by one."""
    require(who(request), "people.approve")
    act = edge.button(request, "", "sheets") if request.method == "POST" else ""
    if act == "sheets":
        printed = services.print_parts(by=who(request))
        told = ngettext("Votre feuille est enregistrée : remettez-la à la personne, en main propre.", "Vos %(n)d feuilles sont enregistrées : remettez chacune à sa personne, en main propre.", len(printed))  # fmt: skip
        messages.success(request, told % {"n": len(printed)})
        return sheet_response(request, [sheet_of(person, code, part) for person, part, code in printed])
    form = edge.form_of(request, TogetherForm)
    wrong, picked = "", []
    if request.method == "POST" and form.is_valid():
        picked = [one for one in form.cleaned_data["one"] if NUMBERED.match(one)]
        if not picked:
            wrong = _("Cochez au moins une demande.")
        elif not fresh.sign(request, form.cleaned_data["code"]):
            wrong = fresh.refusal(form.cleaned_data["code"]).message.text(get_language() or "fr")
        else:
            done, refused = decided(request, picked)
            if done:
                messages.success(
                    request, ngettext("%(n)d mandat approuvé.", "%(n)d mandats approuvés.", done) % {"n": done}
                )
            for said in refused:
                messages.error(request, said)
            return redirect("people:mandates")
    shown = waiting(request)
    context = {
        "section": "approvals", "asked": shown, "wrong": wrong, "fresh": fresh.is_fresh(request), "codes": fresh.has_codes(request),
        "crumbs": [(reverse("people:approvals"), _("Approbations")), ("", _("Mandats à approuver"))], "ready": sum(1 for one in shown if one.drawn), "picked": picked, "sheets": queries.sheets_to_print(who(request)),
    }  # fmt: skip
    return render(request, "people/mandates.html", context, status=422 if wrong else 200)


def decided(request: HttpRequest, picked: list[str]) -> tuple[int, list[str]]:
    """(how many were approved, what was refused): each in a transaction of its own, on exactly what was read."""
    done, refused = 0, []
    mine = {one.pk for one in queries.waiting_approvals(who(request)) if one.kind == "people.mandate"}
    for one in picked:
        number, _colon, seen = one.partition(":")
        if int(number) not in mine:
            refused.append(f"D-{number} : {_('cette demande ne vous attend plus.')}")
            continue
        try:
            approving.decide_approval(approval_id=int(number), to=Decision.APPROVED, by=who(request), seen=seen)
            done += 1
        except Refused as why:
            refused.append(f"D-{number} : {why.code} {why.message.text(get_language() or 'fr')}")
    return done, refused
