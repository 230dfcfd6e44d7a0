"""The calendar of a version: days off of the pack, ranges that are only estimated, decrees that replace them; the effect is read first."""

from __future__ import annotations

from collections.abc import Callable
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
from kalata.planning.pages import works
from kalata.planning.queries import calendars as queries
from kalata.planning.queries import content, effects, plans
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.days import DayKind, Off
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.steps import State
from kalata.planning.services import calendars as services
from kalata.planning.services import editing
from kalata.planning.services.versions import still_draft
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.ui import edge

ACTS = (
    forms.TryDay, forms.KeepDay, forms.DropDay, forms.TryWork, forms.KeepWork, forms.TrySpell, forms.KeepSpell, forms.DropSpell,
    forms.DropWork, forms.TakeWorks, forms.UndoDay, forms.RedoDay,
)  # fmt: skip
SHOWN = {"": lambda r: True, "estimated": lambda r: r.kind == "estimated", "written": lambda r: r.pk > 0}


def off_of(v: Any) -> Off:
    return Off(v.day, DayKind(v.kind), v.name, "S" if v.kind == DayKind.DECREE else v.flag, v.source)


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method != "POST":
        return render(request, "planning/calendar.html", shown(request, one))
    require(request.user, EDIT)
    form: Any = edge.acted(request, *ACTS)
    if isinstance(form, forms.TryDay | forms.TryWork | forms.TrySpell):
        still_draft(one)
        return render(request, "planning/calendar.html", {**shown(request, one), **tried(one, form)})
    kept(one, form, who(request))
    return redirect("planning:calendar", pk)


def tried(one: PlanVersion, form: Any) -> dict[str, Any]:
    """What a day, a calendar or a season would do; nothing is written."""
    v = form.v
    if isinstance(form, forms.TryDay):
        off = services.sound(one, off_of(v))
        return {"tried": off, "effect": effects.effect_of_days(one, [*queries.offs(one), off]), "given": v}
    cells = (work_of(v) if isinstance(form, forms.TryWork) else spell_of(v))(one)
    named = services.works_with(one, str(cells["code"]), cells)
    sent = [(name, "" if x is None else x) for name, x in vars(v).items() if name != "seen"]
    act = "keep_work" if isinstance(form, forms.TryWork) else "keep_spell"
    return {"tried_work": cells, "effect": effects.effect_of_days(one, None, named), "sent": sent, "keep_act": act}


def kept(one: PlanVersion, form: Any, by: Any) -> None:
    """Do what the pressed button says."""
    v = form.v
    if isinstance(form, forms.KeepDay):
        services.keep(version=one, off=off_of(v), by=by, seen=v.seen)
    elif isinstance(form, forms.KeepWork):
        services.keep_work(version=one, make=work_of(v), by=by, seen=v.seen)
    elif isinstance(form, forms.KeepSpell):
        services.keep_work(version=one, make=spell_of(v), by=by, seen=v.seen)
    elif isinstance(form, forms.DropSpell):
        services.keep_work(version=one, make=lambda held: services.without_spell(held, v.calendar, v.name_fr), by=by, seen=v.seen)
    elif isinstance(form, forms.DropWork):
        services.drop_work(version=one, code=v.calendar, by=by, seen=v.seen)
    elif isinstance(form, forms.TakeWorks):
        services.take_proposed(version=one, by=by, seen=v.seen)
    elif isinstance(form, forms.UndoDay):
        editing.undo(version=one, by=by)
    elif isinstance(form, forms.RedoDay):
        editing.redo(version=one, by=by)
    else:
        services.drop(version=one, day=v.row, by=by, seen=v.seen)


def work_of(v: Any) -> Callable[[PlanVersion], services.Held]:
    given = {name: str(getattr(v, name) or "") for name in (*queries.WORK[:-1],)}
    return lambda version: services.described(version, given)


def spell_of(v: Any) -> Callable[[PlanVersion], services.Held]:
    given = {name: "" if (x := getattr(v, name)) is None else str(x) for name in ("name_fr", "name_en", "percent", "first", "last", "feast", "days", "flag", "source")}
    return lambda version: services.with_spell(version, v.calendar, given)


def shown(request: HttpRequest, one: PlanVersion) -> dict[str, Any]:
    look: Any = edge.asked(request, forms.CalendarLook)
    all_dates = dates(one)
    every = queries.rows(one, all_dates.schedule.calendar.day(all_dates.schedule.finish))
    edits = may(request.user, EDIT) and one.state == State.DRAFT
    return {
        "section": "planning", "version": one, "rows": [r for r in every if SHOWN[look.montre or ""](r)], "estimated": sum(r.kind == "estimated" for r in every), "all": len(every),
        "basis": queries.basis(one), "look": look, "form_look": forms.CalendarLook(initial={"montre": look.montre}, auto_id="k-%s"), "edits": edits, "stamp": content.sha256(one),
        "form": forms.TryDay(initial={"kind": "decree", "flag": "S"}, auto_id="d-%s") if edits else None, "feasts": sorted({r.name for r in every if r.kind == "estimated"}),
        "works": works.told(one, all_dates), "form_work": forms.TryWork(initial={"flag": "A"}, auto_id="w-%s") if edits else None, "form_spell": forms.TrySpell(initial={"flag": "A"}, auto_id="p-%s") if edits else None,
        "undo": plans.to_undo(one, request.user) if edits else None, "redo": plans.to_redo(one, request.user) if edits else None,
        "rest": sorted(set(range(7)) - all_dates.schedule.calendar.weekdays), "week": [_t("lundi"), _t("mardi"), _t("mercredi"), _t("jeudi"), _t("vendredi"), _t("samedi"), _t("dimanche")],
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[one.pk]), one.plan.name), ("", _t("Calendrier"))],
    }  # fmt: skip
