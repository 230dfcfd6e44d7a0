"""The calendar of a version: days off of the pack, ranges that are only estimated, decrees that replace them; the effect is read first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning.forms import calendar as forms
from kalata.planning.models import PlanVersion
from kalata.planning.queries import calendars as queries
from kalata.planning.queries import content, effects
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.days import DayKind, Off
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.steps import State
from kalata.planning.services import calendars as services
from kalata.planning.services.versions import still_draft
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.ui import edge

SHOWN = {"": lambda r: True, "estimated": lambda r: r.kind == "estimated", "written": lambda r: r.pk > 0}


def off_of(v: Any) -> Off:
    return Off(v.day, DayKind(v.kind), v.name, "S" if v.kind == DayKind.DECREE else v.flag, v.source)


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method != "POST":
        return render(request, "planning/calendar.html", shown(request, one))
    require(request.user, EDIT)
    form: Any = edge.acted(request, forms.TryDay, forms.KeepDay, forms.DropDay)
    v = form.v
    if isinstance(form, forms.TryDay):
        still_draft(one)
        off = services.sound(one, off_of(v))
        days = [*queries.offs(one), off]
        tried = {"tried": off, "effect": effects.effect_of_days(one, days), "given": v}
        return render(request, "planning/calendar.html", {**shown(request, one), **tried})
    if isinstance(form, forms.KeepDay):
        services.keep(version=one, off=off_of(v), by=who(request), seen=v.seen)
    else:
        services.drop(version=one, day=v.row, by=who(request), seen=v.seen)
    return redirect("planning:calendar", pk)


def shown(request: HttpRequest, one: PlanVersion) -> dict[str, Any]:
    look: Any = edge.asked(request, forms.CalendarLook)
    all_dates = dates(one)
    every = queries.rows(one, all_dates.schedule.calendar.day(all_dates.schedule.finish))
    edits = may(request.user, EDIT) and one.state == State.DRAFT
    return {
        "section": "planning", "version": one, "rows": [r for r in every if SHOWN[look.montre or ""](r)], "estimated": sum(r.kind == "estimated" for r in every), "all": len(every),
        "basis": queries.basis(one), "look": look, "form_look": forms.CalendarLook(initial={"montre": look.montre}, auto_id="k-%s"), "edits": edits, "stamp": content.sha256(one),
        "form": forms.TryDay(initial={"kind": "decree", "flag": "S"}, auto_id="d-%s") if edits else None, "feasts": sorted({r.name for r in every if r.kind == "estimated"}),
        "rest": sorted(set(range(7)) - all_dates.schedule.calendar.weekdays), "week": [_t("lundi"), _t("mardi"), _t("mercredi"), _t("jeudi"), _t("vendredi"), _t("samedi"), _t("dimanche")],
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[one.pk]), one.plan.name), ("", _t("Calendrier"))],
    }  # fmt: skip
