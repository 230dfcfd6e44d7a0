"""`kalata manage newroom NAME`: a room that declares itself everywhere, with its own tests, ready to be changed."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import kalata
from kalata import rooms

HOUSE = Path(kalata.__file__).parent
MODEL = Path(__file__).resolve().parents[2] / "newroom"
NAME = re.compile(r"[a-z][a-z0-9]{1,29}")


class Command(BaseCommand):
    help = "Write a new room (docs/en/new-room.md): in the house, or as a package of its own with --into FOLDER."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="one word, small letters: the package, the tables, the address")
        parser.add_argument("--into", type=Path, default=None, help="a folder outside the house")

    def handle(self, *args: Any, name: str, into: Path | None, **options: Any) -> None:
        written = write(name, into)
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(
            f"Then: KALATA_ROOMS={name} in the environment, and pytest." if into else NEXT.replace("NAME", name)
        )


NEXT = """Then:
  put the right NAME.keep in a role of the pack (src/kalata/packs/*/roles.yaml)
  write the English of its sentences in src/kalata/locale/en
  give its records a level in docs/en/protection.md and docs/fr/protection.md
  python -m kalata.doors; python -m kalata.drawings; python -m kalata.ledger.catalogue; make check test"""


def write(name: str, into: Path | None) -> list[Path]:
    """Every file written. CommandError where the name is none, is taken, or a file is there already."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise CommandError(f"{name!r}: a room is one word of small letters and digits, a letter first")
    every = rooms.every()
    package = name if into else f"kalata.{name}"
    claimed = (
        claim for room in every for claim in (*rooms.claims(room), *(f"kalata {one.name}" for one in rooms.HOUSE))
    )
    if name == "api" or name in {claim.split()[-1].strip("/") for claim in claimed} or find_spec(package):
        raise CommandError(f"{name!r} is taken")
    home = (into or HOUSE) / name
    tests = into / "tests" if into else HOUSE.parents[1] / "tests" / name
    if home.exists() or (tests / f"test_{name}.py").exists():
        raise CommandError(f"{home} is there already: nothing was written")
    words = {
        "PACKAGE": package,
        "ORDER": str(max(room.order for room in every) + 100),
        "MARK": mark_of(name, {one.mark for room in every for one in room.kinds}),
        "PLACE": f"{max(entry.place for entry in rooms.menu()) + 100:_}",
        "Toy": name.title(),
        "toy": name,
    }
    written = []
    for source in sorted(MODEL.rglob("*.tpl")):
        inside = source.relative_to(MODEL).as_posix().removesuffix(".tpl").replace("toy", name)
        path = tests / inside.removeprefix("tests/") if inside.startswith("tests/") else home / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(source.read_text(encoding="utf-8"), words), encoding="utf-8")
        written.append(path)
    if not into:
        (tests / "__init__.py").touch()
    tidied([path for path in written if path.suffix == ".py"], into or HOUSE.parents[1])
    return written


def mark_of(name: str, taken: set[str]) -> str:
    """Three letters for the identifiers of its records: the first of its name that nobody has."""
    letters = [c for c in f"{name.upper()}XYZ" if c.isalpha()]
    found = ("".join(some) for some in combinations(letters, 3) if "".join(some) not in taken)
    return next(found)


def tidied(files: list[Path], root: Path) -> None:
    """Names have their own length and their own place among imports: the formatter has the last word, where it is installed."""
    rules = HOUSE.parents[1] / "pyproject.toml"
    if find_spec("ruff") is None or not rules.is_file():
        return
    for act in (["check", "--select", "I", "--fix"], ["format"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *act, "--quiet", "--config", str(rules), *map(str, files)],
            cwd=root,
            check=True,
        )


def filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
