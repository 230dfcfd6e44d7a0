"""A copy is checked before it counts; what is put back is whole or the former house is in place; nothing is destroyed."""

import hashlib
import json
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kalata import backups, storage
from tests.house.conftest import House
from tests.house.ready import furnish

WRITER = """
import sqlite3, sys, time
link = sqlite3.connect(sys.argv[1], isolation_level=None)
link.execute("pragma journal_mode=wal")
link.execute("pragma wal_autocheckpoint=0")
for n in range(4):
    link.execute("insert into django_content_type (app_label, model) values ('essai', ?)", (f"recu-{n}",))
print("acknowledged", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    one = House(furnish(tmp_path_factory.mktemp("template") / "var"))
    with sqlite3.connect(one.database) as link:
        link.execute("pragma journal_mode=delete")
    return one.var


@pytest.fixture
def house(template, tmp_path):
    shutil.copytree(template, tmp_path / "var")
    one = House(tmp_path / "var")
    yield one
    one.close()


def with_a_file(house):
    (house.var / "files" / "a").mkdir(parents=True)
    (house.var / "files" / "a" / "piece.pdf").write_bytes(b"une piece")


@pytest.fixture(scope="module")
def written(template, tmp_path_factory):
    """The backup of such a house, made once by the command: (the file, what else stood in its folder)."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copytree(template, folder / "var")
    one = House(folder / "var")
    with_a_file(one)
    done = one.kalata("backup", str(folder / "copie.zip"))
    one.close()
    assert done.returncode == 0, done.stderr
    return folder / "copie.zip"


@pytest.fixture
def copy(house, written, tmp_path):
    with_a_file(house)
    return Path(shutil.copy2(written, tmp_path / "copie.zip"))


def codes(path):
    with sqlite3.connect(path) as link:
        return {row[0] for row in link.execute("select model from django_content_type where app_label = 'essai'")}


def written_and_killed(house):
    """A writer that acknowledged four rows and was killed before its journal was brought into the database."""
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(house.database)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"acknowledged\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert house.database.with_name("kalata.sqlite3-wal").stat().st_size > 0


def aside(house):
    (found,) = (p for p in house.var.glob("kalata.sqlite3.aside-*") if not p.name.endswith(("-wal", "-shm")))
    return found


