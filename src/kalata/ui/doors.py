"""What the pages every house has ask for: nothing."""

from __future__ import annotations

from kalata.people.rules.doors import Gate, Page, page

PAGES: tuple[Page, ...] = (
    page("home", "house"),
    page("set_language", "house"),
    page("appearance", "house", acts={"": ()}, reads=False),
    page("accessibility", "house"),
    page("codes", "house"),
    page("health", "house"),
    page("api:openapi-json", "house"),
    page("api:api-root", "house", Gate(404, ("nobody",))),
)
