"""Being told to stop. A process has one way of hearing it: who changes it gives it back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

TOLD = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def handlers_back() -> Iterator[None]:
    """Whatever handlers of SIGTERM and SIGINT the block sets, those that were there before return at its end.

    A loop that leaves its handler behind makes its process deaf: the handler sets a flag that nobody reads.
    """
    before = {number: signal.getsignal(number) for number in TOLD}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
