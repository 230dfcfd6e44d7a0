"""`kalata plan level`, and the solver behind it: what is printed, what is proved, what is refused."""

import json
import random
import sys

import pytest
from click.testing import CliRunner

from kalata.cli import main
from kalata.planning import levelling
from kalata.planning.rules.levelling_bounds import lower_bound
from kalata.planning.rules.levelling_project import Project
from tests.planning.projects import feasible, patterson, psplib, random_project, shortest

HARD = next(p for n in range(400) if lower_bound(p := random_project(random.Random(n), 6, 2, longest=4)) < shortest(p))
"""A small project whose shortest schedule is longer than the scheme's own bound."""


def run(*args, text=""):
    was, sys.argv = sys.argv, ["kalata", "plan", "level", *args]  # a refusal looks there for --json
    try:
        met = CliRunner().invoke(main, ["plan", "level", *args], input=text)
    finally:
        sys.argv = was
    return met.exit_code, json.loads(met.stdout) if met.stdout.startswith("{") else met.stdout, met.stderr


def test_a_file_gives_its_schedule_its_bound_and_its_gap(tmp_path):
    project = random_project(random.Random(5), 15, 2)
    for name, text in (("x.sm", psplib(project)), ("x.rcp", patterson(project))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        code, found, _err = run(str(tmp_path / name), "--time-limit", "1", "--workers", "1", "--json")
        assert code == 0 and found["instance"] == "x" and found["status"] in ("optimal", "feasible")
        assert feasible(project, found["starts"]) and found["lower_bound"] <= found["makespan"]
        assert (found["gap"] == "0") == (found["status"] == "optimal") == (found["lower_bound"] == found["makespan"])


def test_standard_input_is_told_by_its_text():
    project = random_project(random.Random(6), 8, 2)
    for text in (psplib(project), patterson(project)):
        code, found, _err = run("-", "--time-limit", "1", "--workers", "1", "--json", text=text)
        assert code == 0 and feasible(project, found["starts"])


def test_a_need_above_its_pool_is_infeasible_with_its_reason():
    code, found, _err = run("-", "--json", text="3 1 4  0 0 1 2  2 5 1 3  0 0 0")
    assert (code, found["status"], found["reason"]["code"], found["error"]["code"], found["starts"]) == (
        2,
        "infeasible",
        "PLN-109",
        "PLN-109",
        [],
    )
    code, _out, err = run("-", text="3 1 4  0 0 1 2  2 5 1 3  0 0 0")
    assert code == 2 and "PLN-109" in err


@pytest.mark.parametrize(
    ("text", "code"), [("3 1 4", "PLN-108"), ("3 1 4 0 0 1 2 2 1 1 3 0 0 1 2", "PLN-101"), ("1 1 4 1 1 1 7", "PLN-102")]
)
def test_a_file_that_cannot_be_read_is_refused_with_its_code(text, code):
    status, found, _err = run("-", "--json", text=text)
    assert (status, found["error"]["code"]) == (2, code)


def test_the_solver_proves_what_the_scheme_cannot():
    pytest.importorskip("ortools")
    answer = levelling.level(HARD, limit=20, seed=1, workers=1)
    assert (answer.status, answer.makespan, answer.lower_bound, answer.engine) == (
        "optimal",
        shortest(HARD),
        shortest(HARD),
        "scheme+cp-sat",
    )
    assert feasible(HARD, answer.starts)


@pytest.mark.parametrize("workers", [1, 2])
def test_without_the_solver_the_scheme_answers_alone_and_says_so(monkeypatch, workers):
    for name in ("ortools", "ortools.sat", "ortools.sat.python", "ortools.sat.python.cp_model"):
        monkeypatch.setitem(sys.modules, name, None)
    answer = levelling.level(HARD, limit=2, seed=1, workers=workers)
    assert (answer.status, answer.engine, answer.lower_bound) == ("feasible", "scheme", lower_bound(HARD))
    assert feasible(HARD, answer.starts) and answer.makespan == shortest(HARD)


def test_a_schedule_that_does_not_hold_is_never_given(monkeypatch):
    monkeypatch.setattr(levelling, "holds", lambda project, starts: False)
    with pytest.raises(AssertionError):
        levelling.level(Project("x", (1,), ((1,),), ((),), ("R1",), (1,)), limit=1, seed=1, workers=1)


def test_the_first_schedule_does_not_wait_for_the_limit(monkeypatch):
    """The scheme answers before the clock is asked: with no time at all there is a schedule."""
    project = random_project(random.Random(8), 60, 4)
    answer = levelling.level(project, limit=0, seed=1, workers=1)
    assert feasible(project, answer.starts) and answer.engine == "scheme"