def test_what_was_only_in_the_journal_is_in_the_database_set_aside(house, copy):
    written_and_killed(house)
    done = house.kalata("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert {f"recu-{n}" for n in range(4)} <= codes(aside(house))
    assert not codes(house.database) & {f"recu-{n}" for n in range(4)}
    assert str(aside(house)) in done.stderr


def test_a_damaged_database_is_set_aside_with_its_journal(house, copy):
    written_and_killed(house)
    damaged(house.database)
    done = house.kalata("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert aside(house).with_name(aside(house).name + "-wal").stat().st_size > 0
    assert storage.quick_faults(house.database) == []
    assert {f"recu-{n}" for n in range(4)} <= codes(aside(house))


def test_a_database_that_a_program_holds_open_is_not_replaced(house, copy):
    before = house.database.stat().st_ino
    link = sqlite3.connect(house.database)
    try:
        link.execute("pragma journal_mode=wal")
        link.execute("select count(*) from django_content_type").fetchone()
        done = house.kalata("restore", str(copy))
        assert done.returncode == 2 and "OPS-107" in done.stderr
        assert house.database.stat().st_ino == before
    finally:
        link.close()


def test_a_copy_comes_back_whole_with_its_files_and_replaces_none_without_keeping_it(house, copy):
    piece = house.var / "files" / "a" / "piece.pdf"
    piece.write_bytes(b"une autre")
    done = house.kalata("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert piece.read_bytes() == b"une piece"
    assert [p.read_bytes() for p in house.var.glob("aside-*/files/a/piece.pdf")] == [b"une autre"]
    assert not list(house.var.glob("restoring-*"))


FAILING = """
import os, sys
from unittest import mock
from kalata import backups, cli
def fails(*_a, **_k): raise {fault}
real, calls = os.rename, []
def late(*given):
    calls.append(given)
    if len(calls) == 2: raise {fault}
    real(*given)
with mock.patch.object({where}, "{what}", {how}):
    sys.argv = ["kalata", "restore", sys.argv[1]]
    cli.main()
"""
LATE = "late"


@pytest.mark.parametrize(
    ("where", "what", "how"),
    [
        ("backups", "upgraded", "fails"),
        ("backups", "unpack", "fails"),
        ("backups.os", "rename", LATE),
        ("backups.storage", "synced", "mock.Mock(side_effect=[None, OSError(5, 'I/O error')])"),
    ],
)
def test_whatever_fails_on_the_way_the_former_database_is_in_place(house, copy, where, what, how):
    written_and_killed(house)
    text = FAILING.format(fault="OSError(28, 'No space left on device')", where=where, what=what, how=how)
    done = subprocess.run(
        [sys.executable, "-c", text, str(copy)], env=house.environment, capture_output=True, text=True
    )
    assert done.returncode == 2 and "OPS-109" in done.stderr, done.stderr
    assert {f"recu-{n}" for n in range(4)} <= codes(house.database)
    assert not list(house.var.glob("restoring-*")) and not list(house.var.glob("*.aside-*"))


def test_a_migration_that_fails_leaves_the_former_database_in_place(house, copy):
    written_and_killed(house)
    text = FAILING.format(fault="RuntimeError('migration')", where="mod", what="call_command", how="fails").replace(
        "from kalata import", "import django.core.management as mod\nfrom kalata import"
    )
    done = subprocess.run(
        [sys.executable, "-c", text, str(copy)], env=house.environment, capture_output=True, text=True
    )
    assert done.returncode == 2 and "OPS-109" in done.stderr, done.stderr
    assert {f"recu-{n}" for n in range(4)} <= codes(house.database)


# --- hostile files ------------------------------------------------------------------------------------
def rewritten(copy, change):
    """The same backup with something done to its content: {name: bytes}."""
    with zipfile.ZipFile(copy) as packed:
        content = {i.filename: packed.read(i) for i in packed.infolist()}
    change(content)
    hostile = copy.with_name("hostile.zip")
    with zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in content.items():
            out.writestr(name, data)
    return hostile


def without_manifest(content):
    content.pop("manifest.json")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x",
        "/etc/x",
        "files/../../x",
        "files/./x",
        "files\\..\\x",
        "log/c/register/../x.csv",
        "autre.txt",
        "files/a b;c",
        "files/",
    ],
)
def test_a_path_that_is_not_of_ours_is_refused(copy, name):
    def change(content):
        without_manifest(content)
        content[name] = b"x"

    hostile = rewritten(copy, change)
    with zipfile.ZipFile(hostile) as packed, pytest.raises(backups.BadBackup):
        backups.acceptable(packed, hostile)


def test_a_link_a_bomb_and_overlapping_parts_are_refused(copy, tmp_path):
    hostile = tmp_path / "link.zip"
    with zipfile.ZipFile(hostile, "w") as out:
        out.writestr("kalata.sqlite3", b"x")
        item = zipfile.ZipInfo("files/x")
        item.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(item, "/etc/passwd")
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out, out.open("kalata.sqlite3", "w") as into:
        for _n in range(20):
            into.write(b"\0" * 2**20)
    for one in (hostile, bomb):
        with zipfile.ZipFile(one) as packed, pytest.raises(backups.BadBackup):
            backups.acceptable(packed, one)
    with zipfile.ZipFile(copy) as packed:
        for item in packed.infolist():
            item.compress_size = copy.stat().st_size
        with pytest.raises(backups.BadBackup, match="overlap"):
            backups.acceptable(packed, copy)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda c: c.update({"files/a/piece.pdf": b"une piece changee"}), "not what was saved"),
        (lambda c: c.pop("files/a/piece.pdf"), "names other files"),
        (lambda c: c.update({"files/b": b"de plus"}), "names other files"),
        (lambda c: c.pop("kalata.sqlite3"), "not in it"),
        (lambda c: (without_manifest(c), c.update({"kalata.sqlite3": c["kalata.sqlite3"][:20_000]})), ""),
    ],
)
def test_a_backup_with_a_part_changed_missing_or_added_is_refused_and_nothing_changes(house, copy, change, why):
    before = house.database.stat().st_ino
    done = house.kalata("restore", str(rewritten(copy, change)))
    assert done.returncode == 2 and "OPS-106" in done.stderr and why in done.stderr, done.stderr
    assert house.database.stat().st_ino == before and not list(house.var.glob("*aside*"))


