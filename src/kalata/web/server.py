"""Waitress, with what the house adds: bodies limited before they are read, deadlines for slow clients, a soft stop."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from kalata.web import bodies
from kalata.web.refusals import Answer, BodyTooLarge

log = logging.getLogger("kalata.web")
HEADERS = 20
"""Seconds for the headers of a request, from its first byte; for the first byte of a connection too."""
IDLE = 30
"""Seconds that a connection may stay open between two requests."""
SILENT = 60
"""Seconds without a byte read of an answer."""
PACE = 1024
"""Bytes a second that a body must bring, after its first 30 seconds: a 2G link has six times that."""
LONGEST = 3600
LINGER, LINGER_BYTES = 3, 4 * bodies.MIB
"""After a refusal, what is still read and thrown away so that the sender sees the answer before the cut."""
CONNECTIONS = 1000
STOPPING = 15
"""Seconds given to requests in progress when the house stops."""


class Bounds:
    """The settings of the server, with a largest body for one request."""

    def __init__(self, adj: Adjustments) -> None:
        self._adj = adj
        self.max_request_body_size = bodies.SMALL + 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adj, name)


class Request(HTTPRequestParser):
    """A request whose body is bounded by its address. waiting: nothing of it is read until the sender is known."""

    expect_continue: bool = False
    waiting = False
    asked = False
    continues = False
    rights: tuple[str, ...] = ()

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(Bounds(adj))
        self.begun = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        most, rights = bodies.largest(self.path)
        if not rights or not (self.chunked or self.content_length > bodies.SMALL):
            return
        from kalata.web.admission import may_carry

        if self.content_length <= most and may_carry(self.headers):
            self.waiting, self.rights = True, rights
            self.adj.max_request_body_size = most + 1
            self.continues, self.expect_continue = self.expect_continue, False

    def received(self, data: bytes) -> int:
        consumed = super().received(data)
        if self.error is not None and getattr(self.error, "code", 0) == 413:
            self.refuse()
        if self.error is not None:
            self.expect_continue = False
        return consumed

    def refuse(self) -> None:
        self.error = Answer(BodyTooLarge(most=f"{bodies.SMALL // 1024} Kio"), getattr(self, "path", "/"))
        self.completed = True


class Admission:
    """A task: is the sender of these headers one who may send this much here?"""

    def __init__(self, channel: Channel, request: Request) -> None:
        self.channel, self.request = channel, request

    def service(self) -> None:
        from kalata.web.admission import admitted

        good = admitted(self.request.headers, self.request.rights)
        channel, request = self.channel, self.request
        with channel.requests_lock:
            request.waiting = False
            if channel.request is not request or not channel.connected:
                return
            if good:
                if request.continues:
                    request.expect_continue = True
                    channel.send_continue()
            else:
                request.refuse()
                channel.request = None
                channel.requests.append(request)
                if len(channel.requests) == 1:
                    channel.server.add_task(channel)
        channel.server.pull_trigger()

    def cancel(self) -> None:
        self.channel.will_close = True


class Channel(HTTPChannel):
    """A connection. It waits while the sender of a large body is looked up, and lingers after a refusal so
    that the sender reads why before the connection is cut."""

    parser_class = Request
    will_close: bool = False
    close_when_flushed: bool = False
    lingering = 0.0
    drained = 0
    refused = False

    def readable(self) -> bool:
        if self.lingering:
            return True
        request = self.request
        return not (request is not None and request.waiting) and super().readable()

    def received(self, data: bytes) -> bool:
        went = super().received(data)
        request = self.request
        if request is not None and request.waiting and not request.asked:
            request.asked = True
            self.server.add_task(Admission(self, request))
        return went

    def service(self) -> None:
        self.refused = isinstance(self.requests[0].error, Answer)
        super().service()

    def handle_write(self) -> None:
        if self.refused and self.close_when_flushed and self.connected:
            self._flush_exception(self._flush_some)
            if not self.total_outbufs_len and not self.will_close:
                self.close_when_flushed, self.refused = False, False
                self.lingering = time.monotonic() + LINGER
                try:
                    self.socket.shutdown(socket.SHUT_WR)
                except OSError:
                    self.will_close = True
            return
        super().handle_write()

    def handle_read(self) -> None:
        if not self.lingering:
            return super().handle_read()
        try:
            more = self.recv(65_536)  # thrown away
        except OSError:
            more = b""
        self.drained += len(more)
        if not more or self.drained > LINGER_BYTES or time.monotonic() > self.lingering:
            self.handle_close()
        return None

    def overdue(self, now: float, wall: float) -> bool:
        """Has this client had its time? Never while the house works on its request."""
        if self.lingering:
            return now > self.lingering
        if self.requests:
            return False
        if self.total_outbufs_len:
            return wall - self.last_activity > SILENT
        request = self.request
        if request is None:
            return wall - self.last_activity > IDLE
        if not request.headers_finished:
            return now - request.begun > HEADERS
        given = min(SILENT / 2 + request.body_bytes_received / PACE, LONGEST)
        return not request.waiting and now - request.begun > given


class Server(TcpWSGIServer):
    channel_class = Channel
    stopping = False

    def readable(self) -> bool:
        """Accept: not when stopping, nor while every thread is busy (another process takes the connection)."""
        busy = self.task_dispatcher.active_count >= len(self.task_dispatcher.threads) and self.task_dispatcher.queue
        return super().readable() and not self.stopping and not busy

    def maintenance(self, now: float) -> None:
        clock = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.overdue(clock, now):
                channel.will_close = True
        many = len(self.active_channels) - CONNECTIONS * 9 // 10
        if many > 0:  # those that have given nothing to do yet make room, oldest first
            idle = [c for c in self.active_channels.values() if not c.requests and not c.total_outbufs_len]
            for channel in sorted(idle, key=lambda c: c.last_activity)[: many + CONNECTIONS // 10]:
                channel.will_close = True

    def serve(self) -> None:
        """Until told to stop; then until the requests in progress are answered, or STOPPING seconds."""
        until = 0.0
        while self._map:
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)
            if not self.stopping:
                continue
            until = until or time.monotonic() + STOPPING
            working = [c for c in self.active_channels.values() if c.requests or c.total_outbufs_len]
            if not working or time.monotonic() > until:
                break
        self.task_dispatcher.shutdown(cancel_pending=True, timeout=1)

    def stop(self) -> None:
        self.stopping = True
        self.pull_trigger()


def create(application: Callable[..., Any], listening: socket.socket, threads: int) -> Server:
    """A server on a socket that is listening already, shared with the other processes."""
    adj = Adjustments(
        sockets=[listening], threads=threads, ident="", clear_untrusted_proxy_headers=False, connection_limit=CONNECTIONS,
        cleanup_interval=1, asyncore_use_poll=True, max_request_header_size=32_768, inbuf_overflow=bodies.SMALL // 2,
        outbuf_overflow=bodies.MIB, outbuf_high_watermark=128 * bodies.MIB, channel_request_lookahead=0,
        log_socket_errors=False, expose_tracebacks=False,
    )  # fmt: skip
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    info = (listening.family, listening.type, listening.proto, listening.getsockname())
    return Server(application, {}, True, listening, dispatcher=dispatcher, adj=adj, bind_socket=False, sockinfo=info)
