"""First instance: the offices of this person, the docket of one, a petition taken down there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.disputes import kinds
from kalata.disputes.forms.offices import FirstPetitionForm, OfficeForm
from kalata.disputes.models import Office
from kalata.disputes.office_list import DOCKET
from kalata.disputes.queries import offices as queries
from kalata.disputes.queries.recourse import pack_shown
from kalata.disputes.rules.offices import HEAD, KEEP, OPEN, SIT
from kalata.disputes.services import first, intake
from kalata.disputes.services import offices as services
from kalata.disputes.views.docket import who
from kalata.disputes.views.register import filing_of
from kalata.ledger.services import read_of_personal_data
from kalata.people.guard import require
from kalata.people.queries import may, rights_of
from kalata.refusals import Forbidden
from kalata.text import fold
from kalata.ui import edge


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The offices of first instance in which this person acts, with what waits in each; and, for who opens them, all of them."""
    by = who(request)
    if not rights_of(by) & {KEEP, SIT, HEAD, OPEN}:
        raise Forbidden(right=KEEP)
    opens = may(by, OPEN)
    if request.method == "POST":
        require(by, OPEN)
        v = edge.posted(request, OfficeForm, bodies=choices())
        services.ask(body=v.body, code=v.code, name=v.name, unit=v.unit, reason=v.reason, by=by)
        messages.success(request, _t("Ouverture demandée : une autre personne la décide, aux approbations."))
        return redirect("disputes:offices")
    mine = queries.offices_of(by)
    context = {
        "section": "first", "rows": [(one, queries.figures(queries.docket(by, one))) for one in mine],
        "others": [one for one in queries.offices() if one not in mine] if opens else (), "bodies": queries.bodies_here(),
        "form": OfficeForm(bodies=choices()) if opens else None,
    }  # fmt: skip
    return render(request, "disputes/offices.html", context)


def choices() -> list[tuple[str, str]]:
    version = pack_shown()
    return queries.named(queries.bodies_here(), version.pack, get_language() or "fr") if version else []


def crumbs(office: Office, last: str = "") -> list[tuple[str, str]]:
    found = [(reverse("disputes:offices"), _t("Première instance"))]
    here = reverse("disputes:office", args=[office.code])
    return [*found, (here, office.name), ("", last)] if last else [*found, ("", office.name)]


@login_required
def docket(request: HttpRequest, code: str) -> HttpResponseBase:
    """The cases of an office, searched, filtered, ordered, taken away as a file."""
    by = who(request)
    office = queries.office_of(by, code)
    rows = queries.docket(by, office)

    def narrowed(asked: Any) -> Any:
        found = rows
        for word in fold(asked.q).split():
            found = found.filter(sheet__folded__contains=word)
        if asked.etat:
            found = found.filter(state=asked.etat)
        return found.filter(about=asked.acte) if asked.acte else found

    found = DOCKET.read(request, narrowed)
    if found.form:
        read_of_personal_data(by=by, kind=kinds.READ_DOCKET, subject="house:court")
        return found.file()
    context = {
        "section": "first", "list": found, "office": office, "figures": queries.figures(rows), "body": queries.bodies_here().get(office.body, {}),
        "keeps": queries.may_some(by, KEEP, office), "crumbs": crumbs(office),
    }  # fmt: skip
    return render(request, "disputes/office.html", context)


@login_required
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """A petition taken down in an office. What is wrong is said beside its box; nothing typed is lost."""
    by = who(request)
    office = queries.office_of(by, code)
    if not queries.may_some(by, KEEP, office):
        raise Forbidden(right=KEEP)
    form = edge.form_of(request, FirstPetitionForm)
    rolls = [r for r in intake.rolls() if queries.may(by, KEEP, office, r.contest_id)]
    if request.method == "POST" and form.is_valid():
        roll = next((r for r in rolls if r.contest_id == form.v.contest), None)
        if roll is None:
            form.add_error("contest", _t("le rôle de ce scrutin n’est pas ouvert"))
        else:
            v = form.v
            kept = [(intake.keep(one.chunks(), name=one.name, by=by), one.name) for one in v.pieces]
            made = first.receive(
                office=office, contest=roll.contest, filing=filing_of(form, roll.contest), channel=v.channel, pieces=kept, by=by, appeal=v.appeal,
            )  # fmt: skip
            messages.success(request, _t("Reçue sous le numéro %(number)s.") % {"number": made.number})
            return redirect("disputes:first_case", made.number)
    context = {
        "section": "first", "form": form, "office": office, "rolls": rolls, "crumbs": crumbs(office, _t("Enregistrer")),
    }  # fmt: skip
    return render(request, "disputes/office_receive.html", context, status=422 if form.errors else 200)
