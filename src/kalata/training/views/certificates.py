"""Certificates: the public check, and what the office keeps, withdraws and confirms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.results.views.shared import language, who
from kalata.training import badge_keys
from kalata.training.classes_lists import CERTIFICATES
from kalata.training.forms import classes as forms
from kalata.training.models import Certificate
from kalata.training.papers import classes as papers
from kalata.training.queries import classes as queries
from kalata.training.queries import refreshers
from kalata.training.rules.badges import page as offline_page
from kalata.training.rules.badges import verifying
from kalata.training.rules.badges.issuer import issuer_of
from kalata.training.rules.classes_states import REASONS, Badge
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.rights import CERTIFY
from kalata.training.services import certificates as services
from kalata.training.services import refreshers as refresher_services
from kalata.training.views.classes_files import PDF, sent
from kalata.ui import edge

JWT = "application/vc+jwt"
RULES = Path(offline_page.__file__).parent


# --- what anybody checks ----------------------------------------------------------------------------------------
def check(request: HttpRequest) -> HttpResponse:
    """By number or by the badge itself: whether it holds today, and for what. Never a name, never a mark."""
    verdict: verifying.Verdict | None = None
    asked: Any = edge.asked(request, forms.CheckForm)
    number, found = asked.n.strip().upper(), None
    if request.method == "POST":
        v: Any = edge.acted(request, forms.CheckBadgeForm).v
        if badge_keys.public():
            issuer = issuer_of(badge_keys.issuer_record(), "emetteur.json")
            verdict = verifying.verdict(
                v.token.read().strip(), issuer, queries.today(), services.status_token().encode()
            )
            found = queries.by_number(str(verdict.claim["certificate"])) if verdict.claim else None
    elif number:
        found = queries.by_number(number)
    shown = {
        "crumbs": [("", _t("Vérifier une attestation"))], "form": forms.CheckForm(initial={"n": number}), "badge": forms.CheckBadgeForm(), "number": number,
        "verdict": verdict, "word": offline_page.WORDS.get(verdict.verdict, "") if verdict else "", "found": found, "asked": bool(number or request.method == "POST"),
        "expired": found is not None and found.expires_on is not None and found.expires_on < queries.today(), "revoked": found is not None and found.state == Badge.REVOKED,
        "update": found is not None and found.state == Badge.UPDATE, "why": REASONS.get(found.reason, "") if found else "", "issues": bool(badge_keys.public()),
    }  # fmt: skip
    return render(request, "classes/check.html", shown)


def issuer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        json.dumps(badge_keys.issuer_record(), ensure_ascii=False, indent=1),
        content_type="application/json; charset=utf-8",
    )


def status(request: HttpRequest) -> HttpResponse:
    """The signed list of what was withdrawn; there is none before the first certificate."""
    if not badge_keys.public():
        raise Http404
    return HttpResponse(services.status_token() + "\n", content_type=JWT)


def offline(request: HttpRequest) -> HttpResponse:
    """One file by which anybody checks badges of this house without a network."""
    if not badge_keys.public():
        raise Http404
    frame, script = ((RULES / name).read_text("utf-8") for name in ("check_page.html", "check_page.js"))
    lang = language() if language() in offline_page.LANGUAGES else "fr"
    made = offline_page.page(issuer_of(badge_keys.issuer_record(), "emetteur.json"), lang, frame, script)
    return sent(made.encode(), "verifier-attestation.html", "text/html; charset=utf-8")


# --- what the office keeps ---------------------------------------------------------------------------------------
def found_one(request: HttpRequest, pk: int) -> Certificate:
    one = queries.certificate_for(request.user, pk)
    if one is None:
        raise Http404
    return one


@login_required
def index(request: HttpRequest) -> HttpResponseBase:
    if not may_somewhere(request.user, CERTIFY):
        raise Forbidden(right=CERTIFY)
    shown = CERTIFICATES.read(request, lambda asked: queries.certificates_narrowed(request.user, asked))
    if shown.form:
        return shown.file()
    waiting = [c for c in queries.classes(request.user).filter(state="settled") if queries.to_certify(c)]
    return render(
        request,
        "classes/certificates.html",
        {"section": "certificates", "crumbs": [("", _t("Attestations"))], "list": shown, "waiting": waiting},
    )


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    this = found_one(request, pk)
    if request.method == "POST":
        form = edge.acted(request, forms.WithdrawForm, forms.ConfirmForm)
        if isinstance(form, forms.WithdrawForm):
            asked = services.ask_withdrawal(certificate=this, code=form.v.code, reason=form.v.reason, by=who(request))
            messages.success(request, _t("Le retrait attend la signature d’une autre personne."))
            return redirect("people:approval", asked.pk)
        refresher_services.confirm(certificate=this, reason=form.v.reason, by=who(request))
        return redirect("certificates:certificate", pk)
    shown = {
        "section": "certificates", "crumbs": [(reverse("certificates:list"), _t("Attestations")), ("", this.number)], "one": this, "role": role_in(this.role, language()),
        "papers": queries.tries(this.seat), "refreshers": this.refreshers.select_related("by", "version__procedure"), "left": refreshers.left(this), "update": this.state == Badge.UPDATE,
        "alive": this.state != Badge.REVOKED, "why": REASONS.get(this.reason, ""), "withdraw": forms.WithdrawForm(auto_id="w-%s"), "confirm": forms.ConfirmForm(auto_id="c-%s"),
    }  # fmt: skip
    return render(request, "classes/certificate.html", shown)


@login_required
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    this = found_one(request, pk)
    return sent(
        papers.certificate(this, settings.PUBLIC_ADDRESS + reverse("certificates:check"), language()),
        f"{this.number}.pdf",
        PDF,
    )


@login_required
def badge(request: HttpRequest, pk: int) -> HttpResponse:
    this = found_one(request, pk)
    return sent(this.token.encode() + b"\n", f"{this.number}.jwt", JWT)
