"""Levelling: files read whatever their white space, schedules that hold by a checker of its own, bounds that are never false."""

import itertools
import random

import pytest

from kalata.planning.rules.faults import PlanFault
from kalata.planning.rules.levelling_bounds import Overload, heads_of, holds, lower_bound, overloads
from kalata.planning.rules.levelling_project import Project, project_of
from kalata.planning.rules.levelling_scheme import packed
from kalata.planning.rules.levelling_search import search
from tests.planning.projects import feasible, patterson, psplib, random_project, shortest


def searched(project, rounds=60, seed=1):
    told = []
    found = search(
        packed(project), seed=seed, floor=lower_bound(project), stop=lambda: False, tell=told.append, rounds=rounds
    )
    assert told and told[-1].makespan == found.makespan
    assert [t.makespan for t in told] == sorted({t.makespan for t in told}, reverse=True)
    return found, [end - length for end, length in zip(found.ends, project.durations, strict=True)]


def test_a_file_is_read_whatever_its_white_space_and_broken_lines():
    project = random_project(random.Random(3), 12, 3)
    text = patterson(project)
    broken = "\ufeff" + "\r\n\t".join(text.split())
    one_line = " \u00a0 ".join(text.split())
    assert project_of(text, "x", ".rcp") == project_of(broken, "x", ".rcp") == project_of(one_line, "x", "") == Project(
        "x", project.durations, project.needs, project.after, project.pools, project.capacities
    )  # fmt: skip


def test_the_two_forms_of_a_file_say_the_same_project():
    project = random_project(random.Random(4), 20, 4)
    assert (
        project_of(psplib(project), "p", ".sm")
        == project_of(patterson(project), "p", ".rcp")
        == project_of(psplib(project).replace("\n", "\r\n"), "p", "")
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_schedule_holds_and_no_bound_beats_it(seed):
    rng = random.Random(seed)
    project = random_project(rng, rng.randint(1, 40), rng.randint(1, 4))
    found, starts = searched(project)
    assert feasible(project, starts) and holds(project, starts)
    assert lower_bound(project) <= found.makespan


@pytest.mark.parametrize("seed", range(25))
def test_on_small_projects_the_bound_is_never_above_the_shortest_and_the_search_never_below(seed):
    rng = random.Random(100 + seed)
    project = random_project(rng, rng.randint(2, 6), rng.randint(1, 2), longest=4)
    best = shortest(project)
    found, _starts = searched(project, rounds=40)
    assert lower_bound(project) <= best <= found.makespan
    assert found.makespan == best  # justified orders find it on projects this small


def test_the_same_seed_gives_the_same_schedule():
    project = random_project(random.Random(9), 30, 3)
    assert searched(project, 80)[0] == searched(project, 80)[0]


def test_a_need_that_fills_its_pool_fits_and_one_more_does_not():
    rows = ((3, (4,), ()), (2, (4,), ()))
    project = Project(
        "x", tuple(r[0] for r in rows), tuple(r[1] for r in rows), tuple(r[2] for r in rows), ("R1",), (4,)
    )
    assert (searched(project)[0].makespan, project.too_needy) == (5, [])
    assert Project("x", project.durations, ((5,), (4,)), project.after, ("R1",), (4,)).too_needy == [(0, 0)]


def test_pools_without_capacity_and_jobs_of_no_length_stop_nothing():
    project = Project("x", (0, 2, 0), ((7,), (0,), (7,)), ((1,), (2,), ()), ("R1",), (0,))
    found, starts = searched(project)
    assert (found.makespan, starts, project.too_needy) == (2, [0, 0, 2], [])


def test_overloads_are_told_by_runs_of_one_excess():
    project = Project("x", (4, 3, 2), ((2,), (2,), (1,)), ((), (), ()), ("R1",), (2,))
    assert overloads(project, [0, 1, 4]) == [Overload("R1", 1, 4, 2)]
    assert overloads(project, [0, 1, 3]) == [Overload("R1", 1, 3, 2), Overload("R1", 3, 4, 3)]
    assert overloads(project, [0, 4, 7]) == []


def test_the_checker_sees_a_broken_precedence_and_an_overload():
    project = Project("x", (2, 2), ((1,), (1,)), ((1,), ()), ("R1",), (1,))
    assert (
        holds(project, [0, 2])
        and not holds(project, [0, 1])
        and not holds(project, [-1, 1])
        and not holds(project, [0])
    )
    assert heads_of(project) == (0, 2)


@pytest.mark.parametrize(
    ("text", "form", "code"),
    [
        ("", ".rcp", "PLN-108"), ("2 1", ".rcp", "PLN-108"), ("1 1 3 2 1 0 9", ".rcp", "PLN-108"), ("1 1 3 x 1 0", ".rcp", "PLN-108"), ("1 1 3 -2 1 0", ".rcp", "PLN-103"),
        ("1 1 3 2 1 1 2", ".rcp", "PLN-102"), ("1 1 3 2 1 1 0", ".rcp", "PLN-102"), ("2 1 3 1 1 1 2 1 1 1 1", ".rcp", "PLN-101"), ("1 1 3 1 1 1 1", ".rcp", "PLN-101"),
        ("0 0", ".rcp", "PLN-108"), ("nothing", ".sm", "PLN-108"), ("999999 1", ".rcp", "PLN-108"), ("1 1 3 999999999 1 0", ".rcp", "PLN-108"),
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_with_its_code(text, form, code):
    with pytest.raises(PlanFault) as met:
        project_of(text, "x", form)
    assert met.value.code == code


def test_a_file_of_the_library_with_modes_or_missing_parts_is_refused():
    good = psplib(random_project(random.Random(2), 5, 2))
    for bad in (
        good.replace("nonrenewable              :  0", "nonrenewable              :  2"),
        good.replace("RESOURCEAVAILABILITIES", "RESOURCES"),
        good.replace("   1        1 ", "   1        2 ", 1),
        "\n".join(itertools.takewhile(lambda line: "REQUESTS" not in line, good.splitlines())),
    ):
        with pytest.raises(PlanFault) as met:
            project_of(bad, "x", ".sm")
        assert met.value.code == "PLN-108"


def test_a_circle_is_named_in_order():
    with pytest.raises(PlanFault) as met:
        project_of("3 1 3  1 1 1 2  1 1 1 3  1 1 1 2", "x", ".rcp")
    assert met.value.record()["path"] == ["2", "3", "2"]
