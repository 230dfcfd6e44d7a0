"""A request that takes too long is ended: its query interrupted, its thread sent an exception, its process renewed."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kalata.web.refusals import Answer, TookTooLong

log = logging.getLogger("kalata.web")
STUCK = 30
"""Seconds after its limit at which a request that nothing could end takes its process with it."""


@dataclass
class Running:
    """One request in one thread."""

    path: str
    begun: float
    connections: list[Any] = field(default_factory=list)
    told: bool = False


class Watch:
    """The requests in progress in this process, and what happens to those beyond `limit` seconds."""

    def __init__(self, limit: float, renew: Callable[[], None], exit_now: Callable[[int], None] = os._exit) -> None:
        self.limit, self.renew, self.exit_now = limit, renew, exit_now
        self.running: dict[int, Running] = {}
        self.lock = threading.Lock()

    def wrap(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterator[bytes]]:
        """The application, each request of it known here from its start until its last byte is produced."""

        def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            here = threading.get_ident()
            given: list[Any] = []
            one = Running(environ.get("PATH_INFO", ""), time.monotonic(), list(self.held()))
            with self.lock:
                self.running[here] = one

            def later(*what: Any) -> Callable[[bytes], object]:
                given[:] = what
                return lambda _data: None

            try:
                answer = application(environ, later)
            except BaseException:
                self.done(here)
                if one.told:
                    return self.too_long(start_response)
                raise
            whole = hasattr(answer, "__len__")
            if whole or one.told:
                self.done(here)
            if one.told:
                return self.too_long(start_response)
            start_response(*given)
            return answer if whole else self.streamed(answer, here)

        return watched

    def too_long(self, start_response: Callable[..., Any]) -> list[bytes]:
        status, headers, body = Answer(TookTooLong(), "").to_response()
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def streamed(self, answer: Iterable[bytes], here: int) -> Iterator[bytes]:
        try:
            yield from answer
        finally:
            self.done(here)
            if hasattr(answer, "close"):
                answer.close()

    def done(self, here: int) -> None:
        with self.lock:
            one = self.running.pop(here, None)
            if one is not None and one.told:  # too late to raise: what follows in this thread is another's request
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(here), None)

    def held(self) -> Iterable[Any]:
        """The connections that this thread keeps from one request to the next."""
        from django.db import connections

        return connections.all(initialized_only=True)

    def connected(self, connection: Any, **_rest: Any) -> None:
        """Django opened a connection in this thread: what to interrupt if its request lasts too long."""
        one = self.running.get(threading.get_ident())
        if one is not None:
            one.connections.append(connection)

    def look(self, now: float) -> None:
        """Ends what is beyond the limit. Called every second by a thread of its own."""
        with self.lock:
            late = [(ident, one) for ident, one in self.running.items() if now - one.begun > self.limit]
            for ident, one in late:
                if one.told:
                    continue
                one.told = True
                log.error("%s took more than %d s and is ended\n%s", one.path, self.limit, stack(ident))
                for connection in one.connections:
                    interrupt(connection)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(TookTooLong))
        if late:
            self.renew()
        if any(now - one.begun > self.limit + STUCK for _ident, one in late):
            log.critical("a request cannot be ended: the process ends with it")
            self.exit_now(70)

    def start(self) -> None:
        def forever() -> None:
            while True:
                time.sleep(1)
                self.look(time.monotonic())

        threading.Thread(target=forever, name="watch", daemon=True).start()


def stack(ident: int) -> str:
    frame = sys._current_frames().get(ident)
    return "".join(traceback.format_stack(frame)[-8:]) if frame else ""


def interrupt(connection: Any) -> None:
    """Stop the query that this connection runs, from another thread: both drivers allow it."""
    try:
        if (raw := connection.connection) is not None:
            raw.interrupt() if connection.vendor == "sqlite" else raw.cancel()
    except Exception:
        log.exception("a query could not be interrupted")
