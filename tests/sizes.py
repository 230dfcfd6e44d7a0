"""How far the long explorations go: far enough for every change to be seen, and by night to their full length.

A default run keeps every sentence of the suite; what it has less of is examples of one kind.
"""

from __future__ import annotations

import os

NIGHTLY = bool(os.environ.get("KALATA_NIGHTLY"))
FEW = float(os.environ.get("KALATA_EXAMPLES", "1")) < 1


def size(run: int, nightly: int) -> int:
    """So many examples in every run, so many in `make nightly`; a fifth under mutation testing, once for each change."""
    return nightly if NIGHTLY else run // 5 if FEW else run
