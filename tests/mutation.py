"""Mutation testing of the rules: `make mutate`. Each small change of a rule must be seen by a test.

One warm process: the tests run once, and each line of the rules remembers which tests came by. Then, for each change,
a fork puts the changed code into the function that is already loaded and runs only the tests of that line, the
quickest first, until one fails: no start, no import, no copy of the house. Properties are tried on one example in
twenty-five, always the same ones; what lives through that meets all of them. Sentences (`_("…")`) are left out: their words are for the tests of translation.

What it does not see: tables written at the level of a module, default values, and decorators. Their values are held by
the tests at each boundary.

    python tests/mutation.py                                    every rule
    python tests/mutation.py --files 'results/rules/seats.py' --tests tests/rules/test_seats.py --minutes 10

The report is var/mutation/report.md; survivors that are understood are in docs/mutation.csv, others count against
the five in a hundred that may live.
"""

from __future__ import annotations

import argparse
import ast
import csv
import functools
import gc
import os
import random
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
SOURCE = HOUSE / "src" / "kalata"
EXPLAINED = HOUSE / "docs" / "mutation.csv"
MOST = 5
STATES = ("killed", "timeout", "survived", "no tests", "not run")
CACHED = type(functools.cache(len))
PLENTY = 20.0
"""Seconds of processor beyond what its tests took, after which a change is known by never ending."""


# --- the changes ----------------------------------------------------------------------------------
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Div: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
NAMED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Change(ast.NodeTransformer):
    """Counts every change one function can take, and makes the one whose number is asked."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted, self.seen = wanted, 0
        self.found: list[tuple[int, str, str]] = []  # (line, before, after)

    def one(self, node: ast.AST, after: ast.AST) -> ast.AST:
        number, self.seen = self.seen, self.seen + 1
        if self.wanted < 0:
            self.found.append((node.lineno, ast.unparse(node), ast.unparse(after)))  # type: ignore[attr-defined]
        return ast.copy_location(after, node) if number == self.wanted else node

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            return node
        if isinstance(node, ast.JoinedStr | ast.AnnAssign):
            return node if isinstance(node, ast.JoinedStr) else self.annotated(node)
        node = self.generic_visit(node)
        for after in self.others(node):
            made = self.one(node, after)
            if made is not node:
                return made
        return node

    def annotated(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def others(self, node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARED:
            yield ast.Compare(node.left, [COMPARED[type(node.ops[0])]()], node.comparators)
        elif isinstance(node, ast.BoolOp):
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.BinOp) and type(node.op) in RECKONED:
            yield ast.BinOp(node.left, RECKONED[type(node.op)](), node.right)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
        elif isinstance(node, ast.Name) and node.id in NAMED and isinstance(node.ctx, ast.Load):
            yield ast.Name(NAMED[node.id], ast.Load())
        elif isinstance(node, ast.IfExp):
            yield ast.IfExp(node.test, node.orelse, node.body)
        elif isinstance(node, ast.Continue):
            yield ast.Break()
        elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST, above: str = "") -> Iterator[tuple[str, Function]]:
    """(qualified name, node) of each outermost function of a module and its classes."""
    for node in getattr(tree, "body", ()):
        if isinstance(node, Function):
            yield above + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{above}{node.name}.")


def inside(node: Function, change: Change) -> None:
    """A function's own statements; its first string, its arguments and what decorates it stay."""
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    node.body = node.body[:told] + [change.visit(s) for s in node.body[told:]]


@dataclass
class Mutant:
    file: str
    function: str
    number: int
    line: int
    before: str
    """The line as it stands."""
    after: str
    """What of it becomes what."""
    state: str = "not run"


def mutants_of(path: Path) -> list[Mutant]:
    out = []
    source = path.read_text(encoding="utf-8")
    text = source.splitlines()
    for name, node in functions(ast.parse(source)):
        change = Change()
        inside(node, change)
        file = str(path.relative_to(SOURCE))
        for i, (line, was, now) in enumerate(change.found):
            out.append(Mutant(file, name, i, line, text[line - 1].strip(), f"{was} → {now}"))
    return out


