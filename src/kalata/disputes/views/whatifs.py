"""Simulations kept under a name: one, two side by side, their files, and their acts handed to a draft decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms.instruct import CompareForm, DraftForm, DropForm
from kalata.disputes.models import Petition
from kalata.disputes.pages import whatifs as pages
from kalata.disputes.queries import instruct, weighing
from kalata.disputes.rules.operative import ACT_LABELS
from kalata.disputes.services import whatifs
from kalata.disputes.views.docket import who
from kalata.ui import edge


def names_of(petition: Petition) -> dict[str, str]:
    return dict(petition.contest.options.values_list("code", "name"))


@login_required
def page(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One simulation as it was computed; it says when the figures have moved since."""
    petition, place = instruct.opened(who(request), number)
    one = weighing.kept_one(petition, pk)
    if request.method == "POST":
        form: Any = edge.acted(request, DropForm, DraftForm)
        if isinstance(form, DropForm):
            whatifs.drop(one=one, by=who(request))
            messages.success(request, _t("Simulation supprimée."))
            return redirect("disputes:materiality", number)
        made = whatifs.draft(one=one, number=form.v.number, words=form.v.words, by=who(request))
        messages.success(request, _t("Les actes sont dans le projet %(n)s. Rien n’est décidé.") % {"n": made.number})
        return redirect("disputes:gate", made.pk)
    names = names_of(petition)
    side = pages.side(one, names, weighing.stale(one, petition), get_language() or "fr")
    context = {
        "section": "docket", "p": petition, "place": place, "names": names, "words": ACT_LABELS, "mine": one.by_id == who(request).pk,
        "side": side, "sides": [side], "lines": pages.lines([one], names),
        "crumbs": crumbs(petition, one.name),
    }  # fmt: skip
    return render(request, "disputes/whatif.html", context)


@login_required
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """Two simulations of one case side by side."""
    petition, _place = instruct.opened(who(request), number)
    asked = edge.asked(request, CompareForm)
    kept = weighing.kept_of(petition)
    chosen = [weighing.kept_one(petition, pk) for pk in (asked.un, asked.deux) if pk]
    names, lang = names_of(petition), get_language() or "fr"
    context = {
        "section": "docket", "p": petition, "names": names, "kept": kept, "chosen": chosen, "words": ACT_LABELS,
        "sides": [pages.side(one, names, weighing.stale(one, petition), lang) for one in chosen],
        "lines": pages.lines(chosen, names), "crumbs": crumbs(petition, _t("Deux simulations")),
    }  # fmt: skip
    return render(request, "disputes/whatif_compare.html", context)


@login_required
def file(request: HttpRequest, number: str, pk: int, kind: str) -> HttpResponse:
    """A simulation as JSON or CSV, marked as one."""
    petition, _place = instruct.opened(who(request), number)
    one = weighing.kept_one(petition, pk)
    if kind == "json":
        answer = HttpResponse(pages.as_json(one, weighing.stale(one, petition)), content_type="application/json")
    else:
        body = pages.as_csv(one, names_of(petition), get_language() or "fr")
        answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="simulation-{number}-{pk}.{"json" if kind == "json" else "csv"}"'
    )
    return answer


def crumbs(petition: Petition, last: str) -> list[tuple[str, str]]:
    number = str(petition.number)
    return [
        (reverse("disputes:docket"), _t("Rôle des requêtes")), (reverse("disputes:case", args=[number]), number),
        (reverse("disputes:materiality", args=[number]), _t("Effet sur le résultat")), ("", last),
    ]  # fmt: skip
