"""Full and read-only disk: a page with a code that says what was kept; public pages and health still answer."""

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager

import pytest
from django.db import DatabaseError, OperationalError, connection

from kalata import storage
from tests.house.conftest import House
from tests.house.ready import furnish

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its own files")


@contextmanager
def full(link=connection):
    """The database may not grow by one page, as on a full disk."""
    with link.cursor() as cursor:
        pages = cursor.execute("pragma page_count").fetchone()[0]
        cursor.execute(f"pragma max_page_count={pages}")
    try:
        yield
    finally:
        with link.cursor() as cursor:
            cursor.execute("pragma max_page_count=1073741823")


@sqlite_only
def test_an_act_on_a_full_database_is_refused_whole_and_public_pages_and_health_answer(client, contest, settings):
    from kalata.ledger.models import Act

    settings.ROOT_URLCONF = "tests.house.slow_urls"
    before = Act.objects.count()
    with full():
        answer = client.get("/remplir")
        assert answer.status_code == 503 and "OPS-103" in answer.content.decode()
        for page in ("/", "/resultats/", "/sante", "/pays/"):
            assert client.get(page).status_code == 200, page
    assert Act.objects.count() == before


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (OperationalError("database or disk is full"), storage.DiskFull),
        (OSError(28, "No space left on device"), storage.DiskFull),
        (OSError(30, "Read-only file system"), storage.ReadOnly),
        (OperationalError("attempt to write a readonly database"), storage.ReadOnly),
        (sqlite3.DatabaseError("database disk image is malformed"), storage.Failing),
        (OperationalError("disk I/O error"), storage.Failing),
        (DatabaseError("cannot execute INSERT in a read-only transaction"), storage.ReadOnly),
        (DatabaseError("could not extend file: No space left on device"), storage.DiskFull),
        (OperationalError("no such table: x"), None),
        (ValueError("database or disk is full"), None),
        (OSError(2, "No such file"), None),
    ],
)
def test_what_the_disk_or_the_database_raises_has_a_code_and_nothing_else_has_it(problem, kind):
    found = storage.fault_of(problem)
    assert (type(found) if found else None) is kind
    if kind:
        wrapped = RuntimeError("while saving")
        wrapped.__cause__ = problem
        assert isinstance(storage.fault_of(wrapped), kind)


class Failing:
    """A view, then a middleware, that meet the disk."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/accessibilite/":
            raise OperationalError("database or disk is full")
        return self.get_response(request)


def test_wherever_a_request_meets_the_full_disk_the_page_is_the_house_s_and_says_what_was_kept(client, db, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Failing"]
    client.raise_request_exception = False
    answer = client.get("/accessibilite/")
    text = answer.content.decode()
    assert answer.status_code == 503 and "OPS-103" in text and "toujours" in text and 'class="mast"' in text
    assert answer["Retry-After"] == "60" and "no-store" in answer["Cache-Control"]


def test_a_house_that_cannot_even_read_its_database_answers_in_both_languages(client, db, monkeypatch):
    from kalata.ui import middleware, views

    def broken(*_a, **_k):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(middleware, "render", broken)
    monkeypatch.setattr(views, "render", broken)
    client.raise_request_exception = False
    answer = client.get("/accessibilite/")
    text = answer.content.decode()
    assert answer.status_code == 503 and "OPS-105" in text and 'lang="en"' in text


def cannot(*_a, **_k):
    raise OperationalError("database or disk is full")


def test_a_reader_keeps_reading_when_the_session_cannot_be_written_and_a_writer_is_told(
    client, supervisor, settings, monkeypatch
):
    from django.contrib.sessions.backends.db import SessionStore

    settings.DEMO = True
    client.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["seen"] = 0
    settings.IDLE_MINUTES = 10**9
    session.save()
    monkeypatch.setattr(SessionStore, "save", cannot)
    assert client.get("/").status_code == 200
    answer = client.post("/apparence/", {"theme": "dark"})
    assert answer.status_code == 503 and "OPS-110" in answer.content.decode()


def test_a_reader_keeps_reading_when_his_activity_cannot_be_noted(client, supervisor, settings, monkeypatch):
    from allauth.usersessions.models import UserSession

    settings.DEMO = True
    client.force_login(supervisor, backend="allauth.account.auth_backends.AuthenticationBackend")
    monkeypatch.setattr(UserSession.objects, "create_from_request", cannot)
    assert client.get("/").status_code == 200


@contextmanager
def small_disk(folder, size):
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("a disk of its own can only be mounted by root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def test_a_running_house_on_a_disk_that_fills_then_turns_read_only_goes_on_reading(tmp_path):
    where = tmp_path / "disk"
    with small_disk(where, "48m"):
        house = House(furnish(where / "var"))
        try:
            house.start("kalata.web", "--workers", "1")
            assert house.ask("GET", "/resultats/")[0] == 200
            form = "application/x-www-form-urlencoded"
            token, cookie = signing_in(house)
            body = f"csrfmiddlewaretoken={token}&login=personne&password=faux".encode()
            assert house.ask("POST", "/compte/login/", body, content_type=form, cookie=cookie)[0] == 200
            with (where / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError):
                while True:
                    assert filler.write(b"x" * 4096) == 4096 or os.write(filler.fileno(), b"x")
            status, text = house.ask("POST", "/compte/login/", body, content_type=form, cookie=cookie)
            assert status == 503 and "OPS-10" in text and 'class="mast"' in text
            for page in ("/", "/resultats/", "/sante", "/pays/"):
                assert house.ask("GET", page)[0] == 200, house.said()[-1500:]
            os.unlink(where / "filler")
            subprocess.run(["mount", "--bind", str(where), str(where)], check=True)  # what is open stays so, as when
            subprocess.run(["mount", "-o", "remount,bind,ro", str(where)], check=True)  # a disk fails under a house
            status, text = house.ask("POST", "/compte/login/", body, content_type=form, cookie=cookie)
            assert status == 503 and "OPS-10" in text, text[:3000]
            for page in ("/", "/resultats/", "/sante", "/pays/"):
                assert house.ask("GET", page)[0] == 200, house.said()[-1500:]
        finally:
            house.close()
            subprocess.run(["umount", "-l", str(where)], check=False, capture_output=True)


def signing_in(house):
    _status, text = house.ask("GET", "/compte/login/")
    token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    return token, "csrftoken=" + text.split("csrftoken=")[1].split(";")[0]


def test_a_table_without_row_numbers_is_read_whole_and_is_no_damage(tmp_path):
    file = tmp_path / "k.sqlite3"
    with closing(sqlite3.connect(file)) as link, link:
        link.execute("create virtual table words using fts5(text)")  # its own tables have no row numbers
        link.execute("create table keyed (k text primary key, v) without rowid")
        link.execute("insert into words values ('présidents absents de la liste')")
        link.execute("insert into keyed values ('a', 1)")
    assert storage.where_damaged(file) == []
