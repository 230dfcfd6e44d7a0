"""What every page needs: who is here, what they may open, how the page looks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata import __version__, rooms
from kalata.country.queries import latest_packs
from kalata.ledger import pulse
from kalata.notices.queries import pinned
from kalata.people import queries
from kalata.ui import cookies


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A line of the menu as this reader sees it."""

    section: str
    label: str
    href: str
    badge: int = 0
    aside: bool = False


MANY = 9
"""Lines of a menu beyond which what is looked up stands behind one word: more take two lines at 1366 px."""


@dataclass(frozen=True, slots=True)
class Menu:
    """lines: in the menu itself; aside: behind its one word, empty where all has its place."""

    lines: list[MenuLine]
    aside: list[MenuLine]


def arranged(found: list[MenuLine]) -> Menu:
    if len(found) <= MANY:
        return Menu(found, [])
    return Menu([one for one in found if not one.aside], [one for one in found if one.aside])


def menu(user: Any, rights: Collection[str], *, signed_in: bool) -> list[MenuLine]:
    """The lines that every room has for this reader, in order."""
    return [
        MenuLine(
            one.section,
            _t(one.label),
            reverse(one.url),
            rooms.load(one.badge)(user) if one.badge and signed_in else 0,
            one.aside,
        )
        for one in rooms.menu()
        if one.seen_with(rights, signed_in=signed_in)
    ]


def demo_users() -> list[dict[str, Any]]:
    """Accounts of the demonstration, room by room."""
    users = (room.demonstration.users for room in rooms.every())
    return [one for path in users if path for one in rooms.load(path)()]


def house(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    rights = queries.rights_of(user) if signed_in else set()
    on_sign_in = settings.DEMO and request.path.startswith("/compte/")
    return {
        "demo": settings.DEMO,
        "software": __version__,
        "demo_users": demo_users() if on_sign_in else (),
        "theme": cookies.read(request, "theme"),
        "contrast": cookies.read(request, "contrast"),
        "keys_off": cookies.read(request, "keys") == "off",
        "rights": rights,
        "menu": lambda: arranged(
            menu(user, rights, signed_in=signed_in)
        ),  # asked by the pages that have one: that of a fault has none
        "account_notices": pinned(user) if signed_in else (),
        "public_site": not signed_in,
        "packs_loaded": latest_packs if signed_in else (),
        "alarms": pulse.alarms_lately() if signed_in else (),
    }
