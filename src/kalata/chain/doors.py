"""A search and a sheet are everybody's; each shows only what its reader may open, as the pages of each kind ask."""

from __future__ import annotations

from kalata.people.rules.doors import Page, page

PAGES: tuple[Page, ...] = (page("search:all", "record"), page("chain:record", "record"), page("chain:way", "record"))
