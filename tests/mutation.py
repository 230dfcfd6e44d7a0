"""Mutation testing of the rules: `make mutate`. Each small change of a rule must be seen by a test.

mutmut runs the tests in forks of one process: no start per change, no network, BSD licence; cosmic-ray starts an
interpreter for each change, ten times the time here. Properties are tried on one example in twenty-five, once, always
the same ones. Sentences (`_("…")`) are left out: their words are for the tests of translation.

What it does not see: tables written at the level of a module and functions under a decorator. Their values are held
by the tests at each boundary.

    python tests/mutation.py                                    every rule, eight hours at most
    python tests/mutation.py --files 'deadlines/rules/counting.py' --tests tests/rules/test_deadline_counting.py

The report is var/mutation/report.md; survivors that are understood are in docs/mutation.csv, others count against
the five in a hundred that may live.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
EXPLAINED = HOUSE / "docs" / "mutation.csv"
MOST = 5
SEEN = {
    1: "killed",
    3: "killed",
    -11: "killed",
    36: "timeout",
    -24: "timeout",
    24: "timeout",
    152: "timeout",
    255: "timeout",
}
STATES = ("killed", "timeout", "survived", "no tests", "other", "not run")


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    state: str


def state_of(code: int | None) -> str:
    if code is None:
        return "not run"
    return SEEN.get(code) or {0: "survived", 5: "no tests", 33: "no tests"}.get(code, "other")


def prepared(work: Path, files: list[str], tests: list[str]) -> None:
    """A copy of the house to change: mutmut writes beside its sources. What did not change is not tried again."""
    for name in ("src", "tests", "docs", "tools", "bin"):
        if (HOUSE / name).exists():
            shutil.copytree(HOUSE / name, work / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    text = (HOUSE / "pyproject.toml").read_text()
    if files:
        text = re.sub(
            r"(?m)^only_mutate = .*$", f"only_mutate = {json.dumps([f'src/kalata/{f}' for f in files])}", text
        )
    if tests:
        text = re.sub(r"(?m)^(pytest_add_cli_args_test_selection) = .*$", rf"\1 = {json.dumps(tests)}", text)
    (work / "pyproject.toml").write_text(text)


def run(work: Path, minutes: float, children: int) -> bool:
    """Try the changes until all are tried (True) or the time is over."""
    shared = os.environ.get("KALATA_SHARED", str(HOUSE.parent / "shared" / "data"))
    env = {**os.environ, "KALATA_EXAMPLES": "0.04", "KALATA_SHARED": shared, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
    child = subprocess.Popen(command, cwd=work, env=env, start_new_session=True)
    try:
        child.wait(minutes * 60)
        print("mutmut ended with", child.returncode)
        return child.returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGINT)
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait(30)


def found_in(work: Path) -> list[Mutant]:
    out = []
    for meta in sorted((work / "mutants").rglob("*.meta")):
        file = str(meta.relative_to(work / "mutants")).removesuffix(".meta").removeprefix("src/kalata/")
        codes = json.loads(meta.read_text()).get("exit_code_by_key", {})
        out += [Mutant(name, file, state_of(code)) for name, code in codes.items()]
    return out


def change(work: Path, name: str) -> tuple[str, str]:
    """(before, after): the lines that a mutant takes out and puts in."""
    shown = subprocess.run([sys.executable, "-m", "mutmut", "show", name], cwd=work, capture_output=True, text=True)
    lines = shown.stdout.splitlines()
    minus = [x[1:].strip() for x in lines if x.startswith("-") and not x.startswith("---")]
    plus = [x[1:].strip() for x in lines if x.startswith("+") and not x.startswith("+++")]
    return " ".join(minus), " ".join(plus)


def explained() -> dict[tuple[str, str, str], str]:
    if not EXPLAINED.exists():
        return {}
    with EXPLAINED.open(encoding="utf-8", newline="") as source:
        return {(r["file"], r["before"], r["after"]): r["why_en"] for r in csv.DictReader(source)}


def report(work: Path, mutants: list[Mutant], whole: bool) -> tuple[str, float]:
    """The report, and the share in a hundred of the changes tried that no test sees and nobody has explained."""
    known = explained()
    files = sorted({m.file for m in mutants})
    rows = ["| file | " + " | ".join(STATES) + " |", "|" + " --- |" * (len(STATES) + 1)]
    for file in [*files, ""]:
        mine = [m for m in mutants if not file or m.file == file]
        counts = [sum(m.state == s for m in mine) for s in STATES]
        rows.append(f"| {file or 'all'} | " + " | ".join(map(str, counts)) + " |")
    tried = [m for m in mutants if m.state != "not run"]
    alive = [m for m in tried if m.state in ("survived", "no tests", "other")]
    told, untold = [], []
    for one in alive:
        before, after = change(work, one.name)
        why = known.get((one.file, before, after))
        (told if why else untold).append(
            f"* `{one.file}` {one.name.rsplit('.', 1)[-1]} ({one.state})\n  `{before}` → `{after}`"
            + (f"\n  {why}" if why else "")
        )
    share = 100 * len(untold) / len(tried) if tried else 0.0
    seen = 100 * (len(tried) - len(alive)) / len(tried) if tried else 0.0
    head = [
        "# Mutation testing of the rules", "",
        f"{len(tried)} changes tried{'' if whole else ' before the time was over'}, {seen:.1f} % seen by a test,"
        f" {len(told)} explained, {len(untold)} not ({share:.1f} %).", "",
    ]  # fmt: skip
    return "\n".join(
        [*head, *rows, "", "## Not seen, not explained", "", *untold, "", "## Explained", "", *told, ""]
    ), share


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--minutes", type=float, default=480)
    given.add_argument("--children", type=int, default=os.cpu_count() or 1)
    given.add_argument("--files", nargs="*", default=[], help="below src/kalata, a pattern each")
    given.add_argument("--tests", nargs="*", default=[])
    given.add_argument("--work", type=Path, default=HOUSE / "var" / "mutation")
    asked = given.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    prepared(asked.work, asked.files, asked.tests)
    whole = run(asked.work, asked.minutes, asked.children)
    print("whole" if whole else "not whole")
    text, share = report(asked.work, found_in(asked.work), whole)
    (asked.work / "report.md").write_text(text, encoding="utf-8")
    print(text.split("## Not seen")[0])
    print(f"{asked.work / 'report.md'}")
    return 0 if share <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
