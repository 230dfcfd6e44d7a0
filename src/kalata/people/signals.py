"""Sign-in, sign-out, failures and factors enter the ledger."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from kalata.transparency.services import record


@receiver(user_logged_in)
def signed_in(sender: Any, request: Any, user: Any, **_rest: Any) -> None:
    record(by=user, kind="session.opened", subject=f"person:{user.get_username()}")


@receiver(user_logged_out)
def signed_out(sender: Any, request: Any, user: Any, **_rest: Any) -> None:
    if user is not None:
        record(by=user, kind="session.closed", subject=f"person:{user.get_username()}")


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], **_rest: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "?")[:40]
    record(by=None, kind="session.refused", subject=f"person:{name}")


@receiver(password_changed)
def passphrase_changed(sender: Any, request: Any, user: Any, **_rest: Any) -> None:
    record(by=user, kind="person.passphrase_changed", subject=f"person:{user.get_username()}", personal=True)


@receiver(authenticator_added)
def factor_added(sender: Any, request: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    record(
        by=user,
        kind="person.factor_added",
        subject=f"person:{user.get_username()}",
        after={"type": authenticator.type},
        personal=True,
    )


@receiver(authenticator_removed)
def factor_removed(sender: Any, request: Any, user: Any, authenticator: Any, **_rest: Any) -> None:
    record(
        by=user,
        kind="person.factor_removed",
        subject=f"person:{user.get_username()}",
        after={"type": authenticator.type},
        personal=True,
    )
