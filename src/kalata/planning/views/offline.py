"""Progress without a network: the page that a cercle takes with it, and the file that comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.country.models import Unit
from kalata.people.guard import require
from kalata.people.queries import may, may_somewhere
from kalata.planning.forms import offline as forms
from kalata.planning.models import PlanVersion
from kalata.planning.queries import progress as queries
from kalata.planning.rules import offline as rules
from kalata.planning.rules.offline.page import page as drawn
from kalata.planning.rules.refusals import NotFollowed
from kalata.planning.rules.rights import PROGRESS
from kalata.planning.rules.tables import decoded
from kalata.planning.services import offline
from kalata.planning.views.progress import chosen, place
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.ui import edge

FRAME = Path(rules.__file__).parent


def speaker(request: HttpRequest) -> None:
    if not may_somewhere(request.user, PROGRESS):
        raise Forbidden(right=PROGRESS)


def version_of(request: HttpRequest, code: str) -> PlanVersion:
    """The approved version of a plan (none named: the newest). PLN-256."""
    seen = queries.approved(request.user)
    found = next((v for v in seen if not code or v.plan.code == code), None)
    if found is None:
        raise NotFollowed(plan=code[:60] or "–")
    return found


@login_required
def page(request: HttpRequest) -> HttpResponse:
    speaker(request)
    if request.method == "POST":
        form: Any = edge.acted(request, forms.BringForm, forms.MergeForm)
        v, version = form.v, version_of(request, form.v.plan)
        if isinstance(form, forms.BringForm):
            brought = offline.look(version.plan, decoded(v.file.read()), who(request))
            return render(request, "planning/offline.html", {**context(request, version), "brought": brought})
        n = offline.merge(plan=version.plan, text=v.table, taken=v.take, by=who(request), seen=v.seen)
        said: dict[str, str | int] = {"plan": version.plan.code, "kept": n}
        return redirect(f"{reverse('planning:offline')}?{urlencode(said)}")
    look: Any = edge.asked(request, forms.OfflineLook)
    seen = queries.approved(request.user)
    version_ = chosen(seen, look.plan)
    return render(request, "planning/offline.html", {**(context(request, version_) if version_ else {"section": "planning_progress"}), "kept": look.kept})


def context(request: HttpRequest, version: PlanVersion) -> dict[str, Any]:
    return {
        "section": "planning_progress", "version": version, "bring": forms.BringForm(auto_id="b-%s"), "take": forms.PageForm(auto_id="t-%s"), "whole": may(request.user, PROGRESS),
        "crumbs": [(f"{reverse('planning:progress')}?{urlencode({'plan': version.plan.code})}", _t("Avancement")), ("", _t("Hors réseau"))],
    }  # fmt: skip


@login_required
def file(request: HttpRequest) -> HttpResponse:
    """The page itself, to be kept on a device."""
    speaker(request)
    look: Any = edge.asked(request, forms.PageForm, strict=True)
    version = version_of(request, look.plan)
    unit: Unit | None = place(request, look.unit)
    require(request.user, PROGRESS, place=unit.path if unit else ())
    lang = "en" if get_language() == "en" else "fr"
    said = {
        "plan": version.plan.code, "mark": offline.page_mark(), "unit": unit.code if unit else "", "place": unit.name if unit else _t("tout le pays"),
        "name": f"{version.plan.name}, {_t('version')} {version.number}",
    }  # fmt: skip
    frame, script = ((FRAME / name).read_text("utf-8") for name in ("page.html", "page.js"))
    answer = HttpResponse(drawn(said, queries.offline_rows(version, unit, lang), lang, frame, script), content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="avancement-{version.plan.code}-{unit.code if unit else "pays"}.html"'
    return answer
