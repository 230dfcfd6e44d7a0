"""The guards of the suite keep what they promise."""

import os
import signal
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest
from hypothesis import settings

from tests import costs, groups, guards
from tests.conftest import HERE

PYPROJECT = HERE.parent / "pyproject.toml"


def inner(tmp_path, text, *options):
    """A little suite of its own, under the guards of this one."""
    (tmp_path / "conftest.py").write_text(
        "from tests import guards\nfrom tests.guards import nobody_left_behind\n"
        "pytest_configure, pytest_sessionfinish = guards.pytest_configure, guards.pytest_sessionfinish\n"
    )
    (tmp_path / "test_inner.py").write_text(textwrap.dedent(text))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    env = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", str(tmp_path / "pytest.ini"), *options, str(tmp_path)]  # fmt: skip
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=tmp_path)


def test_no_property_has_a_deadline_and_none_fails_for_being_slow():
    assert settings.default.deadline is None
    assert any(check.name == "too_slow" for check in settings.default.suppress_health_check)


def test_a_process_left_behind_fails_the_test_that_left_it_and_is_ended(tmp_path):
    run = inner(
        tmp_path,
        """
        import subprocess, sys
        def test_bad(tmp_path):
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
            open("pid", "w").write(str(child.pid))
        def test_good():
            assert subprocess.run([sys.executable, "-c", "pass"]).returncode == 0
        """,
    )
    assert "processes left behind" in run.stdout and "1 error" in run.stdout and "2 passed" in run.stdout
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_handler_left_behind_fails_the_test_that_left_it(tmp_path):
    run = inner(
        tmp_path,
        """
        import signal
        def test_bad():
            signal.signal(signal.SIGTERM, lambda *_: None)
        def test_next():
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
        """,
    )
    assert "handlers left behind: ['SIGTERM']" in run.stdout and "2 passed, 1 error" in run.stdout


def test_a_test_that_hangs_prints_the_stacks_of_all_threads_and_ends(tmp_path):
    run = inner(
        tmp_path,
        """
        import threading, time
        def waiting_for_ever():
            time.sleep(600)
        def test_hangs():
            threading.Thread(target=waiting_for_ever, daemon=True).start()
            waiting_for_ever()
        """,
        "-o",
        "faulthandler_timeout=1",
        "-o",
        "faulthandler_exit_on_timeout=true",
    )
    assert run.returncode != 0 and run.stderr.count("waiting_for_ever") >= 2


def test_the_suite_has_such_a_limit_and_it_is_no_measure_of_speed():
    text = PYPROJECT.read_text()
    assert "faulthandler_timeout = 1800" in text and "faulthandler_exit_on_timeout = true" in text


def test_a_process_is_recognised_by_the_run_that_started_it():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in guards.marked(os.getpid())
        assert child.pid not in guards.marked(os.getpid() + 1)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdin.close()
    assert child.pid not in guards.marked(os.getpid())


def test_a_test_dearer_than_the_rest_is_named_unless_it_says_that_it_is_long(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "from tests import costs\n"
        "from tests.costs import pytest_runtest_logreport, pytest_runtest_makereport, pytest_runtest_setup, pytest_terminal_summary\n"
        "costs.DEAR = 0.2\n"
    )
    (tmp_path / "test_inner.py").write_text(
        "import time, pytest\n"
        "def work():\n    end = time.process_time() + 0.3\n    while time.process_time() < end: pass\n"
        "def test_dear(): work()\n"
        "@pytest.mark.long\ndef test_known(): work()\n"
        "@pytest.fixture\ndef prepared(): work()\n"
        "def test_cheap_itself(prepared): time.sleep(0.3)\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = long\n")
    out = tmp_path / "costs.jsonl"
    env = {**os.environ, "PYTHONPATH": str(HERE.parent), "KALATA_COSTS": str(out)}
    env.pop("PYTEST_XDIST_WORKER", None)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:django", "-p", "no:xdist", str(tmp_path)],
        env=env, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    named = [line for line in run.stdout.splitlines() if line.startswith("WARNING")]
    assert "3 passed" in run.stdout and len(named) == 1 and "::test_dear took" in named[0], run.stdout + run.stderr
    assert "test_known" in costs.told(out) and "all 3 tests" in costs.told(out)


