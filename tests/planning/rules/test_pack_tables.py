"""A pack carries the reference plan with the source and the flag of each figure; its check refuses what lacks one."""

import shutil

import pytest

from kalata.country import packs
from kalata.country.rules import tables
from tests.conftest import SHARED

ACTIVITIES = "planning/activities-presidential.csv"


def codes(file: str, text: str) -> list[tuple[str, str]]:
    return [(e.code, e.field) for e in tables.problems(file, text)]


@pytest.mark.parametrize(("file", "given"), [
    (ACTIVITIES, "operational_plan_baseline.csv"), ("planning/drivers.csv", "operational_plan_drivers.csv"),
    ("planning/benchmarks.csv", "election_cost_benchmarks.csv"), ("planning/risks.csv", "integrity_risk_catalogue.csv"),
])  # fmt: skip
def test_the_tables_of_mali_are_those_given_to_the_byte(file: str, given: str) -> None:
    assert (packs.PACKS / "ml" / file).read_bytes() == (SHARED / given).read_bytes()


def test_the_pack_of_mali_holds_137_activities_17_drivers_86_risks_and_19_benchmarks() -> None:
    found = [len(packs.table("ml", f)) for f in (ACTIVITIES, "planning/drivers.csv", "planning/risks.csv", "planning/benchmarks.csv")]  # fmt: skip
    assert found == [137, 17, 86, 19]
    assert packs.table_errors(packs.PACKS / "ml", packs.load_pack(packs.PACKS / "ml").sections) == []  # type: ignore[arg-type]


def test_a_pack_without_tables_has_none() -> None:
    assert packs.table("sn", "planning/drivers.csv") == [] and packs.table("nowhere", "planning/drivers.csv") == []


def test_a_figure_said_by_a_source_names_it() -> None:
    good = "driver,label,value,flag,source\nelecteurs,E,5,S,Journal\n"
    assert codes("planning/drivers.csv", good) == []
    assert codes("planning/drivers.csv", good.replace("Journal", "")) == [("PACK-106", "source")]
    assert codes("planning/drivers.csv", good.replace(",S,", ",,")) == [("PACK-102", "flag")]
    assert codes("planning/drivers.csv", good.replace(",S,Journal", ",A,")) == []


def test_a_row_given_twice_a_missing_column_and_an_unknown_table_are_refused() -> None:
    good = "driver,label,value,flag,source\nelecteurs,E,5,A,\n"
    assert codes("planning/drivers.csv", good + "electeurs,E,6,A,\n") == [("PACK-104", "driver")]
    assert codes("planning/drivers.csv", "driver,label\na,b\n") == [("PACK-101", "value")]
    assert codes("planning/guesses.csv", good) == [("PACK-114", "")]


def test_a_count_that_is_not_whole_is_refused() -> None:
    row = "id,risk_fr,likelihood_1_5,impact_1_5,score_flag,basis\nI-1,r,{},3,A,\n"
    assert codes("planning/risks.csv", row.format("3")) == []
    assert codes("planning/risks.csv", row.format("3.5")) == [("PACK-102", "likelihood_1_5")]


def test_a_tie_names_an_activity_of_the_plan_and_a_norm_of_the_pack() -> None:
    ties, plan = "activity,norm,side\nA1,ML-X.1,finish\n", "id\nA1\n"
    assert list(tables.norms_tied("f", ties, plan, frozenset({"ML-X"}))) == []
    assert [e.field for e in tables.norms_tied("f", ties, "id\nB1\n", frozenset())] == ["activity", "norm"]


def test_the_check_of_a_pack_reads_its_tables(tmp_path) -> None:
    folder = shutil.copytree(packs.PACKS / "ml", tmp_path / "ml")
    (folder / "planning" / "drivers.csv").write_text("driver,label,value,flag,source\na,b,1,S,\n")
    assert [(e.code, e.file) for e in packs.check_folder(folder)[1]] == [("PACK-106", "planning/drivers.csv")]
