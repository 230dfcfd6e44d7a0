"""One's own account: mandates, factors, keys, notices; and the page where a one-time code is used."""

from __future__ import annotations

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import list_usersessions
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kalata import address
from kalata.country.rules.rights import RIGHTS
from kalata.ledger.queries import about
from kalata.ledger.services import record
from kalata.notices.services import read_pinned
from kalata.people import accounts, factors, kinds, queries, services, throttle, tokens
from kalata.people.forms import ActivationForm, ForWhom, KeyForm, RevokeKeyForm
from kalata.people.models import Person
from kalata.ui import edge
from kalata.ui.returning import Back, back


def who(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def may_create_key(request: HttpRequest) -> bool:
    """True where the second factor was shown again just now; in demonstration the demand rests."""
    return settings.DEMO or factors.shown_just_now(request)


def to_prove(request: HttpRequest) -> str:
    """Where the second factor is shown again, to come back here. PEO-307 where there is none."""
    if not factors.has_factor(who(request)):
        raise factors.NoFactor
    methods = get_adapter().get_reauthentication_methods(request.user)
    return f"{methods[0]['url']}?{urlencode({'next': reverse('me') + '?cle=1'})}"


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: mandates, second factor, sessions, passphrase, keys, what the ledger keeps."""
    fresh, scopes = "", tokens.possible_scopes(who(request))
    creating = request.method == "POST" and not edge.sent(request, "revoke")
    form = edge.form_of(request, KeyForm, when=creating, scopes=scopes)
    if request.method == "POST":
        if not creating:
            tokens.revoke(token_id=edge.posted(request, RevokeKeyForm).revoke, by=who(request))
            messages.success(request, _("Clé révoquée."))
            return redirect("me")
        if not may_create_key(request):
            return redirect(to_prove(request))
        if form.is_valid():
            data = form.cleaned_data
            fresh = tokens.create(person=who(request), name=data["name"], scopes=data["scope"], days=data["days"]).key
    return render(
        request,
        "people/me.html",
        {
            "section": "me",
            "tokens": tokens.tokens_of(who(request)),
            "scopes": scopes,
            "form": form,
            "may_create": may_create_key(request),
            "prove": to_prove(request) if factors.has_factor(who(request)) else "",
            "fresh": fresh,
            "reissues": accounts.open_reissues(who(request)),
            "mandates": queries.live_mandates(who(request)),
            "pending": queries.pending_mandates(who(request)),
            "roles": services.pack_roles(),
            "rights_labels": RIGHTS,
            "held": sorted(queries.rights_of(request.user)),
            "factors": queries.factors_of(who(request)),
            "history": about(f"person:{who(request).username}", 20),
        },
        status=422 if form.errors else 200,
    )


@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. To end the others one proves oneself again: whoever sits at a screen left open cannot."""
    shown = reauthentication_required(list_usersessions) if request.method == "POST" else list_usersessions
    return cast(HttpResponse, shown(request))


@require_POST
@login_required
def notices_read(request: HttpRequest) -> HttpResponse:
    read_pinned(who(request))
    wanted = edge.posted(request, Back).suite
    return redirect(back(request, wanted) if wanted else "me")


@require_POST
@login_required
def cancel_reissue(request: HttpRequest) -> HttpResponse:
    """The owner did not want a new activation: its codes die."""
    if accounts.cancel_reissue(person=who(request)):
        messages.success(request, _("Nouvelle activation annulée : ses codes n’ouvrent plus rien."))
    return redirect("me")


def closed(request: HttpRequest, key: str = "") -> HttpResponse:
    raise Http404


@sensitive_post_parameters()
def activate(request: HttpRequest) -> HttpResponse:
    """Use a one-time code, or two; the same words whatever was wrong. PEO-102 after wrong tries from the same place."""
    form = edge.form_of(request, ActivationForm, initial={"username": edge.asked(request, ForWhom).u})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        gate = throttle.activation_gate(data["username"], address.of(request))
        gate.take()
        try:
            accounts.activate(
                username=data["username"], code=data["code"], second=data["second"], passphrase=data["passphrase"]
            )
        except accounts.WeakPassphrase as refused:
            gate.clear()
            form.add_error("passphrase", str(refused.params["why"]))
        except accounts.BadActivation as refused:
            record(by=None, kind=kinds.PERSON_CODE_REFUSED, subject=queries.ledger_name(data["username"]))
            form.add_error("code", refused.message.text(get_language() or "fr"))
        else:
            gate.clear()
            messages.success(request, _("Compte activé. Connectez-vous avec votre phrase de passe."))
            return redirect("account_login")
    return render(request, "people/activate.html", {"form": form}, status=422 if form.errors else 200)
