"""Pages about persons: accounts, mandates, approvals, activation, one's own account."""

from __future__ import annotations

import csv
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.debug import sensitive_post_parameters

from kalata.country.rules.rights import RIGHTS
from kalata.people import queries, services, tokens
from kalata.people.forms import ActivationForm, ImportForm, MandateForm, PersonForm, ReasonForm
from kalata.people.models import Person
from kalata.people.services import Sheet, require
from kalata.people.sheets import activation_pdf
from kalata.refusals import Forbidden
from kalata.transparency.queries import about
from kalata.transparency.services import read_of_personal_data, record

STATES = [("active", "actifs"), ("waiting", "attendent l’activation"), ("closed", "fermés")]


def who(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def reader(request: HttpRequest) -> None:
    if not any(queries.may(request.user, right) for right in ("people.manage", "people.read", "people.approve")):
        raise Forbidden(right="people.read")


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Accounts: search, role, state; reading the list is kept in the ledger."""
    reader(request)
    text, role, state = request.GET.get("q", "").strip(), request.GET.get("role", ""), request.GET.get("etat", "")
    order = {"identifiant": "username", "-identifiant": "-username", "nom": "full_name", "-nom": "-full_name"}.get(
        request.GET.get("tri", ""), "username"
    )
    page = Paginator(queries.persons(text=text, role=role, state=state).order_by(order), 50).get_page(
        request.GET.get("page")
    )
    read_of_personal_data(by=who(request), what="persons", subject=f"persons?{request.GET.urlencode()}")
    return render(
        request,
        "people/list.html",
        {
            "section": "people",
            "page": page,
            "q": text,
            "role": role,
            "state": state,
            "states": STATES,
            "roles": services.pack_roles(),
        },
    )


@login_required
def export(request: HttpRequest) -> HttpResponse:
    reader(request)
    read_of_personal_data(by=who(request), what="persons.export", subject="persons")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="personnes.csv"'
    writer = csv.writer(response)
    writer.writerow(["username", "full_name", "email", "active", "roles"])
    for p in queries.persons():
        cells = [
            p.username,
            p.full_name,
            p.email,
            "1" if p.is_active else "0",
            " ".join(m.role for m in p.mandates.all() if not m.revoked_at),
        ]
        writer.writerow([f"'{c}" if c.startswith(("=", "+", "-", "@")) else c for c in cells])
    return response


@login_required
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One account: mandates, what can be done with it, what was done to it."""
    reader(request)
    found = get_object_or_404(Person, username=username)
    form = MandateForm(request.POST if request.POST.get("act") == "mandate" else None, lang=get_language() or "fr")
    close = ReasonForm(request.POST if request.POST.get("act") in ("close", "revoke") else None)
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "mandate" and form.is_valid():
            services.ask_mandate(person=found, by=who(request), **form.cleaned_data)
            messages.success(request, _t("Demande enregistrée : une autre personne doit l’approuver."))
            return redirect("people:person", username)
        if act == "sheet":
            return sheet_response(request, [sheet_of(request, found)])
        if act == "close" and close.is_valid():
            services.close_account(person=found, reason=close.cleaned_data["reason"], by=who(request))
            messages.success(request, _t("Compte fermé ; ses sessions sont terminées."))
            return redirect("people:person", username)
        if act == "revoke" and close.is_valid():
            services.revoke_mandate(
                mandate=get_object_or_404(found.mandates, pk=request.POST.get("mandate")),
                reason=close.cleaned_data["reason"],
                by=who(request),
            )
            messages.success(request, _t("Mandat retiré."))
            return redirect("people:person", username)
    else:
        read_of_personal_data(by=who(request), what="person", subject=f"person:{found.username}")
    return render(
        request,
        "people/person.html",
        {
            "section": "people",
            "person": found,
            "mandates": queries.live_mandates(found),
            "form": form,
            "close": close,
            "roles": services.pack_roles(),
            "rights_labels": RIGHTS,
            "history": about(f"person:{found.username}", 30),
            "own": found.pk == who(request).pk,
            "crumbs": [("/personnes/", _t("Personnes")), ("", found.username)],
        },
        status=422 if form.errors or close.errors else 200,
    )


def sheet_of(request: HttpRequest, found: Person) -> Sheet:
    code = services.issue_activation(person=found, by=who(request))
    roles = services.pack_roles()
    held = list(queries.live_mandates(found))
    return Sheet(
        found.username,
        found.full_name,
        ", ".join(roles[m.role]["title_fr"] for m in held if m.role in roles),
        ", ".join(m.unit.name for m in held if m.unit),
        code,
    )


def sheet_response(request: HttpRequest, sheets: list[Sheet]) -> HttpResponse:
    words = {
        "notice": _t("À remettre en main propre, contre signature. Ne pas photographier."),
        "title": _t("Activation de votre compte Kalata"),
        "l_name": _t("Nom"),
        "l_role": _t("Rôle"),
        "l_place": _t("Territoire"),
        "l_user": _t("Identifiant"),
        "l_code": _t("Code d’activation, valable une seule fois, 14 jours"),
    }
    steps = [
        _t("Ouvrez {address}"),
        _t("Tapez l’identifiant et le code."),
        _t("Choisissez une phrase de passe d’au moins 15 caractères."),
        _t("Ajoutez le second facteur, puis détruisez cette feuille."),
    ]
    pdf = activation_pdf(sheets, request.build_absolute_uri("/compte/activer/"), words, steps)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="activation.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
def new(request: HttpRequest) -> HttpResponse:
    require(request.user, "people.manage")
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_person(by=who(request), **form.cleaned_data)
        except services.BadPerson as refused:
            form.add_error(
                str(refused.params["field"]) if refused.params["field"] in form.fields else None,
                str(refused.params["why"]),
            )
        else:
            messages.success(request, _t("Compte ouvert. Imprimez sa feuille d’activation et demandez son mandat."))
            return redirect("people:person", made.username)
    return render(
        request,
        "people/new.html",
        {
            "section": "people",
            "form": form,
            "crumbs": [("/personnes/", _t("Personnes")), ("", _t("Nouvelle personne"))],
        },
        status=422 if form.errors else 200,
    )


@login_required
def import_file(request: HttpRequest) -> HttpResponse:
    """Open the accounts of a CSV and answer with the sheets to print, once."""
    require(request.user, "people.manage")
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > 2 * 2**20:
            raise services.BadPerson(row=1, field="fichier", why="plus de 2 Mio")
        sheets = services.import_persons(content=file.read(), by=who(request), reason=form.cleaned_data["reason"])
        return sheet_response(request, sheets)
    return render(
        request,
        "people/import.html",
        {
            "section": "people",
            "form": form,
            "roles": services.pack_roles(),
            "crumbs": [("/personnes/", _t("Personnes")), ("", _t("Importer"))],
        },
        status=422 if form.errors else 200,
    )


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: mandates, second factor, sessions, passphrase, what the ledger keeps."""
    from allauth.mfa.models import Authenticator

    fresh = ""
    if request.method == "POST":
        if request.POST.get("revoke", "").isdigit():
            tokens.revoke(token_id=int(request.POST["revoke"]), by=who(request))
            messages.success(request, _t("Clé révoquée."))
            return redirect("me")
        days = request.POST.get("days", "")
        made = tokens.create(
            person=who(request), name=request.POST.get("name", ""), scopes=request.POST.getlist("scope"),
            days=int(days) if days.isdigit() else 0,
        )  # fmt: skip
        fresh = made.key
    return render(
        request,
        "people/me.html",
        {
            "tokens": tokens.tokens_of(who(request)),
            "scopes": tokens.possible_scopes(who(request)),
            "fresh": fresh,
            "mandates": queries.live_mandates(who(request)),
            "roles": services.pack_roles(),
            "rights_labels": RIGHTS,
            "held": sorted(queries.rights_of(request.user)),
            "factors": Authenticator.objects.filter(user_id=who(request).pk),
            "history": about(f"person:{who(request).username}", 20),
        },
    )


@sensitive_post_parameters()
def activate(request: HttpRequest) -> HttpResponse:
    """Use a one-time code; ten wrong tries lock the address as at sign-in."""
    from axes.handlers.proxy import AxesProxyHandler

    form = ActivationForm(request.POST or None, initial={"username": request.GET.get("u", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        credentials = {"username": data["username"]}
        if not AxesProxyHandler.is_allowed(request, credentials):
            return render(request, "people/locked.html", status=429)
        try:
            services.activate(username=data["username"], code=data["code"], passphrase=data["passphrase"])
        except services.WeakPassphrase as refused:
            form.add_error("passphrase", str(refused.params["why"]))
        except services.BadActivation as refused:
            AxesProxyHandler.user_login_failed(sender=activate, credentials=credentials, request=request)
            record(by=None, kind="person.code_refused", subject=f"person:{data['username'][:40]}")
            form.add_error("code", refused.message.text(get_language() or "fr"))
        else:
            messages.success(request, _t("Compte activé. Connectez-vous avec votre phrase de passe."))
            return redirect("account_login")
    return render(request, "people/activate.html", {"form": form}, status=422 if form.errors else 200)
