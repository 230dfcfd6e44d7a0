"""The plan while it is done: what is late or blocked, what was earned, and what each service or territory says of its own."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t

from kalata.country.models import Unit
from kalata.people.queries import may, may_somewhere, reach
from kalata.planning import forms
from kalata.planning.models import PlanVersion
from kalata.planning.queries import progress as queries
from kalata.planning.rules.refusals import NotHere
from kalata.planning.rules.rights import PROGRESS, READ
from kalata.planning.services import talking
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.ui import edge

SHOWN = {
    "late": lambda r: bool(r.late_to), "blocked": lambda r: bool(r.blocked), "running": lambda r: r.begun and not r.done,
    "silent": lambda r: r.said is None and not r.parts, "all": lambda r: True,
}  # fmt: skip


@login_required
def page(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, READ) and not may_somewhere(request.user, PROGRESS):
        raise Forbidden(right=READ)
    if request.method == "POST":
        return act(request)
    look = edge.asked(request, forms.DoingForm)
    seen = queries.approved(request.user)
    version = chosen(seen, look.plan)
    context = {
        "section": "planning_progress", "versions": seen, "version": version, "look": look,
        "crumbs": [("", _t("Plan opérationnel")), ("", _t("Avancement"))],
        **(shown(request, version, look) if version else {}),
    }  # fmt: skip
    return render(request, "planning/progress.html", context)


def chosen(seen: list[PlanVersion], code: str) -> PlanVersion | None:
    """The plan asked, else the newest. 404: not among those this person sees."""
    if not code:
        return seen[0] if seen else None
    found = next((v for v in seen if v.plan.code == code), None)
    if found is None:
        raise Http404(code)
    return found


def shown(request: HttpRequest, version: PlanVersion, look: Any) -> dict[str, Any]:
    doing = queries.doing(version, request.user)
    words = look.q.casefold()
    kept = [r for r in doing.rows if SHOWN[look.show or "late"](r) and words in f"{r.code} {r.planned.name}".casefold()]
    kept.sort(key=lambda r: -r.days)
    row = next((r for r in doing.rows if r.code == look.a), None)
    says = may_somewhere(request.user, PROGRESS)
    form = forms.SayForm(
        auto_id="y-%s", initial={"on": doing.today, "started": row.said.started if row and row.said else None}
    )
    return {
        "doing": doing, "rows": kept, "form_look": forms.DoingForm(initial={"show": look.show or "late", "q": look.q, "plan": version.plan.code}, auto_id="k-%s"),
        "open": row, "history": [s for s in queries.said(version.plan, request.user) if row and s.code == row.code][:20],
        "form": form if row and says else None, "speaks": says, "stamp": queries.mark_of(version.plan, row.code) if row else "", "whole": may(request.user, PROGRESS),
    }  # fmt: skip


def act(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, PROGRESS):
        raise Forbidden(right=PROGRESS)
    form = edge.acted(request, forms.SayForm)
    v, by = form.v, who(request)
    version = next((one for one in queries.approved(request.user) if one.plan.code == v.plan), None)
    if version is None:
        raise NotHere(value=v.code[:60])
    talking.say_progress(
        plan=version.plan, code=v.code, unit=place(request, v.unit), on=v.on, percent=v.percent, started=v.started, finished=v.finished,
        blocked=v.blocked, note=v.note, evidence=v.evidence, by=by, seen=v.seen,
    )  # fmt: skip
    return redirect(
        f"{reverse('planning:progress')}?{urlencode({'plan': version.plan.code, 'a': v.code, 'show': 'all'})}#said"
    )


def place(request: HttpRequest, given: Unit | None) -> Unit | None:
    """The territory that is spoken of: the one given; else the country, or the one territory this person answers for."""
    if given is not None or may(request.user, PROGRESS):
        return given
    mine = reach(request.user, PROGRESS)
    return queries.unit_at(mine[0]) if mine else None