def test_something_else_than_a_zip_is_refused(house, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 pas un zip")
    done = house.kalata("restore", str(tmp_path / "x.zip"))
    assert done.returncode == 2 and "OPS-106" in done.stderr


# --- writing ------------------------------------------------------------------------------------------
def damaged(path):
    """One page of one table, somewhere in the middle, overwritten."""
    with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as link:
        size = link.execute("pragma page_size").fetchone()[0]
        root = link.execute("select rootpage from sqlite_master where name = 'django_migrations'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 200)


def test_a_backup_is_private_checked_and_says_what_it_holds(written):
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    with zipfile.ZipFile(written) as packed:
        assert packed.testzip() is None
        said = json.loads(packed.read("manifest.json"))
    assert set(said["sha256"]) == {"kalata.sqlite3", "files/a/piece.pdf"} and said["rows"]["django_migrations"] > 20
    assert sorted(p.name for p in written.parent.iterdir()) == ["copie.zip", "var"]


def test_a_damaged_database_never_overwrites_a_good_backup_and_the_house_refuses_to_start(house, copy):
    good = copy.read_bytes()
    damaged(house.database)
    done = house.kalata("backup", str(copy))
    assert done.returncode == 2 and "OPS-108" in done.stderr
    assert copy.read_bytes() == good and sorted(p.name for p in copy.parent.iterdir()) == ["copie.zip", "var"]
    done = house.kalata("serve", "--port", "1")
    assert done.returncode == 2 and "OPS-102" in done.stderr
    done = house.kalata("check", "--json")
    record = {c["name"]: c for c in json.loads(done.stdout)["checks"]}
    assert done.returncode == 1 and not record["database"]["ok"] and "django_migrations" in record["database"]["detail"]


def test_a_full_disk_leaves_the_former_backup_as_it_was(house, copy, tmp_path, monkeypatch):
    good = copy.read_bytes()
    monkeypatch.setattr(backups, "pack", lambda *_a: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(backups.NotWritten):
        backups.write(house.database, copy)
    assert copy.read_bytes() == good and sorted(p.name for p in tmp_path.iterdir()) == ["copie.zip", "var"]


def test_a_copy_that_does_not_read_back_as_written_is_not_kept(house, copy, monkeypatch):
    good = copy.read_bytes()
    monkeypatch.setattr(backups, "beside", lambda: iter(()))
    real = backups.pack
    monkeypatch.setattr(backups, "pack", lambda *a: {**real(*a), "kalata.sqlite3": "0" * 64})
    with pytest.raises(backups.NotWritten, match="OPS-108"):
        backups.write(house.database, copy)
    assert copy.read_bytes() == good


def test_nothing_but_the_copy_is_left_where_it_was_written(written):
    assert [p.name for p in written.parent.iterdir() if p.name != "var"] == [written.name]


def with_a_piece(house):
    """A kept file and its row, as the house writes them."""
    content = b"acte"
    sha = hashlib.sha256(content).hexdigest()
    place = house.var / "files" / "evidence" / sha
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    with sqlite3.connect(house.database) as link:
        link.execute(
            "insert into evidence_content (sha256, size, media, ours, place, kept_at, fault) values (?, 4, 'text/plain', 0, '', '2027-01-01', '')",
            (sha,),
        )
    return place


def test_a_copy_that_lacks_a_kept_file_says_so_and_never_replaces_the_one_that_may_hold_it(house, tmp_path):
    piece, target = with_a_piece(house), tmp_path / "copie.zip"
    assert house.kalata("backup", str(target)).returncode == 0
    good = target.read_bytes()
    for hurt in (lambda: piece.write_bytes(b"bcte"), piece.unlink):
        hurt()
        done = house.kalata("backup", str(target))
        assert done.returncode == 2 and "OPS-112" in done.stderr and piece.name[:12] in done.stderr
        assert target.read_bytes() == good and (tmp_path / "copie.zip.incomplete").exists()
    done = house.kalata("restore", str(target))
    assert done.returncode == 0 and piece.read_bytes() == b"acte"


def test_a_damaged_piece_of_a_backup_replaces_no_sound_one(house, tmp_path):
    piece, target = with_a_piece(house), tmp_path / "copie.zip"
    piece.write_bytes(b"bcte")
    assert house.kalata("backup", str(target)).returncode == 2 and target.exists()  # there was none before: it is kept
    piece.write_bytes(b"acte")
    assert house.kalata("restore", str(target)).returncode == 0
    assert piece.read_bytes() == b"acte"


def test_what_a_writing_leaves_on_its_way_is_in_no_copy(house, tmp_path):
    piece = with_a_piece(house)
    (piece.parent / ".x.part").write_bytes(b"half")
    assert house.kalata("backup", str(tmp_path / "copie.zip")).returncode == 0
    with zipfile.ZipFile(tmp_path / "copie.zip") as packed:
        assert [n for n in packed.namelist() if n.startswith("files/")] == [f"files/evidence/{piece.name}"]
