"""The doorway: every room declares itself in one file, and what it names is there."""

import importlib.util
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import reverse

import kalata
from kalata import rooms

HOUSE = Path(kalata.__file__).parent
ROOMS = rooms.every()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.package)
def test_everything_a_room_names_is_there(room):
    for path in room.paths:
        assert rooms.load(path) is not None, path
    for module in (*room.refusals, *(one.module for one in room.urls)):
        assert importlib.util.find_spec(module), module
    for entry in room.menu:
        assert reverse(entry.url).startswith("/")
    for kind in room.kinds:
        if kind.model:
            apps.get_model(kind.model)
        if kind.url:
            assert reverse(kind.url, args=[1])
    home = Path(importlib.import_module(room.package).__file__).parent
    for document in room.documents:
        assert (home / document.template).is_file() or not document.template, document.template
    held = {right for entry in room.menu for right in entry.rights} | {r for b in room.bodies for r in b.rights}
    assert held <= set(rooms.rights())


def test_rooms_come_after_those_they_lean_on_and_each_has_its_place():
    orders = [room.order for room in ROOMS]
    assert orders == sorted(orders) and len(set(orders)) == len(orders)
    assert [app.name for app in apps.get_app_configs()][: len(ROOMS)] == [room.package for room in ROOMS]


def test_every_template_of_a_document_is_declared():
    """A file of the typesetter that is no part of another is a paper that the room makes."""
    for folder in HOUSE.glob("*/typst"):
        if folder.parent.name == "documents":
            continue  # what templates share is no paper
        room = next(r for r in ROOMS if r.package == f"kalata.{folder.parent.name}")
        pages = {f"typst/{p.name}" for p in folder.glob("*.typ")}
        assert pages == {d.template for d in room.documents} - {""}


def test_the_lines_of_kalata_check_stand_in_their_order():
    from kalata import checking

    names = [name for name, _check in checking.checks()]
    known = [
        "settings", "database", "modes", "disk", "https", "pulse", "ledger", "guards", "two", "log", "evidence", "packs",
    ]  # fmt: skip
    assert [name for name in names if name in known] == known and len(set(names)) == len(names)


def test_a_menu_line_is_for_whom_it_says():
    line = rooms.Entry(place=1, section="s", label="S", url="home", rights=frozenset({"a"}))
    assert line.seen_with({"a", "b"}, signed_in=True)
    assert not line.seen_with({"b"}, signed_in=True) and not line.seen_with({"a"}, signed_in=False)
    anybody = replace(line, rights=frozenset())
    assert anybody.seen_with((), signed_in=True) and not anybody.seen_with((), signed_in=False)
    assert replace(line, public=True).seen_with((), signed_in=False)


def test_two_rooms_that_claim_the_same_stop_the_house(monkeypatch):
    one = rooms.Room(package="a.toy", title="", order=1, urls=(rooms.Urls("jeu/", "a.toy.urls"),))
    two = rooms.Room(package="b.game", title="", order=2, urls=(rooms.Urls("jeu/", "b.game.urls"),))
    monkeypatch.setattr(rooms, "declared", {"a.toy": one, "b.game": two}.get)
    with pytest.raises(rooms.RoomsClash) as refused:
        rooms.listed(["a.toy", "b.game"])
    assert refused.value.params == {"what": "/jeu/", "first": "a.toy", "second": "b.game"}
    taken = replace(one, commands=(rooms.Command("serve", "a.toy.serve", ""),))
    monkeypatch.setattr(rooms, "declared", {"a.toy": taken}.get)
    with pytest.raises(rooms.RoomsClash, match="ROO-102"):  # a command of the house itself
        rooms.listed(["a.toy"])
    same = replace(two, package="b.toy", urls=())
    monkeypatch.setattr(rooms, "declared", {"a.toy": one, "b.toy": same}.get)
    with pytest.raises(rooms.RoomsClash, match="ROO-102"):  # the tables of both would bear one name
        rooms.listed(["a.toy", "b.toy"])


@pytest.mark.parametrize("name", ["no_such_package", "kalata.web", "json"])
def test_a_name_that_is_no_room_is_refused_and_not_passed_over(name):
    with pytest.raises(rooms.NoSuchRoom, match="ROO-101"):
        rooms.listed([name])


@pytest.mark.parametrize("line", ["--help", "check"])
def test_the_command_line_says_which_name_is_no_room(line, monkeypatch):
    from click.testing import CliRunner

    from kalata.cli import main

    monkeypatch.setenv(rooms.OUTSIDE, "no_such_package")
    rooms.every.cache_clear()
    try:
        run = CliRunner().invoke(main, [line])
    finally:
        rooms.every.cache_clear()
    assert run.exit_code == 2 and "ROO-101" in run.output and "Traceback" not in run.output


def test_the_help_of_the_command_line_imports_no_django():
    code = "import sys\ntry:\n from kalata.cli import main; main(['--help'])\nexcept SystemExit: pass\nassert 'django' not in sys.modules and 'numpy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_a_room_from_outside_brings_its_own_words(tmp_path, monkeypatch):
    import polib

    from kalata import text

    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words = polib.POFile()
    words.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    for fr, en in (("La pirogue est à quai.", "The canoe is moored."), ("Accueil", "Another home")):
        words.append(polib.POEntry(msgid=fr, msgstr=en))
    words.save_as_mofile(str(folder / "django.mo"))
    monkeypatch.setattr(text, "FOLDERS", [*text.FOLDERS])
    home = text.translate("Accueil", "en")
    text.also(tmp_path)
    try:
        assert text.translate("La pirogue est à quai.", "en") == "The canoe is moored."
        assert text.translate("Accueil", "en") == home  # the house's own word stands
        assert text.translate("Nulle part", "en") == "Nulle part"
    finally:
        text.catalogue.cache_clear()


@pytest.mark.parametrize("page", ["en/new-room.md", "fr/nouvelle-salle.md"])
def test_the_guide_says_what_each_line_of_a_declaration_gives(page):
    guide = (HOUSE.parents[1] / "docs" / page).read_text(encoding="utf-8")
    assert [field.name for field in fields(rooms.Room) if f"`{field.name}`" not in guide] == []


def test_the_doorway_names_no_room():
    """What iterates over the list knows nobody in it: no room stands by name in the doorway, the house's page or settings."""
    names = [room.package for room in ROOMS]
    ground = {"kalata.ui", "kalata.ledger", "kalata.country", "kalata.people", "kalata.chain", "kalata.notices"}  # named as services, not as rooms
    for file in ("rooms.py", "urls.py", "cli.py", "doors.py", "api.py", "operations.py", "checking.py", "ui/home.py", "ui/context.py", "ui/views.py", "settings/base.py", "web/bodies.py", "ledger/management/commands/sequencer.py", "transparency/log_commands.py"):  # fmt: skip
        text = (HOUSE / file).read_text()
        named = {n for n in names if n in text and n not in ground and f"kalata.{file.split('/')[0]}" != n}
        assert named == set(), file
    base = get_template("ui/base.html").template.source
    assert [w for w in ("results:", "deadlines:", "log:", "country:", "ledger:") if w in base] == []