def changed_code(one: Mutant) -> CodeType:
    """The code of the function as the change makes it, its nested functions within."""
    path = SOURCE / one.file
    tree = ast.parse(path.read_text(encoding="utf-8"))
    node = next(n for name, n in functions(tree) if name == one.function)
    inside(node, Change(one.number))
    whole = compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)
    waiting = [whole]
    while waiting:
        code = waiting.pop()
        if code.co_qualname == one.function:
            return code
        waiting += [c for c in code.co_consts if isinstance(c, CodeType)]
    raise LookupError(one.function)


# --- the tests ------------------------------------------------------------------------------------
@dataclass
class Walk:
    """A session of pytest that runs its tests once to see where they go, then each change under those that came by."""

    paths: list[Path]
    minutes: float
    children: int
    work: Path
    mutants: list[Mutant] = field(default_factory=list)
    lines: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    cost: dict[int, float] = field(default_factory=dict)
    red: list[str] = field(default_factory=list)
    number: int = 0

    def pytest_runtestloop(self, session: Any) -> bool:
        from _pytest.runner import runtestprotocol

        wanted = {str(p) for p in self.paths}

        def enter(frame: FrameType, event: str, _arg: Any) -> Any:
            return local if frame.f_code.co_filename in wanted else None

        def local(frame: FrameType, event: str, _arg: Any) -> Any:
            if event == "line":
                self.lines[frame.f_code.co_filename, frame.f_lineno].add(self.number)
            return local

        for self.number, item in enumerate(session.items):
            following = session.items[self.number + 1] if self.number + 1 < len(session.items) else None
            started = time.process_time()
            sys.settrace(enter)
            try:
                reports = runtestprotocol(item, log=False, nextitem=following)
            finally:
                sys.settrace(None)
            self.cost[self.number] = time.process_time() - started
            if any(r.failed for r in reports):  # with so few examples, or for any other cause: it cannot judge a change
                self.red.append(item.nodeid)
                for seen in self.lines.values():
                    seen.discard(self.number)
        self.mutants = [m for p in self.paths for m in mutants_of(p)]
        random.Random(1).shuffle(self.mutants)  # time that ends early has seen something of every file
        print(f"{len(session.items)} tests, {sum(self.cost.values()):.0f} s; {len(self.mutants)} changes", flush=True)
        print(*(f"fails without any change, left out: {name}" for name in self.red), sep="\n", flush=True)
        self.try_all(session.items)
        return True

    def try_all(self, items: list[Any]) -> None:
        loaded: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        caches = []
        gc.unfreeze()  # tests/guards.py freezes what the start made: frozen functions are in no list
        for thing in gc.get_objects():
            if type(thing) is FunctionType:
                loaded[thing.__code__.co_filename, thing.__code__.co_qualname].append(thing)
            elif type(thing) is CACHED and getattr(thing, "__module__", "").startswith("kalata."):
                caches.append(thing)
        until = time.monotonic() + self.minutes * 60
        running: dict[int, Mutant] = {}
        for one in self.mutants:
            path = str(SOURCE / one.file)
            tests = sorted(self.lines.get((path, one.line), ()), key=self.cost.__getitem__)
            into = loaded[path, one.function]
            if not tests or not into:
                one.state = "no tests"
                continue
            while len(running) >= self.children:
                self.heard(running)
            if time.monotonic() > until:
                break
            pid = os.fork()
            if not pid:
                attempt(one, into, caches, [items[t] for t in tests], sum(self.cost[t] for t in tests))
            running[pid] = one
        while running:
            self.heard(running)

    def heard(self, running: dict[int, Mutant]) -> None:
        pid, status = os.wait()
        if pid in running:
            one = running.pop(pid)
            one.state = "timeout" if os.WIFSIGNALED(status) else "survived" if status == 0 else "killed"
            done = sum(m.state != "not run" for m in self.mutants)
            if done % 50 == 0:  # what was found is there, however it ends
                print(f"{done} of {len(self.mutants)}", flush=True)
                kept(self.work, report(self.mutants)[0])


