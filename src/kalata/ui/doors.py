"""What the pages every house has ask for: nothing."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Gate, Over, Page, held, page

PAGES: tuple[Page, ...] = (
    page("home", "house"),
    page(
        "first_day",
        "house",
        SIGNED,
        held("people.manage", "people.approve", "results.setup", "log.keys", over=Over.SOMEWHERE),
    ),
    page("set_language", "house"),
    page("appearance", "house", acts={"": ()}, reads=False),
    page("accessibility", "house"),
    page("codes", "house"),
    page("health", "house"),
    page("api:openapi-json", "house"),
    page("api:api-root", "house", Gate(404, ("nobody",))),
)
