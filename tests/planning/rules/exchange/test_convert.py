"""`kalata plan convert`: what is written, what is told, and nothing where a file is refused."""

import json

import pytest
from click.testing import CliRunner

from kalata.planning.commands.convert import convert
from kalata.planning.rules.faults import AnotherForm, Cycle, NoStart
from kalata.refusals import Refused
from tests.planning.plans import BASELINE

from .files import link, project, task


def run(*arguments, data=None):
    return CliRunner().invoke(convert, [str(a) for a in arguments], input=data, catch_exceptions=False)


def test_a_plan_goes_out_and_comes_back_by_the_command(tmp_path):
    for middle in ("a.xml", "a.xlsx"):
        out = run(BASELINE, tmp_path / middle, "--start", "2026-01-05", "--json")
        assert (out.exit_code, json.loads(out.stdout)) == (0, {"written": str(tmp_path / middle), "lost": []})
        assert run(tmp_path / middle, tmp_path / "b.csv").exit_code == 0
        assert (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines() == BASELINE.read_text(
            encoding="utf-8"
        ).splitlines()


def test_what_a_calendar_cannot_hold_is_listed_both_ways(tmp_path):
    out = run(BASELINE, tmp_path / "a.ics", "--start", "2026-01-05", "--json")
    assert {"id": "L03", "field": "dur_pessimistic"} in json.loads(out.stdout)["lost"]
    assert "dur_pessimistic" in out.stderr and "137" in out.stderr


def test_a_file_of_ms_project_is_written_again_as_it_was(tmp_path):
    (tmp_path / "a.xml").write_bytes(project(task(1, 8), task(2, 8, link(1), more="<Unheard>of</Unheard>")))
    assert run(tmp_path / "a.xml", tmp_path / "b.xml").exit_code == 0
    assert b"<Unheard>of</Unheard>" in (tmp_path / "b.xml").read_bytes()


def test_standard_input_is_read(tmp_path):
    assert run("-", tmp_path / "b.csv", data="id,dur_likely,dur_unit\nA,5,wd\n").exit_code == 0
    assert (tmp_path / "b.csv").read_text(encoding="utf-8") == "id,dur_likely,dur_unit\nA,5,wd\n"


@pytest.mark.parametrize(
    ("name", "data", "out", "refusal"),
    [
        ("a.csv", "id,dur_likely,dur_unit\nA,5,wd\n", "b.ics", NoStart),
        ("a.csv", "id,dur_likely,dur_unit\nA,5,wd\n", "b.tjp", NoStart),
        ("a.csv", "id,dur_likely,dur_unit\nA,5,wd\n", "b.docx", AnotherForm),
        ("a.csv", "id,dur_likely,dur_unit,predecessors\nA,5,wd,B\nB,5,wd,A\n", "b.xml", Cycle),
        ("a.xml", "<APIBusinessObjects/>", "b.csv", AnotherForm),
        ("a.xml", "<APIBusinessObjects/>", "b.xml", AnotherForm),
        ("a.xer", "ERMHDR\t19", "b.csv", AnotherForm),
        ("a.mpp", "x", "b.csv", AnotherForm),
        ("a.xlsx", "PK not a workbook", "b.csv", Refused),
    ],
)
def test_where_a_file_is_refused_nothing_is_written(tmp_path, name, data, out, refusal):
    (tmp_path / name).write_text(data, encoding="utf-8")
    with pytest.raises(refusal):
        run(tmp_path / name, tmp_path / out)
    assert [p.name for p in tmp_path.iterdir()] == [name]
