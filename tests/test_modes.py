"""Database, images, keys, secrets and backups are open to their owner only, whatever umask the house was started under."""

import os
import stat
import subprocess
import sys
import zipfile

import pytest

from kalata import modes

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes mean nothing here")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def house(settings, tmp_path):
    """A house as an older version may have left it: open to everyone."""
    settings.VAR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR / "files"
    settings.LOG_FOLDER = settings.VAR / "log"
    settings.LOG_KEY = settings.VAR / "keys" / "log.key"
    settings.STATIC_ROOT = settings.VAR / "static"
    settings.SITE_FOLDER = str(settings.VAR / "site")
    files = ["key.secret", "files/papers/ab", "log/e/tile/0/1", "keys/log.key", "static/a.css", "site/index.html"]
    before = os.umask(0)
    for name in files:
        path = settings.VAR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (settings.VAR / "link").symlink_to(settings.VAR / "site")
    os.umask(before)
    return settings.VAR


def test_what_is_open_to_others_is_found_and_closed_but_for_the_public_site(house):
    ok, said = modes.found()
    assert not ok and str(house) in said
    assert modes.tighten() > 0 and modes.found()[0] and modes.tighten() == 0
    assert mode(house) == 0o700 and mode(house / "keys") == 0o700
    assert mode(house / "key.secret") == mode(house / "files/papers/ab") == mode(house / "keys/log.key") == 0o600
    assert mode(house / "site/index.html") == 0o666 and mode(house / "static/a.css") == 0o666


@pytest.mark.parametrize("bit", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
def test_each_right_of_others_is_one_too_many(house, bit):
    modes.tighten()
    (house / "key.secret").chmod(0o600 | bit)
    assert modes.too_open() == [house / "key.secret"]


def test_the_published_site_is_readable_by_another_server_and_the_rest_is_not(tmp_path):
    before = os.umask(0o077)
    try:
        with modes.for_everyone():
            (tmp_path / "site").mkdir()
            (tmp_path / "site" / "index.html").write_text("x")
        (tmp_path / "private").write_text("x")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "site"), mode(tmp_path / "site/index.html")) == (0o755, 0o644)
    assert mode(tmp_path / "private") == 0o600


def test_under_the_widest_umask_the_house_makes_nothing_that_others_can_open(tmp_path):
    environment = {
        **os.environ,
        "KALATA_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "kalata.settings.office",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("KALATA_KEY", None)

    def kalata(*args):
        subprocess.run(
            [sys.executable, "-m", "kalata", *args], env=environment, check=True, capture_output=True,
            preexec_fn=lambda: os.umask(0),
        )  # fmt: skip

    kalata("manage", "migrate", "--verbosity", "0")
    hold = "from django.db import connection as c; c.cursor().execute('create table t(a)'); from pathlib import Path; import django.conf as d;"
    kalata(
        "manage",
        "shell",
        "-v",
        "0",
        "-c",
        hold
        + "assert all(p.stat().st_mode & 0o077 == 0 for p in Path(d.settings.VAR).rglob('*')), list(Path(d.settings.VAR).rglob('*'))",
    )
    kalata("backup", str(tmp_path / "copy.zip"))
    assert mode(tmp_path / "copy.zip") == 0o600 and zipfile.is_zipfile(tmp_path / "copy.zip")
    made = list((tmp_path / "var").rglob("*"))
    assert any(p.name == "kalata.sqlite3" for p in made) and any(p.suffix == ".secret" for p in made)
    assert [p for p in [tmp_path / "var", *made] if mode(p) & 0o077] == []
