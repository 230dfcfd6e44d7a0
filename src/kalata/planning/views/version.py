"""A version: what it changes and does, who signed it, remarks; submitted, endorsed, given back here, approved on the shared page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning import forms
from kalata.planning.models import PlanVersion
from kalata.planning.queries import content, effects
from kalata.planning.queries import odds as drawn
from kalata.planning.queries import plans as queries
from kalata.planning.queries import publishing as public
from kalata.planning.rules import difference
from kalata.planning.rules.effects import Effect, recorded
from kalata.planning.rules.rights import EDIT, ENDORSE
from kalata.planning.rules.steps import CHANGE, VERSION, Change, State
from kalata.planning.services import approving, papers, publishing, talking
from kalata.planning.views.files import losses
from kalata.planning.views.odds import told
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.ui import edge

ACTS = (forms.SubmitForm, forms.EndorseForm, forms.BackForm, forms.CommentForm, forms.ResolveForm, forms.PublishForm, forms.IssueForm)
SHOWN = 200


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        act(request, one)
        return redirect("planning:version", pk)
    return render(request, "planning/version.html", shown(request, one))


def act(request: HttpRequest, one: PlanVersion) -> None:
    form = edge.acted(request, *ACTS)
    v, by = form.v, who(request)
    if isinstance(form, forms.SubmitForm):
        approving.submit(version=one, reason=v.reason, by=by, seen=v.seen)
    elif isinstance(form, forms.EndorseForm):
        approving.endorse(version=one, reason=v.reason, by=by, seen=v.seen)
    elif isinstance(form, forms.BackForm):
        approving.give_back(version=one, reason=v.reason, by=by, seen=v.seen)
    elif isinstance(form, forms.PublishForm):
        publishing.ask(version=one, reason=v.reason, by=by, seen=v.seen)
    elif isinstance(form, forms.IssueForm):
        papers.issue(version=one, what=v.what, lang=v.lang, by=by, seen=v.seen)
    elif isinstance(form, forms.CommentForm):
        talking.comment(version=one, code=v.code, text=v.text, by=by)
    else:
        require(by, EDIT)
        if not one.comments.filter(pk=v.comment).exists():
            raise Http404
        talking.resolve(version=one, comment_id=v.comment, answer=v.answer, by=by)


def shown(request: HttpRequest, one: PlanVersion) -> dict[str, Any]:
    look = edge.asked(request, forms.AgainstForm)
    others = queries.versions(request.user).filter(plan=one.plan_id).exclude(pk=one.pk)
    base = others.filter(pk=look.against).first() if look.against else one.base
    request_ = one.requests.first()
    kept = request_ is not None and (not look.against or look.against == request_.base_id)
    changes = (
        difference.recorded(request_.difference) if kept and request_ else effects.difference(base, one) if base else []
    )
    effect = recorded(request_.effect) if kept and request_ else effects.effect(base, one)
    state = State(one.state)
    user = request.user
    run = drawn.of_content(one, content.sha256(one))
    return {
        "section": "planning", "version": one, "others": others, "base": base, "changes": changes[:SHOWN], "more": max(len(changes) - SHOWN, 0),
        "count": len(changes), "effect": effect, "asked": request_, "asked_state": Message(CHANGE.labels[Change(request_.state)]) if request_ else None, "state": Message(VERSION.labels[state]),
        "says": effect_said(len(changes), effect) if state in (State.DRAFT, State.UNDER_REVIEW) else [],
        "sha256": one.sha256 or content.sha256(one), "stamp": content.sha256(one), "comments": queries.comments(one), "comment": forms.CommentForm(auto_id="r-%s"),
        "submit": forms.SubmitForm(auto_id="u-%s") if state is State.DRAFT and may(user, EDIT) else None,
        "endorse": forms.EndorseForm(auto_id="e-%s") if state is State.UNDER_REVIEW and one.endorsed_by_id is None and may(user, ENDORSE) else None,
        "back": forms.BackForm(auto_id="b-%s") if state is State.UNDER_REVIEW and one.endorsed_by_id is None and (may(user, EDIT) or may(user, ENDORSE)) else None,
        **printed(one, state, may(user, EDIT)), "losses": losses(one) if look.pertes else None,
        "resolves": may(user, EDIT), "odds": told(one, run) if run else None, "drawing": drawn.running(one),
    }  # fmt: skip


def effect_said(changes: int, effect: Effect) -> list[Message]:
    """What submitting or endorsing carries, in figures."""
    return [
        Message(_("%(n)d {n:élément change|éléments changent} ; dernier jour du plan : %(day)s."), {"n": changes, "day": date.fromisoformat(str(effect.end[1])[:10])}),
        Message(_("Coût probable : %(after)d francs ; %(before)d avant."), {"after": effect.francs_after[1], "before": effect.francs_before[1]}),
        Message(_("%(n)d {n:date légale n’est pas tenue|dates légales ne sont pas tenues}."), {"n": len(effect.late)}),
    ]  # fmt: skip


def printed(one: PlanVersion, state: State, edits: bool) -> dict[str, Any]:
    """The papers of the version, and whether its dates are everybody's."""
    asked = public.asked(one)
    made = getattr(one, "publication", None)
    final = state in (State.APPROVED, State.SUPERSEDED)
    return {
        "papers": [(what, label, [(lang, papers.issued(one, what, lang)) for lang in ("fr", "en")]) for what, label in forms.PAPERS],
        "issue": forms.IssueForm(auto_id="i-%s") if final else None, "publication": made, "publication_asked": asked,
        "publish": forms.PublishForm(auto_id="p-%s") if edits and state is State.APPROVED and made is None and asked is None else None,
    }  # fmt: skip
