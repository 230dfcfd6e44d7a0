"""What every page needs: who is here, what they may open, how the page looks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from kalata.country.queries import latest_packs
from kalata.deadlines.queries import unread_count
from kalata.ledger import pulse
from kalata.people import queries
from kalata.people.notices import unread
from kalata.ui import cookies


def house(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    rights = queries.rights_of(user) if signed_in else set()
    on_sign_in = settings.DEMO and request.path.startswith("/compte/")
    return {
        "demo": settings.DEMO,
        "demo_users": import_string("kalata.results.demonstration.demo_users")() if on_sign_in else (),
        "theme": cookies.read(request, "theme"),
        "contrast": cookies.read(request, "contrast"),
        "rights": rights,
        "tally_rights": rights & settings.TALLY_RIGHTS,
        "waiting_count": len(queries.waiting_approvals(user)) if signed_in else 0,
        "account_notices": unread(user) if signed_in else (),
        "notice_count": unread_count(user) if signed_in else 0,
        "public_site": not signed_in,
        "packs_loaded": latest_packs if signed_in else (),
        "alarms": pulse.alarms_lately() if signed_in else (),
    }
