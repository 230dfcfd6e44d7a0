"""Pages of the acts that take two persons: the list, and one request with what it changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kalata.country.queries import contest_numbered
from kalata.country.rules.rights import RIGHTS
from kalata.people import approving, fresh, queries
from kalata.people.models import Approval
from kalata.people.rules.approval import AskerGone, Decision, NotRead, Outdated
from kalata.people.views import who
from kalata.refusals import Refused
from kalata.text import gettext_noop
from kalata.ui import edge, fields

STATES = ("waiting", "mine", "approved", "refused", "all")
DONE = {
    "approve": (Decision.APPROVED, gettext_noop("Approuvé et fait : %(what)s.")),
    "refuse": (Decision.REFUSED, gettext_noop("Refusé : %(what)s. Rien n’a changé.")),
    "withdraw": (Decision.WITHDRAWN, gettext_noop("Demande retirée : %(what)s.")),
}


class DecisionForm(edge.Edge):
    """What a person decides of a request. seen: the hash of the page that was read."""

    to = fields.ChoiceField((*DONE, "update", "renew"), required=True)
    seen = fields.TextField(most=64)
    code = fields.TextField(most=20)
    note = fields.LinesField()


class ListForm(edge.Edge):
    etat = fields.ChoiceField(STATES, initial="waiting")


@login_required
def approvals(request: HttpRequest) -> HttpResponse:
    """Requests to decide, and one's own."""
    state = edge.asked(request, ListForm).etat
    found = queries.approvals(request.user)
    if state == "mine":
        found = found.filter(asked_by=who(request))
    elif state != "all":
        found = found.filter(state=state)
    page = edge.paged(request, found, 30)
    return render(request, "people/approvals.html", {"section": "approvals", "page": page, "state": state})


@login_required
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: exactly what it changes, its effect, and the decision. What one may not decide does not exist."""
    one = queries.approvals(request.user).filter(pk=pk).first()
    if one is None:
        raise Http404(str(pk))
    form = edge.form_of(request, DecisionForm)
    wrong: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if answer := decided(request, one, form.cleaned_data):
                return answer
        except (Outdated, NotRead) as refused:  # the page says it itself, with what stands there now
            wrong["seen"] = refused.message.text(get_language() or "fr")
        except Refused as refused:
            if refused.code not in ("PEO-203", fresh.NotFresh.code, fresh.NotThisCode.code):
                raise
            field = "note" if refused.code == "PEO-203" else "code"
            wrong[field] = refused.message.text(get_language() or "fr")
    return render(request, "people/approval.html", context_of(request, one, form, wrong), status=409 if "seen" in wrong else 422 if wrong else 200)  # fmt: skip


def decided(request: HttpRequest, one: Approval, data: dict[str, Any]) -> HttpResponse | None:
    """Carry out what the person chose; the answer is a redirection."""
    by, to = who(request), data["to"]
    if to == "update":
        approving.ask_update(approval_id=one.pk, by=by)
        messages.success(request, _("La personne qui a demandé est priée de refaire sa demande."))
        return redirect("people:approvals")
    if to == "renew":
        again = approving.renew(approval_id=one.pk, by=by, seen=data["seen"])
        messages.success(request, _("Nouvelle demande faite sur la situation présente ; l’ancienne est retirée."))
        return redirect("people:approval", again.pk)
    decision, words = DONE[to]
    if decision is Decision.APPROVED and by.pk != one.asked_by_id and not fresh.sign(request, data["code"]):
        raise fresh.refusal(data["code"])
    approving.decide_approval(approval_id=one.pk, to=decision, note=data["note"], by=by, seen=data["seen"])
    messages.success(request, _(words) % {"what": one.summary})
    return redirect("people:approvals")


def context_of(request: HttpRequest, one: Approval, form: DecisionForm, wrong: dict[str, str]) -> dict[str, Any]:
    number = edge.asked(request, edge.Paging).page
    waiting = one.state == Decision.WAITING
    whole = queries.reads_figures(request.user, one)
    reads = whole or (one.asked_by_id == who(request).pk and approving.may_ask(one, who(request)))
    drawn = moved = None
    fault = ""
    gone = waiting and not approving.may_ask(one, one.asked_by)
    if waiting and reads:
        try:
            drawn = approving.picture_of(one, number)
            moved = approving.what_moved(one, drawn)
        except Refused as refused:  # what was asked can no longer even be drawn: gone, or refused by its own rules
            fault = f"{refused.code} {refused.message.text(get_language() or 'fr')}"
    stale = waiting and reads and (gone or drawn is None or drawn.digest() != one.sha256)
    return {
        "section": "approvals",
        "a": one,
        "drawn": drawn,
        "stale": stale,
        "gone": AskerGone(who=one.asked_by.username) if gone else None,
        "fault": fault,
        "hidden": bool(drawn and drawn.effect and drawn.effect.inside and not whole),
        "moved": moved if stale else None,
        "asked": approving.as_asked(one) if reads and stale else None,
        "decided": (decided := approving.as_decided(one) if reads and not waiting else None),
        "hidden_then": bool(decided and decided.effect and decided.effect.inside and not whole),
        "pieces": next((shown.pieces for shown in (drawn, decided) if shown), ()),
        "kept": approving.facts_of(one) if reads else (),
        "seen": drawn.seen() if drawn else "",
        "page": edge.paged(request, range(drawn.count), approving.PAGE) if drawn and drawn.count else None,
        "mine": one.asked_by_id == who(request).pk,
        "right": RIGHTS.get(one.right, one.right),
        "fresh": fresh.is_fresh(request),
        "codes": fresh.has_codes(request),
        "form": form,
        "wrong": wrong,
        "contest": contest_numbered((one.payload.get("scope") or {}).get("contest")),
        "next": one.replaced_by.first(),
        "crumbs": [(reverse("people:approvals"), _("Approbations")), ("", f"D-{one.pk}")],
    }