def test_the_tests_of_a_group_stay_with_one_process_of_the_run(tmp_path):
    house = tmp_path / "tests" / "house"
    house.mkdir(parents=True)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (house / "test_story.py").write_text(
        "import os, time, pytest\n@pytest.mark.parametrize('n', range(12))\ndef test_chapter(n):\n    time.sleep(0.01)\n"
        "    open('who', 'a').write(os.environ['PYTEST_XDIST_WORKER'] + '\\n')\n"
    )
    (tmp_path / "tests" / "test_other.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', range(12))\ndef test_alone(n): pass\n"
    )
    env = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    env.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "xdist", "-p", "tests.groups", "-n", "2",
               "--dist", "loadgroup", "-c", str(tmp_path / "pytest.ini"), str(tmp_path)]  # fmt: skip
    run = subprocess.run(command, env=env, capture_output=True, text=True, cwd=tmp_path)
    assert "24 passed" in run.stdout, run.stdout + run.stderr
    workers = (tmp_path / "who").read_text().split()
    assert len(workers) == 12 and len(set(workers)) == 1


def test_every_chapter_of_a_story_and_every_browser_has_a_group():
    story = "tests/disputes/browser/test_journey.py::test_0"
    assert groups.group(f"{story}4_the_registrar") == groups.group(f"{story}1_the_president") == "browser-journeys"
    assert groups.group("tests/browser/test_tasks.py::test_x[a@b]") == "browser-tasks"
    alone = "tests/services/test_lots.py::test_x[a]"
    assert groups.group(alone) == alone


def test_the_tests_of_a_file_that_makes_a_world_once_stay_together_and_the_longest_group_begins():
    shared = "tests/web/test_languages.py"
    assert groups.group(f"{shared}::test_x") == shared
    items = [SimpleNamespace(nodeid=name) for name in (
        "tests/rules/test_a.py::test_x", f"{shared}::test_x", "tests/services/test_lots.py::test_x", f"{shared}::test_y",
        "tests/web/test_matrix.py::RealMode::test_each", "tests/test_commands.py::test_x",
    )]  # fmt: skip
    groups.longest_first(items)
    assert [item.nodeid for item in items] == [
        "tests/web/test_matrix.py::RealMode::test_each", "tests/test_commands.py::test_x", f"{shared}::test_x",
        f"{shared}::test_y", "tests/rules/test_a.py::test_x", "tests/services/test_lots.py::test_x",
    ]  # fmt: skip


def test_what_passed_on_postgresql_is_not_repeated_unless_databases_may_differ_there(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "from tests import elsewhere\n"
        "def pytest_runtest_logreport(report): elsewhere.note(report)\n"
        "def pytest_collection_modifyitems(config, items): elsewhere.leave_out(config, items)\n"
        "def pytest_terminal_summary(terminalreporter): elsewhere.pytest_terminal_summary(terminalreporter)\n"
    )
    (tmp_path / "test_inner.py").write_text(
        "import os, pytest\n"
        "def test_a_sum(): assert 1 + 1 == 2\n"
        "def test_fails_there(): assert os.environ.get('KALATA_ELSEWHERE')\n"
        "@pytest.mark.django_db(transaction=True)\ndef test_commits(): pass\n"
        "def test_a_trigger_of_the_table(): assert 'trigger'\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = django_db\n")
    names = tmp_path / "passed"

    def run(**more):
        env = {k: v for k, v in os.environ.items() if k not in ("PYTEST_XDIST_WORKER", "KALATA_NIGHTLY", "KALATA_ELSEWHERE")}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django", "-p", "no:xdist", "."],
            env={**env, "PYTHONPATH": str(HERE.parent), **more}, capture_output=True, text=True, cwd=tmp_path,
        ).stdout  # fmt: skip

    assert "1 failed, 3 passed" in run(KALATA_PASSED=str(names))
    assert [n.split("::")[1] for n in names.read_text().split()] == [
        "test_a_sum", "test_commits", "test_a_trigger_of_the_table",
    ]  # fmt: skip
    again = run(KALATA_ELSEWHERE=str(names))
    assert "3 passed, 1 deselected" in again and "1 tests passed on PostgreSQL a moment ago" in again, again
    assert "4 passed" in run(KALATA_ELSEWHERE=str(names), KALATA_NIGHTLY="1")
    assert "4 passed" in run(KALATA_ELSEWHERE=str(tmp_path / "absent"))
