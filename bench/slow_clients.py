"""64 clients that send half a request and then a byte now and then, held for a minute, while others ask for pages."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress

SLOW, SECONDS, OTHERS = 64, 60, 4
PAGES = ("/", "/resultats/", "/compte/login/", "/sante")
HALVES = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /compte/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n\r\nlogin=",
    b"GET /static/kalata.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 8,  # and never reads
)


def slow(port: int, over: threading.Event, held: list[int]) -> None:
    """Keeps SLOW connections half-way; one that the server closes is opened again at once."""
    links: list[socket.socket | None] = [None] * SLOW
    while not over.wait(0.5):
        for n in range(SLOW):
            try:
                if links[n] is None:
                    one = links[n] = socket.create_connection(("127.0.0.1", port), timeout=5)
                    one.sendall(HALVES[n % 3])
                    one.setblocking(False)
                elif n % 3 < 2:
                    links[n].send(b"x")  # type: ignore[union-attr]
                    if links[n].recv(1, socket.MSG_PEEK) == b"":  # type: ignore[union-attr]
                        raise ConnectionError
            except BlockingIOError:
                pass
            except OSError:
                if links[n] is not None:
                    links[n].close()  # type: ignore[union-attr]
                links[n] = None
        held.append(sum(link is not None for link in links))
    for link in links:
        if link is not None:
            link.close()


def others(port: int, seconds: float) -> tuple[list[float], int]:
    """Milliseconds of each page asked by OTHERS clients in that time, and how many failed."""
    times: list[float] = []
    failed = 0
    end = time.monotonic() + seconds

    def one(first: int) -> None:
        nonlocal failed
        n = first
        while time.monotonic() < end:
            n += 1
            start = time.perf_counter()
            try:
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                link.request("GET", PAGES[n % len(PAGES)])
                failed += link.getresponse().status != 200
                link.close()
            except (OSError, http.client.HTTPException):
                failed += 1
            times.append(1000 * (time.perf_counter() - start))
            time.sleep(0.1)

    team = [threading.Thread(target=one, args=(i,)) for i in range(OTHERS)]
    for each in team:
        each.start()
    for each in team:
        each.join()
    return sorted(times), failed


def p95(times: list[float]) -> float:
    return times[int(len(times) * 0.95)] if times else 0.0


def measure(line) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "KALATA_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "kalata.settings.office",
            "KALATA_DEMO": "1",
        }
        subprocess.run(
            [sys.executable, "-m", "kalata", "demo", "--load-only", "--stations", "500"],
            env=environment,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        house = subprocess.Popen(
            [sys.executable, "-m", "kalata", "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + 180
            while time.monotonic() < until:
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=2).close()
                    break
                time.sleep(0.2)
            others(port, 5)
            quiet, _failed = others(port, 15)
            over, held = threading.Event(), []
            crowd = threading.Thread(target=slow, args=(port, over, held))
            crowd.start()
            time.sleep(2)
            times, failed = others(port, SECONDS)
            over.set()
            crowd.join()
        finally:
            house.send_signal(signal.SIGTERM)
            house.wait()
    load = os.getloadavg()[0]
    full = sum(n >= SLOW - 8 for n in held)
    line(
        f"nobody slow: p95 of {OTHERS} others (load of the machine {load:.1f})",
        f"{p95(quiet):.0f} ms",
        "-",
        of=len(quiet),
        least=100,
    )
    line(
        f"{SLOW} slow clients held {SECONDS} s: p95 of {len(times)} requests of others",
        f"{p95(times):.0f} ms",
        "<= 300 ms",
        p95(times) <= 300,
        of=min(len(times), 2 * full),
        least=100,
    )
    line("  failed", str(failed), "0", failed == 0, of=len(times), least=100)


if __name__ == "__main__":
    from bench.lines import line

    measure(line)
