"""Houses that earlier states of this software made, brought up to today's by the commands of the guide.

`former/COMMIT.tar.xz` is what `kalata demo --load-only --stations 40` of that commit left: the database, and where there
was one its public log with its keys. 6c873c2 is the first state that kept an election (23 November 2026); f48c28a the last
before the ledger, the evidence store, the tally room and the Court had tables of their own (25 November).
"""

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.house.conftest import House

FORMER = Path(__file__).parent / "former"
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        os.environ.get("KALATA_NIGHTLY") != "1", reason="by night: a minute of processor for each state"
    ),
]
DROPPED = {
    "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog",  # tries are counted by account and device since
    "django_session", "sqlite_sequence", "django_migrations",
    "deadlines_notice",  # they are in the one centre of notices
}  # fmt: skip
"""Tables of before that no longer are, and why nothing is lost with them."""
GOES_ON = """
import json
import django
django.setup()
from django.conf import settings
from kalata.ledger import answers, kinds, locks, queries
from kalata.ledger.models import Act
from kalata.ledger.services import record, seal_waiting
from kalata.transparency import publiclog
from kalata.transparency.models import PublicLog
said = {"guards": [str(f) for f in locks.faults()], "breaks": len(list(queries.breaks())), "told": len(answers.faults())}
record(by=None, kind=kinds.REHEARSED, subject="house", after={"papers": 1, "clerks": 1, "kills": 1})
seal_waiting()
said["sealed"] = queries.unsealed() == 0 and not list(queries.breaks())
publiclog.sequence_all()
said["logs"] = {one.name: one.halted for one in PublicLog.objects.all()}
try:
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("update transparency_act set reason = 'x' where id = (select min(id) from transparency_act)")
    said["append only"] = False
except Exception as why:
    said["append only"] = type(why).__name__
print(json.dumps(said))
"""


def rows(database):
    """Table -> its rows as {column: value}, in the order they were kept in."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as link:
        link.row_factory = sqlite3.Row
        tables = [
            r[0]
            for r in link.execute("select name from sqlite_master where type = 'table' and sql not like '%virtual%'")
        ]
        return {t: [dict(r) for r in link.execute(f'select * from "{t}" order by 1')] for t in tables}


def unpacked(commit, var):
    var.mkdir(mode=0o700)
    with tarfile.open(FORMER / f"{commit}.tar.xz") as held:
        held.extractall(var, filter="data")
    return House(var, KALATA_DEMO="1", DJANGO_SETTINGS_MODULE="kalata.settings.office")


def kept(before, after):
    """What of before is not there any more: tables, rows by number, values of columns that both have."""
    wrong = []
    for table, had in before.items():
        if table in DROPPED or not had:
            continue
        if table not in after:
            wrong.append(f"{table}: gone with {len(had)} rows")
            continue
        now = {r.get("id", r.get("name")): r for r in after[table]}
        for row in had:
            there = now.get(row.get("id", row.get("name")))
            if there is None:
                wrong.append(f"{table} {row.get('id')}: gone")
    return wrong


def figures(found):
    """Every version of every station, with the sheet of figures as it was kept."""
    columns = ("version", "standing", "sheet", "reason", "contest_id", "station_id")
    return {r["id"]: [r[c] for c in columns] for r in found["results_stationreport"]}


def same_acts(before, after):
    """Each act says what it said."""
    had = {r["id"]: r for r in before["transparency_act"]}
    now = {r["id"]: r for r in after["transparency_act"]}
    columns = set(next(iter(had.values()))) & set(next(iter(now.values()))) - {"mark", "rows"}
    return [i for i in had if i not in now or any(had[i][c] != now[i][c] for c in columns)]


def judged(house, before):
    """After the upgrade: rows, figures, acts, guards; the ledger and the log go on."""
    after = rows(house.database)
    assert kept(before, after) == [] and same_acts(before, after) == []
    assert figures(before) and figures(after) == figures(before)
    assert len(after["notices_notice"]) >= len(before.get("deadlines_notice", []))
    done = house.kalata("check", "--json")
    checks = {c["name"]: c for c in json.loads(done.stdout)["checks"]}
    odd = [
        (n, checks[n]["detail"])
        for n in ("database", "ledger", "told", "guards", "two_persons", "log")
        if n in checks and not checks[n]["ok"]
    ]
    assert odd == []
    said = json.loads(house.python(GOES_ON).splitlines()[-1])
    assert said["guards"] == [] and said["breaks"] == 0 and said["told"] == 0 and said["sealed"] is True
    assert said["append only"] in ("IntegrityError", "OperationalError", "DatabaseError")
    return said


@pytest.mark.parametrize("commit", sorted(p.name.partition(".")[0] for p in FORMER.glob("*.tar.xz")))
def test_a_house_of_a_former_state_is_upgraded_with_every_row_and_goes_on(commit, tmp_path):
    house = unpacked(commit, tmp_path / "var")
    before = rows(house.database)
    copy = tmp_path / "before.sqlite3"
    copy.write_bytes(house.database.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "kalata", "prepare"], env=house.environment, capture_output=True, text=True, timeout=3000
    )
    assert done.returncode == 0, done.stderr
    said = judged(house, before)
    if (house.var / "log").exists():
        assert said["logs"] and set(said["logs"].values()) == {None}
        assert house.kalata("log", "compare").returncode == 0
    back = House(tmp_path / "var", KALATA_DEMO="1")  # rolled back: the file of before is what the former build opens
    back.database.write_bytes(copy.read_bytes())
    assert rows(back.database) == before
