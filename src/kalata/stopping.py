"""Being told to stop. A process has one way of hearing it: who changes it gives it back."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

TOLD = (signal.SIGTERM, signal.SIGINT)
T = TypeVar("T")
_asked = False


class Stopped(BaseException):
    """This process was told to stop, and a long reading ended where it leaves nothing half done.

    No fault: what catches faults lets it pass, as it does the end of a program.
    """


def ask() -> None:
    """Tell the long work of this process to end at its next safe place."""
    global _asked
    _asked = True


def asked() -> bool:
    return _asked


def going(every: Iterable[T]) -> Iterator[T]:
    """These, one after the other, until the process is told to stop: then Stopped. Between two nothing is half done."""
    for one in every:
        if _asked:
            raise Stopped
        yield one


@contextmanager
def handlers_back() -> Iterator[None]:
    """Whatever handlers of SIGTERM and SIGINT the block sets, those that were there before return at its end.

    A loop that leaves its handler behind makes its process deaf: the handler sets a flag that nobody reads.
    """
    global _asked
    before = {number: signal.getsignal(number) for number in TOLD}
    try:
        yield
    finally:
        _asked = False
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
