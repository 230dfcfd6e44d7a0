"""Browsers known to an account: a signed random number in a cookie, and its fingerprint beside the person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kalata.people.models import KnownDevice, Person
from kalata.ui import cookies

COOKIE = "kalata_device"
SALT = "kalata.device"
LIVES = timedelta(days=400)
KEPT = 20
"""Devices remembered for one person; the oldest gives way."""


def number(request: HttpRequest) -> str:
    """The number in the cookie, "" where there is none or it was not signed here."""
    try:
        return str(signing.Signer(salt=SALT).unsign(cookies.read(request, COOKIE)))
    except signing.BadSignature:
        return ""


def fingerprint(device: str) -> str:
    return hashlib.sha256(device.encode()).hexdigest()


def known_as(request: HttpRequest, name: str) -> str:
    """The fingerprint of this device if the account knows it, else "". One query whoever bears the name."""
    device = number(request)
    mark = fingerprint(device)
    known = KnownDevice.objects.filter(person__username__iexact=name.strip(), sha256=mark).exists()
    return mark if device and known else ""


@transaction.atomic
def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """After a whole sign-in: the account knows this browser from now on."""
    device = number(request) or secrets.token_urlsafe(24)
    KnownDevice.objects.update_or_create(
        person=person, sha256=fingerprint(device), defaults={"seen_at": timezone.now()}
    )
    stale = KnownDevice.objects.filter(person=person).values_list("pk", flat=True)[KEPT:]
    KnownDevice.objects.filter(pk__in=list(stale)).delete()
    response.set_cookie(
        cookies.name(COOKIE),
        signing.Signer(salt=SALT).sign(device),
        max_age=int(LIVES.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(person: Person) -> None:
    KnownDevice.objects.filter(person=person).delete()
