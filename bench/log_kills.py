"""The sequencer killed with -9 at any moment: nothing announced is lost, nothing is doubled, no fork is ever signed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

KILLS = 50


def prepared() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from kalata.tally.demonstration import public_log
    from kalata.transparency import publiclog
    from tests.site import COMMON, SYSTEM

    rows = "station,part,name,centre,registered,constituency,level,area\n" + "".join(
        f"S{i},general,S{i},,700,,1,R\n" for i in range(400)
    )
    manifest = {
        "election": COMMON["election"], "contest": COMMON["contest"], "round": 1, "lists": [{"list": 1, "name": "A"}], "boxes": ["valid"],
        "expected": {"general": 400}, "rules": {}, "software": {}, "system": SYSTEM, "keeps": [], "exercise": True,
    }  # fmt: skip
    publiclog.open_log(
        name="c",
        manifest=manifest,
        stations=rows.encode(),
        areas=b"level,code,name,kind,parent_level,parent\n1,R,R,region,,\n",
    )
    public_log()


def announce(round_: int) -> None:
    from django.db import transaction

    from kalata.transparency import publiclog
    from kalata.transparency.models import PublicLog

    chance = random.Random(round_)
    bodies = [
        {
            "part": "general",
            "station": f"S{i}",
            "serial": 1,
            "status": "counted",
            "valid": v,
            "votes": [{"list": 1, "n": v}],
        }
        for i, v in ((chance.randrange(400), chance.randrange(900)) for _n in range(60))
    ]
    with transaction.atomic():
        publiclog.announce(PublicLog.objects.get(name="c"), "report", bodies)


def measure(line) -> None:
    with tempfile.TemporaryDirectory() as keep:
        os.environ |= {"KALATA_VAR": keep, "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1"}
        prepared()
        from kalata.transparency import folder, publiclog
        from kalata.transparency.models import LogEntry, Outbox, PublicLog
        from kalata.transparency.rules import canonical, notes
        from kalata.transparency.rules.merkle import check_consistency
        from kalata.transparency.verifying import verify

        chance, where, seen, killed = random.Random(1), Path(keep) / "log" / "c", [], 0
        log = folder.LogFolder(where)
        announce(KILLS)
        start = time.monotonic()
        subprocess.run([sys.executable, "-m", "kalata", "log", "sequence"], check=True, stdout=subprocess.DEVNULL)
        whole = time.monotonic() - start  # how long one takes here, now: a kill must fall into its work
        signed_before = len(log.tree())
        tries = 0
        while killed < KILLS and tries < 3 * KILLS:
            tries += 1
            announce(tries)
            child = subprocess.Popen(
                [sys.executable, "-m", "kalata", "log", "sequence"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(whole * (0.5 + 0.6 * chance.random()))
            if child.poll() is None:
                os.kill(child.pid, signal.SIGKILL)
                killed += 1
            child.wait()
            seen.append(notes.open_checkpoint(log.note(), log.vkeys())[0])
        subprocess.run([sys.executable, "-m", "kalata", "log", "sequence"], check=True, stdout=subprocess.DEVNULL)
        one = PublicLog.objects.get(name="c")
        tree = log.tree()
        for old, new in pairwise(seen):
            if old.size != new.size:
                check_consistency(old.size, new.size, old.root, new.root, tree.consistency(old.size, new.size))
            assert new.size >= old.size and (old.size != new.size or old.root == new.root)
        last: dict[str, int] = {}
        for body in Outbox.objects.filter(kind="report").order_by("pk").values_list("body", flat=True):
            last[body["station"]] = body["valid"]
        said: dict[str, int] = {}
        for data in LogEntry.objects.filter(log=one).order_by("index").values_list("data", flat=True):
            entry = canonical.read(bytes(data))
            if entry["kind"] in ("report", "revision"):
                said[entry["station"]] = entry["valid"]
        wrong = sum(said.get(s) != v for s, v in last.items()) + Outbox.objects.filter(done=False).count()
        valid = verify(where, [publiclog.trusted(one)[0].text()]).valid
        line(
            f"sequencer killed with -9: {killed} times in {tries}, {len(tree)} entries; lost, doubled or forked",
            str(wrong),
            "0",
            wrong == 0 and valid and not one.halted,
            of=len(tree) - signed_before if killed == KILLS else 0,
            least=200,
        )


if __name__ == "__main__":
    from bench.lines import line

    measure(line)
