"""How sign-in behaves: no public registration, tries counted, a second factor where the role demands it."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest

from kalata import address
from kalata.people import factors, throttle


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address.of(request) or "0.0.0.0"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person behind a passphrase, or None; a closed account answers like a wrong passphrase. PEO-102."""
        gate = throttle.gate("passphrase", str(credentials.get("username", "")), request)
        gate.take()
        person = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if person is not None:
            gate.clear()
        return person

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where one lands: at one's desk, where one works paper by paper and one queue alone waits; else at one's home."""
        from kalata.ui import home

        if not home.by_hand(request):
            return "/"
        queues = {line.href for line in home.waiting(request)}
        return queues.pop() if len(queues) == 1 else "/"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has typed the passphrase to come in, and adds a first second factor at once, is not asked for it again."""
        if app == "allauth.mfa" and factors.came_in_just_now(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves himself with it; the passphrase alone is not enough."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated or not factors.has_factor(user):
            return methods
        return [m for m in methods if m["id"] != "reauthenticate"]


class MFAAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Kalata"}

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return True
