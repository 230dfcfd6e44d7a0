"""A signature needs a second factor that is fresh: given in this session, a short while ago."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from kalata.people.sign_in_forms import ReauthenticateForm
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotFresh(Refused):
    """The second factor was given too long ago to sign with it."""

    code = "PEO-207"
    says = _("Cet acte demande votre second facteur maintenant.")
    remedy = _("Tapez le code de votre application, ou présentez votre clé de sécurité, puis recommencez.")
    status = 403


class NotThisCode(Refused):
    """What was typed is not the code of now, or was used already."""

    code = "PEO-213"
    says = _("Ce code du second facteur n’est pas le bon, ou a déjà servi.")
    remedy = _("Attendez le code suivant de l’application, puis tapez-le ; un code de secours ne sert qu’une fois.")
    status = 403


def refusal(code: str) -> Refused:
    """Why `sign` said no: nothing was typed, or it was not the code."""
    return NotThisCode() if code.strip() else NotFresh()


def is_fresh(request: HttpRequest) -> bool:
    """True where this session gave a second factor within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds.

    In demonstration mode the accounts are public and the data fictional: the guard rests.
    """
    if settings.DEMO:
        return True
    given = [r["at"] for r in get_authentication_records(request, request.user) if r.get("method") == "mfa"]  # type: ignore[arg-type]
    return bool(given) and time.time() - max(given) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def has_codes(request: HttpRequest) -> bool:
    """True where the person can type a code (an application or recovery codes), not only touch a key."""
    return Authenticator.objects.filter(user_id=request.user.pk).exclude(type="webauthn").exists()


def sign(request: HttpRequest, code: str) -> bool:
    """True where the second factor is fresh, or `code` makes it so. Wrong codes are counted with those of sign-in (PEO-102)."""
    if is_fresh(request):
        return True
    form = ReauthenticateForm({"code": code}, user=request.user)
    if not code.strip() or not form.is_valid():
        return False
    form.save()
    return True
