"""A party files online: a petition written in several sittings as a draft, then received as at any counter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.disputes.forms.intake import ROWS, AbandonForm, FileForm, SaveForm
from kalata.disputes.models import Petition
from kalata.disputes.queries import offices
from kalata.disputes.queries import portal as queries
from kalata.disputes.rules.filing import filing_of as filing_from
from kalata.disputes.services import intake
from kalata.disputes.services import portal as services
from kalata.disputes.views.docket import who
from kalata.disputes.views.portal import asks_party
from kalata.disputes.views.register import filing_of
from kalata.ui import edge

ACTS = {form.act: form for form in (SaveForm, FileForm, AbandonForm)}


@login_required
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Begin, go on with or file a petition. What is wrong is said beside its box; nothing typed is lost."""
    asks_party(request)
    by = who(request)
    draft = None
    if pk is not None:
        draft = queries.drafts(by).filter(pk=pk).first()
        if draft is None:
            raise Http404(pk)
    rolls, places = intake.rolls(), offices.receiving()
    if request.method == "POST":
        kind = ACTS[edge.button(request, *ACTS)]
        form: Any = edge.form_of(request, kind) if kind is AbandonForm else edge.form_of(request, kind, offices=places)
        if isinstance(form, AbandonForm):
            return abandoned(request, draft)
        if form.is_valid() and (done := written(request, form, draft)):
            return done
    else:
        form = SaveForm(initial=initial_of(draft) if draft else {"petitioner": by.full_name}, offices=places)
    context = {
        "section": "mine", "form": form, "rolls": rolls, "draft": draft, "open": intake.receives_online() or places, "places": places,
        "pieces": draft.exhibits.select_related("piece").order_by("number") if draft else (),
        "crumbs": [(reverse("disputes:mine"), _t("Mes affaires")), ("", _t("Déposer une requête"))],
    }  # fmt: skip
    return render(request, "disputes/file.html", context, status=422 if form.errors else 200)


def written(request: HttpRequest, form: Any, draft: Petition | None) -> HttpResponse | None:
    """The draft kept, or the petition filed; None where the contest takes no petition."""
    by = who(request)
    contest = draft.contest if draft else None
    if contest is None:
        roll = intake.roll_for(form.v.contest)
        if roll is None:
            form.add_error("contest", _t("le rôle de ce scrutin n’est pas ouvert"))
            return None
        contest = roll.contest
    kept = [(intake.keep(one.chunks(), name=one.name, by=by), one.name) for one in form.v.pieces]
    said: Any = {
        "petition": draft, "contest": contest, "said": filing_of(form, contest), "pieces": kept, "by": by,
        "office": offices.by_code(form.v.office) if form.v.office else None, "appeal": form.v.appeal,
    }  # fmt: skip
    if isinstance(form, FileForm):
        made = services.file(**said)
        messages.success(request, _t("Reçue sous le numéro %(number)s.") % {"number": made.number})
        return redirect("disputes:my_case", made.number)
    made = services.write(**said)
    messages.success(request, _t("Brouillon gardé : vous seul le lisez. Il n’est pas déposé."))
    return redirect("disputes:begun", made.pk)


def abandoned(request: HttpRequest, draft: Petition | None) -> HttpResponse:
    if draft is not None:
        intake.abandon(petition_id=draft.pk, by=who(request))
        messages.success(request, _t("Brouillon abandonné : rien n’avait été déposé."))
    return redirect("disputes:mine")


def initial_of(draft: Petition) -> dict[str, Any]:
    """The boxes of the page, as the draft fills them."""
    said = filing_from(draft.said)
    found: dict[str, Any] = {
        name: getattr(said, name) for name in ("about", "about_words", "capacity", "relief", "text", "signed", "signed_on")
    }  # fmt: skip
    found["contest"] = draft.contest_id
    for party in said.parties:
        if party.role == "petitioner":
            found |= {"petitioner": party.name, "email": party.email, "phone": party.phone, "elected": party.elected}
        elif party.role == "respondent":
            found["respondent"] = party.name
    for n, one in enumerate(said.grounds[:ROWS], 1):
        places = "\n".join((*one.stations, *one.words))
        found |= {f"code{n}": one.code, f"stations{n}": places, f"article{n}": one.article, f"text{n}": one.text}
    return found
