"""Houses that really run: a folder with the fictional election, processes, sockets. Nothing is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.house.ready import demonstration, furnish

SESSIONS = """
import django, json
django.setup()
from django.contrib.sessions.backends.db import SessionStore
from kalata.people.models import Person
out = {}
for name in ("superviseur", "saisie-a", "numerisation"):
    person = Person.objects.get(username=name)
    store = SessionStore()
    store["_auth_user_id"], store["_auth_user_hash"] = str(person.pk), person.get_session_auth_hash()
    store["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    store.create()
    out[name] = store.session_key
print(json.dumps(out))
"""


class House:
    """One folder, and what was started on it."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.environment = {
            **os.environ, "KALATA_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.house.settings", "KALATA_KEY": "k" * 60,
            "KALATA_DEMO": "1", "PYTHONPATH": str(Path(__file__).parents[2]), **environment,
        }  # fmt: skip
        self.started: list[subprocess.Popen] = []
        self.port = 0
        self.sessions: dict[str, str] = {}

    @property
    def database(self) -> Path:
        return self.var / "kalata.sqlite3"

    def run(self, *args: str, timeout: float = 240) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", *args], env=self.environment, capture_output=True, text=True, timeout=timeout
        )

    def kalata(self, *args: str) -> subprocess.CompletedProcess:
        return self.run("kalata", *args)

    def python(self, text: str) -> str:
        done = subprocess.run([sys.executable, "-c", text], env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open_sessions(self) -> None:
        self.sessions = json.loads(self.python(SESSIONS))

    def start(self, *args: str, wait: bool = True) -> subprocess.Popen:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        out = open(self.var / f"out-{len(self.started)}.txt", "wb")  # noqa: SIM115
        child = subprocess.Popen(
            [sys.executable, "-m", *args, "--port", str(self.port)],
            env=self.environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        out.close()
        self.started.append(child)
        if wait:
            self.ready(child)
        return child

    def ready(self, child: subprocess.Popen) -> None:
        for _try in range(3000):
            with suppress(OSError):
                if self.ask("GET", "/sante")[0] == 200:
                    return
            assert child.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(self.said())

    def said(self) -> str:
        return "\n".join(p.read_text() for p in sorted(self.var.glob("out-*.txt")))

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        with self.connect() as link:
            link.sendall(head(method, path, **({"content-length": str(len(body))} if body else {}), **headers) + body)
            return answer(link)

    def close(self) -> None:
        for child in self.started:
            below = family(child.pid)
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                with suppress(subprocess.TimeoutExpired):
                    child.wait(30)
            for pid in (child.pid, *below):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            child.wait()


def head(method: str, path: str, **headers: str) -> bytes:
    given = {"host": "127.0.0.1", "connection": "close", **headers}
    lines = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode()


def answer(link: socket.socket) -> tuple[int, str]:
    """(status, the rest) of an answer read to its end."""
    got = b""
    while chunk := link.recv(65_536):
        got += chunk
    assert got, "nothing was answered"
    return int(got.split(b" ", 2)[1]), got.decode("utf-8", "replace")


def family(pid: int) -> dict[int, str]:
    """Every process below this one: its name and its command."""
    rows = subprocess.run(["ps", "-eo", "pid,ppid,stat,comm,args"], capture_output=True, text=True).stdout.splitlines()[1:]
    below, wanted = {}, {pid}
    parts = [row.split(None, 3) for row in rows]
    for _depth in range(4):
        for one, parent, state, args in parts:
            if int(parent) in wanted and not state.startswith("Z"):
                below[int(one)] = args
        wanted = {pid, *below}
    return below


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    return False


def gone(pids, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(map(alive, pids)):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    one = House(furnish(tmp_path_factory.mktemp("house") / "var", demonstration()))
    one.open_sessions()
    yield one
    one.close()


@pytest.fixture
def empty(tmp_path):
    """A folder with a migrated database and nothing in it."""
    one = House(furnish(tmp_path / "var"))
    yield one
    one.close()
