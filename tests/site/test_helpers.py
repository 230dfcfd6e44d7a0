"""Helpers of the site: no fork, whatever the process has installed; a wait that follows progress; nobody left behind."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from django.core.management import call_command

from kalata.stopping import TOLD, handlers_back
from kalata.transparency.site import builder, helpers
from kalata.transparency.site.helpers import Helper, Lost, parts
from tests.conftest import HERE
from tests.site import a_log, extras_now

SOURCE = HERE.parent / "src" / "kalata"


def count_to(n):
    yield from range(n)


def sleeping(seconds):
    time.sleep(seconds)
    return seconds


def raising():
    raise KeyError("perdu")


def exiting():
    os._exit(3)


def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield os.getpid()
    time.sleep(600)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_helpers_yield_arrives_whole_and_each_ends():
    with Helper(count_to, 5) as one, Helper(count_to, 3) as two:
        assert sorted(parts([one, two])) == [0, 0, 1, 1, 2, 2, 3, 4]
    assert one.process.returncode == 0 and two.process.returncode == 0


def test_a_large_result_passes_a_pipe_that_is_small():
    with Helper(bytes, 5_000_000) as one:
        assert len(one.result()) == 5_000_000


@pytest.mark.parametrize(("call", "said"), [(raising, "KeyError"), (exiting, "code 3")])
def test_a_helper_that_fails_or_dies_is_said(call, said):
    with Helper(call) as one, pytest.raises(Lost, match=said):
        list(parts([one]))
    assert gone(one.process.pid)


def test_a_helper_that_is_silent_is_not_waited_for_and_one_that_is_deaf_is_killed():
    with Helper(sleeping, 600) as one, pytest.raises(Lost, match="silent"):
        list(parts([one], patience=0.5))
    assert gone(one.process.pid)
    with Helper(deaf) as two:
        assert next(parts([two])) == two.process.pid
    assert gone(two.process.pid) and two.process.returncode == -signal.SIGKILL


def test_helpers_end_with_the_process_that_asked():
    text = """
        import os, signal
        from kalata.transparency.site.helpers import Helper
        from tests.site.test_helpers import deaf
        one = Helper(deaf)
        one.process.stdout.read(1)
        print(one.process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(SOURCE.parent)])}
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(text)], env=env, capture_output=True, text=True)
    pid = int(run.stdout)
    for _turn in range(6000):  # progress: the process is there, then it is not
        if gone(pid):
            return
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("a helper outlived the process that asked for it")


def test_a_large_site_is_drawn_in_a_process_with_threads_and_deaf_to_SIGTERM_as_it_is_alone(tmp_path, monkeypatch):
    """What hung for ever: a pool forked under a handler of SIGTERM that only sets a flag."""
    made = a_log(tmp_path / "log", stations=60, missing=7)
    made.close()
    alone = builder.publish(tmp_path / "log", tmp_path / "alone", extras_now(), sign=made.key.line, workers=1)
    monkeypatch.setattr(builder, "FEW", 10)
    monkeypatch.setattr(builder, "SLICE", 8)
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with handlers_back():
            signal.signal(signal.SIGTERM, lambda *_told: None)
            helped = builder.publish(tmp_path / "log", tmp_path / "helped", extras_now(), sign=made.key.line, workers=3)
    finally:
        over.set()
        thread.join()
    assert helped.files == alone.files
    names = {p.relative_to(tmp_path / "alone") for p in (tmp_path / "alone").rglob("*") if p.is_file()}
    assert names == {p.relative_to(tmp_path / "helped") for p in (tmp_path / "helped").rglob("*") if p.is_file()}
    differ = [n for n in names if (tmp_path / "alone" / n).read_bytes() != (tmp_path / "helped" / n).read_bytes()]
    assert [str(n) for n in differ if n.suffix == ".html" or n.suffix == ".json"] == []


def test_a_drawing_that_fails_leaves_no_helper(tmp_path, monkeypatch):
    made = a_log(tmp_path / "log", stations=30)
    made.close()
    monkeypatch.setattr(builder, "FEW", 10)
    team = []

    class Watched(Helper):
        def __init__(self, *args):
            super().__init__(*args)
            team.append(self)

    monkeypatch.setattr(builder, "Helper", Watched)
    monkeypatch.setattr(builder, "parts", lambda _team: (_ for _ in ()).throw(Lost("coupé")))
    with pytest.raises(Lost):
        builder.publish(tmp_path / "log", tmp_path / "site", extras_now(), sign=made.key.line, workers=2)
    assert len(team) == 3 and all(gone(one.process.pid) for one in team)


# --- those who hear a signal give it back ---------------------------------------------------------
def test_handlers_return_even_when_the_loop_fails():
    before = [signal.getsignal(n) for n in TOLD]
    with pytest.raises(ValueError), handlers_back():
        for number in TOLD:
            signal.signal(number, signal.SIG_IGN)
        raise ValueError
    assert [signal.getsignal(n) for n in TOLD] == before


@pytest.mark.django_db
def test_the_sequencer_gives_the_signals_back(monkeypatch):
    monkeypatch.setattr("kalata.ledger.management.commands.sequencer.close_old_connections", lambda: None)
    before = [signal.getsignal(n) for n in TOLD]
    call_command("sequencer", once=True)
    assert [signal.getsignal(n) for n in TOLD] == before


def test_nothing_in_the_product_forks():
    wrong = re.compile(
        r"get_context\(\s*(\"fork\"|'fork'|\))|os\.fork\(|multiprocessing\.(Pool|Process)\(|ProcessPoolExecutor\((?![^\n]*mp_context)"
    )
    found = {str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if wrong.search(p.read_text(encoding="utf-8"))}
    found -= {
        "web/__main__.py",  # the web server's own master: no thread, its children set their handlers, killed in 20 s
        "forks.py",  # the parts of a house: their parent has no thread, each sets its own handlers and dies with it
    }
    assert found == set()


def test_patience_is_long_enough_for_a_slow_machine():
    assert helpers.PATIENCE_S >= 600
