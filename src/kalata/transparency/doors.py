"""What the public log and its files ask for."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Page, held, page

KEYS = held("log.keys")

PAGES: tuple[Page, ...] = (
    page("log:index", "public log"),
    page("log:witness", "public log", SIGNED, acts={"add": (KEYS,), "drop": (KEYS,)}, reads=False),
    page("log:usb", "public log", SIGNED, KEYS, acts={"": ()}),
    page("site_root", "public log"),
    page("site", "public log"),
)
