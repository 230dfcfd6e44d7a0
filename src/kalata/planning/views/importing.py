"""A file over a draft: what it changes is read cell by cell, with its days, legal dates and francs, before anything is kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import may
from kalata.planning.forms import importing as forms
from kalata.planning.models import PlanVersion
from kalata.planning.rules.rights import EDIT, MONEY
from kalata.planning.rules.steps import State
from kalata.planning.services import importing
from kalata.planning.services.versions import still_draft
from kalata.planning.views.workshop import found
from kalata.refusals import Forbidden
from kalata.results.views.shared import who
from kalata.ui import edge

MOST_SHOWN = 200


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method != "POST":
        return render(request, "planning/importing.html", shown(request, one))
    if not may(request.user, EDIT) and not may(request.user, MONEY):
        raise Forbidden(right=EDIT)
    form: Any = edge.acted(request, forms.TryFile, forms.KeepFile)
    v = form.v
    if isinstance(form, forms.TryFile):
        return render(request, "planning/importing.html", {**shown(request, one), **tried(one, v)})
    importing.keep(version=one, table=v.table, drivers=v.drivers, gone=v.gone, by=who(request), seen=v.seen)
    return redirect("planning:workshop", pk)


def tried(one: PlanVersion, v: Any) -> dict[str, Any]:
    still_draft(one)
    data = v.file.read()
    if v.what == "budget":
        read = importing.budget_file(one, v.file.name, data)
    else:
        read = importing.plan_file(one, v.file.name, data, drop=v.absent == "drop")
    return {
        "read": read, "changes": read.changes[:MOST_SHOWN], "more": max(len(read.changes) - MOST_SHOWN, 0), "name": v.file.name,
        "cells": sum(len(d.fields) for d in read.changes), "told": read.told[:MOST_SHOWN], "budget": v.what == "budget",
    }  # fmt: skip


def shown(request: HttpRequest, one: PlanVersion) -> dict[str, Any]:
    writes = may(request.user, EDIT) or may(request.user, MONEY)
    what = "plan" if may(request.user, EDIT) else "budget"
    return {
        "section": "planning", "version": one, "form": forms.TryFile(initial={"what": what, "absent": "keep"}, auto_id="f-%s") if writes and one.state == State.DRAFT else None,
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[one.pk]), one.plan.name), ("", _t("Importer un fichier"))],
    }  # fmt: skip
