"""The board of readiness by place, and one place: its points, its decision, the two who sign."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.evidence import answers, reading
from kalata.people.guard import require
from kalata.people.queries import may, may_somewhere, today
from kalata.planning.forms import readiness as forms
from kalata.planning.models import Plan, ReadyPoint
from kalata.planning.queries import readiness as queries
from kalata.planning.rules.ready_steps import ANSWERS, Ready
from kalata.planning.rules.rights import ENDORSE, PROGRESS, READ
from kalata.planning.services import readiness as services
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.ui import edge

SECTION = "planning_ready"
KEPT = {
    "": lambda p: True, "no": lambda p: p.no > 0, "silent": lambda p: p.silent > 0, "signed": lambda p: p.signed,
    "waits": lambda p: p.decision is not None and p.decision.state == Ready.PROPOSED,
}  # fmt: skip


def somewhere(request: HttpRequest) -> None:
    if not may_somewhere(request.user, READ) and not may_somewhere(request.user, PROGRESS):
        raise Forbidden(right=READ)


def asked_day(plan: Plan, asked: int | None) -> int:
    """The board asked, where the pack has it; else the one that falls due next."""
    return asked if asked in queries.boards(plan) else queries.opens(plan, today())


def plan_of(code: str) -> Plan:
    found = queries.plan_named(code)
    if found is None:
        raise Http404(code)
    return found


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the newest plan."""
    somewhere(request)
    newest = queries.plans_of(request.user).first()
    return redirect("planning:ready", newest.code) if newest else render(request, "planning/ready_none.html", {"section": SECTION})  # fmt: skip


@login_required
def board(request: HttpRequest, code: str) -> HttpResponse:
    somewhere(request)
    plan = plan_of(code)
    look = edge.asked(request, forms.BoardLook)
    days = asked_day(plan, look.jour)
    every = queries.board(plan, request.user, days)
    words = look.q.casefold()
    rows = [p for p in every if words in f"{p.unit.name} {p.unit.parent.name if p.unit.parent else ''}".casefold() and KEPT[look.montre or ""](p)]  # fmt: skip
    signed = [p for p in every if p.signed]
    context = {
        "section": SECTION, "plan": plan, "days": days, "every_day": queries.boards(plan), "due": queries.due(plan, days), "rows": rows, "all": len(every), "signed": len(signed), "go": sum(bool(p.decision and p.decision.go) for p in signed),
        "waiting": sum(bool(p.decision and p.decision.state == Ready.PROPOSED) for p in every), "points": sum(days in p.days for p in queries.points(plan)), "look": look,
        "form": forms.BoardLook(initial={"q": look.q, "montre": look.montre}), "crumbs": [("", _t("Plan opérationnel")), ("", _t("Préparation"))],
    }  # fmt: skip
    return render(request, "planning/ready.html", context)


@login_required
def place(request: HttpRequest, code: str, unit: int) -> HttpResponse:
    plan = plan_of(code)
    one = queries.place(plan, unit)
    if one is None or not queries.sees(request.user, one):
        raise Http404(str(unit))
    if request.method == "POST":
        days = act(request, plan, one)
        return redirect(f"{reverse('planning:ready_place', args=[code, unit])}?jour={days}")
    look = edge.asked(request, forms.BoardLook)
    days = asked_day(plan, look.jour)
    english = get_language() == "en"
    said: dict[str, ReadyPoint] = {}
    for row in queries.rows(plan, one, days):
        said.setdefault(row.code, row)
    rows = [(p, p.en if english else p.fr, said.get(p.code), ANSWERS.get(said[p.code].answer) if p.code in said else None) for p in queries.points(plan) if days in p.days]  # fmt: skip
    decided = queries.decision(plan, one, days)
    state = Ready(decided.state) if decided else Ready.OPEN
    says = may(request.user, PROGRESS, place=one.path)
    signs, endorses = may(request.user, ENDORSE), may(request.user, ENDORSE, place=one.path)
    asked = queries.reopening(decided) if state is Ready.SIGNED else None
    context: dict[str, Any] = {
        "section": SECTION, "plan": plan, "unit": one, "days": days, "every_day": queries.boards(plan), "due": queries.due(plan, days), "rows": rows, "decided": decided, "state": state.value,
        "stamp": queries.mark_of(plan, one, days), "says": says and state is not Ready.SIGNED, "answers": ANSWERS,
        "points": len(rows), "answered": {k: sum(r is not None and r.answer == k for _p, _t, r, _l in rows) for k in ANSWERS}, "unsaid": sum(r is None for _p, _t, r, _l in rows),
        "propose": forms.ProposeForm(auto_id="p-%s") if says and state is Ready.OPEN else None,
        "signs": signs and state is Ready.PROPOSED and decided is not None and decided.proposed_by_id != request.user.pk,
        "reopen": forms.ReopenForm(auto_id="r-%s") if (endorses or says) and state is Ready.SIGNED and asked is None else None,
        "asked": asked, "decides": asked is not None and signs and asked.asked_by_id != request.user.pk,
        "crumbs": [(reverse("planning:ready", args=[code]), _t("Préparation")), ("", one.name)],
    }  # fmt: skip
    return render(request, "planning/ready_place.html", context)


@login_required
def piece(request: HttpRequest, code: str, unit: int, sha256: str) -> FileResponse:
    """The file that proves a point, for who sees the place."""
    plan = plan_of(code)
    one = queries.place(plan, unit)
    if one is None or not queries.sees(request.user, one):
        raise Http404(str(unit))
    return answers.sent(reading.opened(sha256=sha256, subject=queries.piece_subject(plan, one), by=request.user), f"piece-{sha256[:12]}")


def act(request: HttpRequest, plan: Plan, unit: Any) -> int:
    form = edge.acted(request, forms.SayForm, forms.ProposeForm, forms.SignForm, forms.ReopenForm)
    v, by = form.v, who(request)
    if isinstance(form, forms.SayForm | forms.ProposeForm):
        require(by, PROGRESS, place=unit.path)
    elif isinstance(form, forms.SignForm):
        require(by, ENDORSE)
    else:
        services.may_ask(by, unit)
    if isinstance(form, forms.SayForm):
        piece = services.kept(v.file.chunks(), name=v.file.name, unit=unit, by=by) if v.file else None
        services.say(plan=plan, unit=unit, days=v.days, code=v.point, answer=v.answer, evidence=v.evidence, by=by, seen=v.seen, piece=piece)
    elif isinstance(form, forms.ProposeForm):
        services.propose(plan=plan, unit=unit, days=v.days, go=v.go == "go", reason=v.reason, by=by, seen=v.seen)
    elif isinstance(form, forms.SignForm):
        services.sign(plan=plan, unit=unit, days=v.days, by=by, seen=v.seen)
    else:
        services.ask_reopen(plan=plan, unit=unit, days=v.days, reason=v.reason, by=by, seen=v.seen)
    return int(v.days)
