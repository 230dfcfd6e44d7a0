"""The persons heard in a case: a list of numbers; a name is read one at a time, and each reading is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from kalata.disputes.forms import heard as forms
from kalata.disputes.queries import evidence as queries
from kalata.disputes.queries import instruct
from kalata.disputes.rules.heard import KINDS, Identity
from kalata.disputes.services import heard
from kalata.disputes.views.docket import who
from kalata.disputes.views.evidence import crumbs
from kalata.ui import edge


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Who was heard, by number; the form of who reports the case; one name where it was asked for."""
    petition, place = instruct.opened(who(request), number)
    shown: dict[str, Any] = {}
    if request.method == "POST":
        form: Any = edge.acted(request, forms.HeardForm, forms.ReadForm, forms.StrikeForm)
        v, by = form.v, who(request)
        if isinstance(form, forms.ReadForm):
            shown = {"number": v.number, "who": heard.read(petition=petition, number=v.number, by=by)}
        else:
            if isinstance(form, forms.HeardForm):
                said = Identity(v.name, v.contact, v.address, v.note)
                made = heard.add(petition=petition, kind=v.kind, who=said, piece=v.piece, by=by)
                messages.success(request, _t("Personne entendue inscrite : T%(n)d. Son nom est scellé.") % {"n": made.number})  # fmt: skip
            else:
                heard.strike(petition=petition, number=v.number, by=by)
                messages.success(request, _t("Ligne rayée."))
            return redirect("disputes:heard", number)
    context = {
        "section": "docket", "p": petition, "place": place, "rows": petition.heard.select_related("exhibit", "by"),
        "kinds": KINDS, "shown": shown, "form": forms.HeardForm(), "exhibits": queries.exhibits(petition),
        "crumbs": crumbs(petition, _t("Personnes entendues"), evidence=True),
    }  # fmt: skip
    return render(request, "disputes/heard.html", context)
