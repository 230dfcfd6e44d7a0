"""Could it have changed the result? The screen of the rapporteur: what is tried is computed here and kept nowhere."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes.forms.instruct import KeepForm, WeighForm
from kalata.disputes.models import Petition
from kalata.disputes.pages import materiality as pages
from kalata.disputes.queries import instruct, stations, weighing
from kalata.disputes.rules import choices
from kalata.disputes.rules.acts import Faulty
from kalata.disputes.rules.choices import BadLine, Choice
from kalata.disputes.services import whatifs
from kalata.disputes.views.docket import who
from kalata.ui import edge


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A case weighed live. A choice comes in a form, so that no address and no log holds it; nothing is written."""
    petition, place = instruct.opened(who(request), number)
    form: Any = edge.acted(request, WeighForm, KeepForm) if request.method == "POST" else WeighForm({})
    v = form.v
    wrong: list[Any] = []
    try:
        choice = chosen(petition, v)
        if isinstance(form, KeepForm):
            made = whatifs.keep(
                petition=petition, name=v.name, choice=choice, by=who(request), contested=v.contested, rerun_places=v.revote
            )  # fmt: skip
            messages.success(request, _t("Simulation gardée : %(name)s.") % {"name": made.name})
            return redirect("disputes:whatif", number, made.pk)
        answer = weighing.weighed(petition, choice, contested=v.contested, rerun_places=v.revote)
    except (Faulty, BadLine) as refused:
        wrong = [fault.message for fault in getattr(refused, "others", (refused,))][:50]
        answer = weighing.weighed(petition, Choice(), contested=v.contested)
    lang = get_language() or "fr"
    context = {
        "section": "docket", "p": petition, "place": place, "v": v, "wrong": wrong,
        "columns": weighing.columns_of(petition.contest), "kept": weighing.kept_of(petition),
        "revision": weighing.revision_of(petition.contest), "crumbs": crumbs(petition), **pages.drawn(answer, lang),
    }  # fmt: skip
    return render(request, "disputes/materiality.html", context, status=422 if wrong else 200)


def crumbs(petition: Petition, last: str = "") -> list[tuple[str, str]]:
    number = str(petition.number)
    return [
        (reverse("disputes:docket"), _t("Rôle des requêtes")), (reverse("disputes:case", args=[number]), number),
        ("", last or _t("Effet sur le résultat")),
    ]  # fmt: skip


def chosen(petition: Petition, v: SimpleNamespace) -> Choice:
    """What the boxes of the page say, stations by their codes; what no station answers to is kept, and refused as such."""
    by_ground = [code for one in instruct.aims(petition) if one.name in v.ground for code in one.stations]
    listed = codes_in(petition, v.codes)
    annul = tuple(dict.fromkeys([*v.station, *by_ground, *listed]))
    return Choice(
        annul=() if v.revote else annul,
        rerun=annul if v.revote else (),
        areas=((v.column, v.place),) if v.column and v.place else (),
        rectify=choices.rectified(v.rectify),
        deduct=choices.deducted(v.deduct),
        restore=tuple(codes_in(petition, v.restore)),
        irregular=choices.irregulars(v.irregular),
    )


def codes_in(petition: Petition, text: str) -> list[str]:
    if not text.strip():
        return []
    found = stations.resolve(petition.contest, text)
    return [*(code for code, _name in found.stations), *found.words]
