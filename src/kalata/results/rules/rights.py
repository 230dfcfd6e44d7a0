"""Which rights show which kind of thing of the results: named once for the pages, their declarations and the API."""

from __future__ import annotations

from kalata.tally.rules.lifecycle import DESKS

PAPERS = frozenset(DESKS) | {"results.read", "results.setup"}
"""Rights that show a paper on its way. An agent who gives a copy learns only that it was received."""
SCREENS = PAPERS | {"results.copy"}
"""Rights that open at least one screen of the tally centre."""
FIGURES = frozenset(f"results.{right}" for right in ("read", "review", "commission", "visa", "recall", "arbitrate"))
"""Rights that may look at figures already agreed; a clerk never sees one, not even of an earlier version."""
READERS = FIGURES | {"results.publish", "results.annul"}
"""Rights whose holders meet agreed figures before they are public, on whatever page, file or request."""
ORIGINALS = FIGURES | {"results.receive", "results.scan"}
"""Rights that may look at the image of any paper of their territory; a clerk sees the one he has in hand."""
STAFF = frozenset({"results.setup", "results.import", "results.publish", "results.read"})
"""Rights that open the page of a contest from the inside."""
REVIEWS = ("results.review", "results.commission")
PRINTS = ("results.setup", "results.receive", "results.commission")
RECAPS = ("results.commission", "results.read")
BAGS = ("results.receive", "results.commission")
SITTINGS = ("results.commission", "results.read")
SCANS = ("results.scan",)
COPIES = ("results.review", "results.commission", "results.read")
