"""`kalata rehearse`: a synthetic night in a house of its own, played through HTTP by many processes, then audited."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kalata.processes import die_with
from kalata.tally.rehearsal import players

Say = Callable[[str], None]


@dataclass
class Drill:
    """How the night is played. think: seconds a clerk takes for one form; kills: processes of the
    house killed without warning; least: acknowledged acts below which nothing was measured (0: four a kill, one at least)."""

    papers: int = 120
    clerks: int = 8
    lost: int = 3
    flawed: int = 25
    misread: float = 0.03
    drafts: float = 0.2
    think: float = 0.2
    kills: int = 0
    least: int = 0
    minutes: float = 20
    workers: int = 3
    seed: int = 1
    entry_only: bool = False
    processes: int = 2
    database: str = ""
    keep: str = ""


TARGETS = ("supervisor", "web process", "sequencer", "web", "worker")
"""What is killed, in turn. With its supervisor the whole house stops and is started again; any other part is started again by it."""


class House:
    """The house of the drill, as `kalata serve` runs it: started, one process killed without warning, started again."""

    def __init__(self, var: Path, drill: Drill) -> None:
        self.var, self.drill = var, drill
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ, "KALATA_VAR": str(var), "KALATA_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "kalata.settings.office"),
            **({"DATABASE_URL": drill.database} if drill.database else {}),
        }  # fmt: skip
        if not drill.database:
            self.environment.pop("DATABASE_URL", None)
        self.server: subprocess.Popen[bytes] | None = None
        self.used = 0.0
        self.orphans = 0

    def manage(self, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "kalata", "manage", *args],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def start(self) -> None:
        line = [sys.executable, "-m", "kalata", "serve", "--port", str(self.port), "--workers", str(self.drill.workers)]
        said = (self.var / "serve.txt").open("ab")
        here = os.getpid()
        self.server = subprocess.Popen(
            line, env=self.environment, stdout=said, stderr=said, start_new_session=True, preexec_fn=lambda: die_with(here)
        )  # fmt: skip
        said.close()
        until = time.monotonic() + 300
        while time.monotonic() < until and self.server.poll() is None:
            if self.answers():
                self.used -= self.seconds(self.below())  # starting is not serving
                return
            time.sleep(0.1)
        raise RuntimeError((self.var / "serve.txt").read_text(errors="replace")[-2000:])

    def below(self) -> dict[int, tuple[str, int]]:
        """pid -> (part, ticks of CPU) of every process of the house, the supervisor included."""
        assert self.server is not None
        rows: dict[int, tuple[int, str, int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    called, rest = (entry / "stat").read_text().rsplit(")", 1)
                    fields, words = rest.split(), called.partition("(")[2]
                except OSError:
                    continue
                rows[int(entry.name)] = (int(fields[1]), words, int(fields[11]) + int(fields[12]))
        top = self.server.pid
        found = {top: ("supervisor", rows[top][2])} if top in rows else {}
        for pid, (parent, words, ticks) in rows.items():
            if parent == top:
                found[pid] = (next((p for p in ("sequencer", "worker") if f"kalata-{p}"[:15] == words), "web"), ticks)
        for pid, (parent, _words, ticks) in rows.items():
            if found.get(parent, ("", 0))[0] == "web":
                found[pid] = ("web process", ticks)
        return found

    def kill(self, part: str) -> None:
        """One process of that part ends by SIGKILL; the house is whole again when this returns. RuntimeError: it is not."""
        assert self.server is not None
        before = self.below()
        victim = next((pid for pid, (name, _t) in before.items() if name == part), self.server.pid)
        if victim != self.server.pid:
            os.kill(victim, signal.SIGKILL)
            self.used += self.seconds({victim: before[victim]})
            self.whole(part, set(before))
            return
        os.kill(victim, signal.SIGKILL)
        self.used += self.seconds(before)
        self.server.wait()
        self.server = None
        until = time.monotonic() + 20
        while (left := [p for p in before if Path(f"/proc/{p}").exists()]) and time.monotonic() < until:
            time.sleep(0.05)
        self.orphans += len(left)
        self.start()

    def whole(self, part: str, before: set[int]) -> None:
        """Wait until the supervisor has started this part again, and the house answers."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if any(name == part and pid not in before for pid, (name, _t) in self.below().items()) and self.answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{part} was not started again: {(self.var / 'serve.txt').read_text(errors='replace')[-2000:]}")

    def answers(self) -> bool:
        with suppress(OSError, http.client.HTTPException):
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            link.request("GET", "/sante")
            return link.getresponse().status == 200
        return False

    def close(self) -> None:
        """The night is over: nothing of it goes on running."""
        if self.server is None:
            return
        before = self.below()
        self.used += self.seconds(before)
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(60)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.server = None

    @staticmethod
    def seconds(processes: dict[int, tuple[str, int]]) -> float:
        return sum(ticks for _part, ticks in processes.values()) / os.sysconf("SC_CLK_TCK")


