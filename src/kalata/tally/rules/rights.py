"""Which rights show which thing of the tally centre: named once for its pages, their declarations and the API."""

from __future__ import annotations

from kalata.results.rules.rights import FIGURES
from kalata.tally.rules.lifecycle import DESKS

PAPERS = frozenset(DESKS) | {"results.read", "results.setup"}
"""Rights that show a paper on its way. An agent who gives a copy learns only that it was received."""
SCREENS = PAPERS | {"results.copy"}
"""Rights that open at least one screen of the tally centre."""
ORIGINALS = FIGURES | {"results.receive", "results.scan"}
"""Rights that may look at the image of any paper of their territory; a clerk sees the one he has in hand."""
REVIEWS = ("results.review", "results.commission")
PRINTS = ("results.setup", "results.receive", "results.commission")
RECAPS = ("results.commission", "results.read")
BAGS = ("results.receive", "results.commission")
SCANS = ("results.scan",)
COPIES = ("results.review", "results.commission", "results.read")
