"""A new room: made by one command, its tests pass, and the house shows it everywhere without a line changed elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from kalata.ui.management.commands import newroom

ROOT = Path(__file__).resolve().parents[1]
MATRIX = "tests/web/test_matrix.py::"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the room `toy` was just made, as a package of its own."""
    into = tmp_path_factory.mktemp("rooms")
    newroom.write("toy", into)
    return into


def run(folder, *line, cwd=ROOT, **more):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), **more}
    done = subprocess.run([sys.executable, "-m", *line], cwd=cwd, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_its_tests_pass_and_it_is_seen_everywhere(folder):
    """In a process of its own: which rooms a house has is settled when it starts."""
    code, said = run(
        folder, "pytest", "-v", "--ds=kalata.settings.test", str(folder / "tests"), "tests/house/new_room.py",
        "tests/test_rooms.py", f"{MATRIX}test_every_address_and_route_declares_its_right_once",
        f"{MATRIX}test_every_method_of_the_api_is_the_declared_one", KALATA_ROOMS="toy",
    )  # fmt: skip
    assert code == 0, said
    assert int(re.search(r"(\d+) passed", said).group(1)) >= 30 and "skipped" not in said, said


def test_the_whole_of_it_is_short(folder):
    """What a person reads of it: lines that are neither empty nor an import, tests and migration apart. It has a kind of
    record with its identifier and its search, a life, a form, a list with its files, a paper, a notice, an API, a command."""
    files = [p for p in (folder / "toy").rglob("*") if p.suffix in (".py", ".html") and "migrations" not in p.parts]
    lines = [line for p in files for line in p.read_text().splitlines() if line.strip()]
    said = [line for line in lines if not re.match(r"\s*(import|from) ", line)]
    assert len(files) >= 12 and len(said) < 150, (len(lines), len(said))


def test_lint_and_format_have_nothing_to_say(folder):
    rules = ("--config", str(ROOT / "pyproject.toml"))
    for act in (("check",), ("format", "--check")):
        code, said = run(folder, "ruff", *act, *rules, str(folder), cwd=folder)
        assert code == 0, said


@pytest.mark.nightly
def test_its_types_hold(folder):
    rules = ("--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(folder / "cache"))
    code, said = run(folder, "mypy", *rules, "-p", "toy", KALATA_ROOMS="toy", MYPYPATH=str(folder))
    assert code == 0, said


def test_in_the_house_it_is_a_package_of_the_house(tmp_path, monkeypatch):
    monkeypatch.setattr(newroom, "HOUSE", tmp_path / "src" / "kalata")
    written = {path.relative_to(tmp_path).as_posix(): path.read_text() for path in newroom.write("ferries", None)}
    assert "tests/ferries/test_ferries.py" in written and "src/kalata/ferries/room.py" in written
    assert 'package="kalata.ferries"' in written["src/kalata/ferries/room.py"]
    assert "from kalata.ferries import queries" in written["src/kalata/ferries/views.py"]
    assert not [name for name, text in written.items() if re.search(r"\btoy|PACKAGE|ORDER\b|PLACE\b", text)]


@pytest.mark.parametrize(
    "name", ["results", "ledger", "api", "class", "Deux", "a-b", "../x", "resultats", "demo", "json"]
)
def test_a_name_that_is_taken_or_is_none_is_refused(name, tmp_path):
    with pytest.raises(CommandError):
        newroom.write(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_room_that_is_there_is_never_written_over(folder):
    before = (folder / "toy" / "room.py").read_text()
    with pytest.raises(CommandError, match="nothing was written"):
        newroom.write("toy", folder)
    assert (folder / "toy" / "room.py").read_text() == before
