"""Acts of the house killed for real: one process prepared once, forked for each act, ended by SIGKILL with all it started.

`python -m tests.kills MODULE` reads jobs (one JSON line each) and forks: the child enters the house that it is told,
does the steps one after the other and says each that was done, as a desk sees it answered. It is killed by the test at
any instant, or by itself just before or just after one of its commits: the two instants that matter most, which chance
seldom finds. The house is put back before each; its database is a copy, so that PostgreSQL serves as well as SQLite.

What a signal shows is the death of a process. That a commit outlives the power of the machine is the database's own
promise, asked for by the settings (`synchronous=FULL`; fsync of PostgreSQL), and no test here can take it away.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.guards import MARK

ROOT = Path(__file__).parents[1]
FOLDERS = {"MEDIA_ROOT": "files", "COUNTER_KEYS": "counters", "COURT_KEYS": "court"}
"""Settings that name folders of a house which an act may write into."""

FAST = (2, 8, 1)
"""Files of keys are sealed at the least cost, as in the rest of the suite (`keys_open_fast`)."""


# --- the child ----------------------------------------------------------------------------------
def say(**told: Any) -> None:
    """One line to the test, whole: a pipe takes so short a line at once."""
    os.write(1, json.dumps(told).encode() + b"\n")


def entered(job: dict[str, Any]) -> None:
    """This process works in the house of the job from now on."""
    from django.conf import settings
    from django.db import connection

    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = job["database"]
    for name, folder in job["folders"].items():
        setattr(settings, name, folder)
    os.environ.update(job["environment"])
    os.chdir(job["home"])


def cutting(cut: Sequence[Any] | None) -> Callable[[], int]:
    """Die at a commit where the job says so: (its number, "before" or "after"). Returns how many there were."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    count, plain = [0], BaseDatabaseWrapper._commit

    def commit(self):
        count[0] += 1
        if cut and [count[0], "before"] == list(cut):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        plain(self)
        if cut and [count[0], "after"] == list(cut):
            os.killpg(os.getpgrp(), signal.SIGKILL)

    BaseDatabaseWrapper._commit = commit
    return lambda: count[0]


def acted(job: dict[str, Any]) -> None:
    """Do the steps of a job, each said when it is done, or with the code it is refused by."""
    from kalata.refusals import Refused

    entered(job)
    commits = cutting(job.get("cut"))
    say(begun=os.getpid())
    for step in job["steps"]:
        module, name = step.split(":")
        try:
            told = getattr(importlib.import_module(module), name)()
            say(did=name, told=told)
        except Refused as refused:
            say(did=name, refused=refused.code)
    say(whole=True, commits=commits())