COST = {
    "reception": 2, "scanning": 2, "submit": 2, "draft": 1, "arbitration": 2, "review": 3, "approval": 2, "sitting": 2,
    "validation": 2, "batch": 2,
}  # fmt: skip
"""Requests that each act takes a browser, the page it leads to included; looking at an empty queue is not work."""


def nearest(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def run(drill: Drill, say: Say = lambda text: None) -> dict[str, Any]:
    """Play the night and return its report. Raises RuntimeError where the stage cannot be set."""
    folder = Path(drill.keep or tempfile.mkdtemp(prefix="kalata-rehearsal-"))
    folder.mkdir(parents=True, exist_ok=True)
    house = House(folder / "var", drill)
    try:
        say("stage")
        house.manage("migrate", "--verbosity", "0")
        options = ["--papers", str(drill.papers), "--clerks", str(drill.clerks), "--lost", str(drill.lost)]
        options += ["--flawed", str(drill.flawed), "--seed", str(drill.seed)]
        say(
            house.manage(
                "prepare_rehearsal", str(folder), *options, *(["--scanned"] if drill.entry_only else [])
            ).strip()
        )
        plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        house.start()
        begun = time.time()
        say("night")
        seen, killed = night_of(drill, house, plan, say)
        lasted = time.time() - begun
        house.close()
        acknowledged = [json.dumps(a) for s in seen for a in s["acknowledged"]]
        (folder / "acknowledged.ndjson").write_text("\n".join(acknowledged), encoding="utf-8")
        audit = json.loads(house.manage("audit_rehearsal", str(folder)))
        return report(drill, seen, audit, lasted, killed, house)
    finally:
        house.close()
        if not drill.keep:
            shutil.rmtree(folder, ignore_errors=True)


def cast_of(drill: Drill, plan: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """Who plays in which process."""
    clerks = [("clerk", name) for name in plan["clerks"]]
    groups = [clerks[i :: drill.processes] for i in range(drill.processes)]
    if not drill.entry_only:
        groups.append([
            ("reception", "reception"), ("arbiter", "arbitre"), ("arbiter", "arbitre-2"), ("reviewer", "controle"), ("approver", "controle-2"),
            ("commissioner", "commission"), ("member", "commission-2"),
        ])  # fmt: skip
    return groups


def night_of(drill: Drill, house: House, plan: dict[str, Any], say: Say) -> tuple[list[dict[str, Any]], int]:
    context = multiprocessing.get_context("spawn")
    out: Any = context.Queue()
    over = context.Event()
    until = time.time() + drill.minutes * 60
    night = players.Night(
        plan, house.port, drill.think, drill.misread, drill.drafts, until, 1.0 if drill.think < 5 else 5.0
    )
    groups = cast_of(drill, plan)
    team = [
        context.Process(target=players.play, args=(g, night, drill.seed * 100 + i, out, over))
        for i, g in enumerate(groups)
    ]
    seen: list[dict[str, Any]] = []
    for one in team:
        one.start()
    opening = [[("reception", "reception")], [("scanner", "numerisation")]] if not drill.entry_only else []
    line = [context.Process(target=players.play, args=(g, night, 77 + i, out, over)) for i, g in enumerate(opening)]
    team += line
    try:
        killed = through(drill, house, team, line, out, over, seen, until, say)
        if not drill.entry_only:
            for part, name in (("publisher", "publication-1"), ("approver", "publication-2")):
                last = context.Process(target=players.play, args=([(part, name)], night, 99, out, over))
                team.append(last)
                last.start()
                seen.append(json.loads(out.get(timeout=300)))
    finally:
        over.set()
        for one in team:
            if one.pid is not None:
                one.join(30)
                one.kill()  # of no effect on one that has ended
    return seen, killed


def through(
    drill: Drill, house: House, team: list[Any], line: list[Any], out: Any, over: Any, seen: list[dict[str, Any]],
    until: float, say: Say,
) -> int:  # fmt: skip
    """The hours of the night: who ends is heard, processes are killed in turn. Returns how many."""
    chance, killed = random.Random(drill.seed), 0
    while len(seen) < len(team):
        if line and (line[0].pid is None or not line[0].is_alive()):  # the scanner follows reception
            if line[0].pid is not None:
                line.pop(0)
            if line:
                line[0].start()
        try:
            seen.append(json.loads(out.get(timeout=chance.uniform(1.0, 3.0))))
        except Exception as empty:  # queue.Empty of the spawn context
            if type(empty).__name__ != "Empty":
                raise
        if killed < drill.kills and len(seen) < len(team):
            house.kill(part := TARGETS[killed % len(TARGETS)])
            killed += 1
            say(f"kill -9 n° {killed}: {part}")
        if time.time() > until + 30:
            over.set()
    return killed


def report(
    drill: Drill, seen: list[dict[str, Any]], audit: dict[str, Any], lasted: float, killed: int, house: House
) -> dict[str, Any]:
    """What the night shows, for people and for the bench."""
    times: dict[str, list[float]] = {}
    refused: dict[str, int] = {}
    done: dict[str, int] = {}
    for one in seen:
        for kind, values in one["times"].items():
            times.setdefault(kind, []).extend(values)
        for code, n in one["refused"].items():
            refused[code] = refused.get(code, 0) + n
        for part, n in one["done"].items():
            done[part] = done.get(part, 0) + n
    every = [t for values in times.values() for t in values]
    finished = sum(audit["papers"].get(s, 0) for s in ("validated", "published"))
    lasted = audit["worked_seconds"] or lasted
    cpu = house.used
    faults = [f for one in seen for f in one["faults"]]
    faults += [f"{house.orphans} processes outlived their house"] if house.orphans else []
    least = drill.least or max(1, 4 * drill.kills)
    measured = audit["acknowledged"] >= least and killed >= drill.kills
    bad = (
        "lost_updates",
        "illegal_passages",
        "broken_chains",
        "same_person_twice",
        "entries_twice",
        "outside_sittings",
        "partial",
        "totals_differ",
    )
    return {
        "drill": {k: v for k, v in drill.__dict__.items() if k not in ("keep", "database")},
        "database": "postgresql" if drill.database else "sqlite",
        "seconds": round(lasted, 1),
        "requests": len(every),
        "requests_per_form": round(sum(COST.get(k, 0) * len(v) for k, v in times.items()) / finished, 1) if finished else None,
        "server_cpu_per_form": round(cpu / finished, 3) if finished else None,
        "server_cpu_per_entry": round(cpu / done["clerk"], 4) if done.get("clerk") else None,
        "forms_per_hour": round(3600 * finished / lasted) if finished else 0,
        "entries_per_hour": round(3600 * done.get("clerk", 0) / lasted),
        "milliseconds": {
            kind: {"n": len(v), "p50": round(1000 * nearest(v, 0.5)), "p95": round(1000 * nearest(v, 0.95)), "p99": round(1000 * nearest(v, 0.99))}
            for kind, v in sorted(times.items())
        },
        "p99": round(1000 * nearest(every, 0.99)),
        "done": done,
        "refused": refused,
        "faults": faults[:20],
        "fault_count": len(faults),
        "power_cuts": killed,
        "retries_after_cut": sum(one["cuts"] for one in seen),
        "audit": audit,
        "least": least,
        "measured": measured,
        "sound": measured and not faults and not any(audit[k] for k in bad),
    }  # fmt: skip
