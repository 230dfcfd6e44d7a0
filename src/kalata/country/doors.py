"""What the pages of packs and geographies ask for: facts are public, changing them is not."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Page, held, page

KEEPS = held("pack.manage")

PAGES: tuple[Page, ...] = (
    page("country:index", "pack"),
    page("country:load", "pack", SIGNED, KEEPS, acts={"": ()}),
    page("country:geographies", "geography", acts={"": (KEEPS,)}),
    page("country:geography", "geography", acts={"": (KEEPS,)}),
    page("country:zone", "geography", acts={"edit": (KEEPS,), "drop": (KEEPS,)}),
    page("country:pack", "pack"),
    page("country:versions", "pack"),
    page("country:section", "pack"),
)
