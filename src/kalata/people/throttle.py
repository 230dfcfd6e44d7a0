"""Wrong tries, counted by account and by device in the database: every process sees the same count.

A device known to the account has a count of its own: whoever hammers the account from elsewhere
slows every strange device, never the owner's. No address is ever counted: behind one address may
stand a whole centre. A name nobody bears is counted like any other.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kalata.people import devices
from kalata.people.models import Throttle
from kalata.people.rules import throttle as rule
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class TooManyTries(Refused):
    code = "PEO-102"
    says = _("Trop d’essais : l’accès à ce compte depuis cet appareil est suspendu %(minutes)d min.")
    remedy = _(
        "Vérifiez l’identifiant sur votre carte de fonction. Un appareil d’où vous vous êtes déjà connecté reste ouvert."
    )
    status = 429


@dataclass(frozen=True, slots=True)
class Gate:
    """One kind of secret of one account, tried from one device. kind: passphrase, code or activation."""

    kind: str
    name: str
    device: str

    @property
    def subject(self) -> str:
        told = "\0".join((self.kind, self.name.strip().lower(), self.device))
        return salted_hmac("kalata.throttle", told, algorithm="sha256").hexdigest()

    def take(self) -> int:
        """Count one try before it is read, so that many at once cannot slip through. PEO-102 while one must wait."""
        with transaction.atomic():
            row, new = Throttle.objects.select_for_update().get_or_create(
                kind=self.kind, subject=self.subject, defaults={"failures": 1, "last_at": timezone.now()}
            )
            now = timezone.now()  # read under the lock: who waited for it does not come before who had it
            left = math.ceil((rule.opens_at(row.failures, row.last_at) - now).total_seconds())
            blocked = not new and rule.wait_after(row.failures) and left > 0
            if not new and not blocked:
                row.failures, row.last_at = rule.counted(row.failures, row.last_at, now), now
                row.save(update_fields=["failures", "last_at"])
        if blocked:
            raise TooManyTries(minutes=-(-left // 60), wait_s=left)
        return row.failures

    def give_back(self) -> None:
        """The try was no wrong one: it is not counted, and those before it still are."""
        Throttle.objects.filter(kind=self.kind, subject=self.subject, failures__gt=0).update(failures=F("failures") - 1)

    def clear(self) -> None:
        """The try was right: nothing is held against the next ones."""
        Throttle.objects.filter(kind=self.kind, subject=self.subject).delete()


def gate(kind: str, name: str, request: HttpRequest | None) -> Gate:
    """The count of this account for the device of the request, or for all strange devices together."""
    return Gate(kind, name, devices.known_as(request, name) if request is not None else "")


def activation_gate(name: str, address: str) -> Gate:
    """Activation has no known device yet and a code of 75 bits: counted by account and place, so that
    nobody elsewhere can shut the door before a newcomer."""
    return Gate("activation", name, hashlib.sha256(address.encode()).hexdigest())


def forget() -> int:
    """Drop counts that no longer weigh. Called by the house every hour."""
    return Throttle.objects.filter(last_at__lte=timezone.now() - rule.FORGOTTEN).delete()[0]
