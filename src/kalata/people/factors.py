"""The second factor: who must have one, who has one, whether it was shown just now, each code once."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kalata.country.rules.rights import CRITICAL
from kalata.people import queries
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Printed recovery codes replace one of these for a day; alone they are not a second factor."""
FRESH_SECONDS = 300
CODES = ("mfa_view_recovery_codes", "mfa_download_recovery_codes")


class NoFactor(Refused):
    code = "PEO-307"
    says = _("Cet acte exige un second facteur, et ce compte n’en a pas.")
    remedy = _("Ajoutez une application de codes ou une clé de sécurité dans « Mon compte », puis recommencez.")
    status = 403


def has_factor(person: Any) -> bool:
    return Authenticator.objects.filter(user_id=person.pk, type__in=TYPES).exists()


def lacks_factor(person: Any) -> bool:
    """True where the rights of this person demand a second factor and there is none.

    In demonstration the accounts are public and the data fictional: the demand rests.
    """
    return not settings.DEMO and bool(queries.rights_of(person) & CRITICAL) and not has_factor(person)


def shown_just_now(request: HttpRequest) -> bool:
    """True where the second factor itself, not the passphrase, was asked again in this session within 5 minutes."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    times = [float(r["at"]) for r in records if r.get("method") == "mfa" and r.get("reauthenticated")]
    return bool(times) and 0 <= time.time() - times[-1] < FRESH_SECONDS


def came_in_just_now(request: HttpRequest | None) -> bool:
    """True where what would be asked again was just given: the session began with the passphrase within 5 minutes, and the
    account has no second factor yet; or it has its first one since then, and reads the printed codes that come with it."""
    if request is None or not request.user.is_authenticated:
        return False
    now = timezone.now()
    given = [float(r["at"]) for r in get_authentication_records(request, request.user) if r.get("method") == "password"]
    if not given or not 0 <= now.timestamp() - max(given) < FRESH_SECONDS:
        return False
    made = Authenticator.objects.filter(user_id=request.user.pk, type__in=TYPES).values_list("created_at", flat=True)
    first = all(at.timestamp() >= max(given) for at in made)
    return not made or (first and request.path in map(reverse, CODES))


def matching(secret: str, code: str) -> int | None:
    """The time step whose code this is, among those a slow clock may show; None where there is none."""
    try:
        for counter in yield_hotp_counters_from_time():
            if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
                return counter
    except ValueError:  # a secret that is not base 32
        pass
    return None


@transaction.atomic
def accept(authenticator: Authenticator, code: str) -> bool:
    """Use a typed code. True once for each code, whatever process asks.

    The row is locked, and keeps the last time step used: that one and all before it are spent
    (RFC 6238, 5.2). Of two requests with the same code the second reads what the first wrote.
    """
    row = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
    if row is None:
        return False
    if row.type == Authenticator.Type.RECOVERY_CODES:
        return bool(row.wrap().validate_code(code))
    step = matching(decrypt(row.data["secret"]), code)
    if step is None or step <= row.data.get("last", -1):
        return False
    row.data["last"] = step
    row.save(update_fields=["data"])
    return True
