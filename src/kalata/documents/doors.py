"""Who holds a paper may ask which version it is: the page of everybody, which gives nothing of what it says."""

from __future__ import annotations

from kalata.people.rules.doors import Page, page

PAGES: tuple[Page, ...] = (page("documents:verify", "document"),)
