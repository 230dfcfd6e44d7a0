"""How far the long explorations go: far enough for every change to be seen, and by night to their full length.

A default run keeps every sentence of the suite; what it has less of is examples of one kind.
"""

from __future__ import annotations

import os
from datetime import date

NIGHTLY = bool(os.environ.get("KALATA_NIGHTLY"))
FEW = float(os.environ.get("KALATA_EXAMPLES", "1")) < 1
DAY = int(os.environ.get("KALATA_DAY", date.today().toordinal()))
"""What turns with the day turns by this number: a run that must be repeated as it was gives it."""


def size(run: int, nightly: int) -> int:
    """So many examples in every run, so many in `make nightly`; a fifth under mutation testing, once for each change."""
    return nightly if NIGHTLY else run // 5 if FEW else run