def main() -> None:
    import django

    django.setup()
    from kalata import bounded
    from kalata.disputes.signing import authority
    from kalata.transparency import keys

    keys.COST = authority.COST = FAST

    def here(request, limits, file):
        asked = json.loads(request)
        Path(asked["answer"]).write_bytes(json.dumps(bounded.answered(asked)).encode())
        return 0

    bounded.watched = here  # an honest file of a few lines, as `tests.conftest` has it read
    for module in sys.argv[1:]:
        importlib.import_module(module)
    say(ready=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                os.setpgid(0, 0)
                acted(json.loads(line))
            except BaseException as why:
                import traceback

                say(failed=f"{why!r}"[:400])
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        say(ended=child, signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)


# --- the test -----------------------------------------------------------------------------------
@dataclass
class Done:
    """What was heard of an act: the steps said, each with what it told or the code that refused it."""

    said: list[dict[str, Any]] = field(default_factory=list)
    commits: int = 0
    whole: bool = False
    seconds: float = 0.0

    @property
    def acknowledged(self) -> list[str]:
        return [one["did"] for one in self.said if "refused" not in one]

    def told(self) -> Any:
        return self.said[-1].get("told")

    def codes(self) -> list[str]:
        return [one.get("refused", "") for one in self.said]


class House:
    """A house as the test has prepared it, put back as often as wanted in a folder of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.environment = home, environment
        home.mkdir()
        self.kept()

    def kept(self) -> None:
        """Take what the test has prepared: its database, and the folders that its settings name."""
        from django.conf import settings
        from django.db import connection

        self.vendor, self.source = connection.vendor, connection.settings_dict["NAME"]
        connection.close()
        if self.vendor == "sqlite":
            with closing(sqlite3.connect(self.source)) as mine, closing(sqlite3.connect(self.home / "base")) as base:
                mine.backup(base)
            self.database = str(self.home / "house.sqlite3")
        else:
            self.base, self.database = f"{self.source}_base", f"{self.source}_house"
            self.copied(self.source, self.base)
        for name, folder in FOLDERS.items():
            if Path(getattr(settings, name)).is_dir():
                shutil.copytree(getattr(settings, name), self.home / "base-of" / folder)
            else:
                (self.home / "base-of" / folder).mkdir(parents=True)

    def copied(self, source: str, to: str) -> None:
        from django.db import connection

        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{to}" with (force)')
            cursor.execute(f'create database "{to}" template "{source}"')

    def put_back(self) -> None:
        """The house as it was before the act."""
        if self.vendor == "sqlite":
            for more in ("", "-wal", "-shm"):
                Path(self.database + more).unlink(missing_ok=True)
            shutil.copyfile(self.home / "base", self.database)
        else:
            self.copied(self.base, self.database)
        shutil.rmtree(self.home / "now", ignore_errors=True)
        shutil.copytree(self.home / "base-of", self.home / "now")

    def job(self, steps: Sequence[str], cut: Sequence[Any] | None = None) -> dict[str, Any]:
        folders = {name: str(self.home / "now" / folder) for name, folder in FOLDERS.items()}
        return {
            "database": self.database, "folders": folders, "environment": self.environment, "home": str(self.home),
            "steps": list(steps), "cut": cut,
        }  # fmt: skip

    def close(self) -> None:
        if self.vendor != "sqlite":
            from django.db import connection

            with connection._nodb_cursor() as cursor:
                for name in (self.database, self.base):
                    cursor.execute(f'drop database if exists "{name}" with (force)')


class Killer:
    """The prepared process of a file of tests. It ends with the file, and by itself when nobody speaks to it any more."""

    def __init__(self, *modules: str) -> None:
        environment = {k: v for k, v in os.environ.items() if k != MARK}
        self.mother = subprocess.Popen(
            [sys.executable, "-m", "tests.kills", *modules], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**environment, "DJANGO_SETTINGS_MODULE": "kalata.settings.test", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert self.heard() == {"ready": True}

    def heard(self) -> dict[str, Any]:
        assert self.mother.stdout is not None
        line = self.mother.stdout.readline()
        assert line, "the prepared process has ended"
        return dict(json.loads(line))

    def run(
        self, house: House, steps: Sequence[str], *, cut: Sequence[Any] | None = None, after: float | None = None
    ) -> Done:
        """Do these steps in the house as it is. after: seconds until it is killed from outside."""
        assert self.mother.stdin is not None
        self.mother.stdin.write(json.dumps(house.job(steps, cut)) + "\n")
        self.mother.stdin.flush()
        done, failed = Done(), ""
        while "ended" not in (line := self.heard()):
            if "begun" in line:
                start = time.monotonic()
                if after is not None:
                    time.sleep(after)
                    killed(line["begun"])
            elif "did" in line:
                done.said.append(line)
            elif "whole" in line:
                done.whole, done.commits, done.seconds = True, line["commits"], time.monotonic() - start
            failed = failed or line.get("failed", "")
        assert not failed, failed
        assert line["signal"] in (0, signal.SIGKILL)
        return done

    def close(self) -> None:
        assert self.mother.stdin is not None and self.mother.stdout is not None
        self.mother.stdin.close()
        self.mother.wait(60)
        self.mother.stdout.close()


def killed(group: int) -> None:
    """End a process and all that it started."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def instants(count: int, whole: Done, *, seed: int) -> list[dict[str, Any]]:
    """How the kills are dealt: at the last commit (before it, after it), then at chance in the length of the whole act."""
    chance = random.Random(seed)
    edges = [{"cut": [whole.commits, when]} for when in ("before", "after")]
    return [*edges, *({"after": chance.random() * whole.seconds} for _n in range(count - len(edges)))][:count]


if __name__ == "__main__":
    main()
