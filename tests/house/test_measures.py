"""A figure measured on nothing, or on too little, is not measured: never held."""

import subprocess
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from bench.lines import line, not_measured
from kalata.tally.rehearsal import commands, drill

AUDIT = {
    "papers": {"published": 1}, "worked_seconds": 1, "lost_updates": 0, "illegal_passages": 0, "broken_chains": 0,
    "same_person_twice": 0, "entries_twice": 0, "partial": 0, "wrong_after_all": 0, "totals_differ": 0, "outside_sittings": 0,
}  # fmt: skip
SEEN = [{"times": {}, "refused": {}, "done": {}, "faults": [], "cuts": 0}]


@pytest.mark.parametrize(
    ("of", "least", "said"), [(0, 1, "NOT MEASURED"), (199, 200, "NOT MEASURED"), (200, 200, "held"), (None, 1, "held")]
)
def test_a_line_of_the_bench_with_too_little_to_check_is_not_measured(capsys, of, least, said):
    before = len(not_measured)
    line("0 lost of the acts", "0", "0", True, of=of, least=least)
    out = capsys.readouterr().out
    assert said in out and (("held" in out) is (said == "held"))
    assert len(not_measured) - before == (said != "held")
    del not_measured[before:]


def night(acknowledged, killed=50, kills=50, least=200, orphans=0):
    return drill.report(
        drill.Drill(kills=kills, least=least), SEEN, AUDIT | {"acknowledged": acknowledged}, 1.0, killed,
        SimpleNamespace(used=0.0, orphans=orphans),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "measured", "sound"),
    [
        (night(200), True, True),
        (night(199), False, False),
        (night(0), False, False),
        (night(5_000, killed=49), False, False),
        (night(0, killed=0, kills=0, least=0), False, False),
        (night(1, killed=0, kills=0, least=0), True, True),
        (night(199, least=0), False, False),
        (night(200, orphans=1), True, False),
    ],
)
def test_a_rehearsal_with_too_few_acts_or_kills_proves_nothing(found, measured, sound):
    assert (found["measured"], found["sound"]) == (measured, sound)


def test_the_command_says_it_and_its_exit_status_too(monkeypatch):
    monkeypatch.setattr(drill, "run", lambda *_a, **_k: night(3))
    done = CliRunner().invoke(commands.rehearse, ["--kills", "50"])
    assert done.exit_code == 1 and "NOT MEASURED: 3 acts acknowledged, 200 needed" in done.output


def test_a_part_that_is_killed_is_started_again_by_its_supervisor_and_the_house_goes_on(tmp_path, monkeypatch):
    """The bench once waited for ever for a supervisor that no longer stops with its sequencer."""
    house = drill.House(tmp_path, drill.Drill())
    supervisor, part, other = (subprocess.Popen(["sleep", "5"]) for _n in range(3))
    house.server = supervisor
    rows = iter([(part.pid, other.pid), (other.pid,), (other.pid, 1)])
    monkeypatch.setattr(house, "below", lambda: {supervisor.pid: ("supervisor", 0)} | {pid: ("sequencer" if pid != other.pid else "web", 1) for pid in next(rows)})
    monkeypatch.setattr(house, "answers", lambda: True)
    house.kill("sequencer")
    assert part.wait(5) == -9 and supervisor.poll() is None and other.poll() is None and house.server is supervisor
    for one in (supervisor, other):
        one.kill()
        one.wait()
