"""What is typed to sign in and to prove oneself again: allauth's forms, with our counting and one-time codes."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp

from kalata.ledger.services import record
from kalata.people import factors, kinds, throttle
from kalata.people.notices import tell_of_tries


class OnceCode:
    """A code of the application or of the printed list: tries counted, each code once."""

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        gate = throttle.gate("code", self.user.username, context.request)
        tries = gate.take()
        main = None
        for one in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            main = one if main is None or one.type == Authenticator.Type.TOTP else main
            if factors.accept(one, code):
                one.user = self.user
                self.authenticator = one
                gate.clear()
                return code
        record(by=None, kind=kinds.SESSION_CODE_REFUSED, subject=f"person:{self.user.username}", after={"tries": tries})
        tell_of_tries(self.user, tries)
        if main is not None:
            self._emit_authentication_failed(main)  # type: ignore[attr-defined]
        raise get_adapter().validation_error("incorrect_code")


class AuthenticateForm(OnceCode, base.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(OnceCode, base.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The code that proves the application was set up is spent with it (`signals.first_code_spent` keeps it)."""

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        step = factors.matching(self.secret, code)
        if step is None:
            raise get_adapter().validation_error("incorrect_code")
        context.request.totp_step = step
        return code


class ChangePassphraseForm(AllauthChangePasswordForm):
    """The present passphrase is a secret like at sign-in: its tries are counted together with those."""

    def clean_oldpassword(self) -> str:
        gate = throttle.gate("passphrase", self.user.username, context.request)
        gate.take()
        typed = str(self.cleaned_data.get("oldpassword", ""))
        if not self.user.check_password(typed):
            raise account_adapter().validation_error("enter_current_password")
        gate.clear()
        return typed
