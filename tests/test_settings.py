"""What the settings of an installation say, read as that installation reads them."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from kalata.lines import Line
from kalata.settings import reading, written
from kalata.settings.reading import BadSetting, postgres

WANTED = [
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SECURE",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "LANGUAGE_COOKIE_NAME",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_HTTPONLY",
    "HTTPS",
    "DEBUG",
    "SECURE_REFERRER_POLICY",
    "PASSWORD_HASHERS",
    "AUTH_PASSWORD_VALIDATORS",
    "MFA_TOTP_TOLERANCE",
]


def settings_of(tmp_path, **environment):
    """The settings of `kalata serve` started with these variables and no others of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KALATA_", "DJANGO_", "DATABASE_"))}
    code = (
        f"import json, kalata.settings.office as s; print(json.dumps({{n: getattr(s, n, None) for n in {WANTED!r}}}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "KALATA_VAR": str(tmp_path), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(run.stdout)


def test_over_tls_every_cookie_is_secure_and_bound_to_this_host(tmp_path):
    got = settings_of(tmp_path, KALATA_HTTPS="1")
    names = [got[n] for n in got if n.endswith("COOKIE_NAME")]
    assert all(n.startswith("__Host-") for n in names) and len(names) == 3
    assert all(got[n] for n in got if n.endswith("COOKIE_SECURE")) and got["SECURE_SSL_REDIRECT"]
    assert got["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_what_binds_more_names_than_ours_is_a_choice_and_a_preload_no_browser_takes_is_refused(tmp_path, monkeypatch):
    got = settings_of(tmp_path, KALATA_HTTPS="1")
    assert not got["SECURE_HSTS_INCLUDE_SUBDOMAINS"] and not got["SECURE_HSTS_PRELOAD"]
    monkeypatch.setenv("KALATA_HSTS_PRELOAD", "1")
    with pytest.raises(BadSetting):
        reading.strictly(True)
    monkeypatch.setenv("KALATA_HSTS_SUBDOMAINS", "1")
    assert reading.strictly(True) == (31_536_000, True, True) and reading.strictly(False) == (0, False, False)
    monkeypatch.setenv("KALATA_HSTS", "31535999")
    with pytest.raises(BadSetting):
        reading.strictly(True)


def test_an_installation_is_never_in_debug(tmp_path):
    got = settings_of(tmp_path, DEBUG="1", KALATA_DEBUG="1", DJANGO_DEBUG="True")
    assert got["DEBUG"] is False and got["SECURE_REFERRER_POLICY"] == "same-origin"
    assert (tmp_path / "key.secret").stat().st_mode & 0o077 == 0


def test_passphrases_are_kept_with_argon2_at_the_cost_advised(tmp_path):
    got = settings_of(tmp_path)
    assert got["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    argon2 = Argon2PasswordHasher
    assert (argon2.time_cost, argon2.memory_cost, argon2.parallelism) >= (2, 19 * 1024, 1)
    names = [v["NAME"].rpartition(".")[2] for v in got["AUTH_PASSWORD_VALIDATORS"]]
    assert names == ["UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NotExpected"]  # fmt: skip


def test_tls_asked_of_the_database_is_asked_and_a_misspelt_demand_stops_the_start():
    got = postgres("postgresql://k:p%40@db.example:5432/kalata?sslmode=verify-full&sslrootcert=/etc/ca.pem")
    assert got["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"} and got["PASSWORD"] == "p@"
    assert postgres("postgresql://k@/kalata?host=/run/postgresql")["OPTIONS"] == {}
    for query in ("ssl_mode=verify-full", "sslmode=", "sslmode", "sslmode=require&sslmode=disable"):
        with pytest.raises(BadSetting, match=r"ssl_?mode") as refused:
            postgres(f"postgresql://k:hush@db.example/kalata?{query}")
        assert "hush" not in str(refused.value)
    for url in ("mysql://k@db/kalata", "postgresql://k@db", "postgresql://k@db:port/kalata", "kalata"):
        with pytest.raises(BadSetting):
            postgres(url)


@pytest.mark.parametrize("word", sorted(reading.LIBPQ))
def test_each_word_of_the_connection_that_is_let_through_is_one_of_postgresql(word):
    from psycopg import pq

    assert word.encode() in {one.keyword for one in pq.Conninfo.get_defaults()}
    assert postgres(f"postgresql://k@db.example/kalata?{word}=x")["OPTIONS"] == {word: "x"}


# --- settings that are none -----------------------------------------------------------------------------
WRONG = {
    "KALATA_HTTPS": "yes", "KALATA_TRUSTED_PROXIES": "proxy.example", "KALATA_PROXY_HEADER": "X-Real-IP",
    "KALATA_TIMEZONE": "Africa/Bamaco", "KALATA_IDLE_MINUTES": "a quarter", "KALATA_SMTP": "mail:smtp",
    "KALATA_ALERT_HOURS": "24;4", "KALATA_ORIGINS": "resultats.example", "KALATA_HSTS": "-1",
    "DATABASE_URL": "postgresql://k@db/kalata?sslmod=require", "KALATA_VAR": "/proc/kalata",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_is_none_is_told_by_its_name_and_never_by_a_traceback(tmp_path, name):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KALATA_", "DJANGO_", "DATABASE_"))}
    run = subprocess.run(
        [sys.executable, "-m", "kalata", "check"],
        env={**kept, "KALATA_VAR": str(tmp_path), name: WRONG[name]}, capture_output=True, text=True,
    )  # fmt: skip
    said = run.stdout + run.stderr
    assert run.returncode == 2 and "OPS-12" in said and "Traceback" not in said
    assert name in said or name == "KALATA_VAR"


# --- the file -------------------------------------------------------------------------------------------
@pytest.fixture
def file(tmp_path, monkeypatch):
    for name in [n for n in os.environ if n.startswith(("KALATA_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KALATA_SETTINGS", str(tmp_path / "kalata.env"))
    monkeypatch.setenv("PATH_KEPT", "")
    kept = dict(os.environ)
    yield tmp_path / "kalata.env"
    os.environ.clear()
    os.environ.update(kept)


NASTY = [
    "",
    "plain",
    "two words",
    'a"b',
    "a\\b",
    "$HOME `id` 'x'",
    "postgresql://k:p%40@h/n?sslmode=require",
    "été ɔ",
    "# no remark",
]


@pytest.mark.parametrize("value", NASTY)
def test_a_value_comes_back_from_the_file_as_it_went_in_and_as_a_shell_reads_it(file, value):
    text = "# a remark\n\n" + written.line("KALATA_FROM", value)
    assert written.parsed(text) == {"KALATA_FROM": value}
    file.write_text(text)
    shell = subprocess.run(
        ["sh", "-c", f'. {file}; printf %s "$KALATA_FROM"'], capture_output=True, text=True, check=True
    )
    assert shell.stdout == value


@pytest.mark.parametrize("text", ["KALATA_HTTPS", "kalata=1", 'A="b', "A='b", "A=b c", 'A="b"c', "export A=b"])
def test_a_line_that_is_none_is_refused_with_its_number(text):
    with pytest.raises(written.BadFile) as refused:
        written.parsed("X=1\n" + text, "f")
    assert refused.value.params == {"file": "f", "line": 2}
    with pytest.raises(ValueError):
        written.line("KALATA_FROM", "a\nKALATA_HTTPS=0")


def test_the_file_stands_under_the_environment_and_is_not_read_by_another_house(file, monkeypatch):
    file.write_text('KALATA_VAR="/srv/kalata"\nKALATA_HOSTS="a.example"\nDATABASE_URL="postgresql://k@db/real"\n')
    monkeypatch.setenv("KALATA_VAR", "/tmp/rehearsal")
    assert written.load() is None and "DATABASE_URL" not in os.environ
    monkeypatch.setenv("KALATA_VAR", "/srv/kalata")
    monkeypatch.setenv("KALATA_DEMO", "1")
    assert written.load() is None and "DATABASE_URL" not in os.environ
    monkeypatch.delenv("KALATA_DEMO")
    monkeypatch.setenv("KALATA_HOSTS", "b.example")
    assert written.load() == file
    assert os.environ["KALATA_HOSTS"] == "b.example" and os.environ["DATABASE_URL"].endswith("/real")


def test_a_file_that_this_account_may_not_read_is_said_and_not_passed_over(file, monkeypatch):
    def unreadable(*_args, **_named):
        raise PermissionError

    file.write_text("")
    monkeypatch.setattr(type(file), "read_text", unreadable)
    assert written.load(must=False) is None  # a command that needs no house goes on
    with pytest.raises(written.NotForYou):
        written.load()


def test_a_line_of_the_log_is_one_line_in_universal_time_whatever_a_stranger_sends():
    record = logging.LogRecord("kalata.refused", 30, "f", 1, "403 GET %s", ("/x\n2026 ERROR forged\x1b[2J",), None)
    record.created, record.msecs = 1_795_624_907.5, 500.0
    text = Line().format(record)
    assert text == r"2026-11-25T16:41:47.500Z WARNING kalata.refused 403 GET /x\n2026 ERROR forged\x1b[2J"


def test_a_traceback_cannot_pass_for_another_line():
    try:
        raise ValueError("x\n2026-11-25T16:41:47.500Z ERROR forged")
    except ValueError:
        record = logging.LogRecord("kalata", 40, "f", 1, "fault", (), sys.exc_info())
    lines = Line().format(record).splitlines()
    assert all(line.startswith("    | ") for line in lines[1:]) and len(lines) > 2


def test_dates_of_the_log_do_not_depend_on_the_zone_of_the_machine(monkeypatch):
    import time

    record = logging.LogRecord("kalata", 30, "f", 1, "x", (), None)
    record.created, record.msecs = 1_795_624_907.0, 0.0
    said = set()
    for zone in ("UTC", "Asia/Tokyo", "America/Lima"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        said.add(Line().format(record))
    monkeypatch.delenv("TZ")
    time.tzset()
    assert len(said) == 1
