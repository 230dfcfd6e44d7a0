"""What the pages of the ledger ask for."""

from __future__ import annotations

from kalata.people.rules.doors import SIGNED, Page, held, page

READS = held("ledger.read")

PAGES: tuple[Page, ...] = (
    page("ledger:list", "ledger", SIGNED, READS),
    page("ledger:export", "ledger", SIGNED, READS),
)
