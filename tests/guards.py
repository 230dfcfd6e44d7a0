"""What the suite promises of itself: no test depends on the machine's speed, none hangs in silence, none leaves a process.

* Hypothesis counts examples, never seconds: one profile, without deadline.
* A test that takes longer than `faulthandler_timeout` (pyproject) prints the stacks of all threads and ends its
  process. The standard faulthandler is used and not a plug-in: it also speaks when the interpreter is held by C code.
* Every process started under a test carries the name of the run; those still there at the end of their test are
  named and ended. Signals are heard after a test as before it, and files made with the same rights.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.sizes import NIGHTLY, size

settings.register_profile("kalata", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("kalata")

SCALE = float(os.environ.get("KALATA_EXAMPLES", "1"))
"""Under mutation testing: a part of the examples of each property, always the same ones, not shrunk."""


def pytest_collection_modifyitems(config, items):
    if not NIGHTLY:
        config.hook.pytest_deselected(items=[i for i in items if "nightly" in i.keywords])
        items[:] = [i for i in items if "nightly" not in i.keywords]
    for item in items:
        test = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        given = getattr(test, "_hypothesis_internal_use_settings", None)
        if given is not None:
            test._hypothesis_internal_use_settings = scaled(given)
            if SCALE < 1:  # a change that few examples let live is tried again on all of them
                item.whole = settings(given, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))


def scaled(given):
    """A property that asks for hundreds of examples gets a third of them in every run, all by night."""
    if SCALE < 1:
        phases = (Phase.explicit, Phase.generate)
        fewer = max(10, int(given.max_examples * SCALE))
        return settings(given, max_examples=fewer, derandomize=True, database=None, phases=phases)
    many = given.max_examples
    return settings(given, max_examples=size(many if many <= 100 else max(100, many // 3), many))


MARK = "KALATA_TEST_RUN"
LASTING = ("playwright", "chrom", "resource_tracker", "postgres", "pgserver")
"""Processes of a whole run, not of one test: they end with it."""


def start_marking() -> None:
    """Everything that this process starts from now on carries its number."""
    os.environ[MARK] = str(os.getpid())


def marked(owner: int) -> dict[int, str]:
    """The processes of one run, by pid, with their command lines; the run itself left out."""
    found: dict[int, str] = {}
    wanted = f"{MARK}={owner}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        try:
            if pid == owner or wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z" and line:
            found[pid] = line
    return found


def lasting(line: str) -> bool:
    return any(word in line.lower() for word in LASTING)


def ended(pids: dict[int, str], owner: int) -> dict[int, str]:
    """Those still there after a while. Each one that goes away gives the others more time."""
    left, patience = pids, 100
    while left and patience:
        time.sleep(0.05)
        now = {pid: line for pid, line in marked(owner).items() if pid in left}
        patience = 100 if len(now) < len(left) else patience - 1
        left = now
    return left


def kill(pids: dict[int, str]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue


started = 0
"""How many processes this one has started so far, by whatever way Python has."""


def counting(
    event, _args, ways=frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"})
):
    global started
    if event in ways:
        started += 1


def count_processes():
    """multiprocessing starts its own by a function of C that tells nobody."""
    import _posixsubprocess

    inner = _posixsubprocess.fork_exec

    def fork_exec(*args):
        global started
        started += 1
        return inner(*args)

    if inner.__name__ != "fork_exec" or not hasattr(inner, "__code__"):
        _posixsubprocess.fork_exec = fork_exec
        sys.addaudithook(counting)


looked_at, there = -1, frozenset()


def now_there(owner):
    """The marked processes: looked for again only where one was started since the last look."""
    global looked_at, there
    if looked_at != started:
        looked_at, there = started, frozenset(marked(owner))
    return there


@pytest.fixture(autouse=True)
def nobody_left_behind(request):
    """Processes a test started are gone when it ends, and the signals are heard as before."""
    owner = os.getpid()
    before, count = now_there(owner), started
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)  # a command run in this process makes everything private, its own files and those of the next test
    changed = [n for n, handler in handlers.items() if signal.getsignal(n) != handler]
    for number in changed:
        signal.signal(number, handlers[number] if handlers[number] is not None else signal.SIG_DFL)
    left = marked(owner) if started != count else {}
    left = {pid: line for pid, line in left.items() if pid not in before and not lasting(line)}
    left = ended(left, owner) if left else {}
    kill(left)
    assert not changed, f"handlers left behind: {[signal.Signals(n).name for n in changed]}"
    assert not left, f"processes left behind: {left}"


def pytest_configure(config):
    start_marking()
    count_processes()
    if not NIGHTLY:
        forget_constants()


def forget_constants() -> None:
    """Hypothesis reads every file of ours for the constants in it (nine seconds of processor in each process) and draws
    one value in twenty from them: by night only. What is drawn no more depends on which modules another test loaded."""
    from hypothesis.internal.conjecture import providers

    assert providers.is_local_module_file
    providers.is_local_module_file = lambda _file: False


def pytest_collection_finish(session):
    """What is loaded by now stays until the end: it is not looked through for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish(session, exitstatus):
    left = {pid: line for pid, line in marked(os.getpid()).items() if not lasting(line)}
    if not hasattr(session.config, "workerinput") and session.config.getoption("numprocesses", None):
        return  # the workers are of this run too: each looks after its own
    kill(ended(left, os.getpid()) if left else {})
