"""One's own notices: nobody else's exist."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Page, page

PAGES: tuple[Page, ...] = (
    page("notices:list", "notice", SIGNED, acts={"read": (), "done": (), "mail": ()}),
)  # fmt: skip
