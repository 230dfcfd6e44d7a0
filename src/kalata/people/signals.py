"""Sign-in, sign-out, failures and factors enter the ledger; what changes a secret ends what the old one opened."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import pre_save
from django.dispatch import receiver

from kalata.ledger.rules.kinds import Kind
from kalata.ledger.services import record
from kalata.people import factors, kinds, notices, sessions, tokens
from kalata.people.queries import ledger_name


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: Any, **_rest: Any) -> None:
    with_what = [str(r.get("type") or r.get("method")) for r in get_authentication_records(request, user)]
    record(by=user, kind=kinds.SESSION_OPENED, subject=f"person:{user.get_username()}", after={"with": with_what})
    request.signed_in = user  # the device becomes known with the answer (middleware)


@receiver(authentication_step_completed)
def proved_again(sender: Any, request: Any, user: Any, method: str, **rest: Any) -> None:
    """Somebody signed in shows a secret again: the session goes on under a new number."""
    if rest.get("reauthenticated"):
        request.session.cycle_key()
        record(
            by=user, kind=kinds.SESSION_PROVED, subject=f"person:{user.get_username()}",
            after={"with": str(rest.get("type") or method)},
        )  # fmt: skip


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: Any, **_rest: Any) -> None:
    if request is not None:
        request.signed_out = True  # the browser is told to forget what it kept (middleware)
    if user is not None:
        record(by=user, kind=kinds.SESSION_CLOSED, subject=f"person:{user.get_username()}")


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], **_rest: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "")
    record(by=None, kind=kinds.SESSION_REFUSED, subject=ledger_name(name))


def others_out(request: Any, user: Any) -> int:
    """End the other sessions of this person; this one goes on under a new key."""
    request.session.cycle_key()
    return sessions.end_sessions(user, keep=request.session.session_key)


@receiver(password_changed)
def passphrase_changed(sender: Any, request: Any, user: Any, **_rest: Any) -> None:
    with transaction.atomic():
        tokens.revoke_all(person=user, why="passphrase", by=user)
        ended = others_out(request, user)
        record(
            by=user, kind=kinds.PERSON_PASSPHRASE_CHANGED, subject=f"person:{user.get_username()}",
            after={"sessions_ended": ended},
        )  # fmt: skip
        notices.tell(user, "passphrase")


def factor_changed(request: Any, user: Any, authenticator: Any, kind: Kind, told: str) -> None:
    with transaction.atomic():
        ended = others_out(request, user)
        record(
            by=user, kind=kind, subject=f"person:{user.get_username()}",
            after={"type": authenticator.type, "sessions_ended": ended},
        )  # fmt: skip
        if authenticator.type != Authenticator.Type.RECOVERY_CODES:
            notices.tell(user, told)


@receiver(pre_save, sender=Authenticator)
def first_code_spent(sender: Any, instance: Any, **_rest: Any) -> None:
    """The code that proved a new application is spent in the very row that keeps the application."""
    step = getattr(context.request, "totp_step", None)
    if step is not None and instance.pk is None and instance.type == Authenticator.Type.TOTP:
        instance.data["last"] = step


@receiver(authenticator_added)
def factor_added(sender: Any, request: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    factor_changed(request, user, authenticator, kinds.PERSON_FACTOR_ADDED, "factor_added")


@receiver(authenticator_removed)
def factor_removed(sender: Any, request: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    with transaction.atomic():
        if not factors.has_factor(user):
            tokens.revoke_all(person=user, why="factor", by=user)
        factor_changed(request, user, authenticator, kinds.PERSON_FACTOR_REMOVED, "factor_removed")


@receiver(authenticator_reset)
def codes_renewed(sender: Any, request: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    factor_changed(request, user, authenticator, kinds.PERSON_FACTOR_RENEWED, "factor_renewed")
