"""Which rights show which kind of thing of the results: named once for the pages and their declarations."""

from __future__ import annotations

FIGURES = frozenset(f"results.{right}" for right in ("read", "review", "commission", "visa", "recall", "arbitrate"))
"""Rights that may look at figures already agreed; a clerk never sees one, not even of an earlier version."""
READERS = FIGURES | {
    "results.publish",
    "results.decide",
    "results.proclaim",
    "results.annul",
}  # annul: of packs before the Court
"""Rights whose holders meet agreed figures before they are public, on whatever page, file or request."""
STAFF = frozenset({"results.setup", "results.import", "results.publish", "results.read"})
"""Rights that open the page of a contest from the inside."""
SITTINGS = ("results.commission", "results.read")
"""Rights that read the names in the minutes of the commission."""