def attempt(one: Mutant, into: list[FunctionType], caches: list[Any], items: list[Any], cost: float) -> None:
    """In a fork: put the change in, run the tests that came by its line, end with 1 at the first that fails."""
    from _pytest.runner import runtestprotocol

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    properties = sum(getattr(item, "whole", None) is not None for item in items)
    most = int(cost * 30 + PLENTY * (1 + properties))
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    signal.alarm(most * 20)
    try:
        code = changed_code(one)
        for function in into:
            function.__code__ = code
        for cached in caches:
            cached.cache_clear()
        for item in items:
            if any(r.failed for r in runtestprotocol(item, log=False, nextitem=None)):
                os._exit(1)
        for item in items:
            if (whole := getattr(item, "whole", None)) is not None:
                function = getattr(item.obj, "__func__", item.obj)
                function._hypothesis_internal_use_settings = whole
                if any(r.failed for r in runtestprotocol(item, log=False, nextitem=None)):
                    os._exit(1)
    except BaseException:
        os._exit(1)
    os._exit(0)


# --- the report -----------------------------------------------------------------------------------
def explained() -> dict[tuple[str, str, str, str], str]:
    if not EXPLAINED.exists():
        return {}
    with EXPLAINED.open(encoding="utf-8", newline="") as source:
        return {(r["file"], r["function"], r["before"], r["after"]): r["why_en"] for r in csv.DictReader(source)}


def report(mutants: list[Mutant]) -> tuple[str, float]:
    """The report, and the share in a hundred of the changes tried that no test sees and nobody has explained."""
    known = explained()
    files = sorted({m.file for m in mutants})
    rows = ["| file | " + " | ".join(STATES) + " |", "|" + " --- |" * (len(STATES) + 1)]
    for file in [*files, ""]:
        mine = [m for m in mutants if not file or m.file == file]
        counts = [sum(m.state == s for m in mine) for s in STATES]
        rows.append(f"| {file or 'all'} | " + " | ".join(map(str, counts)) + " |")
    tried = [m for m in mutants if m.state != "not run"]
    alive = [m for m in tried if m.state in ("survived", "no tests")]
    told, untold = [], []
    for one in sorted(alive, key=lambda m: (m.file, m.line)):
        why = known.get((one.file, one.function, one.before, one.after))
        (told if why else untold).append(
            f"* `{one.file}:{one.line}` {one.function} ({one.state})\n  `{one.before}`: `{one.after}`"
            + (f"\n  {why}" if why else "")
        )
    share = 100 * len(untold) / len(tried) if tried else 0.0
    seen = 100 * (len(tried) - len(alive)) / len(tried) if tried else 0.0
    head = [
        "# Mutation testing of the rules", "",
        f"{len(tried)} changes of {len(mutants)} tried, {seen:.1f} % seen by a test, {len(told)} explained,"
        f" {len(untold)} not ({share:.1f} %).", "",
    ]  # fmt: skip
    text = [*head, *rows, "", "## Not seen, not explained", "", *untold, "", "## Explained", "", *told, ""]
    return "\n".join(text), share


def kept(work: Path, text: str) -> None:
    work.mkdir(parents=True, exist_ok=True)
    (work / "report.md").write_text(text, encoding="utf-8")


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--minutes", type=float, default=480)
    given.add_argument("--children", type=int, default=os.cpu_count() or 1)
    given.add_argument("--files", nargs="*", default=["*/rules/*.py"], help="below src/kalata, a pattern each")
    given.add_argument("--tests", nargs="*", default=["tests/rules"])
    given.add_argument("--work", type=Path, default=HOUSE / "var" / "mutation")
    asked = given.parse_args()
    os.chdir(HOUSE)
    os.environ |= {"KALATA_EXAMPLES": "0.04"}
    sys.path.insert(0, str(HOUSE))
    import pytest

    paths = sorted({p for pattern in asked.files for p in SOURCE.glob(pattern) if p.name != "__init__.py"})
    walk = Walk(paths, asked.minutes, asked.children, asked.work)
    options = ["-p", "no:xdist", "-p", "no:playwright", "-p", "no:randomly", "-s", "-q"]
    pytest.main([*options, *asked.tests], plugins=[walk])
    if all(m.state in ("not run", "no tests") for m in walk.mutants):
        print("nothing was tried: no test came by any changed line, or none of its functions was found")
        return 2
    text, share = report(walk.mutants)
    kept(asked.work, text)
    print(text.split("## Not seen")[0])
    print(f"{asked.work / 'report.md'}")
    return 0 if share <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
